"""Measure cells on an engine, and store what was measured.

Cells name their experiment; it is found in a package by that name (`Recipe.package`), since this room does not know
which experiments there are.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import nullcontext
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen import foreign, plugins
from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell, Streams
from reportgen.battery.digest import PACKAGE, code_digest
from reportgen.battery.engine import one_blas_thread, open_engine
from reportgen.battery.experiment import Experiment, Measured
from reportgen.errors import EnvironmentFault, ReportgenError

__all__ = ["Progress", "Recipe", "find_experiment", "measure", "run_cell", "stored"]

Progress = Callable[[int, int, int], None]
"""Called as ``progress(done, total, from_cache)`` with numbers of cells."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything beside a cell's factors that decides what it yields.

    Attributes
    ----------
    seed
        Root seed of all random numbers.
    plugins
        Plugins to load, files with absolute paths.
    package
        Where the experiments are.
    plugin_digest
        Digest of the plugins.
    plugin_seconds
        How long a call of a plugin may take; it decides whether there is a result, not which.
    """

    seed: int
    plugins: tuple[str, ...]
    package: str
    plugin_digest: str
    plugin_seconds: float = foreign.SECONDS

    @classmethod
    def of(
        cls, seed: int, names: Iterable[str] = (), package: str = PACKAGE, plugin_seconds: float = foreign.SECONDS
    ) -> Recipe:
        """Make the recipe of the code as it is now.

        Parameters
        ----------
        seed
            Root seed of all random numbers.
        names
            Plugins, as for `reportgen.plugins.load`; they are loaded.
        package
            Where the experiments are.
        plugin_seconds
            How long a call of a plugin may take.
        """
        foreign.allow(plugin_seconds)
        absolute = plugins.absolute(names)
        return cls(seed, absolute, package, plugins.digest(absolute), plugin_seconds)

    def code(self, experiment: str) -> str:
        """Return the digest of the code that measures the cells of an experiment."""
        return code_digest(experiment, self.plugin_digest, self.package)

    def key(self, cell: Cell) -> str:
        """Return the key under which the cell's result is stored."""
        return cell.key(self.seed, self.code(cell.experiment))


def measure(
    cells: Iterable[Cell],
    recipe: Recipe,
    cache: Cache,
    *,
    engine: str = "processes",
    jobs: int | None = None,
    scheduler: str | None = None,
    executor: Executor | None = None,
    order: Callable[[Cell], tuple[Any, ...]] = lambda _: (),
    progress: Progress = lambda *_: None,
) -> dict[Cell, Measured]:
    """Measure cells, except for those that are stored.

    Parameters
    ----------
    cells
        What to measure.
    recipe
        Seed and plugins.
    cache
        Each result is stored as soon as it is there, so that an interrupted run goes on where it stopped.
    engine, jobs, scheduler
        As for `reportgen.battery.engine.open_engine`.
    executor
        An engine that is open already, and stays open; it takes the place of these three.
    order
        Cells are started in the order of what it returns, else in that of the list. With the longest first all workers
        end at about one time; cells that can share what they need are best started one after the other.
    progress
        Called once after the cache was looked up, then after every cell.

    Returns
    -------
    dict
        In the order of `cells`, whatever the engine.

    Raises
    ------
    EnvironmentFault
        If a worker dies, runs out of memory or runs other code than this process.
    """
    wanted = list(dict.fromkeys(cells))
    results, missing = stored(wanted, recipe, cache)
    from_cache = len(results)
    progress(from_cache, len(wanted), from_cache)
    if missing:
        opened = nullcontext(executor) if executor else open_engine(engine, jobs, scheduler)
        with opened as workers:
            for cell, future in _completed(workers, sorted(missing, key=order), recipe):
                results[cell] = _outcome(cell, future)
                cache.put(recipe.key(cell), results[cell])
                progress(len(results), len(wanted), from_cache)
    return {cell: results[cell] for cell in wanted}


def stored(cells: Iterable[Cell], recipe: Recipe, cache: Cache) -> tuple[dict[Cell, Measured], list[Cell]]:
    """Return what is stored, and the cells that would have to be measured; both in the order of `cells`.

    Parameters
    ----------
    cells, recipe, cache
        As for `measure`.
    """
    found = {cell: _trusted(cell, recipe, cache) for cell in cells}
    there = {cell: measured for cell, measured in found.items() if measured is not None}
    return there, [cell for cell in found if cell not in there]


