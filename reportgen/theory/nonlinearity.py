"""What mean field theory needs to know of an activation: its averages over normal pre-activations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

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
        """Return the derivative of `second_moment` by q, which is E[x phi(x) phi'(x)] / q for x = sqrt(q) z."""
        q = np.clip(np.asarray(q, np.float64), SMALLEST, GREATEST)
        return np.asarray(gaussian_mean(lambda x: x * self.phi(x) * self.derivative(x), q, self.kinks) / q)

    def product(self, q_a: float, q_b: float, c: float) -> float:
        """Return E[phi(u) phi(v)] for normal u, v with variances `q_a`, `q_b` and correlation `c`."""
        return gaussian_mean_of_pair(self.phi, (q_a, q_b), c, self.kinks)

    def slope_product(self, q_a: float, q_b: float, c: float) -> float:
        """Return E[phi'(u) phi'(v)]: by how much `product` grows with the covariance of u and v (Price 1958)."""
        return gaussian_mean_of_pair(self.derivative, (q_a, q_b), c, self.kinks)

    @cached_property
    def _at_zero(self) -> float:
        return float(self.phi(np.zeros(1))[0]) ** 2

    @cached_property
    def _second_moments(self) -> Table:
        return Table(lambda q: gaussian_mean(lambda x: np.square(self.phi(x)), q, self.kinks))

    @cached_property
    def _slopes(self) -> Table:
        return Table(lambda q: gaussian_mean(lambda x: np.square(self.derivative(x)), q, self.kinks))
