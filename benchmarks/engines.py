"""How much faster worker processes measure than one process: the same cells by both, in turn, as ratios.

Run with ``.venv/bin/python benchmarks/engines.py [repetitions]``.
"""

from __future__ import annotations

import statistics
import sys
from time import perf_counter

from reportgen.battery.cache import Cache
from reportgen.battery.engine import available_cpus
from reportgen.battery.run import Recipe, measure
from reportgen.experiments.propagation import EXPERIMENT
from reportgen.settings import Settings

CELLS = 40


def seconds(engine: str) -> float:
    """Return the wall time of measuring the first cells of the standard battery, nothing stored."""
    cells = EXPERIMENT.cells(Settings().battery())[:CELLS]
    start = perf_counter()
    measure(cells, Recipe.of(seed=0), Cache(None), engine=engine)
    return perf_counter() - start


def main(repetitions: int) -> None:
    """Print the time of each engine and the ratio, repetition by repetition, and the median ratio."""
    print(f"{CELLS} cells, {available_cpus()} processors\nserial s  processes s  ratio")
    ratios = []
    for _ in range(repetitions):
        serial, processes = seconds("serial"), seconds("processes")
        ratios.append(serial / processes)
        print(f"{serial:8.2f}  {processes:11.2f}  {ratios[-1]:5.2f}")
    print(f"median ratio: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
