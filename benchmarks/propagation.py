"""The canonical battery against straightforward PyTorch: the same statistics, checked to agree, in one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

import numpy as np

from benchmarks import torch_cell
from benchmarks.battery import STARTS, cell, names
from benchmarks.clock import best, cpu, wall
from benchmarks.torch_modules import threads, torch
from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns
from reportgen.experiments.propagation import Propagate
from reportgen.nn.initializers import initializers

__all__ = ["TITLE", "lines", "run"]

TITLE = "propagation: times as fast as straightforward PyTorch, same statistics"

AGREES = 1e-3
"""Float32 rounds to 6e-8; fifty layers of tanh with He's start let a deviation grow some thousandfold."""

CHECKED = STARTS[1::2]
"""Starts of which the statistics are compared: they are the same numbers for the others."""

NOTHING = 1e-30
"""Float32 has its last digits above this: below, subnormal numbers are rounded more and more coarsely."""

_PLACE = ("replicate", "depth", "layer")
_SHARES = ("_fraction", "distinct_units")


def run(*, quick: bool) -> dict[str, Any]:
    """Return the ratio of seconds, PyTorch's by ours, for each activation and number of threads."""
    starts = STARTS[1:2] if quick else STARTS
    cells = {name: [cell(start, name, quick=quick) for start in starts] for name in names(quick=quick)}
    with threads(1):
        apart = max(difference(one) for each in cells.values() for one in each if one.initializer in CHECKED)
    found = {"starts": list(starts), "difference": apart}
    if apart > AGREES:
        raise RuntimeError(f"PyTorch and reportgen do not measure the same: {apart:.1e} apart")
    repeats = 1 if quick else 2
    one = {name: ratios(each, number=1, repeats=repeats) for name, each in cells.items()}
    two = {name: ratios(each[:2], number=2, repeats=repeats) for name, each in cells.items()}
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


def difference(one: Propagate) -> float:
    """Return the greatest difference between the two measurements of a cell, from the same weights and inputs.

    It is relative to the value, for means and variances to the second moment (a mean near 0 has no digits), and that of
    a share is as it is: rounding puts some slopes on the other side of a bound.
    """
    ours = one.measure(Streams(0))
    theirs = torch_cell.measure(one, _given(one, Streams(0)))
    return max(apart for table in ours for apart in _apart(ours[table], theirs[table]))


def _given(one: Propagate, streams: Streams) -> torch_cell.Draw:
    """Return a function that fills tensors with the numbers that our networks get."""
    initializer = initializers.get(one.initializer)

    def draw(values: Any, replicate: int, layer: int) -> None:
        if layer > 0:
            array = initializer.draw(streams.weights(replicate, layer), one.width, one.width).T
        else:
            generator = streams.cotangents(replicate) if layer < 0 else streams.data(replicate)
            array = generator.standard_normal((one.batch, one.width))
        values.data.copy_(torch.from_numpy(np.ascontiguousarray(array)))

    return draw


def _apart(ours: Columns, rows: list[dict[str, float]]) -> Iterator[float]:
    """Yield the greatest difference of every column."""
    theirs = {name: np.array([row[name] for row in rows], float) for name in rows[0]}
    places = [name for name in _PLACE if name in theirs]
    mine, other = (np.lexsort([table[name] for name in places]) for table in (ours, theirs))
    a, b = (
        {name: table[name][order].astype(float) for name in theirs} for table, order in ((ours, mine), (theirs, other))
    )
    for name in theirs:
        scale = _scale(name, a, b)
        with np.errstate(invalid="ignore", divide="ignore"):
            distance = np.where((a[name] == b[name]) | (scale < NOTHING), 0.0, np.abs(a[name] - b[name]) / scale)
        yield float(np.nan_to_num(distance, nan=np.inf).max())


def _scale(name: str, a: Columns, b: Columns) -> Any:
    if name.endswith(_SHARES):
        return np.ones(len(a[name]))
    stem, _, kind = name.rpartition("_")
    if kind == "mean":
        return np.sqrt(a[f"{stem}_second_moment"])
    return a[f"{stem}_second_moment"] if kind == "variance" else np.maximum(np.abs(a[name]), np.abs(b[name]))


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table."""
    one, two = found["one thread"], found["two threads"]
    rows = [f"{'':12}{'ours s':>9}{'torch s':>9}{'ratio':>7}{'2 threads':>11}"]
    for name, each in one["activations"].items():
        ratio = two["activations"][name]["ratio"]
        rows.append(f"{name:12}{each['seconds']:9.3f}{each['torch_seconds']:9.3f}{each['ratio']:7.2f}{ratio:11.2f}")
    rows.append(f"{'median':30}{one['median']:7.2f}{two['median']:11.2f}")
    return [*rows, f"greatest difference of a statistic: {found['difference']:.0e}"]