def _trusted(cell: Cell, recipe: Recipe, cache: Cache) -> Measured | None:
    """Return what is stored of a cell if it is what the experiment declares; its checksum alone is no secret."""
    key = recipe.key(cell)
    measured = cache.get(key)
    if measured is None:
        return None
    try:
        return _as_declared(find_experiment(cell.experiment, recipe.package), cell, measured)
    except ValueError:
        cache.distrust(key)
        return None


def run_cell(cell: Cell, recipe: Recipe, code: str) -> Measured:
    """Measure one cell; this is what every engine runs, in whichever process.

    Parameters
    ----------
    cell
        What to measure.
    recipe
        Seed and plugins.
    code
        Digest of the code that measures this cell in the process that asks.

    Raises
    ------
    EnvironmentFault
        If this process would run other code than the one that asks.
    """
    here = Recipe.of(recipe.seed, recipe.plugins, recipe.package, recipe.plugin_seconds)
    if here.code(cell.experiment) != code:
        raise EnvironmentFault(
            "a worker has other code or library versions than this process: "
            "install the same there, or run again if the code was just changed"
        )
    experiment = find_experiment(cell.experiment, recipe.package)
    with one_blas_thread():
        return _as_declared(experiment, cell, experiment.measure(cell, Streams(recipe.seed)))


def find_experiment(name: str, package: str = PACKAGE) -> Experiment:
    """Return the experiment that the module of this name in a package defines as ``EXPERIMENT``."""
    experiment = importlib.import_module(f"{package}.{name}").EXPERIMENT
    if not isinstance(experiment, Experiment) or experiment.name != name:
        raise TypeError(f"{package}.{name}.EXPERIMENT must be an Experiment of the name {name}")
    return experiment


def _completed(executor: Executor, cells: list[Cell], recipe: Recipe) -> Iterator[tuple[Cell, Future[Measured]]]:
    """Submit all cells and yield each when it is done, those of the serial engine while the rest still waits."""
    done: SimpleQueue[Future[Measured]] = SimpleQueue()
    running: dict[Future[Measured], Cell] = {}
    for cell in cells:
        future = executor.submit(run_cell, cell, recipe, recipe.code(cell.experiment))
        running[future] = cell
        future.add_done_callback(done.put)
        while not done.empty():
            future = done.get()
            yield running.pop(future), future
    while running:
        future = done.get()
        yield running.pop(future), future


def _outcome(cell: Cell, future: Future[Measured]) -> Measured:
    """Return the result of a cell; a bug keeps its traceback and learns the name of the cell."""
    try:
        return future.result()
    except (ReportgenError, BrokenExecutor, CancelledError):
        raise
    except MemoryError:
        raise EnvironmentFault(f"not enough memory to measure {cell.canonical()}: try fewer jobs") from None
    except Exception as error:
        error.add_note(f"while measuring {cell.canonical()}")
        raise


def _as_declared(experiment: Experiment, cell: Cell, measured: Measured) -> Measured:
    """Hold a measurement against what its experiment declares, and bring strings to a type that can be stored."""
    if not measured.keys() <= experiment.tables.keys():
        raise ValueError(f"{experiment.name}: measured tables {list(measured)}, declared {list(experiment.tables)}")
    tables = {
        table: {name: _column(f"{experiment.name}.{table}.{name}", values) for name, values in columns.items()}
        for table, columns in measured.items()
    }
    for table, columns in tables.items():
        declared = {column.name for column in experiment.tables[table]}
        lengths = {name: len(values) for name, values in columns.items()}
        if undeclared := columns.keys() - declared:
            raise ValueError(f"{experiment.name}.{table}: measured but not declared: {sorted(undeclared)}")
        if absent := declared - columns.keys() - cell.mapping().keys():
            raise ValueError(f"{experiment.name}.{table}: neither measured nor a factor: {sorted(absent)}")
        if len(set(lengths.values())) != 1:
            raise ValueError(f"{experiment.name}.{table}: columns must be equally long, not {lengths}")
    return tables


def _column(name: str, values: NDArray[np.generic]) -> NDArray[np.generic]:
    column = np.asarray(values)
    if column.dtype == object and all(isinstance(value, str) for value in column.flat):
        column = column.astype(str)
    if column.ndim != 1 or column.dtype.kind not in "biufU":
        raise ValueError(f"{name}: must be 1-D numbers or words, not {column.dtype} of shape {column.shape}")
    return column
