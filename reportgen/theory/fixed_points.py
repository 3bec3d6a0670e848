"""Where the maps settle, and how many layers that takes: q*, chi_1, c*, depth scales, gains and the edge of chaos.

Notation and formulas follow Schoenholz et al. 2017, sec. 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats

__all__ = ["FixedPoint", "Gains", "critical_sigma_w2", "find_fixed_point", "gains", "q_star"]

_GRID = np.exp2(np.arange(-40.0, 40.01, 1 / 16))
"""Second moments between which fixed points are looked for, from 1e-12 to 1e12."""

_BISECTIONS = 58
"""Halvings of the logarithm of the whole grid, down to rounding."""

_AT_ONCE = 1024
"""Numbers of q that an average is asked for at once: few cost it as much."""

_NEARLY = 1e-10
"""Two factors that agree to this relative difference count as equal: a map is the identity there."""

_ALIKE = 1e-6
"""Two inputs whose correlation is this close to 1 count as alike."""

_NEAR_ZERO, _NEAR_INFINITY = 1e-30, 1e30
"""Where the limits of small and of great q are taken."""


class Gains(NamedTuple):
    """What the standard deviation 1/sqrt(fan) of the weights is multiplied with so that a mean square is kept."""

    forward: float
    backward: float


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """Where a wide network of many layers ends up.

    Attributes
    ----------
    q_star
        Second moment of the pre-activations: 0, a positive number, or inf.
    chi_1
        Factor of a gradient's mean square per layer there. Where q* is a positive number it is also the slope of the
        correlation map at c = 1, unless phi has steps.
    c_star
        Correlation that two inputs end up with: 1 in the ordered phase, below 1 in the chaotic one, and nan where
        the map keeps every correlation as it is, as that of a linear network does.
    xi_q, xi_c
        Depth scales in layers: differences of q and of c from their fixed points decay like exp(-l / xi).
        inf where they decay more slowly than exponentially, or not at all.
    """

    q_star: float
    chi_1: float
    c_star: float
    xi_q: float
    xi_c: float


def gains(activation: Nonlinearity, q: float = 1.0) -> Gains:
    """Return the gains that keep the second moment, forward and backward.

    Parameters
    ----------
    activation
        The nonlinearity.
    q
        Second moment of the pre-activations.

    Returns
    -------
    Gains
        `forward` is ``sqrt(q / E[phi²])``: without biases it makes q a fixed point. `backward` is
        ``1 / sqrt(E[phi'²])``, for which chi = 1. Under the forward gain a gradient's mean square changes by
        ``(forward / backward)²`` per layer.
    """
    with np.errstate(divide="ignore"):  # no gain brings back what is 0
        return Gains(float(np.sqrt(q / activation.second_moment(q))), float(1 / np.sqrt(activation.slope(q))))


def find_fixed_point(activation: Nonlinearity, sigma_w2: float, sigma_b2: float, q0: float = 1.0) -> FixedPoint:
    """Find where the maps settle from inputs of mean square `q0`.

    Parameters
    ----------
    activation
        The nonlinearity.
    sigma_w2, sigma_b2
        fan_in times the variance of a weight; variance of a bias.
    q0
        Mean square of the inputs.
    """
    q = float(q_star(activation, sigma_w2, sigma_b2, q0))
    chi_1 = sigma_w2 * float(activation.slope(q))
    near = min(max(q, _NEAR_ZERO), _NEAR_INFINITY)
    c, xi_c = _alignment(activation, sigma_w2, sigma_b2, near)
    return FixedPoint(q, chi_1, c, _depth_scale(sigma_w2 * float(activation.growth(near))), xi_c)


def q_star(activation: Nonlinearity, sigma_w2: ArrayLike, sigma_b2: ArrayLike, q0: ArrayLike = 1.0) -> Floats:
    """Return the fixed point of the variance map that inputs of mean square `q0` are led to: 0, a number, or inf.

    Parameters
    ----------
    activation
        The nonlinearity. Its second moment grows with q, so that q moves from that of the first layer to the next
        fixed point above or below.
    sigma_w2, sigma_b2, q0
        fan_in times the variance of a weight, variance of a bias, mean square of the inputs; any shapes that can be
        broadcast.

    Returns
    -------
    ndarray
        q*, of the common shape. Where the map is the identity it is the q of the first layer.
    """
    arrays = np.broadcast_arrays(*(np.asarray(part, np.float64) for part in (sigma_w2, sigma_b2, q0)))
    w, b, h2 = (part.reshape(-1, 1) for part in arrays)
    first = w * h2 + b
    start = np.clip(first, _GRID[0], _GRID[-1])

    def pull(q: Floats) -> Floats:
        """Return by what share the map makes q greater, of shape (cases, number of q); nan for 0 times overflow."""
        with np.errstate(invalid="ignore"):
            return np.asarray((w * activation.second_moment(q) + b) / q - 1)

    at_start = pull(start)
    direction = np.where(np.abs(at_start) < _NEARLY, 0.0, np.sign(at_start))
    way = direction * (_GRID - start)
    turned = (way > 0) & (direction * pull(_GRID) < -_NEARLY)
    beyond = _GRID[np.where(turned, way, np.inf).argmin(axis=1)][:, None]
    settled = _bisected(lambda q: direction * pull(q) > 0, start, beyond)
    q = np.where(turned.any(axis=1, keepdims=True), settled, np.where(direction > 0, np.inf, 0.0))
    stays = (direction == 0) | ((first == 0) & (w * activation.second_moment(0.0) == 0))
    return np.asarray(np.where(stays, first, q).reshape(arrays[0].shape))


def critical_sigma_w2(activation: Nonlinearity, sigma_b2: ArrayLike) -> Floats:
    """Return the edge: the least sigma_w2 at which a stable fixed point, 0 and inf included, reaches chi_1 = 1.

    Below it the gradients of no input grow. Most activations have one stable fixed point; chi_1 passes 1 there, if
    ever so slowly: that of SELU without biases rises by less than a hundredth while sigma_w2 rises by a quarter. GELU,
    SiLU and Mish have two where sigma_b2 is small: at inf chi_1 reaches 1 first, and inputs that settle elsewhere need
    a greater sigma_w2 (`edges.settled_sigma_w2`).

    Parameters
    ----------
    activation
        The nonlinearity.
    sigma_b2
        Variance of a bias, any shape.

    Returns
    -------
    ndarray
        Of the shape of `sigma_b2`; inf where there is no such sigma_w2.

    Notes
    -----
    Nothing has to be solved for sigma_w2: chi_1 = 1 at q* means ``sigma_w2 = 1 / E[phi'²]`` and
    ``sigma_b2 = q* - sigma_w2 E[phi²]``, a curve that q* runs along.
    """
    biases = np.asarray(sigma_b2, np.float64)
    target = biases.reshape(-1, 1)

    def above(q: Floats) -> NDArray[np.bool_]:
        """Tell where the curve lies above the bias variance, of shape (biases, number of q)."""
        return np.asarray(q - activation.second_moment(q) / activation.slope(q) > target)

    with np.errstate(divide="ignore", invalid="ignore"):  # a slope of 0 never gives chi_1 = 1
        at_zero, at_infinity = 1 / activation.slope((0.0, np.inf))
        has_zero = (target == 0) & (activation.second_moment(0.0) == 0)
        limits = np.where(has_zero, min(at_zero, at_infinity), at_infinity)
        sigma_w2 = 1 / activation.slope(_GRID[1:])
        stable = sigma_w2 * np.diff(activation.second_moment(_GRID)) < np.diff(_GRID)
        crosses = np.diff(above(_GRID), axis=1) & stable
        at = np.where(crosses, sigma_w2, np.inf).argmin(axis=1)[:, None]
        rising = above(_GRID[at + 1])
        q = _bisected(lambda q: above(q) != rising, _GRID[at], _GRID[at + 1])
        curve = np.where(crosses.any(axis=1, keepdims=True), 1 / activation.slope(q), np.inf)
    return np.asarray(np.minimum(curve, limits).reshape(biases.shape))


def _bisected(inside: Callable[[Floats], NDArray[np.bool_]], near: Floats, far: Floats) -> Floats:
    """Return where between `near`, which is inside, and `far`, which is not, the border runs; shape (cases, 1).

    Few cases are divided into many parts at once, which takes fewer rounds.
    """
    halvings = max(1, int(np.log2(_AT_ONCE / max(len(near), 1))))
    parts = np.arange(1, 2**halvings) / 2**halvings
    for _ in range(ceil(_BISECTIONS / halvings)):
        tried = near * (far / near) ** parts
        out = ~inside(tried)
        last = np.where(out.any(axis=1), out.argmax(axis=1), len(parts))[:, None]
        ends = np.hstack([near, tried, far])
        near, far = (np.take_along_axis(ends, last + side, axis=1) for side in (0, 1))
    return np.sqrt(near * far)


def _alignment(activation: Nonlinearity, sigma_w2: float, sigma_b2: float, q: float) -> tuple[float, float]:
    """Return c* and xi_c at the fixed point q.

    The correlation map is a power series in c with coefficients that are not negative and add up to 1 (Daniely et al.
    2016). It is convex: below 1 it has one fixed point if its slope at 1 exceeds 1, as that of a step always does, and
    else none.
    """
    following = sigma_w2 * float(activation.second_moment(q)) + sigma_b2
    if following == 0 or not np.isfinite(following):
        return np.nan, np.nan
    of_unlike = (sigma_w2 * float(activation.mean(q)) ** 2 + sigma_b2) / following
    slope = sigma_w2 * float(activation.slope(q)) * q / following
    if slope <= 1 + _NEARLY and not activation.steps_count(q):
        kept = slope >= 1 - _NEARLY and of_unlike < _NEARLY
        return (np.nan if kept else 1.0), _depth_scale(slope)

    from scipy.optimize import brentq  # not for those who only start: it takes as long as numpy itself

    def excess(c: float) -> float:
        return (sigma_w2 * activation.product(q, q, c) + sigma_b2) / following - c

    if excess(1 - _ALIKE) >= 0:
        return 1.0, np.inf
    c = float(brentq(excess, 0.0, 1 - _ALIKE, xtol=1e-12)) if of_unlike > _NEARLY else 0.0
    return c, _depth_scale(sigma_w2 * activation.slope_product(q, q, c) * q / following)


def _depth_scale(factor: float) -> float:
    """Return -1 / ln(factor), the layers after which a difference has shrunk by e; inf where it does not shrink so."""
    size = abs(factor)
    if size >= 1 - _NEARLY:
        return np.inf
    return float(-1 / np.log(size)) if size > 0 else 0.0
