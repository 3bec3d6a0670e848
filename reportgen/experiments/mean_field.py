"""What mean field theory predicts for every cell of the battery, in the units of the battery's tables.

The maps are applied to each input, since inputs have different norms, and then averaged over the batch. One cell is
one (activation, data set): initializers with the same ``fan_in Var(w)`` in every layer share one evaluation.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.columns import by_layer, concatenate, merge, with_constants
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan
from reportgen.experiments.averages import averages, if_averaged
from reportgen.experiments.columns import ACTIVATION, DATA, LAYER, WIDTH
from reportgen.nn import datasets
from reportgen.nn.initializers import initializers
from reportgen.theory.fluctuations import Scatter
from reportgen.theory.maps import backward_moments, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity

__all__ = ["EXPERIMENT"]

Floats = NDArray[np.float64]

_FACTORS = (
    Column("initializer", "", "registry name of the initializer; only those that have a mean field limit"),
    ACTIVATION,
    DATA,
    WIDTH,
    Column("replicate", "", "number of the batch of inputs, from 0: the theory knows the norms of its inputs"),
)
_SCATTER = "predicted variance, over networks of this width, of the logarithm of the column before it"

FORWARD = (
    *_FACTORS,
    LAYER,
    Column("pre_activation_second_moment", "input std²", "predicted mean of z² over inputs and units"),
    Column("pre_activation_log_variance", "", _SCATTER),
    Column("activation_second_moment", "activation²", "predicted mean of h² over inputs and units"),
    Column("activation_log_variance", "", _SCATTER),
)
GRADIENTS = (
    *_FACTORS,
    Column("depth", "layers", "number of hidden layers of the network"),
    LAYER,
    Column("delta_rms", "cotangent std", "predicted root mean square of delta = dLoss/dz over inputs and units"),
    Column("delta_log_variance", "", _SCATTER),
)


def _cells(plan: Plan) -> list[Cell]:
    names = tuple(name for name in plan.initializers if initializers.get(name).limit != "none")
    return [
        Cell.of(
            EXPERIMENT.name,
            activation=activation,
            initializers=names,
            depths=plan.depths,
            width=plan.width,
            replicates=plan.replicates,
            batch=plan.batch,
            **data,
        )
        for data, activation in product(plan.data_factors, plan.activations)
    ]


def _measure(cell: Cell, streams: Streams) -> Measured:
    return if_averaged(lambda: _predict(cell, streams, averages(cell.text("activation"))))


def _predict(cell: Cell, streams: Streams, phi: Nonlinearity) -> Measured:
    features, q0 = _inputs(cell, streams)
    parts: list[Measured] = []
    for (first, rest), names in _by_scale(cell, features).items():
        sigma_w2 = np.array([first] + [rest] * (max(cell.numbers("depths")) - 1))
        q, h2 = forward_moments(phi, sigma_w2[:, None, None], 0.0, q0, len(sigma_w2))
        scatter = Scatter.along(phi, np.median(q, axis=(1, 2)))
        predicted = {
            "forward_theory": _forward(cell, q, h2, scatter),
            "gradient_theory": _gradients(cell, phi.slope(q), rest, scatter),
        }
        parts += [
            {table: with_constants(columns, initializer=name) for table, columns in predicted.items()} for name in names
        ]
    return merge(parts)


def _inputs(cell: Cell, streams: Streams) -> tuple[int, Floats]:
    """Return the number of features, and the mean square of every input the battery uses: (replicates, batch)."""
    inputs = [
        datasets.load(cell.mapping(), streams.data(replicate), cell.number("batch"), cell.number("width")).inputs
        for replicate in range(cell.number("replicates"))
    ]
    return inputs[0].shape[1], np.square(inputs).mean(axis=-1)


def _by_scale(cell: Cell, features: int) -> dict[tuple[float, float], list[str]]:
    """Group the initializers by fan_in Var(w) of the first layer and of all others.

    The others are square, so that fan_out Var(w), by which gradients change, is the same number.
    """
    width = cell.number("width")
    groups: dict[tuple[float, float], list[str]] = {}
    for name in cell.words("initializers"):
        variance = initializers.get(name).variance
        first, rest = (round(fan_in * (variance(fan_in, width) or 0.0), 12) for fan_in in (features, width))
        groups.setdefault((first, rest), []).append(name)
    return groups


def _forward(cell: Cell, q: Floats, h2: Floats, scatter: Scatter) -> Columns:
    """Average over the batch, shape (layers, replicates, batch)."""
    return by_layer(
        {
            "pre_activation_second_moment": q.mean(axis=-1),
            "pre_activation_log_variance": _for_each(scatter.of_pre_activation(), cell),
            "activation_second_moment": h2.mean(axis=-1),
            "activation_log_variance": _for_each(scatter.of_activation(), cell),
        }
    )


def _gradients(cell: Cell, slopes: Floats, sigma_w2: float, scatter: Scatter) -> Columns:
    """Follow delta down from the last layer, in a network of each depth."""
    parts = []
    for depth in sorted(cell.numbers("depths")):
        columns = by_layer(
            {
                "delta_rms": np.sqrt(backward_moments(slopes[:depth], sigma_w2).mean(axis=-1)),
                "delta_log_variance": _for_each(scatter.of_delta_rms(depth), cell),
            }
        )
        parts.append(with_constants(columns, depth=depth))
    return concatenate(parts)


def _for_each(per_layer: Floats, cell: Cell) -> Floats:
    """Divide by the width and repeat for every replicate."""
    return np.repeat(per_layer[:, None] / cell.number("width"), cell.number("replicates"), axis=1)


EXPERIMENT = Experiment(
    name="mean_field",
    summary="What mean field theory predicts for every activation, initializer, depth and data set of the battery",
    tables={"forward_theory": FORWARD, "gradient_theory": GRADIENTS},
    cells=_cells,
    measure=_measure,
)
