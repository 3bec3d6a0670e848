"""The canonical battery against straightforward PyTorch: the same statistics, checked to agree, in one run."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any

from benchmarks import torch_cell
from benchmarks.agreement import AGREES, difference
from benchmarks.battery import STARTS, TYPICAL, cell, names
from benchmarks.clock import best, cpu, wall
from benchmarks.progress import told
from benchmarks.torch_modules import threads
from reportgen.battery.cell import Streams
from reportgen.experiments.propagation import Propagate

__all__ = ["TITLE", "lines", "run"]

TITLE = "propagation: times as fast as straightforward PyTorch, same statistics"

CHECKED = (TYPICAL, STARTS[-1])
"""Starts of which the statistics are compared: they are the same numbers for the others."""


def run(*, quick: bool) -> dict[str, Any]:
    """Return the ratio of seconds, PyTorch's by ours, for each activation and number of threads."""
    starts = (TYPICAL,) if quick else STARTS
    cells = {name: [cell(start, name, quick=quick) for start in starts] for name in names(quick=quick)}
    with threads(1):
        checked = (one for _, each in told(cells, "comparing ") for one in each if one.initializer in CHECKED)
        apart = max(map(difference, checked))
    found = {"starts": list(starts), "difference": apart}
    if apart > AGREES:
        raise RuntimeError(f"PyTorch and reportgen do not measure the same: {apart:.1e} apart")
    repeats = 1 if quick else 2
    one = {name: ratios(each, number=1, repeats=repeats) for name, each in told(cells, "one thread, ")}
    typical = {name: [cell(TYPICAL, name, quick=quick)] for name in cells}
    two = {name: ratios(each, number=2, repeats=repeats) for name, each in told(typical, "two threads, ")}
    return {**found, "one thread": _summary(one), "two threads": _summary(two)}


def ratios(cells: list[Propagate], *, number: int, repeats: int) -> dict[str, float]:
    """Return the seconds of some cells here and in PyTorch, and how many times as long PyTorch takes."""
    ours = theirs = 0.0
    with threads(number):
        for one in cells:
            draw = torch_cell.draw_anew(one.initializer)
            works = (lambda one=one: one.measure(Streams(0)), lambda one=one, draw=draw: torch_cell.measure(one, draw))
            mine, other = best(works, cpu if number == 1 else wall, repeats)
            ours, theirs = ours + mine, theirs + other
    return {"seconds": ours, "torch_seconds": theirs, "ratio": theirs / ours}


def _summary(found: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    each = [one["ratio"] for one in found.values()]
    return {"median": median(each), "least": min(each), "greatest": max(each), "activations": found}


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table."""
    one, two = found["one thread"], found["two threads"]
    rows = [f"{'':12}{'ours s':>9}{'torch s':>9}{'ratio':>7}{'2 threads':>11}"]
    for name, each in one["activations"].items():
        ratio = two["activations"][name]["ratio"]
        rows.append(f"{name:12}{each['seconds']:9.3f}{each['torch_seconds']:9.3f}{each['ratio']:7.2f}{ratio:11.2f}")
    rows.append(f"{'median':30}{one['median']:7.2f}{two['median']:11.2f}")
    return [*rows, f"greatest difference of a statistic: {found['difference']:.0e}"]
