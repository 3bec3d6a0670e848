"""Starts of the lab as Python draws them of the twin's numbers: the weights of every layer, shape (fan_in, fan_out)."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from scipy.special import ndtr, ndtri

from reportgen.nn.initializers import initializers
from reportgen.nn.truncation import TRUNCATED_STDDEV
from tests.lab.nets import Floats
from tests.lab.twin import normals, units

__all__ = ["cut", "glorot", "he", "orthogonal", "ten"]

_BEYOND = ndtr(-2)


def cut(seed: int, widths: list[int]) -> list[Floats]:
    """Return normal numbers that are cut at 2, brought back to a variance of 1."""
    return [ndtri(_BEYOND + (1 - 2 * _BEYOND) * unit) / TRUNCATED_STDDEV for unit in units(seed, widths)]


def he(seed: int, widths: list[int]) -> list[Floats]:
    """Draw He normal."""
    return [W * sqrt(2 / len(W)) for W in cut(seed, widths)]


def glorot(seed: int, widths: list[int]) -> list[Floats]:
    """Draw Glorot normal."""
    return [W * sqrt(2 / sum(W.shape)) for W in cut(seed, widths)]


def ten(seed: int, widths: list[int]) -> list[Floats]:
    """Draw from the normal distribution of standard deviation 10."""
    return [10 * W for W in normals(seed, widths)]


def orthogonal(seed: int, widths: list[int]) -> list[Floats]:
    """Let the product's initializer make its matrices of the twin's numbers."""

    class Drawn:
        def __init__(self, W: Floats) -> None:
            self.standard_normal = lambda _: W

    draw: Callable[..., Floats] = initializers.get("orthogonal").draw
    return [draw(Drawn(W), *W.shape) for W in normals(seed, widths)]
