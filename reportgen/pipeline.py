"""The pipeline, as a table of contents: check, measure, tabulate, draw and write, publish.

The only module that sees every layer. Measuring and publishing are separate: `run` leaves measurements in the cache,
`render` publishes what is stored and measures nothing, `build` does both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, TypeVar

from reportgen.battery import run as work
from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell
from reportgen.battery.experiment import Measured
from reportgen.battery.results import Results, tabulate
from reportgen.chapters import CHAPTERS
from reportgen.errors import CheckFailed, EnvironmentFault, UsageError, did_you_mean
from reportgen.experiments import EXPERIMENTS
from reportgen.judgments.comparison import comparison
from reportgen.provenance import provenance
from reportgen.report import book
from reportgen.report import publish as site
from reportgen.report.drawing import counted
from reportgen.report.formats import FORMATS
from reportgen.settings import Battery, Settings

__all__ = ["Built", "Reporter", "build", "clean", "render", "run"]

T = TypeVar("T")

_EXPERIMENTS = {experiment.name: experiment for experiment in EXPERIMENTS}
_CHAPTERS = {chapter.slug: chapter for chapter in CHAPTERS}

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


def run(settings: Settings, reporter: Reporter | None = None, *, experiments: Sequence[str] = ()) -> Built:
    """Measure the battery, or only some experiments of it, and leave the measurements in the cache."""
    if settings.cache is None:
        raise UsageError("run keeps its measurements in the cache: it cannot be used without one")
    built = Built()
    _measure(settings, reporter or _Silent(), built, experiments)
    return built


def render(settings: Settings, reporter: Reporter | None = None, *, chapters: Sequence[str] = ()) -> Built:
    """Publish the site, or only some chapters of it, from stored measurements; nothing is measured.

    Parameters
    ----------
    settings
        What was measured, and where to publish.
    reporter
        Is told how far it is.
    chapters
        Slugs of the chapters to publish: the same pages as in the whole site. None means all of them.

    Raises
    ------
    ReportgenError
        As `build`, and where a measurement is not stored.
    """
    told, built = reporter or _Silent(), Built()
    site.ensure_publishable(settings.out)
    needed = {name for slug in chapters for name in _named(slug, _CHAPTERS, "chapter").needs}
    battery = settings.battery()
    cells = _cells(battery, needed) if chapters else _cells(battery)
    with built.timed("load"):
        cache = Cache(settings.cache)
        measured, missing = work.stored(cells, _recipe(settings), cache)
    _pass_on(cache.warnings, settings, told)
    if missing:
        absent = sorted({cell.experiment for cell in missing})
        which = "".join(f" --experiment {name}" for name in absent) if chapters else ""
        raise EnvironmentFault(
            f"{len(missing)} of {len(cells)} cells are not stored for these settings and this code: "
            f"measure them with `reportgen run{which}`"
        )
    built.cells = built.cached = len(cells)
    _publish(settings, battery, measured, told, built, chapters)
    return built


def clean(out: Path, cache: Path) -> list[str]:
    """Delete the published site and the stored measurements, and nothing else; return what was deleted, in words."""
    stored = Cache(cache).clean()
    return [f"{out}: {site.clean(out)} files deleted", f"{cache}: {stored} stored cells deleted"]


def _measure(
    settings: Settings, told: Reporter, built: Built, experiments: Sequence[str] = ()
) -> tuple[Battery, dict[Cell, Measured]]:
    for name in experiments:
        _named(name, _EXPERIMENTS, "experiment")
    battery = settings.battery()
    cells, cache = _cells(battery, experiments or _EXPERIMENTS), Cache(settings.cache)
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
    settings: Settings,
    battery: Battery,
    measured: Mapping[Cell, Measured],
    told: Reporter,
    built: Built,
    only: Sequence[str] = (),
) -> None:
    with built.timed("tabulate"):
        built.results = _results(battery, measured)
    with built.timed("draw and write"):
        told.stage("draw", sum(len(chapter.figures) for chapter in CHAPTERS if not only or chapter.slug in only))
        files = book.render_book(
            CHAPTERS,
            built.results,
            settings.formats,
            only=only,
            tables=PUBLISHED_TABLES,
            mapper=counted(map, told.advance),
        )
    told.stage("publish", 1)
    folder = site.publish(files, settings.out, _manifest(built, settings))
    built.page = folder / FORMATS[settings.formats[0]].path(only[0] if only else "index")
    told.advance(1)


def _results(battery: Battery, measured: Mapping[Cell, Measured]) -> Results:
    """Tabulate what was measured, and put theory beside it where both are there."""
    there = {cell.experiment for cell in measured}
    experiments = [experiment for experiment in EXPERIMENTS if experiment.name in there]
    tables = tabulate(experiments, measured)
    columns = {name: declared for experiment in experiments for name, declared in experiment.tables.items()}
    results = Results(tables, columns, battery.published(), provenance())
    if not {"propagation", "mean_field"} <= there:
        return results
    return replace(results, tables={**tables, "theory": comparison(results)})


def _cells(battery: Battery, experiments: Collection[str] = _EXPERIMENTS.keys()) -> list[Cell]:
    return [cell for name, one in _EXPERIMENTS.items() if name in experiments for cell in one.cells(battery)]


def _named(name: str, known: Mapping[str, T], kind: str) -> T:
    if name not in known:
        raise UsageError(f"there is no {kind} {name!r}: {did_you_mean(name, known)}")
    return known[name]


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
