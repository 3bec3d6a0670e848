"""How deep a difference between two inputs reaches, by mean field theory, in the networks of every gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.averages import averages, if_averaged
from reportgen.experiments.columns import ACTIVATION, WIDTH
from reportgen.experiments.sweeps import UNITS
from reportgen.nn.initializers import initializers
from reportgen.theory.fixed_points import FixedPoint, find_fixed_point

__all__ = ["Predictions", "scaled_normal"]


@dataclass(frozen=True, slots=True)
class Predictions:
    """Predict how deep a difference between two inputs reaches, for every gain.

    Attributes
    ----------
    activation
        Of the hidden layers.
    gains
        Values of sigma_w.
    width
        Units of the hidden layers of the networks that train; theory's have no end.
    """

    activation: str
    gains: tuple[float, ...]
    width: int = UNITS

    tables: ClassVar[Tables] = {
        "training_theory": (
            ACTIVATION,
            Column("gain", "", "sigma_w, the standard deviation of the weights times the root of fan_in; no biases"),
            Column("initializer", "", "registry name of the initializer with this gain"),
            WIDTH,
            Column("chi_1", "", "factor of a small difference's mean square, and of a gradient's, per layer"),
            Column(
                "xi_c",
                "layers",
                "depth over which the correlation of two inputs settles by a factor of e; limit of small biases",
            ),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Find the fixed point of every gain."""
        return if_averaged(lambda: {"training_theory": of_rows(map(self._at, self.gains))})

    def _at(self, gain: float) -> dict[str, str | float]:
        point = find_fixed_point(averages(self.activation), gain**2, 0.0)
        return {"gain": gain, "initializer": scaled_normal(gain), "chi_1": point.chi_1, "xi_c": _depth_scale(point)}


def scaled_normal(gain: float) -> str:
    """Name the untruncated normal distribution of variance gain² / fan_in."""
    return initializers.get(f"variance_scaling(scale={gain**2:.12g}, distribution=untruncated_normal)").name


def _depth_scale(point: FixedPoint) -> float:
    """Return xi_c in the limit of small biases.

    Without biases a signal below gain 1 dies before its correlations settle; a trace of bias makes them settle by
    chi_1 per layer, as fast as the signal dies (Schoenholz et al. 2017, section 3).
    """
    return point.xi_c if point.chi_1 > 1 else -1 / np.log(point.chi_1)
