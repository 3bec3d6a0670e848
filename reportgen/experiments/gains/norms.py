"""Gains that carry a net of some depth, by the size of its inputs: what theory says, and what networks do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan, sqrt
from typing import ClassVar, NamedTuple

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import concatenate, of_rows, with_constants
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.averages import averages
from reportgen.experiments.columns import ACTIVATION, DEPTH, REPLICATE, SQUARE_WIDTH
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import rms
from reportgen.theory.bands import band, best_gain, changes
from reportgen.theory.fixed_points import gains

__all__ = ["Bands", "Norms"]

_FACTOR = 100.0
"""By which the rms of signal and gradient may change over the whole net."""

_DEPTHS = (10, 20, 50)
_MEAN_SQUARES = (0.25, 1.0, 4.0)

_MEAN_SQUARE = Column("q0", "", "mean square of the inputs' features")


@dataclass(frozen=True, slots=True)
class Bands:
    """Find the best gain and the band of gains for some depths and sizes of the inputs."""

    activation: str

    tables: ClassVar[Tables] = {
        "gain_bands": (
            ACTIVATION,
            DEPTH,
            _MEAN_SQUARE,
            Column("best_gain", "", "gain at which the rms of signal and gradient change least over the net"),
            Column("worst", "", "factor by which the one that changes more then changes"),
            Column("factor", "", "by which neither may change inside the band"),
            Column("least", "", "least gain of the band; nan where even the best gain changes more"),
            Column("greatest", "", "greatest gain of the band"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Return a row per depth and size of the inputs."""
        return {"gain_bands": of_rows(self._row(depth, q0) for depth in _DEPTHS for q0 in _MEAN_SQUARES)}

    def _row(self, depth: int, q0: float) -> dict[str, float]:
        phi = averages(self.activation)
        best = best_gain(phi, depth, q0)
        least, greatest = band(phi, depth, q0, _FACTOR) or (nan, nan)
        return {
            "depth": depth,
            "q0": q0,
            "best_gain": best,
            "worst": float(changes(phi, best, depth, q0).worst),
            "factor": _FACTOR,
            "least": least,
            "greatest": greatest,
        }


class _Case(NamedTuple):
    """Inputs of one size, a gain, and what theory says of them."""

    q0: float
    choice: str
    gain: float
    predicted_signal: float
    predicted_gradient: float


@dataclass(frozen=True, slots=True)
class Norms:
    """Send inputs of three sizes through deep networks of some gains; all of them scale the same draws."""

    activation: str
    networks: int
    depth: int = 50
    width: int = 128
    batch: int = 8

    tables: ClassVar[Tables] = {
        "gain_norms": (
            ACTIVATION,
            _MEAN_SQUARE,
            Column("choice", "", "whose gain: he, forward, best, or middle, that of the band"),
            Column("gain", "", "weights have the variance gain² / width; nan where there is no band"),
            DEPTH,
            SQUARE_WIDTH,
            REPLICATE,
            Column("signal", "", "rms of the last layer's activations over that of the inputs"),
            Column("gradient", "", "rms of delta in the first layer over that in the last"),
            Column("predicted_signal", "", "what mean field theory says of the former, at most a millionfold change"),
            Column("predicted_gradient", "", "what mean field theory says of the latter"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Return a row per network, size of the inputs and gain."""
        cases = list(self._cases())
        parts = (self._network(cases, member, streams) for member in range(self.networks))
        return {"gain_norms": concatenate(parts)}

    def _cases(self) -> Iterator[_Case]:
        phi = averages(self.activation)
        for q0 in _MEAN_SQUARES:
            ends = band(phi, self.depth, q0, _FACTOR) or (nan, nan)
            tried = {
                "he": sqrt(2),
                "forward": gains(phi).forward,
                "best": best_gain(phi, self.depth, q0),
                "middle": sqrt(ends[0] * ends[1]),
            }
            predicted = changes(phi, list(tried.values()), self.depth, q0)
            for (choice, gain), *numbers in zip(tried.items(), *predicted, strict=True):
                yield _Case(q0, choice, gain, *map(float, numbers))

    def _network(self, cases: list[_Case], member: int, streams: Streams) -> Columns:
        """Measure one network under all gains, which are members of one ensemble."""
        ensemble = self._scaled(cases, member, streams)
        tape = forward(ensemble, self._inputs(cases, member, streams))
        cotangents = streams.cotangents(member).standard_normal((1, self.batch, self.width), np.float32)
        deltas = backward(ensemble, tape, cotangents, parameters=False).deltas
        columns = of_rows(case._asdict() for case in cases)
        measured = {
            "signal": rms(tape.activations[-1]) / np.sqrt(columns["q0"]),
            "gradient": rms(deltas[0]) / rms(deltas[-1]),
        }
        return with_constants({**columns, **measured}, depth=self.depth, width=self.width, replicate=member)

    def _scaled(self, cases: list[_Case], member: int, streams: Streams) -> Ensemble:
        """Return one draw of the weights, times every gain."""
        item, widths = initializers.get("glorot_normal(truncated=False)"), [self.width] * (self.depth + 1)
        drawn = draw_parameters(item, widths, lambda _, layer: streams.weights(member, layer), members=1)
        scales = np.array([case.gain for case in cases], np.float32)[:, None, None]
        return Ensemble(Parameters([scales * W for W in drawn.weights]), activations.get(self.activation))

    def _inputs(self, cases: list[_Case], member: int, streams: Streams) -> Array:
        """Return the same directions for every case, each input of exactly the case's mean square."""
        directions = streams.data(member).standard_normal((self.batch, self.width), np.float32)
        directions /= np.sqrt(np.square(directions).mean(axis=-1, keepdims=True))
        sizes = np.sqrt([case.q0 for case in cases]).astype(np.float32)
        return sizes[:, None, None] * directions
