"""Gaussian averages that are right at kinks: composite Gauss-Legendre rules, cut where the integrand is not smooth.

Gauss-Hermite rules converge slowly at kinks (one node of an odd rule even sits on ReLU's) and miss steep functions.
Here the line is cut at zero and at every kink, and at 1, 2, 4, 8, ... from them, so that each piece is smooth. The
error of a piece is estimated by doubling its nodes; pieces on which it is too large are halved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import ceil, copysign, log2, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Floats", "Function", "NotConverged", "gaussian_mean", "gaussian_mean_of_pair", "require_variance"]

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]

_CUTS = np.array([-9.0, -8.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 9.0])
_CUTS_OF_PAIR = np.array([-8.0, -5.0, -2.0, 0.0, 2.0, 5.0, 8.0])
"""Standard deviations at which the line is cut and ends. What lies beyond weighs 2e-19; for averages over two
variables, whose cost is the square, 1e-15."""

_NARROWEST = 2.0**-26
"""For averages over two variables the line is cut no finer than this, relative to its length and to 1."""

_NODES, _NODES_OF_PAIR = 10, 8
_HALVINGS, _HALVINGS_OF_PAIR = 40, 2
_MOST_PIECES = 4096

_BLOCK = 256
"""Variances that are averaged over at once, so that memory does not grow with their number."""

_NEGLIGIBLE = 1e-14
"""The first and the last piece must have no say, or the ends would cut something off. They may always add this much:
a function that is 0 everywhere else has an average of about 0."""


class NotConverged(ArithmeticError):
    """A function that is too rough, or grows too fast, for its average to be had."""


def gaussian_mean(
    function: Function, variance: ArrayLike, kinks: Sequence[float] = (), *, tolerance: float = 1e-10
) -> Floats:
    """Average a function of a centered normal variable.

    Parameters
    ----------
    function
        f, called with arrays of any shape.
    variance
        q >= 0, any shape.
    kinks
        Arguments of f at which it is not smooth. A kink that is not named costs time, not accuracy.
    tolerance
        Greatest error, relative to E[abs(f)], as estimated by node doubling.

    Returns
    -------
    ndarray
        E[f(sqrt(q) z)] for z ~ N(0, 1), of the shape of `variance`.

    Raises
    ------
    NotConverged
        If the tolerance is not reached, or f grows too fast.

    Notes
    -----
    What is narrower than about 1/100 and neither at zero nor at a named kink may lie between all nodes.

    Examples
    --------
    >>> round(float(gaussian_mean(lambda x: np.maximum(x, 0) ** 2, 3.0, kinks=[0.0])), 12)
    1.5
    """
    q = require_variance(variance)
    blocks = np.split(q.ravel(), range(_BLOCK, q.size, _BLOCK))
    return np.concatenate([_block_mean(function, block, kinks, tolerance) for block in blocks]).reshape(q.shape)


def gaussian_mean_of_pair(
    function: Function,
    variances: tuple[float, float],
    correlation: float,
    kinks: Sequence[float] = (),
    *,
    tolerance: float = 1e-8,
) -> float:
    """Average the product of a function's values at two correlated centered normal variables.

    Parameters
    ----------
    function
        f, called with arrays of any shape.
    variances
        q_a and q_b, at least 0.
    correlation
        c, between -1 and 1.
    kinks
        Arguments of f at which it is not smooth.
    tolerance
        Greatest error, relative to that of the absolute values, as estimated by node doubling.

    Returns
    -------
    float
        E[f(u) f(v)] for normal u, v with variances q_a, q_b and correlation c.

    Raises
    ------
    NotConverged
        If the tolerance is not reached, or f grows too fast.

    Notes
    -----
    For c >= 0 both are ``sqrt(q) (sqrt(c) y + sqrt(1 - c) z)`` with a common y and a z of their own, so that
    ``E[f(u) f(v)] = E_y[E_z[f(u)] E_z[f(v)]]``; for c < 0 the sign of one y is turned.
    """
    shared, own = sqrt(abs(correlation)), sqrt(1 - abs(correlation))
    first, second = np.sqrt(require_variance(variances)) * (1.0, copysign(1.0, correlation))
    sides = {float(first), float(second)}
    reach = _CUTS_OF_PAIR[-1] * max(abs(side) for side in sides)
    marks = _marks(kinks, reach, max(1.0, _NARROWEST * reach))
    outer = np.unique(np.hstack([_outer_cuts(side * shared, abs(side) * own, kinks, reach) for side in sides]))[None]

    def average(halvings: int, nodes: int) -> tuple[float, float]:
        cuts = _halved(outer, halvings)
        y, weight = (part.ravel() for part in _rule(cuts[:, :-1], cuts[:, 1:], nodes))
        means = {}
        for side in sides:
            center, std = (side * shared * y)[:, None], side * own
            inner = _halved(_cuts(center, std, marks, _CUTS_OF_PAIR), halvings)
            z, inner_weight = _rule(inner[:, :-1], inner[:, 1:], nodes)
            values = inner_weight * function(center[..., None] + std * z)
            means[side] = values.sum(axis=(1, 2)), np.abs(values).sum(axis=(1, 2))
        mean, size = (a * b for a, b in zip(means[first], means[second], strict=True))
        return float(weight @ mean), float(weight @ size)

    with np.errstate(all="ignore"):
        for halvings in range(_HALVINGS_OF_PAIR + 1):
            (coarse, _), (fine, size) = (average(halvings, n) for n in (_NODES_OF_PAIR, 2 * _NODES_OF_PAIR))
            if abs(fine - coarse) <= tolerance * size < np.inf:
                return fine
    raise NotConverged("it is too rough for an average over two normal variables: are all its kinks named?")


def require_variance(q: ArrayLike) -> Floats:
    """Return q as an array of float64; a negative number or nan in it is a bug of the caller."""
    q = np.asarray(q, np.float64)
    if not (q >= 0).all():
        raise ValueError("a variance must be at least 0")
    return q


def _marks(kinks: Sequence[float], reach: float, nearest: float = 1.0) -> Floats:
    """Return the arguments of a function near which to cut: zero and the kinks, and ever farther from them."""
    steps = nearest * 2.0 ** np.arange(max(1, ceil(log2(max(reach / nearest, 1.0)))))
    around = np.concatenate([-steps, [0.0], steps])
    return np.unique(np.concatenate([around, *(kink + around for kink in kinks)]))


def _cuts(center: Floats | float, std: Floats | float, marks: Floats, whole: Floats) -> Floats:
    """Return the z at which ``center + std z`` is a mark, and `whole`; shape (rows, cuts), sorted.

    A mark out of reach falls on the end of the range, where its piece is empty.
    """
    with np.errstate(all="ignore"):
        places = np.nan_to_num((marks - center) / std, nan=np.inf)
    places = places[:, (np.abs(places) < whole[-1]).any(axis=0)]
    rows = np.broadcast_to(whole, (len(places), whole.size))
    return np.sort(np.hstack([rows, np.clip(places, whole[0], whole[-1])]), axis=1)


def _outer_cuts(std: float, blur: float, kinks: Sequence[float], reach: float) -> Floats:
    """Cut for an average of a function that has itself been averaged over the width `blur`."""
    nearest = max(min(blur, 1.0) if kinks else 1.0, _NARROWEST * max(reach, 1.0))
    return _cuts(0.0, np.array([[std]]), _marks(kinks, reach, nearest), _CUTS_OF_PAIR)


def _halved(cuts: Floats, times: int) -> Floats:
    for _ in range(times):
        cuts = np.sort(np.hstack([cuts, (cuts[:, 1:] + cuts[:, :-1]) / 2]), axis=1)
    return cuts


def _rule(left: Floats, right: Floats, nodes: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of the average over z ~ N(0, 1), each of shape (rows, pieces, nodes)."""
    x, w = _legendre(nodes)
    half = (right - left)[..., None] / 2
    z = left[..., None] + half * (1 + x)
    return z, half * w * np.exp(z * z / -2) / sqrt(2 * np.pi)


