"""The pipeline, as a table of contents: check, measure, tabulate, draw and write, publish.

The only module that sees every layer. Measuring and publishing are separate: `run` leaves measurements in the cache,
`render` publishes what is stored and measures nothing, `build` does both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from reportgen.battery import run as work
from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell
from reportgen.battery.experiment import Measured
from reportgen.battery.results import Results, tabulate
from reportgen.chapters import CHAPTERS
from reportgen.errors import CheckFailed, EnvironmentFault, UsageError
from reportgen.experiments import EXPERIMENTS
from reportgen.judgments.comparison import comparison
from reportgen.provenance import provenance
from reportgen.report import book
from reportgen.report import publish as site
from reportgen.report.drawing import drawing
from reportgen.report.formats import FORMATS
from reportgen.settings import Battery, Settings

__all__ = ["Built", "Reporter", "build", "clean", "render", "run"]

PUBLISHED_TABLES = ("forward", "gradients", "theory", "training_races")
"""Result tables that are written whole under ``data/``: the battery, the battery beside its prediction, trainings."""


class Reporter(Protocol):
    """Where the pipeline tells how far it is."""

    def stage(self, name: str, total: int) -> None:
        """Announce a stage of `total` steps."""

    def advance(self, done: int) -> None:
        """Report that `done` steps of the stage are finished."""

    def warn(self, message: str) -> None:
        """Pass on a warning."""


class _Silent:
    def stage(self, name: str, total: int) -> None: ...
    def advance(self, done: int) -> None: ...
    def warn(self, message: str) -> None: ...


@dataclass(slots=True)
class Built:
    """What was done: where the site is, seconds per stage, and how many cells came from the cache.

    Attributes
    ----------
    page
        The front page, or None where nothing was published.
    seconds
        Stage -> wall time.
    cells, cached
        Number of cells, and how many of them were stored already.
    results
        The tables that the site was made from.
    """

    page: Path | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    cells: int = 0
    cached: int = 0
    results: Results | None = None

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Note the wall time of a stage."""
        start = perf_counter()
        yield
        self.seconds[stage] = round(perf_counter() - start, 3)

    def summary(self) -> list[str]:
        """Return lines for the end of a run: where the site is, times, share from the cache."""
        times = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in self.seconds.items())
        share = f"{self.cached} of {self.cells} cells came from the cache"
        return [*([f"The site is at {self.page}"] if self.page else []), f"{times}; {share}"]


def build(settings: Settings, reporter: Reporter | None = None) -> Built:
    """Measure the battery, draw the figures and publish the site.

    Parameters
    ----------
    settings
        What to measure and where to publish.
    reporter
        Is told how far the build is; by default nothing is printed.

    Raises
    ------
    ReportgenError
        For anything in the settings, the data or the environment that cannot be used, and for a sentence that the
        numbers do not bear out. An earlier site is then still there.
    """
    told, built = reporter or _Silent(), Built()
    site.ensure_publishable(settings.out)
    battery, measured = _measure(settings, told, built)
    _publish(settings, battery, measured, told, built)
    return built


def run(settings: Settings, reporter: Reporter | None = None) -> Built:
    """Measure the battery and leave the measurements in the cache."""
    if settings.cache is None:
        raise UsageError("run keeps its measurements in the cache: it cannot be used without one")
    built = Built()
    _measure(settings, reporter or _Silent(), built)
    return built


def render(settings: Settings, reporter: Reporter | None = None) -> Built:
    """Publish the site from stored measurements; nothing is measured."""
    told, built = reporter or _Silent(), Built()
    site.ensure_publishable(settings.out)
    battery = settings.battery()
    cells = _cells(battery)
    with built.timed("load"):
        cache = Cache(settings.cache)
        measured, missing = work.stored(cells, _recipe(settings), cache)
    _pass_on(cache.warnings, settings, told)
    if missing:
        raise EnvironmentFault(
            f"{len(missing)} of {len(cells)} cells are not stored for these settings and this code: "
            "measure them with `reportgen run`"
        )
    built.cells = built.cached = len(cells)
    _publish(settings, battery, measured, told, built)
    return built


def clean(out: Path, cache: Path) -> list[str]:
    """Delete the published site and the stored measurements, and nothing else; return what was deleted, in words."""
    stored = Cache(cache).clean()
    return [f"{out}: {site.clean(out)} files deleted", f"{cache}: {stored} stored cells deleted"]


def _measure(settings: Settings, told: Reporter, built: Built) -> tuple[Battery, dict[Cell, Measured]]:
    battery = settings.battery()
    cells, cache = _cells(battery), Cache(settings.cache)
    built.cells = len(cells)
    told.stage("measure", len(cells))

    def progress(done: int, total: int, from_cache: int) -> None:
        built.cached = from_cache
        told.advance(done)

    with built.timed("measure"):
        measured = work.measure(
            cells,
            _recipe(settings),
            cache,
            engine=settings.engine,
            jobs=settings.jobs,
            scheduler=settings.scheduler,
            progress=progress,
        )
    _pass_on(cache.warnings, settings, told)
    return battery, measured


def _publish(
    settings: Settings, battery: Battery, measured: Mapping[Cell, Measured], told: Reporter, built: Built
) -> None:
    with built.timed("tabulate"):
        tables = tabulate(EXPERIMENTS, measured)
        columns = {name: declared for experiment in EXPERIMENTS for name, declared in experiment.tables.items()}
        measured_tables = Results(tables, columns, battery.published(), provenance())
        built.results = replace(measured_tables, tables={**tables, "theory": comparison(measured_tables)})
    with built.timed("draw and write"):
        told.stage("draw", sum(len(chapter.figures) for chapter in CHAPTERS))
        mapper = drawing(1 if settings.engine == "serial" else settings.jobs, told.advance)
        files = book.render_book(CHAPTERS, built.results, settings.formats, tables=PUBLISHED_TABLES, mapper=mapper)
    told.stage("publish", 1)
    folder = site.publish(files, settings.out, _manifest(built, settings))
    built.page = folder / FORMATS[settings.formats[0]].path("index")
    told.advance(1)


def _cells(battery: Battery) -> list[Cell]:
    return [cell for experiment in EXPERIMENTS for cell in experiment.cells(battery)]


def _recipe(settings: Settings) -> work.Recipe:
    return work.Recipe.of(settings.seed, settings.plugins)


def _manifest(built: Built, settings: Settings) -> dict[str, Any]:
    """Return the manifest without its list of files: where the numbers come from, and how long each stage took."""
    assert built.results is not None
    return {
        **built.results.provenance,
        "seed": settings.seed,
        "settings": dict(built.results.settings),
        "wall_time_seconds": dict(built.seconds),
    }


def _pass_on(warnings: list[str], settings: Settings, told: Reporter) -> None:
    """Tell every warning, or fail with the first where the settings are strict."""
    if warnings and settings.strict:
        raise CheckFailed(f"{warnings[0]} (a warning, and the settings are strict)")
    for warning in warnings:
        told.warn(warning)
