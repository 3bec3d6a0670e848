"""What mean field theory needs to know of an activation: its averages over normal pre-activations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import pi, sqrt

import numpy as np
from numpy.typing import ArrayLike

from reportgen.theory.octaves import Octaves
from reportgen.theory.quadrature import Floats, Function, gaussian_mean, gaussian_mean_of_pair
from reportgen.theory.table import GREATEST, SMALLEST, Table

__all__ = ["Nonlinearity"]


class Nonlinearity:
    """An activation as the theory sees it.

    Second moments and slopes are tabulated when they are first asked for: make one nonlinearity per activation, and
    keep it. A q of 0 stands for the limit from above; where a moment leaves the range of float64 it is inf.

    Attributes
    ----------
    phi, derivative
        Called with float64 arrays of any shape.
    kinks
        Where phi or its derivative is not smooth.
    """

    def __init__(self, phi: Function, derivative: Function, kinks: Sequence[float] = ()) -> None:
        self.phi, self.derivative, self.kinks = phi, derivative, tuple(kinks)

    def second_moment(self, q: ArrayLike) -> Floats:
        """Return E[phi(sqrt(q) z)²], of the shape of `q`."""
        q = np.asarray(q, np.float64)
        inside = np.where(q < SMALLEST, self._at_zero, self._second_moments(q))
        return np.where(q > GREATEST, np.inf, np.maximum(inside, 0.0))

    def slope(self, q: ArrayLike) -> Floats:
        """Return E[phi'(sqrt(q) z)²], of the shape of `q`; chi is sigma_w2 times this."""
        return np.maximum(self._slopes(q), 0.0)

    def mean(self, q: ArrayLike) -> Floats:
        """Return E[phi(sqrt(q) z)], of the shape of `q`."""
        return gaussian_mean(self.phi, q, self.kinks)

    def fourth_moment(self, q: ArrayLike) -> Floats:
        """Return E[phi(sqrt(q) z)⁴], of the shape of `q`."""
        return gaussian_mean(lambda x: self.phi(x) ** 4, q, self.kinks)

    def growth(self, q: ArrayLike) -> Floats:
        """Return the derivative of `second_moment` by q, which is E[x phi(x) phi'(x)] / q for x = sqrt(q) z.

        A step of phi² adds its height, times its place, weighed with the density there.
        """
        q = np.clip(np.asarray(q, np.float64), SMALLEST, GREATEST)
        smooth = gaussian_mean(lambda x: x * self.phi(x) * self.derivative(x), q, self.kinks)
        jumped = sum(place * (after**2 - before**2) / 2 * _density(place, q) for place, before, after in self.steps)
        return np.asarray((smooth + jumped) / q)

    def product(self, q_a: float, q_b: float, c: float) -> float:
        """Return E[phi(u) phi(v)] for normal u, v with variances `q_a`, `q_b` and correlation `c`."""
        return gaussian_mean_of_pair(self.phi, (q_a, q_b), c, self.kinks)

    def slope_product(self, q_a: float, q_b: float, c: float) -> float:
        """Return E[phi'(u) phi'(v)]: by how much `product` grows with the covariance of u and v (Price 1958).

        A step of phi is part of its slope here, which is what Price's theorem asks for, though no gradient sees it.
        """
        smooth = gaussian_mean_of_pair(self.derivative, (q_a, q_b), c, self.kinks)
        if not self.steps:
            return smooth
        return smooth + self._at_steps(q_a, q_b, c) + self._at_steps(q_b, q_a, c) + self._at_two_steps(q_a, q_b, c)

    @property
    def is_smooth_beside_zero(self) -> bool:
        """Whether it has no kink but at zero."""
        return set(self.kinks) <= {0.0}

    @cached_property
    def steps(self) -> tuple[tuple[float, float, float], ...]:
        """Where phi itself jumps, and its values before and after."""
        places = np.array(self.kinks)
        before, after = (self.phi(np.nextafter(places, side)) for side in (-np.inf, np.inf))
        jumps = np.abs(after - before) > 1e-9 * (1 + np.abs(after))
        return tuple(map(tuple, np.stack([places, before, after], axis=1)[jumps].tolist()))

    def steps_count(self, q: float) -> bool:
        """Tell whether pre-activations of variance q come by a step: two that are nearly alike then part at once."""
        size = float(self.second_moment(q))
        return any(np.exp(-(place**2) / (2 * q)) * (to - of) ** 2 > 1e-12 * size for place, of, to in self.steps)

    def _at_steps(self, q_a: float, q_b: float, c: float) -> float:
        """Return the part of `slope_product` in which u is at a step: the slope of v, given that u."""
        total = 0.0
        for place, before, after in self.steps:
            shift = c * sqrt(q_b / q_a) * place
            slope = self._shifted_slope(shift, q_b * (1 - c) * (1 + c))
            total += (after - before) * float(_density(place, q_a)) * slope
        return total

    def _shifted_slope(self, mean: float, variance: float) -> float:
        """Return E[phi'] of a normal variable with a mean."""
        kinks = [kink - mean for kink in self.kinks]
        return float(gaussian_mean(lambda x: self.derivative(x + mean), variance, kinks))

    def _at_two_steps(self, q_a: float, q_b: float, c: float) -> float:
        """Return the part of `slope_product` in which u and v are both at a step."""
        total, rest = 0.0, q_b * (1 - c) * (1 + c)
        for place, before, after in self.steps:
            for other, of, to in self.steps:
                density = _density(place, q_a) * _density(other - c * sqrt(q_b / q_a) * place, rest)
                total += (after - before) * (to - of) * float(density)
        return total

    @cached_property
    def _at_zero(self) -> float:
        with np.errstate(over="ignore"):
            return float(np.square(self.phi(np.zeros(1))[0]))

    @cached_property
    def _second_moments(self) -> Table:
        return self._table_of_squares(self.phi)

    @cached_property
    def _slopes(self) -> Table:
        return self._table_of_squares(self.derivative)

    def _table_of_squares(self, function: Function) -> Table:
        def square(x: Floats) -> Floats:
            return np.square(function(x))

        octaves = Octaves(square) if self.is_smooth_beside_zero else None
        return Table(lambda q: gaussian_mean(square, q, self.kinks), octaves)


def _density(x: float, variance: ArrayLike) -> Floats:
    """Return the density of a centered normal variable."""
    q = np.asarray(variance, np.float64)
    with np.errstate(all="ignore"):  # far out it is 0
        return np.asarray(np.nan_to_num(np.exp(-np.square(x) / (2 * q)) / np.sqrt(2 * pi * q), posinf=np.inf))
