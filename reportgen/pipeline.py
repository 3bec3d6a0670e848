"""The pipeline, as a table of contents: check, measure, tabulate, draw and write, publish.

The only module that sees every layer. Measuring and publishing are separate: `run` leaves measurements in the cache,
`render` publishes what is stored and measures nothing, `build` does both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from reportgen.battery import run as work
from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell
from reportgen.battery.engine import available_cpus, open_engine
from reportgen.battery.experiment import Experiment, Measured
from reportgen.battery.results import Results, tabulate
from reportgen.built import Built
from reportgen.chapters import CHAPTERS
from reportgen.errors import CheckFailed, EnvironmentFault, UsageError, named
from reportgen.experiments import EXPERIMENTS
from reportgen.judgments.comparison import with_comparison
from reportgen.provenance import provenance
from reportgen.report import book
from reportgen.report import publish as site
from reportgen.report.drawing import Mapper, counted, shared
from reportgen.report.formats import FORMATS
from reportgen.report.manifest import origin
from reportgen.reporter import Reporter, SilentReporter
from reportgen.settings import Battery, Settings

__all__ = ["DRAFT", "build", "clean", "render", "run"]

DRAFT = Path("draft")
"""Where the command line puts single chapters, so that the whole site stays whole."""

_FEW = 4
"""So many figures are drawn before another process has started."""


def build(settings: Settings, reporter: Reporter | None = None) -> Built:
    """Measure the battery, draw the figures and publish the site.

    Parameters
    ----------
    settings
        What to measure and where to publish.
    reporter
        Hears how far the build is; by default nothing is printed.

    Raises
    ------
    ReportgenError
        For anything in the settings, the data or the environment that cannot be used, and for a sentence that the
        numbers do not bear out. An earlier site is then still there.
    """
    reporter, built = reporter or SilentReporter(), Built()
    site.ensure_publishable(settings.out)
    battery = settings.battery()
    measured = _measure(_cells(battery), settings, reporter, built)
    results = _tabulate(battery, measured, built)
    _publish(results, settings, reporter, built)
    return built


def run(settings: Settings, reporter: Reporter | None = None, *, experiments: Sequence[str] = ()) -> Built:
    """Measure the battery, or only some experiments of it, and leave the measurements in the cache."""
    if settings.cache is None:
        raise UsageError("run keeps its measurements in the cache: it cannot be used without one")
    reporter, built = reporter or SilentReporter(), Built()
    known = {experiment.name: experiment for experiment in EXPERIMENTS}
    chosen = [named("experiment", name, known) for name in experiments]
    _measure(_cells(settings.battery(), chosen or EXPERIMENTS), settings, reporter, built)
    return built


def render(settings: Settings, reporter: Reporter | None = None, *, chapters: Sequence[str] = ()) -> Built:
    """Publish the site, or only some chapters of it, from stored measurements; nothing is measured.

    Parameters
    ----------
    settings
        What was measured, and where to publish.
    reporter
        Hears how far it is; by default nothing is printed.
    chapters
        Slugs of the chapters to publish, the same pages as in the whole site; none means all of them.

    Raises
    ------
    ReportgenError
        As `build`, and where a measurement is not stored.
    """
    reporter, built = reporter or SilentReporter(), Built()
    needed = _needed(chapters)
    site.ensure_publishable(settings.out)
    battery = settings.battery()
    measured = _load(_cells(battery, needed), settings, reporter, built)
    results = _tabulate(battery, measured, built)
    _publish(results, settings, reporter, built, chapters)
    return built


def clean(out: Path, cache: Path) -> list[str]:
    """Delete the site, a draft and the stored measurements, and nothing else; return what was deleted, in words."""
    stored = Cache(cache).clean()
    folders = [out, DRAFT] if site.is_published(DRAFT) else [out]
    deleted = [f"{folder}: {site.clean(folder)} files deleted" for folder in folders]
    return [*deleted, f"{cache}: {stored} stored cells deleted"]


def _needed(chapters: Sequence[str]) -> Sequence[Experiment]:
    """Return the experiments whose tables some chapters read; no chapters stand for all of them."""
    known = {chapter.slug: chapter for chapter in CHAPTERS}
    needs = {name for slug in chapters for name in named("chapter", slug, known).needs}
    return [experiment for experiment in EXPERIMENTS if not chapters or experiment.name in needs]


def _cells(battery: Battery, experiments: Iterable[Experiment] = EXPERIMENTS) -> list[Cell]:
    return [cell for experiment in experiments for cell in experiment.cells(battery)]


def _measure(cells: Sequence[Cell], settings: Settings, reporter: Reporter, built: Built) -> Mapping[Cell, Measured]:
    cache, recipe = Cache(settings.cache), work.Recipe.of(settings.seed, settings.plugins)
    reporter.stage("measure", len(cells))

    def progress(done: int, total: int, from_cache: int) -> None:
        built.cells, built.cached = total, from_cache
        reporter.advance(done)

    with built.timed("measure"):
        measured = work.measure(
            cells,
            recipe,
            cache,
            engine=settings.engine,
            jobs=settings.jobs,
            scheduler=settings.scheduler,
            progress=progress,
        )
    _pass_on(cache.warnings, settings, reporter)
    return measured


def _load(cells: Sequence[Cell], settings: Settings, reporter: Reporter, built: Built) -> Mapping[Cell, Measured]:
    cache, recipe = Cache(settings.cache), work.Recipe.of(settings.seed, settings.plugins)
    with built.timed("load"):
        measured, missing = work.stored(cells, recipe, cache)
    _pass_on(cache.warnings, settings, reporter)
    if missing:
        which = "".join(f" --experiment {name}" for name in dict.fromkeys(cell.experiment for cell in missing))
        raise EnvironmentFault(
            f"{len(missing)} of {len(cells)} cells are not stored for these settings and this code: "
            f"measure them with `reportgen run{which}` and the same options"
        )
    built.cells = built.cached = len(cells)
    return measured


def _tabulate(battery: Battery, measured: Mapping[Cell, Measured], built: Built) -> Results:
    """Make tables of what was measured, and put theory beside it where both are there."""
    there = {cell.experiment for cell in measured}
    experiments = [experiment for experiment in EXPERIMENTS if experiment.name in there]
    columns = {name: declared for experiment in experiments for name, declared in experiment.tables.items()}
    with built.timed("tabulate"):
        tables = tabulate(experiments, measured)
        return with_comparison(Results(tables, columns, battery.published(), provenance()))


def _publish(results: Results, settings: Settings, reporter: Reporter, built: Built, only: Sequence[str] = ()) -> None:
    figures = sum(len(chapter.figures) for chapter in CHAPTERS if not only or chapter.slug in only)
    reporter.stage("draw", figures)
    with built.timed("draw and write"), _drawing(settings, figures) as mapper:
        mapper = counted(mapper, reporter.advance)
        files = book.render_book(CHAPTERS, results, settings.formats, only=only, mapper=mapper)
    reporter.stage("publish", 1)
    folder = site.publish(files, settings.out, origin(results, built.seconds))
    built.results, built.page = results, folder / FORMATS[settings.formats[0]].path(only[0] if only else "index")
    reporter.advance(1)


@contextmanager
def _drawing(settings: Settings, figures: int) -> Iterator[Mapper]:
    """Yield what draws the figures: this process, with the help of others where that is worth their start."""
    helpers = (settings.jobs or available_cpus()) - 1
    if settings.engine == "serial" or helpers == 0 or figures <= _FEW:
        yield map
        return
    with open_engine("processes", helpers) as workers:
        yield shared(workers)


def _pass_on(warnings: Sequence[str], settings: Settings, reporter: Reporter) -> None:
    """Report every warning, or fail with the first where the settings are strict."""
    if warnings and settings.strict:
        raise CheckFailed(f"{warnings[0]} (a warning, and the settings are strict)")
    for warning in warnings:
        reporter.warn(warning)
