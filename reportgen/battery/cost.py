"""What work costs: operations, memory and room on disk, and how fast this machine is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from reportgen.battery.engine import one_blas_thread

__all__ = ["NOMINAL", "Cost", "Rates", "measure_rates"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one cell, or several, cost.

    Attributes
    ----------
    products
        Floating-point operations of the matrix products.
    numbers
        Numbers that are drawn, or that an activation or a statistic is applied to: an operation each.
    calls
        Calls of a library, which take some microseconds however small the arrays are.
    memory
        Bytes that are in use at one time.
    stored
        Bytes of the result.
    """

    products: float = 0.0
    numbers: float = 0.0
    calls: float = 0.0
    memory: float = 0.0
    stored: float = 0.0

    @property
    def operations(self) -> float:
        """All floating-point operations."""
        return self.products + self.numbers

    def __add__(self, other: Cost) -> Cost:
        """Return the cost of one after the other."""
        return Cost(
            self.products + other.products,
            self.numbers + other.numbers,
            self.calls + other.calls,
            max(self.memory, other.memory),
            self.stored + other.stored,
        )

    def times(self, count: float) -> Cost:
        """Return the cost of doing it several times, one after the other."""
        return Cost(self.products * count, self.numbers * count, self.calls * count, self.memory, self.stored * count)


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast a processor of this machine is: operations of matrix products, numbers and calls per second."""

    products: float
    numbers: float
    calls: float

    def seconds(self, cost: Cost) -> float:
        """Return how long something takes on one processor."""
        return cost.products / self.products + cost.numbers / self.numbers + cost.calls / self.calls


NOMINAL = Rates(4e10, 1.5e8, 4e5)
"""A processor of 2020, for a first guess."""

_PATIENCE = 0.06
"""Seconds that each of the three rates is measured for."""


def measure_rates() -> Rates:
    """Measure how fast this machine is, in a fifth of a second."""
    rng = np.random.default_rng(0)
    h, W = rng.standard_normal((256, 128), np.float32), rng.standard_normal((128, 128), np.float32)
    small = np.ones((2, 2))

    def statistics() -> None:
        np.tanh(h)
        rng.standard_normal(h.shape)
        np.square(h.astype(np.float64)).mean(axis=0)

    with one_blas_thread(), np.errstate(all="ignore"):
        products, numbers, calls = (_fastest(work) for work in (lambda: h @ W, statistics, small.mean))
    return Rates(2 * h.shape[0] * W.size / products, 3 * h.size / numbers, 1 / calls)


def _fastest(work: Callable[[], object]) -> float:
    """Return the least time that something takes: other programs only ever make it longer."""
    begun, least = perf_counter(), float("inf")
    while perf_counter() - begun < _PATIENCE:
        start = perf_counter()
        work()
        least = min(least, perf_counter() - start)
    return least
