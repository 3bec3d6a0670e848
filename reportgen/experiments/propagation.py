"""The battery: signals and gradients through initializer × activation × depth, at initialization.

One cell is one (initializer, activation, data set) with all its depths and replicates: a single forward pass to the
greatest depth serves every depth, and only the backward pass is repeated per depth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np

from reportgen.battery.cell import Cell, Factor, Streams
from reportgen.battery.columns import by_layer, concatenate, merge, of_rows, with_constants
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan
from reportgen.experiments.columns import (
    ACTIVATION,
    DATA,
    DELTA_RMS,
    FINITE_DELTAS,
    INITIALIZER,
    LAYER,
    PRE_ACTIVATION_SECOND_MOMENT,
    PRE_ACTIVATION_VARIANCE,
    REPLICATE,
    WEIGHT_GRADIENT_NORM,
    WIDTH,
)
from reportgen.nn import datasets
from reportgen.nn.activations import Activation, activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import Tape, backward, forward
from reportgen.nn.statistics import distinct_units, finite_fraction, frobenius, layer_statistics, rms

__all__ = ["EXPERIMENT", "propagation_cell"]

_TAPE_FLOATS = 64_000_000
"""Replicates run together as long as their tape stays below this many numbers (256 MB in float32)."""

_FACTORS = (INITIALIZER, ACTIVATION, DATA, WIDTH, REPLICATE)

FORWARD = (
    *_FACTORS,
    LAYER,
    Column("pre_activation_mean", "input std", "mean of z over inputs and units"),
    PRE_ACTIVATION_SECOND_MOMENT,
    PRE_ACTIVATION_VARIANCE,
    Column("activation_mean", "activation", "mean of h = phi(z) over inputs and units"),
    Column("activation_second_moment", "activation²", "mean of h² over inputs and units"),
    Column("activation_variance", "activation²", "variance of h across inputs, averaged over units"),
    Column(
        "saturated_fraction", "share", "share of (input, unit) pairs whose slope is below 5 % of the greatest slope"
    ),
    Column("dead_fraction", "share", "share of units that are saturated for every input of the batch"),
    Column("finite_fraction", "share", "share of activations that are neither inf nor nan"),
)
GRADIENTS = (
    *_FACTORS,
    Column("depth", "layers", "number of hidden layers of the network"),
    LAYER,
    DELTA_RMS,
    WEIGHT_GRADIENT_NORM,
    FINITE_DELTAS,
)
DIVERSITY = (
    *_FACTORS,
    LAYER,
    Column("distinct_units", "units", "units of the layer whose incoming weights differ bit by bit"),
)


def propagation_cell(
    initializer: str,
    activation: str,
    depths: tuple[int, ...],
    width: int,
    data: Mapping[str, Factor],
    **factors: Factor,
) -> Cell:
    """Make the cell of one initializer, activation and data set.

    Parameters
    ----------
    initializer, activation
        Canonical registry names.
    depths
        Numbers of hidden layers; gradients are measured for each.
    width
        Units per hidden layer.
    data
        Factors of the data set, at least ``data``.
    **factors
        ``replicates`` and ``batch``; ``bias`` (standard deviation) and ``dtype`` where they differ from 0 and float32.
    """
    return Cell.of(
        EXPERIMENT.name, initializer=initializer, activation=activation, depths=depths, width=width, **data, **factors
    )


def _cells(plan: Plan) -> list[Cell]:
    return [
        propagation_cell(
            initializer, activation, plan.depths, plan.width, data, replicates=plan.replicates, batch=plan.batch
        )
        for data, activation, initializer in product(plan.data_factors, plan.activations, plan.initializers)
    ]


def _measure(cell: Cell, streams: Streams) -> Measured:
    with np.errstate(all="ignore"):
        return merge(_measure_chunk(cell, streams, replicates) for replicates in _chunks(cell))


def _chunks(cell: Cell) -> Iterator[range]:
    """Split the replicates so that each part's tape fits in memory."""
    replicates = cell.number("replicates")
    per_replicate = 3 * max(cell.numbers("depths")) * cell.number("batch") * cell.number("width")
    size = max(1, _TAPE_FLOATS // per_replicate)
    return (range(start, min(start + size, replicates)) for start in range(0, replicates, size))


def _measure_chunk(cell: Cell, streams: Streams, replicates: range) -> Measured:
    activation = activations.get(cell.text("activation"))
    inputs = _inputs(cell, streams, replicates)
    ensemble = Ensemble(_parameters(cell, streams, replicates, inputs.shape[-1]), activation)
    tape = forward(ensemble, inputs)
    gradients = [
        _gradient_rows(cell, streams, replicates, ensemble, tape, depth) for depth in sorted(cell.numbers("depths"))
    ]
    distinct = [distinct_units(W) for W in ensemble.parameters.weights]
    return {
        "forward": _forward_rows(replicates, tape, activation),
        "gradients": concatenate(gradients),
        "diversity": by_layer({"distinct_units": distinct}, replicate=replicates.start),
    }


def _inputs(cell: Cell, streams: Streams, replicates: range) -> Array:
    """Return inputs of shape (members, batch, features), fresh for every replicate."""
    load = datasets.load
    batches = [load(cell.mapping(), streams.data(r), cell.number("batch"), cell.number("width")) for r in replicates]
    return np.stack([examples.inputs for examples in batches]).astype(_dtype(cell))


def _parameters(cell: Cell, streams: Streams, replicates: range, features: int) -> Parameters:
    widths = [features] + [cell.number("width")] * max(cell.numbers("depths"))
    parameters = draw_parameters(
        initializers.get(cell.text("initializer")),
        widths,
        lambda member, layer: streams.weights(replicates[member], layer),
        len(replicates),
        dtype=_dtype(cell),
    )
    bias = float(cell.mapping().get("bias", 0.0))  # type: ignore[arg-type]
    if bias:
        parameters.biases = [
            _biases(streams, replicates, layer, n, bias, cell) for layer, n in enumerate(widths[1:], 1)
        ]
    return parameters


def _biases(streams: Streams, replicates: range, layer: int, units: int, std: float, cell: Cell) -> Array:
    draws = [streams.biases(replicate, layer).standard_normal((1, units)) for replicate in replicates]
    return std * np.stack(draws).astype(_dtype(cell))


def _dtype(cell: Cell) -> Any:
    return np.dtype(str(cell.mapping().get("dtype", "float32")))


def _forward_rows(replicates: range, tape: Tape, activation: Activation) -> Columns:
    layers = zip(tape.pre_activations, tape.activations, tape.slopes, strict=True)
    rows = [layer_statistics(z, h, slope, activation) for z, h, slope in layers]
    return by_layer(of_rows(rows), replicate=replicates.start)


def _gradient_rows(
    cell: Cell, streams: Streams, replicates: range, ensemble: Ensemble, tape: Tape, depth: int
) -> Columns:
    """Send a cotangent of unit variance down from layer `depth`; the loss is the batch mean of <cotangent, h>."""
    shape = tape.activations[depth - 1].shape[1:]
    cotangent = np.stack([streams.cotangents(replicate).standard_normal(shape) for replicate in replicates])
    gradients = backward(ensemble, tape.upto(depth), cotangent.astype(_dtype(cell)))
    layers = zip(gradients.deltas, gradients.weights, strict=True)
    rows = [
        {
            "delta_rms": rms(delta),
            "weight_gradient_norm": frobenius(weight_gradient) / shape[0],
            "finite_fraction": finite_fraction(delta),
        }
        for delta, weight_gradient in layers
    ]
    return with_constants(by_layer(of_rows(rows), replicate=replicates.start), depth=depth)


EXPERIMENT = Experiment(
    name="propagation",
    summary="Signals and gradients by layer for every initializer, activation, depth and data set",
    tables={"forward": FORWARD, "gradients": GRADIENTS, "diversity": DIVERSITY},
    cells=_cells,
    measure=_measure,
)
