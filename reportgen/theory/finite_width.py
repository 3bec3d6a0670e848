"""How far networks of finite width scatter about mean field theory, to first order in one over the width.

In a layer of n units the mean of phi² over the units scatters about its expectation: its logarithm has a variance of
``(E[phi⁴] / E[phi²]² - 1) / n``, which is 5/n for ReLU (Hanin & Rolnick 2018), and so has the mean of ``phi'² g²``, g
normal, on the way down. The layers behind pass each deviation on, times the elasticity ``d ln E[phi²] / d ln q`` of
every map on its way: this is where a deviation grows or is forgotten. For He's ReLU layers it is 1, and the length of a
signal is a random walk. How much of it the
inputs of a batch share is the matter of `batch_scatter`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats, Function, gaussian_mean

__all__ = ["Scatter", "length_quantile", "relative_unit_variance"]

_Q = np.geomspace(1e-6, 1e6, 97)
"""Second moments at which fourth moments are taken; beyond, an activation is as it is at the ends."""

_STEP = 1e-3
"""Distance in ln q over which an elasticity is taken."""

_TOLERANCE = 1e-7
"""Relative error of the fourth moments."""


def relative_unit_variance(activation: Nonlinearity, q: ArrayLike) -> Floats:
    """Return the relative variance of the square of one unit: E[phi⁴] / E[phi²]² - 1, of the shape of `q`.

    A layer of n units has 1/n of it. It is 5 for ReLU and 2 for a linear layer, whatever q is.

    Parameters
    ----------
    activation
        The nonlinearity.
    q
        Second moment of the pre-activations.
    """
    return activation.fourth_moment(q) / np.square(activation.second_moment(q)) - 1


def length_quantile(variance: ArrayLike, probability: float) -> Floats:
    """Return a quantile of the squared length, in units of its mean, from the variance of its log.

    Parameters
    ----------
    variance
        Of the log, for an activation that is linear on both sides of 0, without biases: then the mean is kept, and the
        log is close to normal with a mean of minus half its variance. He's ReLU layers have 5 L / n.
    probability
        Between 0 and 1; 0.5 gives the median.

    Examples
    --------
    >>> round(float(length_quantile(5 * 50 / 64, 0.5)), 3)
    0.142
    """
    spread = np.asarray(variance, np.float64)
    return np.asarray(np.exp(np.sqrt(spread) * special.ndtri(probability) - spread / 2))


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

    def multiplied(self) -> Floats:
        """Return by how much the maps up to each layer enlarge a deviation of ln q made before, at most; at least 1.

        Beyond 1 the signal leaves, or passes by, a fixed point that is not stable.
        """
        most = np.abs(self.passed).max(axis=1, initial=0)
        return np.maximum(np.maximum.accumulate(most), 1.0)


def _elasticity(moment: Function, q: Floats) -> Floats:
    """Return d ln(moment) / d ln(q), 0 where the moment is 0 or beyond all numbers: it passes nothing on."""
    with np.errstate(divide="ignore", invalid="ignore"):
        above, below = (np.log(moment(q * np.exp(step))) for step in (_STEP, -_STEP))
        return np.nan_to_num((above - below) / (2 * _STEP), nan=0.0)


@cache
def _log_kurtoses(activation: Nonlinearity) -> tuple[Function, Function]:
    """Return ln(E[f⁴] / E[f²]²) over ln q, of the activation and of its derivative at sqrt(q) z."""

    def moment(function: Function, power: int) -> Floats:
        return gaussian_mean(lambda x: function(x) ** power, _Q, activation.kinks, tolerance=_TOLERANCE)

    def curve(function: Function) -> Function:
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(moment(function, 4) / moment(function, 2) ** 2)
        return _spline(_continued(logs))

    return curve(activation.phi), curve(activation.derivative)


def _continued(values: Floats) -> Floats:
    """Return values over ln q, with those that are no numbers taken from the nearest q that has one.

    Where all that pre-activations come by is flat there are none.
    """
    known = np.isfinite(values)
    if known.all():
        return values
    return np.interp(np.log(_Q), np.log(_Q[known]), values[known]) if known.any() else np.zeros_like(values)


def _spline(values: Floats) -> Function:
    """Return the cubic spline over ln q through values at `_Q`, whose first two pieces are one, and its last two.

    Its slopes follow from its smoothness (de Boor 1978, ch. 4). scipy has the same, which to import takes longer than
    all that a process predicts with it.
    """
    log_q, step = np.log(_Q), np.log(_Q[-1] / _Q[0]) / (len(_Q) - 1)
    rise = np.diff(values) / step
    equations = 4 * np.eye(len(_Q)) + np.eye(len(_Q), k=1) + np.eye(len(_Q), k=-1)
    equations[0, :2], equations[-1, -2:] = (1, 2), (2, 1)
    ends = (5 * rise[0] + rise[1]) / 2, (5 * rise[-1] + rise[-2]) / 2
    slopes = np.linalg.solve(equations, np.concatenate([ends[:1], 3 * (rise[1:] + rise[:-1]), ends[1:]]))

    def read(x: Floats) -> Floats:
        piece = np.clip(np.searchsorted(log_q, x, side="right") - 1, 0, len(rise) - 1)
        along = x - log_q[piece]
        bend = (3 * rise[piece] - 2 * slopes[piece] - slopes[piece + 1]) / step
        twist = (slopes[piece] + slopes[piece + 1] - 2 * rise[piece]) / step**2
        return np.asarray(values[piece] + along * (slopes[piece] + along * (bend + along * twist)))

    return read


def _from_the_top(values: Floats) -> Floats:
    """Add up over the layers, from the last one down to each."""
    return np.asarray(np.cumsum(values[::-1], axis=0)[::-1])
