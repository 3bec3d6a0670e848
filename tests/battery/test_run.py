"""Measuring cells: the same bytes from every engine, stored as they come, with errors that name their cause."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.battery import engine, run
from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell, Streams
from reportgen.battery.engine import ENGINES
from reportgen.battery.experiment import Experiment, Measured
from reportgen.battery.run import Recipe, find_experiment, measure, run_cell, stored
from reportgen.errors import DataError, EnvironmentFault, UsageError

PACKAGE = "toys"
CELLS = [Cell.of("toy", "Toy", behavior="draw", size=size) for size in (40, 7, 300, 64, 5)]


def toy(behavior: str, **factors: Any) -> Cell:
    return Cell.of("toy", "Toy", behavior=behavior, **factors)


@pytest.fixture
def recipe(toys: None) -> Recipe:
    return Recipe.of(0, package=PACKAGE)


def measured_here(cell: Cell, recipe: Recipe) -> Measured:
    return run_cell(cell, recipe, recipe.code(cell.experiment))


def contents(measured: Mapping[Cell, Measured]) -> list[tuple[object, ...]]:
    """Return everything that could differ: cells, tables, columns, their order, types and bytes."""
    return [
        (cell, table, name, column.dtype, column.tobytes())
        for cell, tables in measured.items()
        for table, columns in tables.items()
        for name, column in columns.items()
    ]


@pytest.mark.parametrize("name", [name for name in ENGINES if name != "serial"])
def test_every_engine_gives_the_bytes_of_serial_in_the_order_of_the_cells(name: str, recipe: Recipe) -> None:
    if name == "dask":
        pytest.importorskip("distributed", reason="the extra dask is not installed")
    serial = measure(CELLS, recipe, Cache(None), engine="serial")
    other = measure(CELLS, recipe, Cache(None), engine=name, jobs=2)
    assert list(serial) == CELLS
    assert contents(other) == contents(serial)


def test_another_seed_gives_other_bytes(recipe: Recipe) -> None:
    first = measure(CELLS, recipe, Cache(None), engine="serial")
    second = measure(CELLS, Recipe.of(1, package=PACKAGE), Cache(None), engine="serial")
    assert all(a[-1] != b[-1] for a, b in zip(contents(first), contents(second), strict=True) if a[2] == "value")


class Backwards(Executor):
    """Finishes what was submitted last first."""

    def __init__(self) -> None:
        self.tasks: list[tuple[Future[Any], Any, tuple[Any, ...]]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.tasks.append((future, fn, args))
        if len(self.tasks) == len(CELLS):
            for waiting, function, arguments in reversed(self.tasks):
                waiting.set_result(function(*arguments))
        return future


def test_the_order_of_completion_does_not_show(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "ENGINES", {"backwards": lambda jobs, scheduler: Backwards()})
    backwards = measure(CELLS, recipe, Cache(None), engine="backwards")
    assert contents(backwards) == contents(measure_serially(recipe))


def measure_serially(recipe: Recipe) -> Mapping[Cell, Measured]:
    return {cell: measured_here(cell, recipe) for cell in CELLS}


def test_what_is_stored_is_not_measured_again(recipe: Recipe, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    first = measure(CELLS, recipe, cache, engine="serial")
    monkeypatch.setattr(engine, "ENGINES", {})
    second = measure(CELLS, recipe, Cache(cache.folder), engine="none is needed")
    assert contents(second) == contents(first)


def test_only_what_is_missing_is_measured_and_progress_says_so(recipe: Recipe, cache: Cache) -> None:
    calls: list[tuple[int, int, int]] = []
    measure(CELLS[1:3], recipe, cache, engine="serial", progress=lambda *call: calls.append(call))
    assert calls == [(0, 2, 0), (1, 2, 0), (2, 2, 0)]
    calls.clear()
    measure(CELLS, recipe, cache, engine="serial", progress=lambda *call: calls.append(call))
    assert calls == [(2, 5, 2), (3, 5, 2), (4, 5, 2), (5, 5, 2)]


def test_a_cell_that_is_listed_twice_is_measured_once(recipe: Recipe) -> None:
    calls: list[tuple[int, int, int]] = []
    measured = measure(
        [*CELLS, *CELLS], recipe, Cache(None), engine="serial", progress=lambda *call: calls.append(call)
    )
    assert list(measured) == CELLS
    assert calls[-1] == (5, 5, 0)


def test_stored_tells_what_is_there_from_what_is_missing(recipe: Recipe, cache: Cache) -> None:
    measure([CELLS[3], CELLS[1]], recipe, cache, engine="serial")
    found, missing = stored(CELLS, recipe, cache)
    assert list(found) == [CELLS[1], CELLS[3]]
    assert missing == [CELLS[0], CELLS[2], CELLS[4]]


@pytest.mark.parametrize("other", [{"seed": 1}, {"plugin_digest": "changed"}])
def test_another_seed_or_other_code_finds_nothing_stored(recipe: Recipe, cache: Cache, other: dict[str, Any]) -> None:
    measure(CELLS, recipe, cache, engine="serial")
    parts = {"seed": recipe.seed, "plugins": (), "package": PACKAGE, "plugin_digest": "", **other}
    assert stored(CELLS, Recipe(**parts), cache) == ({}, CELLS)


def test_a_damaged_entry_is_measured_again(recipe: Recipe, cache: Cache) -> None:
    first = measure(CELLS, recipe, cache, engine="serial")
    assert cache.folder is not None
    path = next(cache.folder.rglob("*.npz"))
    path.write_bytes(path.read_bytes()[:-7])
    assert contents(measure(CELLS, recipe, cache, engine="serial")) == contents(first)
    assert len(cache.warnings) == 1
    assert stored(CELLS, recipe, cache)[1] == []


@pytest.mark.parametrize("name", ["serial", "processes"])
def test_what_came_before_an_error_stays_stored(recipe: Recipe, cache: Cache, name: str) -> None:
    with pytest.raises(DataError, match=r"^the file is malformed$"):
        measure([*CELLS[:2], toy("user_error"), *CELLS[2:]], recipe, cache, engine=name, jobs=1)
    assert stored(CELLS[:2], recipe, cache)[1] == []


@pytest.mark.parametrize("name", ["serial", "processes"])
def test_a_bug_keeps_its_type_and_its_traceback_and_names_the_cell(recipe: Recipe, name: str) -> None:
    with pytest.raises(ZeroDivisionError, match="a bug of the experiment") as caught:
        measure([toy("bug", width=12)], recipe, Cache(None), engine=name, jobs=1)
    assert '"behavior":"bug","width":12' in caught.value.__notes__[0]
    trace = str(caught.value.__cause__) if name == "processes" else str(caught.getrepr())
    assert "toy.py" in trace


@pytest.mark.parametrize("name", ["serial", "processes"])
def test_want_of_memory_is_one_line_that_names_the_cell(recipe: Recipe, name: str) -> None:
    with pytest.raises(EnvironmentFault, match=r"not enough memory to measure .*out_of_memory") as caught:
        measure([toy("out_of_memory")], recipe, Cache(None), engine=name, jobs=1)
    assert "\n" not in str(caught.value)


def test_a_worker_that_dies_is_one_line_and_what_was_stored_stays(recipe: Recipe, cache: Cache) -> None:
    measure(CELLS[:1], recipe, cache, engine="serial")
    with pytest.raises(EnvironmentFault, match="lost a worker"):
        measure([CELLS[0], toy("die"), CELLS[1]], recipe, cache, jobs=1)
    assert list(stored(CELLS, recipe, cache)[0])[:1] == CELLS[:1]


def test_a_process_with_other_code_refuses_to_measure(recipe: Recipe) -> None:
    with pytest.raises(EnvironmentFault, match="other code"):
        run_cell(CELLS[0], recipe, "other")


def test_workers_load_neither_pandas_nor_matplotlib_and_use_one_blas_thread(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.delenv(variable, raising=False)
    ((measured),) = measure([toy("look_around")], recipe, Cache(None), jobs=1).values()
    process, modules, threads = map(str, measured["rows"]["word"])
    loaded = {name.partition(".")[0] for name in modules.split()}
    assert int(process) != os.getpid()
    assert loaded.isdisjoint({"pandas", "matplotlib", "sklearn", "jinja2", "distributed", "pydantic"})
    assert {"numpy", "toys", "reportgen"} <= loaded
    assert threads == "1"


PLUGIN = """
from reportgen.registry import Definition
from toys.registry import things
things.add(Definition("mine", lambda name, parameters: 42.0))
"""


@pytest.mark.parametrize("name", ENGINES)
def test_workers_load_plugins(name: str, toys: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "dask":
        pytest.importorskip("distributed", reason="the extra dask is not installed")
    (tmp_path / "my_init.py").write_text(PLUGIN)
    monkeypatch.chdir(tmp_path)
    recipe = Recipe.of(0, ["my_init.py"], PACKAGE)
    monkeypatch.chdir("/")
    ((measured),) = measure([toy("use_plugin", name="mine")], recipe, Cache(None), engine=name, jobs=1).values()
    assert measured["rows"]["value"].tolist() == [42.0]
    assert recipe.code("toy") != Recipe.of(0, package=PACKAGE).code("toy")


def test_a_plugin_that_is_not_there_is_told_before_anything_is_measured() -> None:
    with pytest.raises(UsageError, match="there is no such file"):
        Recipe.of(0, ["no_such_plugin.py"])


@pytest.mark.parametrize(
    ("behavior", "expected"),
    [
        ("ragged", "toy.rows: columns must be equally long, not {'value': 3, 'word': 1}"),
        ("square", "toy.rows.value: must be 1-D numbers or words, not float64 of shape (2, 2)"),
        ("undeclared", "toy.rows: measured but not declared: ['surprise']"),
        ("incomplete", "toy.rows: neither measured nor a factor: ['word']"),
        ("objects", "toy.rows.word: must be 1-D numbers or words, not object of shape (1,)"),
    ],
)
def test_a_measurement_that_breaks_its_declaration_is_a_bug_that_names_the_column(
    recipe: Recipe, behavior: str, expected: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        measured_here(toy(behavior, size=5), recipe)


def test_tables_other_than_declared_are_a_bug() -> None:
    experiment = Experiment("toy", "", (type("Toy", (), {"tables": {"declared": ()}}),), lambda plan: ())
    with pytest.raises(ValueError, match=r"measured tables \['other'\], declared \['declared'\]"):
        run._as_declared(experiment, CELLS[0], {"other": {}})


def test_words_come_out_as_one_type_whether_measured_or_stored(recipe: Recipe, cache: Cache) -> None:
    measured = measure(CELLS[:1], recipe, cache, engine="serial")
    found, _ = stored(CELLS[:1], recipe, cache)
    assert contents(found) == contents(measured)
    assert found[CELLS[0]]["rows"]["word"].dtype.kind == "U"


def test_an_experiment_is_found_by_its_name_and_must_bear_it(recipe: Recipe) -> None:
    assert find_experiment("toy", PACKAGE).measure(CELLS[0], Streams(0))["rows"]["value"].dtype == np.float32
    with pytest.raises(ModuleNotFoundError):
        find_experiment("no_such_experiment", PACKAGE)
    with pytest.raises((TypeError, AttributeError)):
        find_experiment("registry", PACKAGE)


INTERRUPTED = """
import sys
from pathlib import Path
from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell
from reportgen.battery.run import Recipe, measure

