"""Activations whose averages have a closed form: the ReLU family, with arc-cosines, erf, with arcsines, and exp.

q is a variance and c a correlation; u and v are normal with variances q_a, q_b and correlation c.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import acos, asin, atan2, inf, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats, Function
from reportgen.theory.table import GREATEST

__all__ = ["ErrorFunction", "Exponential", "PiecewiseLinear", "nonlinearity"]

_PROBES = np.geomspace(1e-6, 1e6, 25)
"""Sizes of the arguments at which an activation is compared with one that has a closed form."""


class PiecewiseLinear(Nonlinearity):
    """``phi(z) = below z`` for z < 0 and ``above z`` for z > 0: linear, ReLU, leaky ReLU.

    ``phi(z) = ((above + below) z + (above - below) abs(z)) / 2``, and averages of an odd times an even part vanish.
    """

    def __init__(self, below: float, above: float) -> None:
        super().__init__(lambda z: np.where(z > 0, above, below) * z, lambda z: np.where(z > 0, above, below), (0.0,))
        self.below, self.above = below, above
        self._square = (_power(above, 2) + _power(below, 2)) / 2

    def second_moment(self, q: ArrayLike) -> Floats:
        """Return E[phi²] = q (above² + below²) / 2 (He et al. 2015, sec. 2.2)."""
        return np.asarray(q, np.float64) * self._square

    def slope(self, q: ArrayLike) -> Floats:
        """Return E[phi'²] = (above² + below²) / 2, whatever q is (He et al. 2015, sec. 2.2)."""
        return np.full(np.shape(q), self._square)

    def mean(self, q: ArrayLike) -> Floats:
        """Return E[phi] = (above - below) sqrt(q / 2 pi)."""
        return np.asarray((self.above - self.below) * np.sqrt(np.divide(q, 2 * pi)))

    def fourth_moment(self, q: ArrayLike) -> Floats:
        """Return E[phi⁴] = 3 q² (above⁴ + below⁴) / 2."""
        return 1.5 * np.square(np.asarray(q, np.float64)) * (_power(self.above, 4) + _power(self.below, 4))

    def growth(self, q: ArrayLike) -> Floats:
        """Return the derivative of `second_moment`, which is the slope."""
        return self.slope(q)

    def product(self, q_a: float, q_b: float, c: float) -> float:
        """Return E[phi(u) phi(v)], the arc-cosine kernel of order 1 (Cho & Saul 2009, sec. 2).

        Notes
        -----
        ``E[abs(u) abs(v)] = 2/pi sqrt(q_a q_b) (sqrt(1 - c²) + c arcsin c)``.
        """
        even = 2 / pi * (sqrt((1 - c) * (1 + c)) + c * asin(c))
        odd_square, even_square = _power(self.above + self.below, 2), _power(self.above - self.below, 2)
        return sqrt(q_a) * sqrt(q_b) * (odd_square * c + even_square * even) / 4

    def slope_product(self, q_a: float, q_b: float, c: float) -> float:
        """Return E[phi'(u) phi'(v)], the arc-cosine kernel of order 0 (Cho & Saul 2009, sec. 2).

        Notes
        -----
        The slopes of u and v differ with probability ``arccos(c) / pi``.
        """
        return self._square - acos(c) / pi * _power(self.above - self.below, 2) / 2


class ErrorFunction(Nonlinearity):
    """``phi = erf`` (Williams 1997; Lee et al. 2018)."""

    def __init__(self) -> None:
        super().__init__(special.erf, _erf_slope)

    def second_moment(self, q: ArrayLike) -> Floats:
        """Return E[erf(u)²] = 2/pi arcsin(2q / (1 + 2q)) (Williams 1997)."""
        q = np.minimum(q, GREATEST)
        return np.asarray(2 / pi * np.arctan(2 * q / np.sqrt(1 + 4 * q)))  # an arcsine near 1 would lose digits

    def slope(self, q: ArrayLike) -> Floats:
        """Return E[erf'(u)²] = 4/pi / sqrt(1 + 4q): a Gaussian integral, since erf'(x)² = 4/pi exp(-2x²)."""
        return np.asarray(4 / pi / np.sqrt(1 + 4 * np.asarray(q, np.float64)))

    def growth(self, q: ArrayLike) -> Floats:
        """Return the derivative of `second_moment` by q, 4/pi / ((1 + 2q) sqrt(1 + 4q))."""
        return self.slope(q) / (1 + 2 * np.asarray(q, np.float64))

    def product(self, q_a: float, q_b: float, c: float) -> float:
        """Return E[erf(u) erf(v)] = 2/pi arcsin(2k / sqrt((1 + 2q_a) (1 + 2q_b))) with k = E[u v] (Williams 1997)."""
        return 2 / pi * atan2(2 * c * sqrt(q_a * q_b), _erf_root(q_a, q_b, c))

    def slope_product(self, q_a: float, q_b: float, c: float) -> float:
        """Return E[erf'(u) erf'(v)] = 4/pi / sqrt((1 + 2q_a) (1 + 2q_b) - 4k²), the derivative of `product` by k."""
        return 4 / pi / _erf_root(q_a, q_b, c)


class Exponential(Nonlinearity):
    """``phi = exp``, which is its own derivative: all averages are means of log-normal numbers, ``E[e^x] = e^{q/2}``.

    They leave the range of float64 where q exceeds some hundreds, and no quadrature gets near there.
    """

    def __init__(self) -> None:
        super().__init__(np.exp, np.exp)

    def second_moment(self, q: ArrayLike) -> Floats:
        """Return E[phi²] = exp(2q)."""
        return _exp(2 * np.asarray(q, np.float64))

    def slope(self, q: ArrayLike) -> Floats:
        """Return E[phi'²], which is `second_moment`."""
        return self.second_moment(q)

    def mean(self, q: ArrayLike) -> Floats:
        """Return E[phi] = exp(q / 2)."""
        return _exp(np.asarray(q, np.float64) / 2)

    def fourth_moment(self, q: ArrayLike) -> Floats:
        """Return E[phi⁴] = exp(8q)."""
        return _exp(8 * np.asarray(q, np.float64))

    def growth(self, q: ArrayLike) -> Floats:
        """Return the derivative of `second_moment` by q, 2 exp(2q)."""
        return 2 * self.second_moment(q)

    def product(self, q_a: float, q_b: float, c: float) -> float:
        """Return E[phi(u) phi(v)]: u + v has the variance q_a + q_b + 2 c sqrt(q_a q_b)."""
        return float(_exp(np.asarray((q_a + q_b) / 2 + c * sqrt(q_a) * sqrt(q_b))))

    def slope_product(self, q_a: float, q_b: float, c: float) -> float:
        """Return E[phi'(u) phi'(v)], which is `product`."""
        return self.product(q_a, q_b, c)


def nonlinearity(phi: Function, derivative: Function, kinks: Sequence[float] = ()) -> Nonlinearity:
    """Return an activation as the theory sees it: with closed forms where it has them, else with quadrature.

    Parameters
    ----------
    phi, derivative
        Called with float64 arrays of any shape.
    kinks
        Where phi or its derivative is not smooth.

    Examples
    --------
    >>> type(nonlinearity(lambda z: np.maximum(z, 0.0), lambda z: (z > 0) * 1.0, kinks=[0.0])).__name__
    'PiecewiseLinear'
    >>> type(nonlinearity(np.tanh, lambda z: 1 - np.tanh(z) ** 2)).__name__
    'Nonlinearity'
    """
    below, above = np.asarray(derivative(np.array([-1.0, 1.0])), np.float64)
    for known in (PiecewiseLinear(float(below), float(above)), ErrorFunction(), Exponential()):
        if set(kinks) <= set(known.kinks) and _agree(phi, known.phi) and _agree(derivative, known.derivative):
            return known
    return Nonlinearity(phi, derivative, kinks)


def _agree(one: Function, other: Function) -> bool:
    z = np.concatenate([-_PROBES, _PROBES])
    with np.errstate(all="ignore"):
        return np.allclose(one(z), other(z), rtol=1e-12, atol=0.0)


def _power(base: float, exponent: int) -> float:
    """Return a power, inf where it leaves the range of float64, as every moment that does."""
    try:
        return base**exponent
    except OverflowError:
        return inf


def _exp(x: Floats) -> Floats:
    with np.errstate(over="ignore"):  # inf, as every moment that leaves the range
        return np.asarray(np.exp(x))


def _erf_root(q_a: float, q_b: float, c: float) -> float:
    """Return sqrt((1 + 2q_a) (1 + 2q_b) - 4k²)."""
    return sqrt(1 + 2 * q_a + 2 * q_b + 4 * q_a * q_b * (1 - c) * (1 + c))


def _erf_slope(z: Floats) -> Floats:
    return np.asarray(2 / sqrt(pi) * np.exp(-np.square(z)))
