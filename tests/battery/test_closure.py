"""The sources that decide what a module does, as read from the sources and as the interpreter loads them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

import reportgen
from reportgen.battery import closure
from reportgen.battery.closure import imported_names, source_closure
from reportgen.experiments import EXPERIMENTS

PACKAGE = Path(reportgen.__file__).parent
NAMES = [experiment.name for experiment in EXPERIMENTS]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restarted: object) -> Callable[..., None]:
    """Return a function that writes modules of a package: path inside it -> source."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(files: dict[str, str]) -> None:
        for path, text in {"pack/__init__.py": "", **{f"pack/{path}": text for path, text in files.items()}}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)

    return write


def names(*modules: str) -> list[str]:
    return [name.removeprefix("pack.") for name in source_closure([f"pack.{module}" for module in modules])]


@pytest.mark.parametrize(
    "statement",
    [
        "import pack.used",
        "import pack.used as another",
        "import json, pack.used",
        "from pack import used",
        "from pack.used import anything",
        "from pack.used import (\n    anything,\n    more,\n)",
        "from pack.used import *",
        "from . import used",
        "from .used import anything",
        "def f():\n    import pack.used",
        "def f():\n    from pack import used\n    return used",
        "if True: import pack.used",
        "x = 1; import pack.used",
        "from pack import \\\n    used",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pack.used import Anything",
        '"""A text.\n\nimport nothing from nowhere.\n"""\nimport pack.used',
    ],
)
def test_whatever_is_imported_counts_however_it_is_written(statement: str, sources: Callable[..., None]) -> None:
    sources({"one.py": statement, "used.py": "x = 1", "unused.py": "x = 1"})
    assert names("one") == ["one", "used"]


def test_imports_are_followed_through_modules_and_in_circles(sources: Callable[..., None]) -> None:
    sources({"one.py": "import pack.two", "two.py": "import pack.deep.three", "deep/three.py": "import pack.one"})
    assert names("one") == ["deep.three", "one", "two"]


def test_relative_imports_begin_where_the_module_is(sources: Callable[..., None]) -> None:
    sources(
        {
            "deep/__init__.py": "from .inner import x\nfrom ..outer import y",
            "deep/inner.py": "x = 1",
            "outer.py": "from .deep.inner import x",
            "inner.py": "",
        }
    )
    assert names("deep") == ["deep", "deep.inner", "outer"]


def test_a_package_counts_where_something_of_itself_is_imported_and_not_on_the_way(
    sources: Callable[..., None],
) -> None:
    sources(
        {
            "deep/__init__.py": "from pack.other import thing",
            "deep/inner.py": "",
            "other.py": "",
            "way.py": "from pack.deep.inner import x",
            "itself.py": "from pack.deep import thing",
        }
    )
    assert names("way") == ["deep.inner", "way"]
    assert names("itself") == ["deep", "itself", "other"]


def test_libraries_do_not_count_and_what_is_of_ours_does(sources: Callable[..., None]) -> None:
    sources({"one.py": "import numpy, json\nfrom reportgen.errors import UsageError"})
    assert names("one") == ["one", "reportgen.errors"]


def test_a_module_that_is_not_there_is_named(sources: Callable[..., None]) -> None:
    sources({})
    for name in ("pack.missing", "no_such_package.one"):
        with pytest.raises(ModuleNotFoundError, match=name):
            source_closure([name])


def test_a_change_is_seen_by_the_next_process_and_not_by_this_one(
    sources: Callable[..., None], restarted: Callable[[], None]
) -> None:
    sources({"one.py": "x = 1"})
    first = source_closure(["pack.one"])
    sources({"one.py": "x = 2"})
    assert source_closure(["pack.one"]) == first
    restarted()
    assert source_closure(["pack.one"]) != first


def test_the_quick_reading_finds_all_that_whole_syntax_trees_have(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [path.read_text() for path in PACKAGE.rglob("*.py")]
    quick = [set(imported_names(source, "reportgen")) for source in sources]
    monkeypatch.setattr(closure, "_import_statements", lambda source: ast.walk(ast.parse(source)))
    for source, names in zip(sources, quick, strict=True):
        assert set(imported_names(source, "reportgen")) <= names


def test_an_init_of_ours_does_nothing_that_another_module_could_notice() -> None:
    inert = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef)
    for path in PACKAGE.rglob("__init__.py"):
        for node in ast.parse(path.read_text()).body:
            is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            is_for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            assert is_text or is_for_types or isinstance(node, inert), f"{path}: {ast.unparse(node)}"


LOADED = """
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
import reportgen

folder = Path(reportgen.__file__).parent / "experiments"
for name in sys.argv[1:]:
    for module in [module for module in sys.modules if module.startswith("reportgen.")]:
        del sys.modules[module]
    package = sys.modules["reportgen.experiments"] = ModuleType("reportgen.experiments")
    package.__path__ = [str(folder)]  # without its __init__, which imports every experiment
    import_module(f"reportgen.experiments.{name}")
    print(name, *sorted(module for module in sys.modules if module.startswith("reportgen.")))
"""


def test_all_that_the_interpreter_loads_for_an_experiment_is_in_its_closure() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED, *NAMES], capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[0] for line in lines] == NAMES
    for name, *loaded in lines:
        found = source_closure([f"reportgen.experiments.{name}"])
        on_the_way = {module.rpartition(".")[0] for module in loaded}
        assert set(loaded) - on_the_way <= found.keys()
        assert f"reportgen.experiments.{name}" in found


def test_an_experiment_depends_on_no_other_but_those_that_it_measures_with() -> None:
    own = {name: source_closure([f"reportgen.experiments.{name}"]) for name in NAMES}
    others = {
        (name, other)
        for name in NAMES
        for other in NAMES
        if other != name and f"reportgen.experiments.{other}" in own[name]
    }
    assert others == {("training", "propagation"), ("advice", "propagation"), ("demos", "symmetry")}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"by_hand", "data_sets"}])  # they draw nothing
def test_what_is_found_by_its_name_in_a_registry_counts(name: str) -> None:
    found = source_closure([f"reportgen.experiments.{name}"])
    assert {"reportgen.nn.initializers", "reportgen.registry"} <= found.keys()


def test_reading_all_experiments_takes_no_time_to_speak_of(restarted: Callable[[], None]) -> None:
    start = process_time()
    for name in NAMES:
        source_closure([f"reportgen.experiments.{name}"])
    # About 0.02 s on a laptop; parsing every source whole takes four times as long.
    assert process_time() - start < 0.1
