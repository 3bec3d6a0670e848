"""The pipeline, as a table of contents: check, measure, tabulate, draw and write, publish.

Measuring and publishing are separate: `run` leaves measurements in the cache, `render` publishes what is stored and
measures nothing, `build` does both. What each stage does stands in `reportgen.stages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from reportgen import stages
from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell
from reportgen.battery.cost import measure_rates
from reportgen.battery.experiment import Experiment
from reportgen.battery.folder import CELL, FIGURE
from reportgen.battery.results import Results
from reportgen.built import Built
from reportgen.chapters import CHAPTERS
from reportgen.current import keep, source_of
from reportgen.errors import UsageError, named
from reportgen.experiments import EXPERIMENTS
from reportgen.plan import Plan, make_plan, require_possible
from reportgen.report import publish as site
from reportgen.report.book import Book
from reportgen.report.exports.place import ensure_exportable, ensure_no_export
from reportgen.report.exports.systems import SYSTEMS
from reportgen.report.formats import DEFAULT_FORMATS, FORMATS
from reportgen.report.manifest import listed_files
from reportgen.report.margins import Margin, margins
from reportgen.report.products import PRODUCTS
from reportgen.reporter import Reporter, SilentReporter
from reportgen.settings import Battery, Settings

__all__ = ["DRAFT", "build", "check", "clean", "export", "plan", "render", "results", "run"]

DRAFT = Path("draft")
"""Where the command line puts single chapters, so that the whole site stays whole."""


def build(settings: Settings, reporter: Reporter | None = None, *, force: bool = False) -> Built:
    """Measure the battery, draw the figures and publish the site.

    Parameters
    ----------
    settings
        What to measure and where to publish.
    reporter
        Hears how far the build is; by default nothing is printed.
    force
        Whether to begin what is estimated not to fit on this machine.

    Raises
    ------
    ReportgenError
        For anything in the settings, the data or the environment that cannot be used, and, where the settings are
        strict, for a sentence that the numbers do not bear out. An earlier site is then still there.
    """
    reporter, built = reporter or SilentReporter(), Built()
    _ready(settings)
    source, shelf = source_of(settings), stages.open_shelf(settings)
    require_possible(settings, reporter, force=force)
    with stages.working(settings) as workers:
        battery = stages.resolve(settings, reporter)
        measured = stages.measure(_cells(battery), settings, reporter, built, workers)
        tables = stages.tabulate(battery, measured, built)
        stages.publish(tables, settings, reporter, built, shelf=shelf, workers=workers)
    if not battery.oddities:  # which are told every time
        keep(settings, source, stages.keys(measured, settings), built)
    return built


def run(
    settings: Settings, reporter: Reporter | None = None, *, experiments: Sequence[str] = (), force: bool = False
) -> Built:
    """Measure the battery, or only some experiments of it, and leave the measurements in the cache."""
    if settings.cache is None:
        raise UsageError("run keeps its measurements in the cache: it cannot be used without one")
    reporter, built = reporter or SilentReporter(), Built()
    known = {experiment.name: experiment for experiment in EXPERIMENTS}
    chosen = [named("experiment", name, known) for name in dict.fromkeys(experiments)] or EXPERIMENTS
    require_possible(settings, reporter, chosen, publishes=False, force=force)
    stages.measure(_cells(stages.resolve(settings, reporter), chosen), settings, reporter, built)
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
    _ready(settings)
    if chapters:
        _spare_the_site(settings.out)
    require_possible(settings, reporter, needed, measures=False)
    battery = stages.resolve(settings, reporter)
    measured = stages.load(_cells(battery, needed), settings, reporter, built)
    tables = stages.tabulate(battery, measured, built)
    stages.publish(tables, settings, reporter, built, chapters)
    return built


def export(settings: Settings, system: str, folder: Path, reporter: Reporter | None = None) -> Built:
    """Write the report as a folder that a publishing system builds, from stored measurements; nothing is measured.

    Parameters
    ----------
    settings
        What was measured, and how it is published; where, is not read.
    system
        A name out of `reportgen.report.exports.systems.SYSTEMS`.
    folder
        Where to; empty, or an earlier export in which nothing was changed.
    reporter
        Hears how far it is; by default nothing is printed.

    Raises
    ------
    ReportgenError
        As `render`, and for a folder that holds something else.
    """
    reporter, built, chosen = reporter or SilentReporter(), Built(), named("publishing system", system, SYSTEMS)
    settings = settings.model_copy(update={"out": folder, "formats": DEFAULT_FORMATS})
    ensure_exportable(folder)
    _ready(settings, is_export=True)
    require_possible(settings, reporter, measures=False)
    battery = stages.resolve(settings, reporter)
    measured = stages.load(_cells(battery), settings, reporter, built)
    stages.export(stages.tabulate(battery, measured, built), settings, reporter, built, chosen, folder)
    return built


def results(settings: Settings, *, chapters: Sequence[str] = ()) -> Results:
    """Return the tables that `build` makes a site from; what is not stored is measured.

    Parameters
    ----------
    settings
        What to measure.
    chapters
        Slugs of the chapters whose tables are wanted; none means all of them.
    """
    reporter, built, needed = SilentReporter(), Built(), _needed(chapters)
    battery = stages.resolve(settings, reporter)
    return stages.tabulate(battery, stages.measure(_cells(battery, needed), settings, reporter, built), built)


def plan(settings: Settings) -> Plan:
    """Estimate what `build` would take, at the rate of this machine; what `build` refuses is refused.

    Raises
    ------
    ReportgenError
        For settings that cannot be used, and for a folder in which no site may be published.
    """
    _ready(settings)
    return make_plan(settings, rates=measure_rates())


def check(settings: Settings, reporter: Reporter | None = None, *, seeds: int = 1, force: bool = False) -> list[Margin]:
    """Measure the battery on several seeds, and return how safely every sentence holds; nothing is published.

    Parameters
    ----------
    settings
        What to measure, and the first root seed.
    reporter
        Hears how far it is; by default nothing is printed.
    seeds
        How many root seeds, one after the other.
    force
        Whether to begin what is estimated not to fit on this machine.
    """
    reporter, runs = reporter or SilentReporter(), []
    require_possible(settings, reporter, publishes=False, force=force)
    for seed in range(settings.seed, settings.seed + seeds):
        one = settings.model_copy(update={"seed": seed})
        battery, built = stages.resolve(one, reporter), Built()
        tables = stages.tabulate(battery, stages.measure(_cells(battery), one, reporter, built), built)
        runs.append(Book.read(CHAPTERS, tables).readings)
    return margins(runs)


def clean(out: Path, cache: Path) -> list[str]:
    """Delete the site, a draft and the stored measurements, and nothing else; return what was deleted, in words.

    Raises
    ------
    ReportgenError
        If one of them is not ours, or cannot be deleted. Nothing is deleted then.
    """
    stored, folders = Cache(cache), [out]
    if site.is_published(DRAFT) and DRAFT.resolve() != out.resolve():
        folders.append(DRAFT)
    stored.ensure_cleanable()
    for folder in folders:
        site.ensure_cleanable(folder)
    deleted = [f"{folder}: {site.clean(folder)} files deleted" for folder in folders]
    counts = stored.clean()
    figures = f" and {counts[FIGURE]} figures" if counts[FIGURE] else ""
    return [*deleted, f"{cache}: {counts[CELL]} stored cells{figures} deleted"]


def _needed(chapters: Sequence[str]) -> Sequence[Experiment]:
    """Return the experiments whose tables some chapters read; no chapters stand for all of them."""
    known = {chapter.slug: chapter for chapter in CHAPTERS}
    experiments = {experiment.name: experiment for experiment in EXPERIMENTS}
    needs = {
        named("experiment", name, experiments) for slug in chapters for name in named("chapter", slug, known).needs
    }
    return [experiment for experiment in EXPERIMENTS if not chapters or experiment in needs]


def _ready(settings: Settings, *, is_export: bool = False) -> None:
    """Check, before anything is measured, where, as what and with what the site is published; the cache lies apart."""
    settings.imprint()
    site.ensure_publishable(settings.out)
    if not is_export:
        ensure_no_export(settings.out)
    for product in (PRODUCTS[name] for name in settings.formats if name in PRODUCTS):
        product.ensure()
    if settings.cache is None:
        return
    out, cache = settings.out.resolve(), settings.cache.resolve()
    if out.is_relative_to(cache) or cache.is_relative_to(out):
        raise UsageError(f"the site in {settings.out} and the cache in {settings.cache} need folders apart")


def _spare_the_site(out: Path) -> None:
    """Refuse to let single chapters take the place of a whole site."""
    listed = set(listed_files(out.resolve()))
    if any({kind.path(chapter.slug) for chapter in CHAPTERS} <= listed for kind in FORMATS.values()):
        raise UsageError(f"{out}: holds the whole site, which single chapters would replace; choose another folder")


def _cells(battery: Battery, experiments: Iterable[Experiment] = EXPERIMENTS) -> list[Cell]:
    return [cell for experiment in experiments for cell in experiment.cells(battery)]
