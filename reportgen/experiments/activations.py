"""Activations: what each makes of a pre-activation, drawn as a curve and averaged over normal ones of three sizes.

Nothing here is random: a normal distribution is stood for by the middles of as many equal shares of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Experiment, Measured, Plan, Tables
from reportgen.experiments.columns import ACTIVATION, SATURATED_FRACTION
from reportgen.nn.activations import Activation, activations
from reportgen.nn.statistics import saturated

__all__ = ["EXPERIMENT", "SIZES", "Curves"]

Floats = NDArray[np.float64]

SIZES = (0.1, 1.0, 10.0)
"""Standard deviations of the pre-activations: too small, right, too large."""

_Z = np.linspace(-10.0, 10.0, 401)
_SHARES = 20_000
_NORMAL = ndtri((np.arange(_SHARES) + 0.5) / _SHARES)
"""Standard normal numbers, each for an equal share of the distribution; none of them is 0, where kinks are."""

_NEAR, _FAR = np.geomspace(0.01, 1e3, 51), np.geomspace(1e3, 1e30, 51)


@dataclass(frozen=True, slots=True)
class Curves:
    """Look at one activation: its values, its slopes, and what it makes of normal pre-activations.

    Attributes
    ----------
    activation
        Canonical registry name.
    """

    activation: str

    tables: ClassVar[Tables] = {
        "activation_curves": (
            ACTIVATION,
            Column("z", "", "pre-activation"),
            Column("value", "", "phi(z)"),
            Column("slope", "", "phi'(z); the one from the left where it jumps"),
        ),
        "activation_moments": (
            ACTIVATION,
            Column("value_at_zero", "", "phi(0)"),
            Column("greatest_slope", "", "greatest |phi'|; on [-1, 1] where it grows without end"),
            Column("lowest", "", "the value that phi does not fall below; -inf where there is none"),
            Column("highest", "", "the value that phi does not rise above; inf where there is none"),
            Column("mean", "", "mean of phi(z) for a standard normal z"),
            Column("rms", "", "root mean square of phi(z) for a standard normal z"),
        ),
        "activation_sizes": (
            ACTIVATION,
            Column("z_std", "", "standard deviation of the normal pre-activations, whose mean is 0"),
            Column("output_std", "", "standard deviation of phi(z)"),
            Column("slope_rms", "", "root mean square of phi'(z)"),
            SATURATED_FRACTION,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Return the curve, and averages; nothing here is random."""
        item = activations.get(self.activation)
        with np.errstate(all="ignore"):  # what a user adds may grow beyond all numbers
            return {
                "activation_curves": {"z": _Z, "value": item.phi(_Z), "slope": item.derivative(_Z)},
                "activation_moments": of_rows([_moments(item)]),
                "activation_sizes": of_rows(_size(item, std) for std in SIZES),
            }


def _moments(item: Activation) -> dict[str, float]:
    h = item.phi(_NORMAL)
    lowest, highest = _range(item)
    return {
        "value_at_zero": float(item.phi(np.zeros(1))[0]),
        "greatest_slope": item.greatest_slope,
        "lowest": lowest,
        "highest": highest,
        "mean": float(h.mean()),
        "rms": _rms(h),
    }


def _range(item: Activation) -> tuple[float, float]:
    """Return the lowest and the highest value, infinite where far out phi leaves what it does on [-1000, 1000].

    Both are infinite where it has no value somewhere: of what is not known no bound is claimed.
    """
    inside, outside = (item.phi(np.concatenate([-z, z])) for z in (_NEAR, _FAR))
    if np.isnan(inside).any() or np.isnan(outside).any():
        return -inf, inf
    limit = 2 * np.abs(inside).max()
    lowest = -inf if (outside < -limit).any() else float(min(inside.min(), outside.min()))
    highest = inf if (outside > limit).any() else float(max(inside.max(), outside.max()))
    return lowest, highest


def _size(item: Activation, std: float) -> dict[str, float]:
    z = std * _NORMAL
    slope = item.derivative(z)
    return {
        "z_std": std,
        "output_std": float(item.phi(z).std()),
        "slope_rms": _rms(slope),
        "saturated_fraction": float(saturated(slope, item).mean()),
    }


def _rms(values: Floats) -> float:
    return float(np.sqrt(np.square(values).mean()))


def _work(plan: Plan) -> Iterator[Curves]:
    yield from map(Curves, plan.activations)


EXPERIMENT = Experiment(
    name="activations",
    summary="Value and slope of every activation, and what it makes of normal pre-activations of three sizes",
    parts=(Curves,),
    work=_work,
)
