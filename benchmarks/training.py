"""How much faster an ensemble trains than its members one by one, and the memory of both: ratios within one run.

Run with ``.venv/bin/python benchmarks/training.py [repetitions]``.
"""

from __future__ import annotations

import statistics
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from threadpoolctl import threadpool_limits

from reportgen.battery.cell import Streams
from reportgen.experiments.sweeps import Sweep, run_sweep
from reportgen.settings import INITIALIZERS

SWEEP = Sweep(
    data={"data": "digits"},
    activation="relu",
    depth=10,
    width=32,
    initializers=INITIALIZERS,
    learning_rates=(0.02,),
    replicates=3,
    steps=50,
    batch=32,
)
"""One cell of the map of the standard preset, with fewer updates."""


def together() -> None:
    """Train all networks as one ensemble."""
    run_sweep(SWEEP, Streams(0))


def one_by_one() -> None:
    """Train as many networks in a loop."""
    for name, _, replicate in SWEEP.grid.trials:
        run_sweep(replace(SWEEP, initializers=(name,), replicates=1), Streams(replicate))


def seconds(training: Callable[[], None]) -> float:
    """Return the wall time of one call."""
    start = perf_counter()
    training()
    return perf_counter() - start


def megabytes(training: Callable[[], None]) -> float:
    """Return the greatest memory that one call holds at a time."""
    tracemalloc.start()
    training()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def main(repetitions: int) -> None:
    """Print times and their ratio, repetition by repetition, then the median ratio and the memory."""
    together()  # loads the data
    print(f"{len(SWEEP.grid.trials)} networks of {SWEEP.depth} layers\none by one s  together s  ratio")
    ratios = []
    for _ in range(repetitions):
        loop, ensemble = seconds(one_by_one), seconds(together)
        ratios.append(loop / ensemble)
        print(f"{loop:12.2f}  {ensemble:10.2f}  {ratios[-1]:5.2f}")
    print(f"median ratio: {statistics.median(ratios):.2f}")
    print(f"memory: {megabytes(one_by_one):.0f} MB one by one, {megabytes(together):.0f} MB together")


if __name__ == "__main__":
    with threadpool_limits(1):  # as in the workers of a build
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
