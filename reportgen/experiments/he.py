"""Where the 2 in He's law comes from, what it keeps, and what it does not.

Ensembles of small networks, without biases, at initialization. The sizes do not depend on the preset; its effort
decides how many blocks of networks are measured. A cell is one block, and adds its networks to every table.
"""

from __future__ import annotations

from functools import cache
from math import sqrt

import numpy as np
from numpy.typing import DTypeLike, NDArray

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.columns import by_layer, concatenate, with_constants
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan
from reportgen.experiments.columns import (
    DELTA_SECOND_MOMENT,
    DEPTH,
    INITIALIZER,
    LAYER,
    PRE_ACTIVATION_SECOND_MOMENT,
    PRE_ACTIVATION_VARIANCE,
    REPLICATE,
    SIGMA_W2,
    SQUARE_WIDTH,
)
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import moments, rms

__all__ = ["EXPERIMENT"]

_BLOCKS = 4
"""Number of blocks at effort 1."""

# Twenty layers of equal width: what each law does to the signal behind a ReLU with this slope on its negative side.
_LAWS = (
    ("he_normal", 0.0),
    ("he_uniform", 0.0),
    ("glorot_normal", 0.0),
    ("lecun_normal", 0.0),
    ("he_normal(negative_slope=0.25)", 0.25),
    ("he_normal", 0.25),
)
_LAYERS_NETWORKS, _LAYERS_DEPTH, _LAYERS_WIDTH, _LAYERS_BATCH = 16, 20, 128, 64

# Two inputs through a deep, narrow net. The law of the lengths is exact for weights that are not truncated.
_PAIRS_LAW = "he_normal(truncated=False)"
_PAIRS_NETWORKS, _PAIRS_DEPTH, _PAIRS_WIDTH, _PAIRS_COSINE = 64, 50, 64, 0.3

# A funnel: its fan_in and fan_out differ.
_FANS_LAWS = ("he_uniform", "he_uniform(mode=fan_out)")
_FANS_NETWORKS, _FANS_BATCH, _FANS_WIDTHS = 48, 16, (64, 256, 256, 128, 128, 64, 64)

# Layers so narrow that a whole one is often inactive. All laws scale the same normal draws.
_DEAD_LAWS = (
    "random_normal(stddev=0.01)",
    "random_normal(stddev=0.1)",
    "he_normal(truncated=False)",
    "random_normal(stddev=10)",
)
_DEAD_NETWORKS, _DEAD_DEPTH, _DEAD_WIDTH, _DEAD_BATCH = 200, 20, 4, 64

LAYERS = (
    INITIALIZER,
    Column("negative_slope", "", "slope of the leaky ReLU below 0; 0 is ReLU itself"),
    SIGMA_W2,
    SQUARE_WIDTH,
    REPLICATE,
    LAYER,
    PRE_ACTIVATION_SECOND_MOMENT,
    PRE_ACTIVATION_VARIANCE,
    Column("activation_second_moment", "input std²", "mean of h² over inputs and units"),
)
PAIRS = (
    SQUARE_WIDTH,
    REPLICATE,
    Column("layer", "", "hidden layer; 0 stands for the inputs"),
    Column("log_squared_length", "nats", "ln of the squared length of h, inputs having length 1"),
    Column("cosine", "", "cosine of the angle between the h of two inputs"),
)
FANS = (
    INITIALIZER,
    REPLICATE,
    LAYER,
    Column("fan_in", "units", "inputs of the layer"),
    Column("fan_out", "units", "units of the layer"),
    PRE_ACTIVATION_SECOND_MOMENT,
    DELTA_SECOND_MOMENT,
)
BORN_DEAD = (
    INITIALIZER,
    Column("stddev", "", "standard deviation of the weights"),
    SQUARE_WIDTH,
    REPLICATE,
    DEPTH,
    Column("silent_layer", "", "first layer that is all zeros for every input; 0 if there is none"),
    Column("silent_layer_one_input", "", "the same for the first input alone"),
)


def _cells(plan: Plan) -> list[Cell]:
    return [Cell.of(EXPERIMENT.name, block=block) for block in range(max(1, round(_BLOCKS * plan.effort)))]


def _measure(cell: Cell, streams: Streams) -> Measured:
    block = cell.number("block")
    return {
        "he_layers": concatenate([_layers(streams, block, *law) for law in _LAWS]),
        "he_pairs": _pairs(streams, block),
        "he_fans": concatenate([_fans(streams, block, law) for law in _FANS_LAWS]),
        "he_born_dead": concatenate([_born_dead(streams, block, law) for law in _DEAD_LAWS]),
    }


def _draw(
    streams: Streams, block: int, initializer: str, widths: list[int], members: int, dtype: DTypeLike = np.float32
) -> Parameters:
    """Draw the networks of a block; they take turns at one generator per layer, which is the same for every law."""

    @cache
    def generator(layer: int) -> np.random.Generator:
        return streams.weights(block, layer)

    law = initializers.get(initializer)
    return draw_parameters(law, widths, lambda _, layer: generator(layer), members, dtype=dtype)


def _variance(initializer: str, width: int) -> float:
    """Return the declared variance of a weight of a square layer; fixed weights, which declare none, have zero."""
    return initializers.get(initializer).variance(width, width) or 0.0


def _gaussian(streams: Streams, block: int, *shape: int) -> Array:
    return streams.data(block).standard_normal(shape).astype(np.float32)


