"""Fixed points and depth scales in theory, and the small differences that networks let shrink or grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from math import sqrt
from typing import ClassVar, NamedTuple

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer, concatenate, of_rows, with_constants
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.averages import averages
from reportgen.experiments.columns import (
    ACTIVATION,
    DELTA_SECOND_MOMENT,
    LAYER,
    REPLICATE,
    SIGMA_B2,
    SIGMA_W2,
    SQUARE_WIDTH,
)
from reportgen.experiments.edge_of_chaos.networks import at_cosine, cosines, draw_network
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import rms
from reportgen.theory.fixed_points import find_fixed_point

__all__ = ["Decay", "Scales"]

_PREDICTED_SIGMA_W2 = (*np.linspace(0.4, 2.4, 21).round(6), 1.75, 1.77, 2.7, 3.0, 3.5, 4.0)
_MEASURED_SIGMA_W2 = {0.0: (2.0, 3.0, 4.0), 0.05: (0.8, 1.2, 1.5, 2.0, 3.0, 4.0)}
"""By the variance of the biases: where networks are measured, and the theory is asked too."""

_NUDGE, _STRETCH = 0.1, 1.05
"""How far two cosines, and the factor by which two lengths, differ at the start."""


class _Point(NamedTuple):
    """Networks that are measured, with what theory says of them."""

    sigma_b2: float
    sigma_w2: float
    q_star: float
    c_star: float


@dataclass(frozen=True, slots=True)
class Scales:
    """Predict fixed points and depth scales over sigma_w2, for each variance of the biases."""

    activation: str

    tables: ClassVar[Tables] = {
        "edge_scales": (
            ACTIVATION,
            SIGMA_B2,
            SIGMA_W2,
            Column("q_star", "", "second moment of the pre-activations that deep layers settle at"),
            Column("chi_1", "", "factor of a gradient's mean square per layer, deep down"),
            Column(
                "c_star", "", "correlation of two inputs that deep layers settle at; nan where angles stay as they are"
            ),
            Column("xi_q", "layers", "layers after which a difference in length has shrunk by e"),
            Column("xi_c", "layers", "layers after which a difference in correlation has shrunk by e; nan as above"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Find the fixed point of every pair of variances."""
        points = (
            (sigma_b2, sigma_w2)
            for sigma_b2, measured in _MEASURED_SIGMA_W2.items()
            for sigma_w2 in sorted({*_PREDICTED_SIGMA_W2, *measured})
        )
        return {"edge_scales": _fixed_points(self.activation, points)}


@dataclass(frozen=True, slots=True)
class Decay:
    """Follow small differences through networks whose unit draws are scaled to every pair of variances in turn."""

    networks: int
    activation: str = "tanh"
    width: int = 256
    depth: int = 20
    pairs: int = 6

    tables: ClassVar[Tables] = {
        "edge_decay": (
            SIGMA_B2,
            SIGMA_W2,
            SQUARE_WIDTH,
            REPLICATE,
            LAYER,
            Column("cosine_gap", "", "difference of the cosines of two pairs of inputs"),
            Column("length_gap", "", "difference of the second moments of two inputs of one direction"),
            DELTA_SECOND_MOMENT,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer of every network at every point."""
        points = self._points()
        parts = (self._network(points, member, streams) for member in range(self.networks))
        return {"edge_decay": concatenate(chain.from_iterable(parts))}

    def _points(self) -> list[_Point]:
        listed = ((sigma_b2, sigma_w2) for sigma_b2, some in _MEASURED_SIGMA_W2.items() for sigma_w2 in some)
        settled = _fixed_points(self.activation, listed)
        return [_Point(*point) for point in zip(*(settled[key] for key in _Point._fields), strict=True)]

    def _network(self, points: list[_Point], member: int, streams: Streams) -> Iterator[Columns]:
        drawn = draw_network("lecun_uniform", self.width, self.depth, member, streams)
        shape = 1, 1, self.width
        noise = [streams.biases(member, layer).standard_normal(shape) for layer in range(1, self.depth + 1)]
        cotangent = streams.cotangents(member).standard_normal(shape).astype(np.float32)
        for point in points:
            ensemble = self._scaled(point, drawn, noise)
            yield with_constants(
                self._at(point, ensemble, cotangent, member, streams), sigma_b2=point.sigma_b2, sigma_w2=point.sigma_w2
            )

    def _scaled(self, point: _Point, drawn: Parameters, noise: Sequence[Array]) -> Ensemble:
        scale_w, scale_b = sqrt(point.sigma_w2), sqrt(point.sigma_b2)
        weights = [(W * scale_w).astype(np.float32) for W in drawn.weights]
        biases = [(scale_b * b).astype(np.float32) for b in noise]
        return Ensemble(Parameters(weights, biases), activations.get(self.activation))

    def _at(self, point: _Point, ensemble: Ensemble, cotangent: Array, member: int, streams: Streams) -> Columns:
        """Measure how two differences, and the gradient, change from layer to layer.

        The inputs have the length that layers settle at. Both pairs of a gap go through the same network, so that most
        of what is particular to the network cancels.
        """
        length = sqrt((point.q_star - point.sigma_b2) / point.sigma_w2 * self.width)
        above = min(point.c_star + _NUDGE, 1.0)
        first, high, low = (
            length * at_cosine(streams.data(member), cosine, self.pairs, self.width)
            for cosine in (1.0, above, point.c_star - _NUDGE)
        )
        inputs = np.concatenate([first, high, low, _STRETCH * first]).astype(np.float32)[None]
        tape = forward(ensemble, inputs)
        deltas = backward(ensemble, tape, cotangent, parameters=False).deltas
        cosine_gap, length_gap = zip(*(_gaps(z[0]) for z in tape.pre_activations), strict=True)
        second_moment = [rms(delta)[0] ** 2 for delta in deltas]
        measured = {"cosine_gap": cosine_gap, "length_gap": length_gap, "delta_second_moment": second_moment}
        return by_layer(measured, replicate=member)


def _fixed_points(name: str, points: Iterable[tuple[float, float]]) -> Columns:
    """Return fixed points and depth scales of one activation at some (sigma_b2, sigma_w2)."""
    activation = averages(name)
    return of_rows(
        {"sigma_b2": sigma_b2, "sigma_w2": sigma_w2, **asdict(find_fixed_point(activation, sigma_w2, sigma_b2))}
        for sigma_b2, sigma_w2 in points
    )


def _gaps(z: Array) -> tuple[float, float]:
    """Return the gap of the cosines and of the second moments, averaged over pairs."""
    first, high, low, long = np.split(z.astype(np.float64), 4)
    gap = cosines(first, high) - cosines(first, low)
    return float(gap.mean()), float(np.mean(long**2) - np.mean(first**2))
