"""How far networks of finite width scatter about mean field theory, to first order in one over the width.

In a layer of n units the mean of phi² over the units scatters about its expectation: its logarithm has a variance of
``(E[phi⁴] / E[phi²]² - 1) / n``, which is 5/n for ReLU (Hanin & Rolnick 2018), and so has the mean of ``phi'² g²``, g
normal, on the way down. The layers behind pass each deviation on, times the elasticity ``d ln E[phi²] / d ln q`` of
every map on its way: this is where a deviation grows or is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Function, gaussian_mean

__all__ = ["Scatter"]

Floats = NDArray[np.float64]

_Q = np.geomspace(1e-6, 1e6, 97)
"""Second moments at which fourth moments are taken; beyond, an activation is as it is at the ends."""

_STEP = 1e-3
_TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True)
class Scatter:
    """How the layers of one network make deviations, and pass them on.

    Attributes
    ----------
    forward, backward
        Variance, times n, that a layer adds to the logarithm of the second moment of h, and of delta: shape (layers,).
    passed
        Deviation of ln q in a layer (row) per deviation of ln E[h²] in an earlier one (column), shape (layers, layers).
    growth, slope
        d ln E[phi²] / d ln q and d ln E[phi'²] / d ln q, shape (layers,).
    """

    forward: Floats
    backward: Floats
    passed: Floats
    growth: Floats
    slope: Floats

    @classmethod
    def along(cls, activation: Nonlinearity, q: Floats) -> Scatter:
        """Follow the second moments of the pre-activations through the layers of a network.

        Parameters
        ----------
        activation
            The nonlinearity.
        q
            Shape (layers,); what is not finite counts as very large.
        """
        q = np.clip(np.nan_to_num(q), 1e-100, 1e100)
        growth, slope = (_elasticity(moment, q) for moment in (activation.second_moment, activation.slope))
        passed = np.eye(len(q), k=-1)
        for layer in range(2, len(q)):
            passed[layer, : layer - 1] = growth[layer - 1] * passed[layer - 1, : layer - 1]
        log_q = np.log(np.clip(q, _Q[0], _Q[-1]))
        signal, gradient = (np.exp(curve(log_q)) for curve in _log_kurtoses(activation))
        forward, backward = signal - 1, 3 * gradient - 1
        return cls(forward, backward, passed, growth, slope)

    def of_pre_activation(self) -> Floats:
        """Return n times the variance of ln E[z²] by layer; the mean of n squares of normal numbers itself adds 2."""
        return 2 + self.passed**2 @ self.forward

    def of_activation(self) -> Floats:
        """Return n times the variance of ln E[h²] by layer."""
        return self.forward + self.growth**2 * (self.passed**2 @ self.forward)

    def of_delta_rms(self, depth: int) -> Floats:
        """Return n times the variance of the logarithm of the rms of delta, by layer of a network of this depth."""
        through_q = _from_the_top(self.slope[:depth, None] * self.passed[:depth])
        return (through_q**2 @ self.forward + _from_the_top(self.backward[:depth])) / 4


def _elasticity(moment: Function, q: Floats) -> Floats:
    above, below = (np.log(moment(q * np.exp(step))) for step in (_STEP, -_STEP))
    return np.asarray((above - below) / (2 * _STEP))


@cache
def _log_kurtoses(activation: Nonlinearity) -> tuple[CubicSpline, CubicSpline]:
    """Return ln(E[f⁴] / E[f²]²) over ln q, of the activation and of its derivative at sqrt(q) z."""

    def moment(function: Function, power: int) -> Floats:
        return gaussian_mean(lambda x: function(x) ** power, _Q, activation.kinks, tolerance=_TOLERANCE)

    def curve(function: Function) -> CubicSpline:
        return CubicSpline(np.log(_Q), np.log(moment(function, 4) / moment(function, 2) ** 2))

    return curve(activation.phi), curve(activation.derivative)


def _from_the_top(values: Floats) -> Floats:
    """Add up over the layers, from the last one down to each."""
    return np.asarray(np.cumsum(values[::-1], axis=0)[::-1])
