"""The random numbers of the lab once more, in Python: its scripts are held to them bit by bit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

__all__ = ["USES", "normals", "sfc", "stream", "uniforms", "units"]

USES = {"weights": 1, "noise": 2, "data": 3, "inputs": 4, "cotangent": 5, "biases": 6}


def sfc(a: int, b: int, c: int, bits: int = 32, shifts: tuple[int, int, int] = (9, 3, 21)) -> Iterator[int]:
    """Yield the whole numbers of sfc32, or of a generator with other words and shifts, started on three words."""
    mask, (right, left, turn), counter = 2**bits - 1, shifts, 1
    while True:
        number = (a + b + counter) & mask
        a, b, c = b ^ (b >> right), (c + (c << left)) & mask, (((c << turn) | (c >> (bits - turn))) + number) & mask
        counter = (counter + 1) & mask
        yield number


def stream(seed: int, use: str = "", layer: int = 0) -> Iterator[int]:
    """Yield the whole numbers of one use in one layer, without the first 15; of no use, those of the seed alone."""
    return islice(sfc(USES.get(use, 0), layer, seed), 15, None)


def uniforms(whole: Iterator[int]) -> Iterator[float]:
    """Yield numbers strictly between 0 and 1, each from the upper 26 bits of two whole ones."""
    for high in whole:
        yield ((high >> 6) * 2**26 + (next(whole) >> 6) + 0.5) / 2**52


def units(seed: int, widths: list[int], use: str = "weights") -> list[NDArray[np.float64]]:
    """Return one uniform number per weight of every layer, shape (fan_in, fan_out)."""
    return [
        np.fromiter(uniforms(stream(seed, use, layer)), float, fan_in * fan_out).reshape(fan_in, fan_out)
        for layer, (fan_in, fan_out) in enumerate(pairwise(widths), start=1)
    ]


def normals(seed: int, widths: list[int], use: str = "weights") -> list[NDArray[np.float64]]:
    """Return one standard normal number per weight of every layer, by inversion."""
    return [ndtri(unit) for unit in units(seed, widths, use)]
