"""Mean, second moment and variance of one network's array: summed by BLAS, and with care where that is not enough.

BLAS sums in the dtype of the array, in many partial sums: in single precision the mean square of a layer comes out
within some 1e-7 of what double precision gives, in a tenth of the time. Where a square would overflow, or be so small
that it loses digits, everything is done again in float64. Overflow, inf and nan are data: they come out as inf and
nan, and whether NumPy warns of them is up to the caller.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.nn.activation import Array

__all__ = ["Moments", "mean_square", "moments_of"]

_SMALLEST = 1e-28
"""A mean square above this owes nothing that single precision could see to squares that are not normal numbers."""

_LARGEST = 1e28
"""A mean square below this leaves room for sums over a batch in single precision."""

_TOGETHER = 65_536
"""Numbers that BLAS adds up by itself; the sums of such pieces are added in float64."""


class Moments(NamedTuple):
    """What is measured of one array of shape (batch, units).

    Attributes
    ----------
    mean
        Over inputs and units.
    second_moment
        E[x²], not the variance.
    variance
        Across inputs, averaged over units.
    """

    mean: float
    second_moment: float
    variance: float

    @property
    def is_finite(self) -> bool:
        """Whether every entry is: a sum of squares hides neither inf nor nan."""
        return self.second_moment < inf


def mean_square(values: Array) -> float:
    """Return the mean of the squares of an array of any shape.

    No array of squares is made: that would take most of the time.
    """
    flat = values.reshape(-1)
    size = max(flat.size, 1)
    mean = _sum_of_squares(flat) / size
    if _SMALLEST < mean < inf:
        return mean
    return float(np.einsum("i,i->", flat, flat, dtype=np.float64)) / size


def _sum_of_squares(flat: Array) -> float:
    if flat.size <= _TOGETHER:
        return float(np.dot(flat, flat))
    pieces = (flat[start : start + _TOGETHER] for start in range(0, flat.size, _TOGETHER))
    return sum(float(np.dot(piece, piece)) for piece in pieces)


def moments_of(values: Array, space: Array | None = None) -> Moments:
    """Return mean, second moment and variance of an array of shape (batch, units).

    Everything is counted from the first row, so that equal rows have a variance of exactly 0, and a large mean takes no
    digits from a small variance.

    Parameters
    ----------
    space
        An array of the same shape and dtype, which is overwritten.
    """
    batch, units = values.shape
    apart = np.subtract(values, values[0], out=space)
    spread = mean_square(apart)
    if not (_SMALLEST < spread < _LARGEST or (spread == 0 and not apart.any())):
        return _in_double_precision(values)
    means = np.dot(_ones(batch, values.dtype), apart).astype(np.float64)
    means /= batch
    variance = max(0.0, spread - float(np.dot(means, means)) / units)
    means += values[0]
    return Moments(float(means.sum()) / units, variance + float(np.dot(means, means)) / units, variance)


def _in_double_precision(values: Array) -> Moments:
    wide = values.astype(np.float64)
    mean, second_moment = float(wide.mean()), mean_square(wide)
    wide -= wide.mean(axis=0)
    return Moments(mean, second_moment, mean_square(wide))


@lru_cache(maxsize=16)
def _ones(size: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    return np.ones(size, dtype)
