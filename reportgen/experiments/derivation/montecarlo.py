"""Monte Carlo with independent draws: normal numbers to draw, and measured values with their standard errors."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from reportgen.battery.experiment import Column

__all__ = ["MEASURED", "Draws", "Normal", "Row", "mean", "parts", "variance"]

Draws = NDArray[np.float64]
Row = dict[str, Any]

MEASURED = (
    Column("predicted", "", "what theory gives"),
    Column("measured", "", "Monte Carlo"),
    Column("standard_error", "", "of the measured value"),
    Column("draws", "", "number of independent draws"),
)

_PART = 2000


class Normal(NamedTuple):
    """A normal distribution by its mean and variance."""

    mean: float
    variance: float

    def draw(self, rng: Generator, *shape: int) -> Draws:
        """Return independent draws of this shape."""
        return np.asarray(self.mean + sqrt(self.variance) * rng.standard_normal(shape))


def parts(draws: int) -> Iterator[int]:
    """Cut a large number of draws into parts that fit a processor's cache."""
    return (min(_PART, draws - start) for start in range(0, draws, _PART))


def mean(draws: Draws) -> Row:
    """Return the mean of independent draws, its standard error and their number.

    Parameters
    ----------
    draws
        Independent and identically distributed, shape (draws,).
    """
    return {"measured": draws.mean(), "standard_error": draws.std() / sqrt(draws.size), "draws": draws.size}


def variance(draws: Draws) -> Row:
    """Return the variance of independent draws; its standard error is that of a mean of squares."""
    return mean((draws - draws.mean()) ** 2)