@cache
def _legendre(nodes: int) -> tuple[Floats, Floats]:
    x, w = np.polynomial.legendre.leggauss(nodes)
    return x, w


def _block_mean(function: Function, q: Floats, kinks: Sequence[float], tolerance: float) -> Floats:
    """Add up the pieces, and halve those on which few nodes and many do not agree; shape of q, (rows,)."""
    std = np.sqrt(q)[:, None]
    cuts = _cuts(0.0, std, _marks(kinks, _CUTS[-1] * std.max(initial=1.0)), _CUTS)
    left, right, pieces = cuts[:, :-1], cuts[:, 1:], cuts.shape[1]
    total, size = np.zeros((2, len(q)))
    with np.errstate(all="ignore"):
        tails = _integrals(function, std, _CUTS[[[0, -2]]], _CUTS[[[1, -1]]], _NODES)[1].sum(axis=1)
        for _ in range(_HALVINGS):
            (coarse, _), (fine, sizes) = (_integrals(function, std, left, right, n) for n in (_NODES, 2 * _NODES))
            allowed = tolerance * (size + sizes.sum(axis=1)) / pieces
            # Where a function is 0 nearly everywhere, rounding at the ends would be all that there is to agree on.
            at_ends = ((left >= _CUTS[-2]) | (right <= _CUTS[1])) & (sizes <= _NEGLIGIBLE)
            rough = ~((np.abs(fine - coarse) <= allowed[:, None]) | at_ends).all(axis=0)
            total += fine[:, ~rough].sum(axis=1)
            size += sizes[:, ~rough].sum(axis=1)
            if not rough.any() and np.all(tails <= np.maximum(tolerance * size, _NEGLIGIBLE)):
                return total
            if not 0 < rough.sum() <= _MOST_PIECES:
                break
            middle = (left[:, rough] + right[:, rough]) / 2
            left, right = np.hstack([left[:, rough], middle]), np.hstack([middle, right[:, rough]])
    raise NotConverged("it is too rough, or grows too fast, for its average over a normal variable to be had")


def _integrals(function: Function, std: Floats, left: Floats, right: Floats, nodes: int) -> tuple[Floats, Floats]:
    """Return the integral over each piece, and that of the absolute values; shape (rows, pieces)."""
    z, weight = _rule(left, right, nodes)
    values = weight * function(std[..., None] * z)
    return values.sum(axis=-1), np.abs(values).sum(axis=-1)
