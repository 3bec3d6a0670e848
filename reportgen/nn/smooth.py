"""Smooth activations that the frameworks have beside the usual ones: exponentials, logarithms and a root."""

from __future__ import annotations

from math import sqrt

import numpy as np

from reportgen.errors import UsageError
from reportgen.nn.activation import Array, activation
from reportgen.nn.slopes import sigmoid

__all__: list[str] = []


@activation(
    "celu",
    derivative=lambda z, alpha: np.exp(np.minimum(z, 0.0) / alpha),
    kinks=(0.0,),
    label="CELU",
    formula=r"\max(0, z) + \alpha (e^{\min(0, z) / \alpha} - 1)",
    reference="Barron 2017, eq. 2",
)
def celu(z: Array, *, alpha: float = 1.0) -> Array:
    """Return z above 0 and ``alpha (exp(z / alpha) - 1)`` below: an ELU whose slope is 1 at 0 for every alpha."""
    if alpha <= 0:
        raise UsageError(f"alpha must be above 0, not {alpha:g}")
    return np.maximum(z, 0.0) + alpha * np.expm1(np.minimum(z, 0.0) / alpha)


def _exp(z: Array) -> Array:
    with np.errstate(over="ignore"):  # overflow is data
        return np.asarray(np.exp(z))


@activation("exponential", derivative=_exp, label="exponential", formula="e^{z}", reference="Keras, exponential")
def exponential(z: Array) -> Array:
    """Return exp(z), which leaves the range of floats soon: deep networks of it do at once."""
    return _exp(z)


@activation(
    "log_sigmoid",
    derivative=lambda z: sigmoid(-z),
    label="log sigmoid",
    formula=r"-\ln(1 + e^{-z})",
    reference="PyTorch, LogSigmoid; JAX, Keras, log_sigmoid",
)
def log_sigmoid(z: Array) -> Array:
    """Return the logarithm of the sigmoid, the softplus turned by half a circle."""
    return np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z)))


def _rest(z: Array, b: float) -> tuple[Array, Array]:
    """Return what squareplus is above ReLU, without a difference of two that are nearly equal, and sqrt(z² + b)."""
    root = np.hypot(z, sqrt(b))
    rest: Array = b / 2 / (root + np.abs(z))
    return rest, root


def _squareplus_slope(z: Array, b: float) -> Array:
    rest, root = _rest(z, b)
    share = rest / root
    return np.where(z > 0, 1 - share, share)


@activation(
    "squareplus",
    derivative=_squareplus_slope,
    label="squareplus",
    formula=r"\frac{z + \sqrt{z^{2} + b}}{2}",
    reference="Barron 2021, eq. 1",
)
def squareplus(z: Array, *, b: float = 4.0) -> Array:
    """Return ``(z + sqrt(z² + b)) / 2``: like softplus, with tails that fall as 1/z and no exponential."""
    if b <= 0:
        raise UsageError(f"b must be above 0, not {b:g}: at 0 it is relu")
    return np.maximum(z, 0.0) + _rest(z, b)[0]


_SERIES = (1 / 3, -2 / 15, 17 / 315, -62 / 2835, 1382 / 155925, -21844 / 6081075, 929569 / 638512875)
"""z - tanh z by powers of z², from z³ on: within 0.1, where a difference would lose digits, the rest is below 1e-16."""


@activation(
    "tanh_shrink",
    derivative=lambda z: np.square(np.tanh(z)),
    label="tanh shrink",
    formula=r"z - \tanh z",
    reference="PyTorch, Tanhshrink; Keras, tanh_shrink",
)
def tanh_shrink(z: Array) -> Array:
    """Return what tanh takes away: about z³ / 3 near 0, and z -+ 1 far out."""
    near = np.clip(z, -0.1, 0.1)
    series = near**3 * np.polynomial.polynomial.polyval(near * near, _SERIES)
    h: Array = np.where(np.abs(z) < 0.1, series.astype(z.dtype), z - np.tanh(z))
    return h
