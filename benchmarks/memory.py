"""The greatest memory of every process: of a cold build, and of runs with more and more cells."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.project import cold
from benchmarks.scaling import exponent, many
from benchmarks.watched import watched

__all__ = ["TITLE", "lines", "run"]

TITLE = "memory: greatest resident memory of a process, in MB"


def run(*, quick: bool) -> dict[str, Any]:
    """Return the greatest memory of the process that was started and of its workers."""
    project, build = cold(quick=quick)
    numbers = (2, 4) if quick else (100, 200, 400, 800)
    root = Path(__file__).parent.parent
    with TemporaryDirectory(prefix="reportgen-benchmark-") as folder:
        command = [sys.executable, "-m", "benchmarks.memory", folder]
        runs = {n: watched([*command, str(n)], root, {"PYTHONPATH": str(root)}) for n in numbers}
    processes = {name: {n: getattr(one, f"{name}_mb") for n, one in runs.items()} for name in ("parent", "worker")}
    return {
        "preset": project.preset,
        "build": {"parent": build.parent_mb, "worker": build.worker_mb},
        "cells": processes,
        "exponents": {name: exponent(each) for name, each in processes.items() if None not in each.values()},
    }


def main(folder: Path, number: int) -> None:
    """Measure so many cells with two workers and store them; another process watches this one."""
    from reportgen.battery.cache import Cache
    from reportgen.battery.run import Recipe, measure

    measure(many(number), Recipe.of(0), Cache(folder / str(number)), jobs=2)


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table."""
    whole, cells = found["build"], found["cells"]
    rows = [
        f"{'':28}{'parent':>8}{'worker':>8}",
        _line(f"cold build, {found['preset']}", whole["parent"], whole["worker"]),
    ]
    rows += [_line(f"{n} small cells", cells["parent"][n], cells["worker"][n]) for n in cells["parent"]]
    exponents = ", ".join(f"{name} {value:.2f}" for name, value in found["exponents"].items())
    return [*rows, f"exponents over the number of cells: {exponents}"]


def _line(name: str, *megabytes: float | None) -> str:
    return f"{name:28}" + "".join(f"{'?' if one is None else f'{one:.0f}':>8}" for one in megabytes)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
