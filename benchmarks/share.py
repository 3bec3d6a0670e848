"""How much of the machine's rate of matrix products a cell of the battery reaches, both measured in one run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.battery import TYPICAL, cell, flops, names
from benchmarks.clock import best, cpu
from benchmarks.progress import told
from reportgen.battery.cell import Streams
from reportgen.experiments.propagation import Propagate

__all__ = ["TITLE", "lines", "run"]

TITLE = "share of the machine's rate of matrix products (sgemm) on one thread"


def run(*, quick: bool) -> dict[str, Any]:
    """Return the rate of float32 products at the battery's shapes, and the share of it that cells reach."""
    cells = {name: cell(TYPICAL, name, quick=quick) for name in names(quick=quick)}
    rounds, seconds = [], {}
    with threadpool_limits(1):
        for name, one in told(cells):
            rounds.append(rates(one, calls=10 if quick else 200))
            (seconds[name],) = best([partial(one.measure, Streams(0))], cpu, 1 if quick else 3)
    fastest = {product: max(each[product] for each in rounds) for product in rounds[0]}
    each = {name: ideal(cells[name], fastest) / seconds[name] for name in cells}
    shares = [*each.values()]
    return {
        "start": TYPICAL,
        "gflops": {product: rate / 1e9 for product, rate in fastest.items()},
        "median": median(shares),
        "least": min(shares),
        "greatest": max(shares),
        "seconds": seconds,
        "activations": each,
    }


def rates(one: Propagate, calls: int) -> dict[str, float]:
    """Return the rate of the three products of a layer, in operations per second: forward, and twice back."""
    rng = np.random.default_rng(0)
    h, delta, out = (rng.standard_normal((one.batch, one.width)).astype(np.float32) for _ in range(3))
    W, gradient = (rng.standard_normal((one.width, one.width)).astype(np.float32) for _ in range(2))
    works = [
        partial(_often, calls, h, W, out),
        partial(_often, calls, h.T, delta, gradient),
        partial(_often, calls, delta, W.T, out),
    ]
    seconds = best(works, cpu, 5)
    operations = 2.0 * one.batch * one.width**2 * calls
    return {name: operations / max(time, 1e-9) for name, time in zip(_PRODUCTS, seconds, strict=True)}


_PRODUCTS = ("h @ W", "h.T @ delta", "delta @ W.T")


def _often(calls: int, a: Any, b: Any, out: Any) -> None:
    for _ in range(calls):
        np.matmul(a, b, out=out)


def ideal(one: Propagate, rate: Mapping[str, float]) -> float:
    """Return the seconds of a cell's matrix products, were each of them made at the machine's rate."""
    layers, back, networks = max(one.depths), sum(one.depths), len(one.depths)
    numbers = dict(zip(_PRODUCTS, (layers, back, back - networks), strict=True))
    each = flops(one) / sum(numbers.values())
    return sum(each * number / rate[name] for name, number in numbers.items())


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table."""
    rates = ", ".join(f"{name} {rate:.0f}" for name, rate in found["gflops"].items())
    rows = [f"GFLOP/s of the machine: {rates}", f"{'':12}{'s':>8}{'share':>8}"]
    rows += [f"{name:12}{found['seconds'][name]:8.3f}{share:8.1%}" for name, share in found["activations"].items()]
    return [*rows, f"{'median':20}{found['median']:8.1%}"]
