"""Activation and slope together, written into arrays that are there already: most of the work of one serves the other.

Each function takes z and two arrays of its shape and dtype, fills them with phi(z) and phi'(z), and agrees with the two
functions of the registry to rounding. They are for the inner loops of networks; theory works with the two functions.
"""

from __future__ import annotations

from functools import cache
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reportgen.nn.activation import Array
from reportgen.nn.slopes import step

__all__ = ["elu", "gelu", "leaky_relu", "linear", "relu", "sigmoid", "silu", "softplus", "softsign", "tanh"]


def linear(z: Array, h: Array, slope: Array) -> None:
    """Copy z; the slope is 1."""
    h[...] = z
    slope.fill(1)


def relu(z: Array, h: Array, slope: Array) -> None:
    """Cut z at 0; the slope is a step, of value 0 at 0."""
    np.maximum(z, 0, out=h)
    np.greater(z, 0, out=slope, casting="unsafe")


def leaky_relu(z: Array, h: Array, slope: Array, a: float) -> None:
    """Multiply what is below 0 with a slope `a` between 0 and 1."""
    np.multiply(z, a, out=slope)
    np.maximum(z, slope, out=h)
    np.greater(z, 0, out=slope, casting="unsafe")
    np.maximum(slope, a, out=slope)


def sigmoid(z: Array, h: Array, slope: Array) -> None:
    """Take the sigmoid; with t = exp(-|z|) it is 1 or t over 1 + t, and its slope ``t / (1 + t)²``."""
    tail = _tail(z)
    _gate(z, tail, h)
    _bell(tail, slope)


def tanh(z: Array, h: Array, slope: Array) -> None:
    """Take the hyperbolic tangent, whose slope ``4 t² / (1 + t²)²`` keeps its digits where ``1 - h²`` rounds to 0."""
    np.tanh(z, out=h)
    tail = _tail(z)
    np.square(tail, out=tail)
    _bell(tail, slope)
    slope *= 4


def elu(z: Array, h: Array, slope: Array, alpha: float = 1.0, scale: float = 1.0) -> None:
    """Take the exponential linear unit, or a multiple of it as SELU is."""
    below = np.minimum(z, 0)
    np.exp(below, out=slope)
    np.expm1(below, out=below)
    np.maximum(z, 0, out=h)
    if alpha != 1:
        below *= alpha
        slope *= step(z, below=alpha)
    h += below
    if scale != 1:
        h *= scale
        slope *= scale


def softplus(z: Array, h: Array, slope: Array) -> None:
    """Take the logarithm of 1 + exp(z), whose slope is the sigmoid."""
    tail = _tail(z)
    _gate(z, tail, slope)
    np.log1p(tail, out=tail)
    np.maximum(z, 0, out=h)
    h += tail


def softsign(z: Array, h: Array, slope: Array) -> None:
    """Divide z by 1 + |z|; an infinite z gives the limit."""
    np.clip(z, -1e38, 1e38, out=h)
    np.abs(h, out=slope)
    slope += 1
    h /= slope
    np.abs(z, out=slope)
    slope += 1
    np.reciprocal(slope, out=slope)
    np.square(slope, out=slope)


def silu(z: Array, h: Array, slope: Array) -> None:
    """Multiply z with its sigmoid."""
    tail = _tail(z)
    _gate(z, tail, h)
    _bell(tail, slope)
    slope *= np.clip(z, -800, 800, out=tail)
    slope += h
    h *= np.maximum(z, -800, out=tail)


def gelu(z: Array, h: Array, slope: Array) -> None:
    """Multiply z with the normal distribution function of z, which the slope needs as well."""
    within = np.clip(z, -40, 40)
    density = np.square(within)
    density *= -0.5
    np.exp(density, out=density)
    below = _below(z, density, slope) if z.dtype == np.float32 else special.ndtr(z)
    np.maximum(z, -40, out=h)
    h *= below
    density *= within
    density *= 1 / sqrt(2 * pi)
    np.add(below, density, out=slope)


def _tail(z: Array) -> Array:
    """Return exp(-|z|): no exponent is above zero, so nothing overflows."""
    tail = np.abs(z)
    np.negative(tail, out=tail)
    return np.exp(tail, out=tail)


def _gate(z: Array, tail: Array, out: Array) -> None:
    """Write the sigmoid: 1 over 1 + t above 0, and t over 1 + t below; a z that is lost stays so."""
    np.greater(z, 0, out=out, casting="unsafe")
    np.maximum(out, tail, out=out)
    out /= tail + 1


def _bell(tail: Array, out: Array) -> None:
    """Write ``t / (1 + t)²``."""
    np.add(tail, 1, out=out)
    np.square(out, out=out)
    np.divide(tail, out, out=out)


_NEAR = 0.25
"""Mills' ratio is nearly a polynomial in ``1 / (1 + 0.25 |z|)``, which is between 0 and 1 for every z."""

_DEGREE = 9
"""Of that polynomial: it is within 3e-8 of the ratio, half of the rounding of single precision."""


def _below(z: Array, density: Array, space: Array) -> Array:
    """Return the normal distribution function in single precision; scipy's takes five times as long.

    Below 0 it is ``exp(-z² / 2)``, given as `density`, times Mills' ratio, a smooth function of `_NEAR`'s variable.
    """
    near = np.abs(z)
    near *= _NEAR
    near += 1
    np.reciprocal(near, out=near)
    coefficients = _mills()
    below = np.full_like(near, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        below *= near
        below += coefficient
    below *= near
    below *= density
    # Above 0 it is 1 minus that: the sign of z and a step make one of the other.
    np.greater(z, 0, out=space, casting="unsafe")
    np.multiply(below, space, out=near)
    near *= 2
    below -= near
    below += space
    return below


@cache
def _mills() -> NDArray[np.float32]:
    """Return the coefficients of the polynomial, interpolated at Chebyshev's points."""
    chebyshev = np.polynomial.Chebyshev.interpolate(_mills_ratio, _DEGREE, domain=[0, 1])
    return chebyshev.convert(kind=np.polynomial.Polynomial, domain=[-1, 1]).coef.astype(np.float32)


def _mills_ratio(near: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``exp(z² / 2) Phi(-z) / near`` as a function of ``near = 1 / (1 + 0.25 z)``."""
    z = (1 / near - 1) / _NEAR
    ratio: NDArray[np.float64] = special.erfcx(z / sqrt(2)) / 2 / near
    return ratio
