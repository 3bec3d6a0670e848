"""What a build takes: from nothing, again, and after small changes; and the shortest command."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.progress import told
from benchmarks.project import CHAPTER, Build, Project, cold

__all__ = ["TITLE", "lines", "run"]

TITLE = "builds: wall seconds of every stage"

ADDED = ("--initializer", "random_normal(stddev=0.3)")

_COUNTS = ("cells", "figures")
"""Cells that were measured, and figures that look different afterwards."""

CHANGES: dict[str, Callable[[Project], Build]] = {
    "nothing changed": lambda project: project.build(),
    "a template changed": lambda project: _after(project, _change_template),
    "a figure's code changed": lambda project: _after(project, _change_figure),
    "an initializer added": lambda project: project.build(*ADDED),
}
"""Name -> changes a built project and builds it again."""


def run(*, quick: bool) -> dict[str, Any]:
    """Return the wall seconds of every stage, and which figures were not the same afterwards."""
    print("  from nothing", flush=True)
    project, first = cold(quick=quick)
    found: dict[str, Any] = {"preset": project.preset, "from nothing": _row_of(first, first)}
    before = first
    for name, change in told(CHANGES):
        after = change(project)
        found[name] = _row_of(before, after)
        before = after
    if not quick:
        print("  preset quick, from nothing", flush=True)
        small = Project(quick=False, preset="quick").build()
        found["quick preset, from nothing"] = _row_of(small, small)
    helps = [project.reportgen("--help").seconds for _ in range(2 if quick else 7)]
    return {**found, "help": min(helps)}


def _row_of(before: Build, after: Build) -> dict[str, float | None]:
    return {**after.seconds, "cells": after.cells, "figures": _changed(before, after)}


def _changed(before: Build, after: Build) -> int:
    """Count the figures that look different now."""
    figures = (name for name in after.files if name.startswith("figures/") and name.endswith(".svg"))
    return sum(before.files.get(name) != after.files[name] for name in figures)


def _after(project: Project, change: Callable[[Path], None]) -> Build:
    change(project.folder)
    return project.build()


def _change_template(folder: Path) -> None:
    path = folder / "templates" / "chapters" / f"{CHAPTER}.md.jinja"
    path.write_text(path.read_text(encoding="utf-8") + "\nThat is all.\n", encoding="utf-8")


def _change_figure(folder: Path) -> None:
    """Add a statement to the first function that draws: nothing else of the figure's looks may change."""
    path = folder / "reportgen" / "chapters" / CHAPTER / "figures.py"
    source = path.read_text(encoding="utf-8")
    functions = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    draw = next(node for node in functions if node.name.startswith("draw_"))
    rows = source.splitlines(keepends=True)
    rows.insert(draw.body[1].lineno - 1, f"{' ' * draw.body[1].col_offset}_changed = 1\n")
    path.write_text("".join(rows), encoding="utf-8")


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table."""
    builds = {name: one for name, one in found.items() if isinstance(one, dict)}
    stages = [key for key in dict.fromkeys(key for one in builds.values() for key in one) if key not in _COUNTS]
    rows = [_row(found["preset"], [stage.split()[0] for stage in stages], _COUNTS)]
    for name, one in builds.items():
        seconds = [f"{one[stage]:.2f}" if stage in one else "" for stage in stages]
        rows.append(_row(name, seconds, [str(one[count]) for count in _COUNTS]))
    return [*rows, _row("--help", [f"{found['help']:.2f}"], [])]


def _row(name: str, seconds: Sequence[str], counts: Sequence[str]) -> str:
    return f"{name:28}" + "".join(f"{one:>10}" for one in (*seconds, *counts))
