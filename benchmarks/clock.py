"""How time is taken: by the processor where one thread works, by the wall where several do, the best of some calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter, process_time

__all__ = ["Clock", "best", "cpu", "wall"]

Clock = Callable[[], float]

cpu: Clock = process_time
"""Seconds that this process has computed: others that work on the machine are not counted."""

wall: Clock = perf_counter
"""Seconds that have passed."""


def best(works: Sequence[Callable[[], object]], clock: Clock, repeats: int) -> list[float]:
    """Return the least time of every work, taken in turn: what disturbs the machine for a while disturbs them all.

    Parameters
    ----------
    works
        Called without arguments.
    clock
        `cpu` or `wall`.
    repeats
        How often each of them is called.
    """
    rounds = [[_seconds(work, clock) for work in works] for _ in range(repeats)]
    return [min(times) for times in zip(*rounds, strict=True)]


def _seconds(work: Callable[[], object], clock: Clock) -> float:
    start = clock()
    work()
    return clock() - start
