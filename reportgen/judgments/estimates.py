"""Means over independent networks with their standard errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

__all__ = ["Estimate", "geometric_mean", "mean"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured number with its standard error."""

    value: float
    error: float


def mean(values: Iterable[float]) -> Estimate:
    """Return the mean of independent values and its standard error.

    Parameters
    ----------
    values
        One number per network; at least two.
    """
    array = np.asarray(list(values), dtype=float)
    return Estimate(float(array.mean()), float(array.std(ddof=1) / np.sqrt(array.size)))


def geometric_mean(values: Iterable[float]) -> Estimate:
    """Return the geometric mean of independent positive values and its standard error.

    It is the typical value where a quantity is a product of many factors, as a gradient is: the mean would be the
    value of the few largest networks.
    """
    logs = mean(np.log(list(values)))
    value = float(np.exp(logs.value))
    return Estimate(value, value * logs.error)
