"""Time and memory of a cell against depth, width and number of networks, of a run against the number of cells."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.battery import TYPICAL, cell
from benchmarks.clock import best, cpu
from benchmarks.progress import told
from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell, Streams
from reportgen.battery.run import Recipe, measure
from reportgen.experiments.propagation import EXPERIMENT, Propagate

__all__ = ["TITLE", "exponent", "lines", "many", "run"]

TITLE = "growth: seconds and MB of a cell, and of a run; exponents by least squares in logarithms"

BASE = replace(cell(TYPICAL, "tanh", quick=False), depths=(20,))

_FACTORS: Mapping[str, tuple[tuple[int, ...], Callable[[int], Propagate]]] = {
    "depth": ((10, 20, 40, 80), lambda number: replace(BASE, depths=(number,))),
    "width": ((64, 128, 256, 512), lambda number: replace(BASE, width=number)),
    "replicates": ((2, 4, 8, 16), lambda number: replace(BASE, replicates=number)),
}
"""Factor -> its values, and the cell with each of them."""


def run(*, quick: bool) -> dict[str, Any]:
    """Return seconds and MB for every value of every factor, and their exponents."""
    found = {}
    repeats, taken = (1, 2) if quick else (3, 4)
    with threadpool_limits(1):
        for factor, (values, make) in told(_FACTORS):
            works = {value: partial(make(value).measure, Streams(0)) for value in values[:taken]}
            found[factor] = _grown(works, repeats)
        found["cells"] = _grown({n: partial(_measure, n) for n in (10, 20, 40, 80)[:taken]}, repeats)
    return found


def many(number: int) -> list[Cell]:
    """Return small cells that differ in the scale of their weights: so many as one likes."""
    small = replace(BASE, width=64, batch=64, depths=(2, 5, 10), replicates=2)
    return [EXPERIMENT.cell(replace(small, initializer=f"random_normal(stddev={n + 1}e-4)")) for n in range(number)]


def exponent(values: Mapping[int, float]) -> float:
    """Return the slope of the logarithm of some values over that of their keys."""
    slope, _ = np.polyfit(np.log([*values]), np.log([*values.values()]), 1)
    return float(slope)


def _measure(number: int) -> None:
    measure(many(number), Recipe.of(0), Cache(None), engine="serial")


def _grown(works: Mapping[int, Callable[[], object]], repeats: int) -> dict[str, Any]:
    seconds = dict(zip(works, best([*works.values()], cpu, repeats), strict=True))
    megabytes = {value: _megabytes(work) for value, work in works.items()}
    exponents = {"seconds": exponent(seconds), "megabytes": exponent(megabytes)}
    return {"seconds": seconds, "megabytes": megabytes, "exponents": exponents}


def _megabytes(work: Callable[[], object]) -> float:
    """Return the greatest memory that a call holds at a time."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table."""
    rows = [f"{'':12}{'time ~':>8}{'memory ~':>10}"]
    for factor, one in found.items():
        exponents = one["exponents"]
        each = ", ".join(f"{n}: {s:.3f} s {one['megabytes'][n]:.0f} MB" for n, s in one["seconds"].items())
        rows.append(f"{factor:12}{exponents['seconds']:8.2f}{exponents['megabytes']:10.2f}  {each}")
    return rows
