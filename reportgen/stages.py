"""The stages of the pipeline, each timed and reported; no other module sees every layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

from reportgen.battery import results as tables
from reportgen.battery import run as work
from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell
from reportgen.battery.cost import NOMINAL
from reportgen.battery.engine import available_cpus, open_engine
from reportgen.battery.experiment import Measured
from reportgen.battery.results import Results
from reportgen.built import Built
from reportgen.chapters import CHAPTERS
from reportgen.errors import CheckFailed, EnvironmentFault
from reportgen.experiments import EXPERIMENTS
from reportgen.experiments.costs import cost_of
from reportgen.experiments.scale import with_scale
from reportgen.judgments.comparison import with_comparison
from reportgen.nn.examination import doubts
from reportgen.provenance import provenance
from reportgen.report import book
from reportgen.report import publish as site
from reportgen.report.exports.export import render_export
from reportgen.report.exports.place import EXPORT
from reportgen.report.exports.systems import System
from reportgen.report.figures import Mapper, Progress, shared
from reportgen.report.manifest import origin
from reportgen.report.page import Unmet
from reportgen.report.products import WHOLE, place_of
from reportgen.report.shelf import Shelf
from reportgen.reporter import Reporter
from reportgen.settings import Battery, Settings

__all__ = ["export", "keys", "load", "measure", "open_shelf", "publish", "resolve", "tabulate", "working"]

_TOLD = 3
"""Experiments that are named one by one where their measurements are missing."""


def resolve(settings: Settings, reporter: Reporter) -> Battery:
    """Resolve the settings into the battery, and report what is odd about data and plugins.

    A plugin's initializer or activation that does not keep what is declared of it is such an oddity.

    Raises
    ------
    ReportgenError
        For a name or file that cannot be used, and for an oddity where the settings are strict.
    """
    battery = settings.battery()
    _pass_on([*battery.oddities, *doubts(battery.initializers, battery.activations)], settings, reporter)
    return battery


def measure(
    cells: Sequence[Cell], settings: Settings, reporter: Reporter, built: Built, workers: Executor | None = None
) -> Mapping[Cell, Measured]:
    """Measure what is not stored, on the engine of the settings or on one that is open already.

    Raises
    ------
    ReportgenError
        As `reportgen.battery.run.measure`, and for a damaged measurement where the settings are strict.
    """
    cache, recipe = Cache(settings.cache), _recipe(settings)
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
            executor=workers,
            order=_order,
            progress=progress,
        )
    _pass_on(cache.warnings, settings, reporter)
    return measured


def load(cells: Sequence[Cell], settings: Settings, reporter: Reporter, built: Built) -> Mapping[Cell, Measured]:
    """Take what is stored.

    Raises
    ------
    EnvironmentFault
        If something is missing, with the command that measures it.
    """
    cache, recipe = Cache(settings.cache), _recipe(settings)
    with built.timed("load"):
        measured, missing = work.stored(cells, recipe, cache)
    _pass_on(cache.warnings, settings, reporter)
    if missing:
        names = dict.fromkeys(cell.experiment for cell in missing)
        which = "".join(f" --experiment {name}" for name in names) if len(names) <= _TOLD else ""
        raise EnvironmentFault(
            f"{len(missing)} of {len(cells)} cells are not stored for these settings and this code: "
            f"measure them with `reportgen run{which}` and the same options"
        )
    built.cells = built.cached = len(cells)
    return measured


def tabulate(battery: Battery, measured: Mapping[Cell, Measured], built: Built) -> Results:
    """Make tables of what was measured, and put theory beside it where both are there."""
    there = {cell.experiment for cell in measured}
    experiments = [experiment for experiment in EXPERIMENTS if experiment.name in there]
    columns = {name: declared for experiment in experiments for name, declared in experiment.tables.items()}
    with built.timed("tabulate"):
        frames = tables.tabulate(experiments, measured)
        return with_scale(with_comparison(Results(frames, columns, battery.published(), provenance())))


def publish(
    results: Results,
    settings: Settings,
    reporter: Reporter,
    built: Built,
    only: Sequence[str] = (),
    *,
    shelf: Shelf | None = None,
    workers: Executor | None = None,
) -> None:
    """Draw and write the chapters, or `only` some of them, and put them in the place of what was published before.

    What was drawn before is taken from the cache; the rest this process draws, with the help of others.

    Raises
    ------
    CheckFailed
        For a sentence that the numbers do not bear out, where the settings are strict and it is meant for them.
    ReportgenError
        For what cannot be rendered or published. What was published before is then still there.
    """
    imprint, read = settings.imprint(), _read(results, settings, reporter, built, only)
    shelf = shelf or open_shelf(settings)

    @contextmanager
    def making(product: str) -> Iterator[None]:
        reporter.stage(f"make {product}", 1)
        with built.timed(product):
            yield
        reporter.advance(1)

    with built.timed("draw and write"), _drawing(settings, workers) as mapper:
        files = book.render_book(
            read,
            settings.formats,
            imprint=imprint,
            overrides=settings.templates,
            mapper=mapper,
            shelf=shelf,
            progress=_progress(reporter, built),
            making=making,
            dpi=settings.dpi,
        )
    _pass_on(shelf.entries.warnings, settings, reporter)
    reporter.stage("publish", 1)
    built.whole = {name: len(files[name]) for name in WHOLE if name in files}
    folder = site.publish(files, settings.out, origin(results, built.seconds, built.unmet))
    built.made_from, built.page = (
        (lambda: results),
        folder / place_of(settings.formats[0], only[0] if only else "index"),
    )
    reporter.advance(1)


def export(
    results: Results, settings: Settings, reporter: Reporter, built: Built, system: System, folder: Path
) -> None:
    """Draw and write all chapters as a publishing system reads them, into a folder of their own.

    Raises
    ------
    CheckFailed, ReportgenError
        As `publish`. What was exported there before is then still there.
    """
    imprint, read = settings.imprint(), _read(results, settings, reporter, built, ())
    shelf = open_shelf(settings)
    with built.timed("draw and write"), _drawing(settings, None) as mapper:
        files = render_export(
            read,
            system,
            imprint=imprint,
            overrides=settings.templates,
            mapper=mapper,
            shelf=shelf,
            progress=_progress(reporter, built),
            dpi=settings.dpi,
        )
    _pass_on(shelf.entries.warnings, settings, reporter)
    reporter.stage("export", 1)
    site.publish(files, folder, {**origin(results, built.seconds, built.unmet), EXPORT: system.name})
    built.made_from = lambda: results
    built.next_step = f"Build it: cd {quote(str(folder))} && {system.build}"
    reporter.advance(1)


def _read(results: Results, settings: Settings, reporter: Reporter, built: Built, only: Sequence[str]) -> book.Book:
    """Read the chapters, and report what the numbers do not bear out."""
    with built.timed("read and check"):
        read = book.Book.read(CHAPTERS, results, only)
        built.unmet = read.unmet()
    _tell_unmet(built.unmet, settings, reporter)
    return read


def _progress(reporter: Reporter, built: Built) -> Progress:
    """Return what hears how many figures are drawn."""

    def progress(done: int, total: int, stored: int) -> None:
        if done == stored:
            reporter.stage("draw", total)
        built.figures, built.drawn_before = total, stored
        reporter.advance(done)

    return progress


def open_shelf(settings: Settings) -> Shelf:
    """Return the stored figures; the sources of what draws them are read now, as long as they are what is imported."""
    return Shelf(Cache(settings.cache), [figure.draw for chapter in CHAPTERS for figure in chapter.figures])


@contextmanager
def working(settings: Settings) -> Iterator[Executor | None]:
    """Yield worker processes that first measure and then draw, or None for an engine that only measures.

    Where nothing is stored they start at once, while this process still resolves names and looks for what is stored;
    else when there is something to do.
    """
    if settings.engine != "processes":
        yield None
        return
    with open_engine("processes", settings.jobs) as workers:
        if Cache(settings.cache).is_empty():
            for _ in range(min(settings.jobs or available_cpus(), available_cpus())):
                workers.submit(_prepare)
        yield workers


def _prepare() -> None:
    """Import what measures, in a worker that has nothing to do yet."""
    for experiment in EXPERIMENTS:
        work.find_experiment(experiment.name)


@contextmanager
def _drawing(settings: Settings, workers: Executor | None) -> Iterator[Mapper]:
    """Yield what draws the figures: this process, with the help of others where there may be any."""
    helpers = (settings.jobs or available_cpus()) - 1
    if settings.engine == "serial" or helpers == 0:
        yield map
    elif workers:
        yield shared(workers)
    else:
        with open_engine("processes", helpers) as opened:
            yield shared(opened)


def _order(cell: Cell) -> tuple[float, str]:
    """Return what cells are started by: the longest first, and those of one start together, which share its weights."""
    seconds = NOMINAL.seconds(cost_of(work.find_experiment(cell.experiment).part(cell)))
    return -seconds, str(cell.mapping().get("initializer", ""))


def keys(cells: Iterable[Cell], settings: Settings) -> list[str]:
    """Return the keys under which cells are stored."""
    recipe = _recipe(settings)
    return [recipe.key(cell) for cell in cells]


def _recipe(settings: Settings) -> work.Recipe:
    return work.Recipe.of(settings.seed, settings.plugins, plugin_seconds=settings.plugin_seconds)


def _tell_unmet(unmet: Sequence[Unmet], settings: Settings, reporter: Reporter) -> None:
    """Report every sentence that is not borne out, or fail with those meant for settings that are strict."""
    if settings.strict and (meant := [one for one in unmet if not one.outside]):
        count = "a sentence" if len(meant) == 1 else f"{len(meant)} sentences"
        lines = [f"the numbers do not bear out {count} of the report, and the settings are strict:", *map(str, meant)]
        raise CheckFailed("\n  ".join(lines))
    for one in unmet:
        reporter.warn(str(one))


def _pass_on(warnings: Sequence[str], settings: Settings, reporter: Reporter) -> None:
    """Report every warning, or fail with the first where the settings are strict."""
    if warnings and settings.strict:
        raise CheckFailed(f"{warnings[0]} (a warning, and the settings are strict)")
    for warning in warnings:
        reporter.warn(warning)
