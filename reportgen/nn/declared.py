"""What a plugin declares of its weights and slopes, held against what it gives.

A declaration that does not hold is told and measured as it is; theory, which takes a variance at its word, leaves such
an initializer out.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import numpy as np

from reportgen import foreign
from reportgen.nn.contract import Draw, Elementwise, Variance

__all__ = ["slope_off", "weights_off"]

_DRAWS, _FANS = 24, ((96, 64), (64, 96))
"""Draws from which a variance is estimated, for each pair of fans."""

_ERRORS, _SHARE, _ROUNDING = 6.0, 0.01, 1e-9
"""A variance or a mean is off by more than so many standard errors, and this share of the variance or the deviation.
What is left of equal weights is below the last, relative to their square."""

_STEP, _SLOPE, _BESIDE = 1e-5, 1e-3, 1e-2
"""Step of central differences, how far a slope may be from them relative to 1 plus itself, and how far from kinks."""

_GRID = np.linspace(-4.0, 4.0, 161) + 0.0137
"""Where slopes are compared: a kink that is not named is hardly on it."""


class _Estimate(NamedTuple):
    value: float
    error: float

    def allows(self, declared: float, unit: float) -> bool:
        """Tell whether a declared value is within the error, or a small share of the unit; nothing allows nan."""
        return abs(self.value - declared) <= max(_ERRORS * self.error, _SHARE * unit)


@lru_cache(maxsize=256)
def weights_off(draw: Draw, variance: Variance) -> str:
    """Return how the weights of a plugin differ from what it declares, or nothing if they do not.

    Parameters
    ----------
    draw, variance
        What draws, and the variance that it declares. Any limit but "none" also declares a mean of 0.
    """
    lines = (_off(draw, variance, fans, zero_mean=draw.limit != "none") for fans in _FANS)
    return next((f"{line} {foreign.place(draw.function)}".strip() for line in lines if line), "")


def slope_off(phi: Elementwise, derivative: Elementwise, kinks: tuple[float, ...]) -> str:
    """Return where the derivative of a plugin differs most from central differences, or nothing if it does not.

    Parameters
    ----------
    phi, derivative
        The activation and what it declares as its derivative.
    kinks
        Near these nothing is compared.
    """
    near = np.array([np.abs(_GRID - kink) < _BESIDE for kink in kinks]).reshape(-1, len(_GRID)).any(axis=0)
    z = _GRID[~near]
    with np.errstate(all="ignore"):
        measured = (phi(z + _STEP) - phi(z - _STEP)) / (2 * _STEP)
        declared = derivative(z)
        gap = np.abs(declared - measured) / (1 + np.abs(measured))
    gap = np.where(np.isfinite(measured), np.nan_to_num(gap, nan=np.inf), 0.0)
    if not gap.size or gap.max() <= _SLOPE:
        return ""
    worst = int(gap.argmax())
    return (
        f"declares the derivative {declared[worst]:.4g} at z = {z[worst]:.4g}, where its values rise by "
        f"{measured[worst]:.4g} per unit {foreign.place(derivative.function)}"
    ).strip()


def _off(draw: Draw, variance: Variance, fans: tuple[int, int], *, zero_mean: bool) -> str:
    declared, at = variance(*fans), f"at (fan_in, fan_out) = {fans}"
    if declared is None:
        return "declares a limit and no variance" if zero_mean else ""
    mean, spread = _estimates(draw, fans)
    if declared == 0:  # all weights are equal then, in every draw: no error excuses that they are not
        spread = spread._replace(error=0.0)
    if not spread.allows(declared, max(declared, spread.value) + _ROUNDING * mean.value**2):
        return f"declares the variance {declared:.4g} {at}, but its weights have {spread.value:.4g}"
    if zero_mean and not mean.allows(0.0, sqrt(spread.value)):
        return f"declares a limit, and with it the mean 0, {at}, but its weights have the mean {mean.value:.4g}"
    return ""


def _estimates(draw: Draw, fans: tuple[int, int]) -> tuple[_Estimate, _Estimate]:
    """Return mean and variance; their errors follow from the spread between draws: inside one, weights may depend."""
    moments = np.empty((_DRAWS, 2))
    with np.errstate(all="ignore"):
        for number in range(_DRAWS):
            weights = draw(np.random.default_rng([number, *fans]), *fans)
            moments[number] = weights.mean(), np.square(weights).mean()
        mean = moments[:, 0].mean()
        squares = moments[:, 1] - 2 * mean * moments[:, 0] + mean**2
        error = np.sqrt(np.var([moments[:, 0], squares], axis=1, ddof=1) / _DRAWS)
    return _Estimate(float(mean), float(error[0])), _Estimate(float(squares.mean()), float(error[1]))
