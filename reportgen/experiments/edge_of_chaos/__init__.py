"""Where the edge of chaos lies, and what networks on either side of it do to angles, gradients and lengths.

The theory's tables stand beside ensembles of networks at initialization. The sizes of the networks do not depend on
the preset; its effort decides how many there are. Only the places of the initializers follow the battery's width.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.columns import by_layer, concatenate, with_constants
from reportgen.battery.experiment import Columns, Experiment, Measured, Plan
from reportgen.experiments.averages import averages, if_averaged
from reportgen.experiments.edge_of_chaos import theory
from reportgen.experiments.edge_of_chaos.columns import TABLES
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import rms
from reportgen.theory.maps import correlations

__all__ = ["EXPERIMENT"]

# Depth scales of tanh, by the variance of the biases: where the theory is asked, and where networks are measured.
_SCALES_SIGMA_W2 = (*np.linspace(0.4, 2.4, 21).round(6), 1.75, 1.77, 2.7, 3.0, 3.5, 4.0)
_MEASURED_SIGMA_W2 = {0.0: (2.0, 3.0, 4.0), 0.05: (0.8, 1.2, 1.5, 2.0, 3.0, 4.0)}
_DECAY_NETWORKS, _DECAY_WIDTH, _DECAY_DEPTH, _DECAY_PAIRS = 12, 256, 20, 6
_NUDGE, _STRETCH = 0.1, 1.05
"""How far two cosines, and the factor by which two lengths, differ at the start."""

# Two inputs through deep networks: (initializer, activation, their cosine).
_PAIRS = (
    ("he_uniform", "relu", 0.3),
    ("glorot_uniform", "sigmoid", 0.3),
    ("glorot_uniform", "tanh", 0.3),
    ("glorot_uniform(gain=1.66666666667)", "tanh", 0.9),
    ("random_normal(stddev=1)", "tanh", 0.9),
    ("lecun_uniform", "selu", 0.3),
)
_ANGLES_NETWORKS, _ANGLES_WIDTH, _ANGLES_DEPTH, _ANGLES_COPIES = 8, 256, 30, 8

# One input through He's ReLU networks of three widths; the law of the lengths is exact for weights that are not cut.
_LENGTHS_LAW = "he_normal(truncated=False)"
_LENGTHS_NETWORKS, _LENGTHS_WIDTHS, _LENGTHS_DEPTH = 80, (24, 48, 96), 48


class _Point(NamedTuple):
    """One tanh network that is measured, with what theory says of it."""

    sigma_b2: float
    sigma_w2: float
    q_star: float
    c_star: float


def _cells(plan: Plan) -> list[Cell]:
    def networks(at_effort_1: int, least: int) -> int:
        return max(least, round(at_effort_1 * plan.effort))

    name, named = EXPERIMENT.name, "\n".join(plan.initializers)
    return [
        Cell.of(name, part="places", initializers=named, width=plan.width),
        *(
            Cell.of(name, part="diagram", activation=activation, initializers=named, width=plan.width)
            for activation in plan.activations
        ),
        Cell.of(name, part="scales", activation="tanh"),
        Cell.of(name, part="decay", networks=networks(_DECAY_NETWORKS, 8), width=_DECAY_WIDTH),
        *(
            Cell.of(name, part="angles", pair=pair, networks=networks(_ANGLES_NETWORKS, 6), width=_ANGLES_WIDTH)
            for pair in range(len(_PAIRS))
        ),
        *(
            Cell.of(name, part="lengths", networks=networks(_LENGTHS_NETWORKS, 40), width=width)
            for width in _LENGTHS_WIDTHS
        ),
    ]


def _measure(cell: Cell, streams: Streams) -> Measured:
    part = cell.text("part")
    if part == "places":
        return {"edge_places": _places(cell)}
    if part == "diagram":
        return if_averaged(lambda: theory.diagram(cell.text("activation"), _places(cell)))
    if part == "scales":
        return {"edge_scales": _scales(cell.text("activation"))}
    if part == "decay":
        points = _points()
        networks = (_decay(points, member, streams) for member in range(cell.number("networks")))
        return {"edge_decay": concatenate(chain.from_iterable(networks))}
    if part == "angles":
        pair = _PAIRS[cell.number("pair")]
        return {"edge_angles": _angles(*pair, cell.number("networks"), streams)}
    return {"edge_lengths": _lengths(cell.number("width"), cell.number("networks"), streams)}


def _places(cell: Cell) -> Columns:
    return theory.places(cell.text("initializers").split("\n"), cell.number("width"))


def _scales(activation: str) -> Columns:
    """Return fixed points and depth scales over sigma_w2, for each variance of the biases."""
    points = [
        (sigma_b2, sigma_w2)
        for sigma_b2, measured in _MEASURED_SIGMA_W2.items()
        for sigma_w2 in sorted({*_SCALES_SIGMA_W2, *measured})
    ]
    return theory.fixed_points(activation, points)


def _points() -> list[_Point]:
    """Return the tanh networks that are measured."""
    points = [(sigma_b2, s) for sigma_b2, listed in _MEASURED_SIGMA_W2.items() for s in listed]
    settled = theory.fixed_points("tanh", points)
    return [_Point(*point) for point in zip(*(settled[key] for key in _Point._fields), strict=True)]


def _decay(points: list[_Point], member: int, streams: Streams) -> list[Columns]:
    """Follow small differences through one network, whose unit draws are scaled to every point in turn."""
    units = initializers.get("lecun_uniform")
    drawn = _draw(units.name, _DECAY_WIDTH, _DECAY_DEPTH, member, streams)
    noise = [streams.biases(member, layer).standard_normal((1, 1, _DECAY_WIDTH)) for layer in range(_DECAY_DEPTH + 1)]
    return [_decay_at(point, drawn, noise, member, streams) for point in points]


def _decay_at(point: _Point, drawn: Parameters, noise: Sequence[Array], member: int, streams: Streams) -> Columns:
    """Measure how two differences, and the gradient, change from layer to layer.

    The inputs have the length that layers settle at. Both pairs of a gap go through the same network, so that most of
    what is particular to the network cancels.
    """
    scale_w, scale_b = sqrt(point.sigma_w2), sqrt(point.sigma_b2)
    weights = [(W * scale_w).astype(np.float32) for W in drawn.weights]
    biases = [(scale_b * b).astype(np.float32) for b in noise[1:]]
    length = sqrt((point.q_star - point.sigma_b2) / point.sigma_w2 * _DECAY_WIDTH)
    above = min(point.c_star + _NUDGE, 1.0)
    first, high, low = (
        length * _at_cosine(streams.data(member), cosine, _DECAY_PAIRS, _DECAY_WIDTH)
        for cosine in (1.0, above, point.c_star - _NUDGE)
    )
    inputs = np.concatenate([first, high, low, _STRETCH * first]).astype(np.float32)[None]
    ensemble = Ensemble(Parameters(weights, biases), activations.get("tanh"))
    tape = forward(ensemble, inputs)
    deltas = backward(ensemble, tape, noise[0].astype(np.float32)).deltas
    gaps = np.array([_gaps(z[0]) for z in tape.pre_activations])
    columns = by_layer(
        {
            "cosine_gap": gaps[:, 0],
            "length_gap": gaps[:, 1],
            "delta_second_moment": [rms(delta)[0] ** 2 for delta in deltas],
        },
        replicate=member,
    )
    return with_constants(columns, sigma_b2=point.sigma_b2, sigma_w2=point.sigma_w2)


def _gaps(z: Array) -> tuple[float, float]:
    """Return the gap of the cosines and of the second moments, averaged over pairs."""
    first, high, low, long = np.split(z.astype(np.float64), 4)
    cosines = _cosine(first, high) - _cosine(first, low)
    return float(cosines.mean()), float(np.mean(long**2) - np.mean(first**2))


def _angles(initializer: str, activation: str, cosine: float, networks: int, streams: Streams) -> Columns:
    """Follow pairs of inputs at one angle through networks without biases."""
    width, depth, law = _ANGLES_WIDTH, _ANGLES_DEPTH, initializers.get(initializer)
    sigma_w2 = width * (law.variance(width, width) or 0.0)
    predicted = correlations(averages(activation), sigma_w2, 0.0, 1.0, cosine, depth)
    measured = np.empty((networks, depth))
    for member in range(networks):
        first, second = (
            sqrt(width) * _at_cosine(streams.data(member), c, _ANGLES_COPIES, width) for c in (1.0, cosine)
        )
        parameters = _draw(initializer, width, depth, member, streams)
        inputs = np.concatenate([first, second]).astype(np.float32)[None]
        tape = forward(Ensemble(parameters, activations.get(activation)), inputs)
        measured[member] = [_cosine(*np.split(z[0].astype(np.float64), 2)).mean() for z in tape.pre_activations]
    columns = by_layer({"cosine": measured.T, "predicted": np.tile(predicted, (networks, 1)).T})
    return with_constants(columns, initializer=initializer, activation=activation, sigma_w2=sigma_w2)


def _lengths(width: int, networks: int, streams: Streams) -> Columns:
    """Follow the length of one input through He's ReLU networks of one width."""
    logs = np.empty((networks, _LENGTHS_DEPTH))
    for member in range(networks):
        inputs = _at_cosine(streams.data(member), 1.0, 1, width).astype(np.float32)[None]
        parameters = _draw(_LENGTHS_LAW, width, _LENGTHS_DEPTH, member, streams)
        tape = forward(Ensemble(parameters, activations.get("relu")), inputs)
        logs[member] = [np.log(np.square(h, dtype=np.float64).sum()) for h in tape.activations]
    return by_layer({"log_squared_length": logs.T})


def _draw(initializer: str, width: int, depth: int, member: int, streams: Streams) -> Parameters:
    law = initializers.get(initializer)
    return draw_parameters(law, [width] * (depth + 1), lambda _, layer: streams.weights(member, layer), members=1)


def _at_cosine(rng: np.random.Generator, cosine: float, count: int, width: int) -> NDArray[np.float64]:
    """Return unit vectors, shape (count, width), at one cosine to those that cosine 1 and an equal generator give."""
    first, other = rng.standard_normal((2, count, width))
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    other -= (first * other).sum(axis=1, keepdims=True) * first
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    return np.asarray(cosine * first + sqrt(1 - cosine**2) * other)


def _cosine(first: Array, second: Array) -> NDArray[np.float64]:
    """Return the cosines of pairs of rows."""
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return np.asarray((first * second).sum(axis=1) / lengths)


EXPERIMENT = Experiment(
    name="edge_of_chaos",
    summary="The phase diagram of every activation, and what networks in it do to angles, gradients and lengths",
    tables=TABLES,
    cells=_cells,
    measure=_measure,
)
