"""What a build takes: from nothing, again, and after small changes; and the shortest command."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.project import CHAPTER, Build, Project, cold

__all__ = ["TITLE", "lines", "run"]

TITLE = "builds: wall seconds of every stage"

ADDED = ("--initializer", "random_normal(stddev=0.3)")

CHANGES: dict[str, Callable[[Project], Build]] = {
    "nothing changed": lambda project: project.build(),
    "a template changed": lambda project: _after(project, _change_template),
    "a figure's code changed": lambda project: _after(project, _change_figure),
    "an initializer added": lambda project: project.build(*ADDED),
}
"""Name -> changes a built project and builds it again."""


def run(*, quick: bool) -> dict[str, Any]:
    """Return the wall seconds of every stage, and which figures were not the same afterwards."""
    project, first = cold(quick=quick)
    found: dict[str, Any] = {"preset": project.preset, "from nothing": first.seconds}
    before = first
    for name, change in CHANGES.items():
        after = change(project)
        found[name] = {**after.seconds, "figures": _changed(before, after)}
        before = after
    if not quick:
        found["quick preset, from nothing"] = Project(quick=False, preset="quick").build().seconds
    helps = [project.reportgen("--help").seconds for _ in range(2 if quick else 7)]
    return {**found, "help": min(helps)}


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
    stages = [stage for stage in dict.fromkeys(key for one in builds.values() for key in one) if stage != "figures"]
    rows = [f"{found['preset']:24}" + "".join(f"{stage.split()[0]:>10}" for stage in stages) + "  figures changed"]
    for name, one in builds.items():
        seconds = "".join(f"{one[stage]:10.2f}" if stage in one else " " * 10 for stage in stages)
        rows.append(f"{name:24}{seconds}{one.get('figures', ''):>17}")
    return [*rows, f"{'--help':24}{found['help']:.2f}"]
