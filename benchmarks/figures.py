"""How long every figure takes to draw: SVG and PNG together, processor seconds, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import mean
from typing import Any

from benchmarks.clock import cpu
from benchmarks.project import CHAPTER, EXPERIMENT, cold
from reportgen import stages
from reportgen.battery.results import Results
from reportgen.built import Built
from reportgen.chapters import CHAPTERS
from reportgen.experiments import EXPERIMENTS
from reportgen.report.book import Book, render_book
from reportgen.report.figures import Mapper, Task
from reportgen.reporter import SilentReporter
from reportgen.settings import Settings

__all__ = ["TITLE", "lines", "run"]

Drawn = tuple[str, Mapping[str, bytes]]

TITLE = "figures: processor seconds, SVG and PNG together"


def run(*, quick: bool) -> dict[str, Any]:
    """Return the seconds of every figure, their sum and their mean."""
    project, _ = cold(quick=quick)
    results = _results(Settings(preset=project.preset, cache=project.cache), quick=quick)
    book = Book.read(CHAPTERS, results, (CHAPTER,) if quick else ())
    seconds: dict[str, float] = {}
    render_book(book, mapper=_timing(seconds))
    return {
        "preset": project.preset,
        "number": len(seconds),
        "sum": sum(seconds.values()),
        "mean": mean(seconds.values()),
        "figures": dict(sorted(seconds.items(), key=lambda one: -one[1])),
    }


def _results(settings: Settings, *, quick: bool) -> Results:
    """Return the tables of what was measured; what is stored is not measured again."""
    battery = settings.battery()
    experiments = [experiment for experiment in EXPERIMENTS if not quick or experiment.name == EXPERIMENT]
    cells = [cell for experiment in experiments for cell in experiment.cells(battery)]
    measured = stages.measure(cells, settings, SilentReporter(), Built())
    return stages.tabulate(battery, measured, Built())


def _timing(seconds: dict[str, float]) -> Mapper:
    """Return what draws one figure after the other, and notes how long each took; the first is drawn twice."""

    def mapped(function: Callable[[Task], Drawn], tasks: Sequence[Task]) -> Iterator[Drawn]:
        for task in [*tasks[:1], *tasks]:
            start = cpu()
            drawn = function(task)
            if task.job.draw:
                seconds[task.job.stem] = cpu() - start
            yield drawn

    return mapped


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table."""
    slowest = [f"{name:32}{seconds:8.2f}" for name, seconds in [*found["figures"].items()][:10]]
    whole = (
        f"{found['number']} figures, preset {found['preset']}: {found['sum']:.1f} s, {found['mean']:.2f} s in the mean"
    )
    return [whole, "the slowest:", *slowest]
