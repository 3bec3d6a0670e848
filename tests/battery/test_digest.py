"""The digest that decides whether stored measurements may be used."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reportgen.battery import digest
from reportgen.battery.cell import Cell
from reportgen.battery.closure import source_closure
from reportgen.battery.digest import code_digest
from reportgen.battery.run import Recipe
from reportgen.experiments import EXPERIMENTS

EXPERIMENT = "from measured.shared import x\n"
SOURCES = {
    "one.py": EXPERIMENT,
    "two.py": f"def measure():\n    {EXPERIMENT}",
    "three.py": "y = 1\n",
    "shared.py": "x = 1\n",
}

Write = Callable[[Mapping[str, str]], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restarted: Callable[[], None]) -> Write:
    """Return a function that changes sources of a package with three experiments, as seen by a new process."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "measured").mkdir()

    def change(sources: Mapping[str, str]) -> None:
        for name, source in sources.items():
            (tmp_path / "measured" / name).write_text(source)
        restarted()

    change({"__init__.py": "import measured.one, measured.two, measured.three", **SOURCES})
    return change


def keys() -> dict[str, str]:
    recipe = Recipe.of(0, package="measured")
    return {name: recipe.key(Cell.of(name, "Part")) for name in ("one", "two", "three")}


def changed(before: dict[str, str]) -> set[str]:
    """Return the experiments whose stored cells are stale."""
    return {name for name, key in keys().items() if key != before[name]}


def test_a_change_in_one_experiment_leaves_the_stored_cells_of_the_others_alone(write: Write) -> None:
    before = keys()
    write({"one.py": EXPERIMENT + "# changed\n"})
    assert changed(before) == {"one"}


def test_a_change_in_what_two_experiments_import_makes_both_stale(write: Write) -> None:
    before = keys()
    write({"shared.py": "x = 2\n"})
    assert changed(before) == {"one", "two"}


def test_another_experiment_makes_nothing_stale(write: Write) -> None:
    before = keys()
    write({"four.py": EXPERIMENT, "__init__.py": "import measured.four"})
    assert changed(before) == set()


def test_a_process_goes_by_the_code_that_it_began_with(tmp_path: Path, write: Write) -> None:
    before = keys()
    (tmp_path / "measured/one.py").write_text("# changed")
    assert changed(before) == set()


def test_the_digests_are_the_same_in_another_process_with_another_hash_seed() -> None:
    names = [experiment.name for experiment in EXPERIMENTS]
    code = f"from reportgen.battery.digest import code_digest; print(*map(code_digest, {names}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [code_digest(name) for name in names]


def test_a_change_of_a_library_version_changes_the_digest(
    restarted: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = code_digest("propagation")
    restarted()
    monkeypatch.setattr(digest, "_version", lambda library: f"{library} 0.0")
    assert code_digest("propagation") != first


def test_a_plugin_changes_the_digest_of_every_experiment(tmp_path: Path) -> None:
    plugin = tmp_path / "quiet.py"
    plugin.write_text("x = 1")
    with_it, without = Recipe.of(0, [str(plugin)]), Recipe.of(0)
    assert all(with_it.code(experiment.name) != without.code(experiment.name) for experiment in EXPERIMENTS)


@pytest.mark.parametrize("source", digest._SOURCES)
def test_streams_and_the_form_of_storage_count_for_every_experiment(
    source: str, restarted: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = code_digest("propagation")
    restarted()
    monkeypatch.setattr(digest, "source_closure", lambda modules: {**source_closure(modules), source: "changed"})
    assert code_digest("propagation") != first
