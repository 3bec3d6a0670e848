"""One worker and two: the same cells in this process, by one worker and by two."""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.clock import best, wall
from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell
from reportgen.battery.engine import available_cpus
from reportgen.battery.run import Recipe, measure
from reportgen.experiments.propagation import EXPERIMENT
from reportgen.settings import Settings

__all__ = ["TITLE", "lines", "run"]

TITLE = "workers: wall seconds with one and with two"

EVERY = 4
"""Of the standard battery's cells of propagation every fourth is measured: all activations, all kinds of starts."""

_WAYS = {"serial": ("serial", 1), "one worker": ("processes", 1), "two workers": ("processes", 2)}


def run(*, quick: bool) -> dict[str, Any]:
    """Return wall seconds and how many times as fast two workers are as one."""
    preset = "quick" if quick else "standard"
    cells = EXPERIMENT.cells(Settings(preset=preset).battery())[:: 50 if quick else EVERY]
    works = [partial(_measure, cells, engine, jobs) for engine, jobs in _WAYS.values()]
    seconds = dict(zip(_WAYS, best(works, wall, 1 if quick else 2), strict=True))
    return {
        "processors": available_cpus(),
        "cells": len(cells),
        "seconds": seconds,
        "ratio": seconds["one worker"] / seconds["two workers"],
    }


def _measure(cells: list[Cell], engine: str, jobs: int) -> None:
    measure(cells, Recipe.of(seed=0), Cache(None), engine=engine, jobs=jobs)


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table."""
    each = ", ".join(f"{name} {seconds:.2f}" for name, seconds in found["seconds"].items())
    return [
        f"{found['processors']} processors",
        f"{found['cells']} cells: {each}; two workers are {found['ratio']:.2f} times as fast as one",
    ]