if __name__ == "__main__":
    name, cache, started = sys.argv[1:]
    draw, sleep = ({"behavior": name, "size": 5} for name in ("draw", "sleep"))
    cells = [Cell.of("toy", "Toy", **draw), Cell.of("toy", "Toy", **sleep, started=started)]
    try:
        measure(cells, Recipe.of(0, package="toys"), Cache(Path(cache)), engine=name, jobs=1)
    except KeyboardInterrupt:
        print("interrupted")
"""


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent to a process group")
@pytest.mark.parametrize("name", ENGINES)
def test_ctrl_c_ends_everything_soon_and_quietly_and_what_was_stored_stays(
    name: str, recipe: Recipe, tmp_path: Path
) -> None:
    if name == "dask":
        pytest.importorskip("distributed", reason="the extra dask is not installed")
    script, started = tmp_path / "script.py", tmp_path / "started"
    script.write_text(INTERRUPTED)
    process = subprocess.Popen(
        [sys.executable, script, name, tmp_path / "cache", started],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.perf_counter() + 60
    while not (started.exists() and any(tmp_path.glob("cache/*/*.npz"))) and time.perf_counter() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=30) == ("interrupted\n", "")
    drawn = Cell.of("toy", "Toy", behavior="draw", size=5)
    assert stored([drawn], recipe, Cache(tmp_path / "cache"))[1] == []
