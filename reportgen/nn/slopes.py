"""Parts of activations and of their derivatives that keep their digits far out and overflow nowhere."""

from __future__ import annotations

import numpy as np

from reportgen.errors import UsageError
from reportgen.nn.activation import Array

__all__ = ["bell", "inside", "scaled", "sigmoid", "step"]


def step(z: Array, below: float = 0.0) -> Array:
    """Return 1 where z > 0 and `below` elsewhere, without a branch per entry."""
    above = (z > 0).astype(z.dtype)
    return above + below * (1 - above) if below else above


def inside(z: Array, min_val: float, max_val: float) -> Array:
    """Return 1 where z lies between two values, 0 elsewhere and at both."""
    within: Array = ((z > min_val) & (z < max_val)).astype(z.dtype)
    return within


def sigmoid(z: Array) -> Array:
    """Return ``1 / (1 + exp(-z))`` with no exponent above zero: nothing overflows and both tails keep their digits."""
    sigma: Array = np.exp(np.minimum(z, 0.0)) / (1 + np.exp(-np.abs(z)))
    return sigma


def bell(tail: Array) -> Array:
    """Return the sigmoid's slope where exp(-|z|) is `tail`: positive far out, where ``h (1 - h)`` rounds to zero."""
    slope: Array = tail / np.square(1 + tail)
    return slope


def scaled(z: Array, beta: float) -> Array:
    """Return ``beta z``."""
    if beta <= 0:
        raise UsageError(f"beta must be above 0, not {beta:g}")
    return z if beta == 1 else beta * z
