"""Activations that are z times a gate between 0 and 1: GELU, SiLU (swish) and Mish."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
from scipy import special

from reportgen.nn import fused, slopes
from reportgen.nn.activation import Array, activation

__all__: list[str] = []


def _gelu_slope(z: Array) -> Array:
    within = np.clip(z, -40.0, 40.0)
    slope: Array = special.ndtr(within) + within * np.exp(np.square(within) / -2) / sqrt(2 * pi)
    return slope


def _silu_slope(z: Array) -> Array:
    slope: Array = slopes.sigmoid(z) + np.clip(z, -800.0, 800.0) * slopes.bell(np.exp(-np.abs(z)))
    return slope


def _silu(z: Array) -> Array:
    return np.maximum(z, -800.0) * slopes.sigmoid(z)


_TANH_GELU = 2 * sqrt(2 / pi), 0.044715
"""Hendrycks & Gimpel 2016, sec. 2: twice the factor in front of ``z + 0.044715 z³``, as 1 + tanh u = 2 sigmoid(2 u)."""


def _tanh_gelu(z: Array) -> Array:
    within, (factor, cubic) = np.clip(z, -40.0, 40.0), _TANH_GELU
    return np.maximum(z, -40.0) * slopes.sigmoid(factor * (within + cubic * within**3))


def _tanh_gelu_slope(z: Array) -> Array:
    within, (factor, cubic) = np.clip(z, -40.0, 40.0), _TANH_GELU
    u = factor * (within + cubic * within**3)
    slope: Array = slopes.sigmoid(u) + within * slopes.bell(np.exp(-np.abs(u))) * factor * (1 + 3 * cubic * within**2)
    return slope


def _mish_parts(z: Array) -> tuple[Array, Array]:
    """Return u = exp(z) and n = u (u + 2), for which tanh(softplus(z)) = n / (n + 2); z above 20 counts as 20."""
    u = np.exp(np.minimum(z, 20.0))
    return u, u * (u + 2)


def _mish_slope(z: Array) -> Array:
    u, n = _mish_parts(z)
    slope: Array = n / (n + 2) + np.clip(z, -800.0, 20.0) * 4 * u * (1 + u) / np.square(n + 2)
    return slope


@activation(
    "gelu",
    derivative=lambda z, approximate: _tanh_gelu_slope(z) if approximate else _gelu_slope(z),
    label="GELU",
    formula=lambda approximate: (
        r"\frac{z}{2} (1 + \tanh(\sqrt{2 / \pi} (z + 0.044715 z^{3})))" if approximate else r"z \Phi(z)"
    ),
    reference="Hendrycks & Gimpel 2016, sec. 2",
    fused=lambda approximate: None if approximate else fused.gelu,
)
def gelu(z: Array, *, approximate: bool = False) -> Array:
    """Return z times the normal distribution function of z: exact, or with the tanh that JAX uses by default."""
    return _tanh_gelu(z) if approximate else np.maximum(z, -40.0) * special.ndtr(z)


@activation(
    "silu",
    derivative=lambda z, beta: _silu_slope(slopes.scaled(z, beta)),
    label="SiLU",
    formula=lambda beta: r"\frac{z}{1 + e^{-z}}" if beta == 1 else r"\frac{z}{1 + e^{-\beta z}}",
    reference="Hendrycks & Gimpel 2016; Elfwing, Uchibe & Doya 2018; Ramachandran, Zoph & Le 2017",
    aliases={"swish": {}},
    fused=lambda beta: fused.silu if beta == 1 else None,
)
def silu(z: Array, *, beta: float = 1.0) -> Array:
    """Return z times the sigmoid of beta z, also known as swish; Ramachandran et al. let beta be learned."""
    h = _silu(slopes.scaled(z, beta))
    return h if beta == 1 else h / beta


@activation(
    "mish",
    derivative=_mish_slope,
    label="Mish",
    formula=r"z \tanh(\ln(1 + e^{z}))",
    reference="Misra 2019",
)
def mish(z: Array) -> Array:
    """Return ``z tanh(softplus(z))``."""
    _, n = _mish_parts(z)
    h: Array = np.maximum(z, -800.0) * (n / (n + 2))
    return h