def _layers(streams: Streams, block: int, initializer: str, slope: float) -> Columns:
    """Measure the moments layer by layer, for one law and slope."""
    width = _LAYERS_WIDTH
    inputs = _gaussian(streams, block, _LAYERS_NETWORKS, _LAYERS_BATCH, width)
    parameters = _draw(streams, block, initializer, [width] * (_LAYERS_DEPTH + 1), _LAYERS_NETWORKS)
    activation = f"leaky_relu(negative_slope={slope})" if slope else "relu"
    tape = forward(Ensemble(parameters, activations.get(activation)), inputs)
    pre_activation = np.array([moments(z) for z in tape.pre_activations])
    columns = by_layer(
        {
            "pre_activation_second_moment": pre_activation[:, 1],
            "pre_activation_variance": pre_activation[:, 2],
            "activation_second_moment": [rms(h) ** 2 for h in tape.activations],
        },
        replicate=block * _LAYERS_NETWORKS,
    )
    sigma_w2 = width * _variance(initializer, width)
    return with_constants(columns, initializer=initializer, negative_slope=slope, sigma_w2=sigma_w2, width=width)


def _pairs(streams: Streams, block: int) -> Columns:
    """Follow two inputs at a given angle: their lengths and the cosine between them, layer by layer."""
    inputs = _at_angle(_gaussian(streams, block, _PAIRS_NETWORKS, 2, _PAIRS_WIDTH), _PAIRS_COSINE)
    parameters = _draw(streams, block, _PAIRS_LAW, [_PAIRS_WIDTH] * (_PAIRS_DEPTH + 1), _PAIRS_NETWORKS)
    tape = forward(Ensemble(parameters, activations.get("relu")), inputs)
    # Products within each pair, shape (layers, members, 2, 2); the first layer is that of the inputs.
    products = np.array([_gram(h) for h in (inputs, *tape.activations)])
    squared = np.diagonal(products, axis1=2, axis2=3)
    cosine = products[..., 0, 1] / np.sqrt(squared.prod(axis=-1))
    measured = {"log_squared_length": np.log(squared[..., 0]), "cosine": cosine}
    return with_constants(by_layer(measured, replicate=block * _PAIRS_NETWORKS, layer=0), width=_PAIRS_WIDTH)


def _at_angle(pairs: Array, cosine: float) -> Array:
    """Turn pairs of vectors, shape (members, 2, units), into unit vectors with the given cosine."""
    first, second = (vector / np.linalg.norm(vector, axis=-1, keepdims=True) for vector in pairs.swapaxes(0, 1))
    across = second - (first * second).sum(axis=-1, keepdims=True) * first
    across /= np.linalg.norm(across, axis=-1, keepdims=True)
    return np.stack([first, cosine * first + sqrt(1 - cosine**2) * across], axis=1)


def _gram(h: Array) -> NDArray[np.float64]:
    wide = h.astype(np.float64)
    return np.asarray(wide @ wide.swapaxes(1, 2))


def _fans(streams: Streams, block: int, initializer: str) -> Columns:
    """Measure signals and gradients in the funnel for one law."""
    parameters = _draw(streams, block, initializer, list(_FANS_WIDTHS), _FANS_NETWORKS)
    inputs = _gaussian(streams, block, _FANS_NETWORKS, _FANS_BATCH, _FANS_WIDTHS[0])
    ensemble = Ensemble(parameters, activations.get("relu"))
    tape = forward(ensemble, inputs)
    cotangent = streams.cotangents(block).standard_normal((_FANS_NETWORKS, _FANS_BATCH, _FANS_WIDTHS[-1]))
    gradients = backward(ensemble, tape, cotangent.astype(np.float32))
    columns = by_layer(
        {
            "pre_activation_second_moment": [rms(z) ** 2 for z in tape.pre_activations],
            "delta_second_moment": [rms(delta) ** 2 for delta in gradients.deltas],
        },
        replicate=block * _FANS_NETWORKS,
    )
    widths = np.array(_FANS_WIDTHS)
    fans = {"fan_in": widths[columns["layer"] - 1], "fan_out": widths[columns["layer"]]}
    return with_constants({**columns, **fans}, initializer=initializer)


def _born_dead(streams: Streams, block: int, initializer: str) -> Columns:
    """Find the layer in which each narrow network of one law falls silent, if there is one."""
    # float64: at the smallest scale the signal of twenty layers would leave the range of float32.
    inputs = streams.data(block).standard_normal((_DEAD_NETWORKS, _DEAD_BATCH, _DEAD_WIDTH))
    widths = [_DEAD_WIDTH] * (_DEAD_DEPTH + 1)
    parameters = _draw(streams, block, initializer, widths, _DEAD_NETWORKS, np.float64)
    tape = forward(Ensemble(parameters, activations.get("relu")), inputs)
    silent = np.array([(h == 0).all(axis=2) for h in tape.activations])
    columns: Columns = {
        "replicate": block * _DEAD_NETWORKS + np.arange(_DEAD_NETWORKS),
        "silent_layer": _first_layer(np.all(silent, axis=2)),
        "silent_layer_one_input": _first_layer(silent[..., 0]),
    }
    stddev = sqrt(_variance(initializer, _DEAD_WIDTH))
    return with_constants(columns, initializer=initializer, stddev=stddev, width=_DEAD_WIDTH, depth=_DEAD_DEPTH)


def _first_layer(silent: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the number of the first layer that is true, 0 for none; shape (layers, members) to (members,)."""
    return np.where(silent.any(axis=0), silent.argmax(axis=0) + 1, 0)


EXPERIMENT = Experiment(
    name="he",
    summary="Lengths, angles, gradients and silence in ReLU networks that start with He's law, and without it",
    tables={"he_layers": LAYERS, "he_pairs": PAIRS, "he_fans": FANS, "he_born_dead": BORN_DEAD},
    cells=_cells,
    measure=_measure,
)
