"""Means over independent networks with their standard errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

__all__ = ["FEWEST", "Estimate", "geometric_mean", "mean", "root"]

FEWEST = 3
"""Independent values from which on a standard error is worth telling: that of two is off by chance more often than not.
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured number with its standard error.

    Attributes
    ----------
    value, error
        The number and its standard error.
    number
        Independent values that the error was estimated from; inf where they are so many that it is as good as known.
    """

    value: float
    error: float
    number: float = inf


def mean(values: Iterable[float]) -> Estimate:
    """Return the mean of independent values and its standard error.

    Parameters
    ----------
    values
        One number per network; at least two.
    """
    array = np.asarray(list(values), dtype=float)
    return Estimate(float(array.mean()), float(array.std(ddof=1) / np.sqrt(array.size)), array.size)


def geometric_mean(values: Iterable[float]) -> Estimate:
    """Return the geometric mean of independent positive values and its standard error.

    It is the typical value where a quantity is a product of many factors, as a gradient is: the mean would be the
    value of the few largest networks.
    """
    logs = mean(np.log(list(values)))
    value = float(np.exp(logs.value))
    return Estimate(value, value * logs.error, logs.number)


def root(square: Estimate) -> Estimate:
    """Return the root of an estimated mean square, which has half its relative error.

    Examples
    --------
    >>> root(Estimate(4.0, 0.4))
    Estimate(value=2.0, error=0.1, number=inf)
    """
    value = sqrt(square.value)
    return Estimate(value, square.error / (2 * value), square.number)
