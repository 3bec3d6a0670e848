"""The battery: signals and gradients through initializer × activation × depth, at initialization.

One cell is one (initializer, activation, data set) with all its depths and replicates: a single forward pass to the
greatest depth serves every depth, and only the backward pass is repeated per depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer, concatenate, merge, of_rows, with_constants
from reportgen.battery.experiment import Column, Columns, Experiment, Factors, Measured, Plan, Tables
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

__all__ = ["EXPERIMENT", "Propagate"]

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
    Column(
        "pressed_fraction",
        "share",
        "saturated_fraction where a bound of the activation is the reason (rms of h below half of that of z), else 0",
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
    Column("distinct_units", "units", "units of the layer whose incoming weights or biases differ bit by bit"),
)


@dataclass(frozen=True, slots=True)
class Propagate:
    """Send inputs forward and gradients back through networks of one initializer and activation.

    Attributes
    ----------
    initializer, activation
        Canonical registry names.
    data
        Factors of the data set, at least ``data``.
    depths
        Numbers of hidden layers; gradients are measured for each.
    width
        Units per hidden layer.
    replicates, batch
        Independent networks, each with inputs of its own; inputs per network.
    bias
        Standard deviation of the biases; 0 means none.
    dtype
        Floating-point type in which the networks run.
    """

    initializer: str
    activation: str
    data: Factors
    depths: tuple[int, ...]
    width: int
    replicates: int
    batch: int
    bias: float = 0.0
    dtype: str = "float32"

    tables: ClassVar[Tables] = {"forward": FORWARD, "gradients": GRADIENTS, "diversity": DIVERSITY}

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer, and the way of the gradient for each depth."""
        with np.errstate(all="ignore"):
            return merge(self._measure_some(replicates, streams) for replicates in self._chunks())

    @property
    def together(self) -> int:
        """Number of replicates that run together: their tape fits in memory."""
        per_replicate = 3 * max(self.depths) * self.batch * self.width
        return min(self.replicates, max(1, _TAPE_FLOATS // per_replicate))

    def _chunks(self) -> Iterator[range]:
        size = self.together
        return (range(start, min(start + size, self.replicates)) for start in range(0, self.replicates, size))

    def _measure_some(self, replicates: range, streams: Streams) -> Measured:
        inputs = self._inputs(replicates, streams)
        parameters = self._parameters(inputs.shape[-1], replicates, streams)
        ensemble = Ensemble(parameters, activations.get(self.activation))
        tape = forward(ensemble, inputs)
        distinct = [distinct_units(W, b) for W, b in parameters.layers]
        gradients = (self._gradients(ensemble, tape, depth, replicates, streams) for depth in sorted(self.depths))
        return {
            "forward": _forward(tape, ensemble.activation, replicates),
            "gradients": concatenate(gradients),
            "diversity": by_layer({"distinct_units": distinct}, replicate=replicates.start),
        }

    def _inputs(self, replicates: range, streams: Streams) -> Array:
        """Return inputs of shape (members, batch, features), fresh for every replicate."""
        batches = (datasets.load(self.data, streams.data(r), self.batch, self.width) for r in replicates)
        return np.stack([examples.inputs for examples in batches]).astype(self.dtype)

    def _parameters(self, features: int, replicates: range, streams: Streams) -> Parameters:
        widths = [features] + [self.width] * max(self.depths)
        parameters = draw_parameters(
            initializers.get(self.initializer),
            widths,
            lambda member, layer: streams.weights(replicates[member], layer),
            len(replicates),
            dtype=np.dtype(self.dtype),
        )
        if self.bias:
            parameters.biases = [self._biases(layer, replicates, streams) for layer in range(1, len(widths))]
        return parameters

    def _biases(self, layer: int, replicates: range, streams: Streams) -> Array:
        draws = [streams.biases(replicate, layer).standard_normal((1, self.width)) for replicate in replicates]
        return self.bias * np.stack(draws).astype(self.dtype)

    def _gradients(self, ensemble: Ensemble, tape: Tape, depth: int, replicates: range, streams: Streams) -> Columns:
        """Send a cotangent of unit variance down from layer `depth`; the loss is the batch mean of <cotangent, h>."""
        shape = tape.activations[depth - 1].shape[1:]
        cotangent = np.stack([streams.cotangents(replicate).standard_normal(shape) for replicate in replicates])
        gradients = backward(ensemble, tape.upto(depth), cotangent.astype(self.dtype))
        measured = {
            "delta_rms": [rms(delta) for delta in gradients.deltas],
            "weight_gradient_norm": [frobenius(gradient) / shape[0] for gradient in gradients.weights],
            "finite_fraction": [finite_fraction(delta) for delta in gradients.deltas],
        }
        return with_constants(by_layer(measured, replicate=replicates.start), depth=depth)


def _forward(tape: Tape, activation: Activation, replicates: range) -> Columns:
    layers = zip(tape.pre_activations, tape.activations, tape.slopes, strict=True)
    rows = [layer_statistics(z, h, slope, activation) for z, h, slope in layers]
    return by_layer(of_rows(rows), replicate=replicates.start)


def _work(plan: Plan) -> list[Propagate]:
    return [
        Propagate(initializer, activation, data, plan.depths, plan.width, plan.replicates, plan.batch)
        for data, activation, initializer in product(plan.data_factors, plan.activations, plan.initializers)
    ]


EXPERIMENT = Experiment(
    name="propagation",
    summary="Signals and gradients by layer for every initializer, activation, depth and data set",
    parts=(Propagate,),
    work=_work,
)
