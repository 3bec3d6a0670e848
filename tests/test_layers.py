"""Who may import whom, read from the syntax trees: imports inside functions and under TYPE_CHECKING count too."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import reportgen
from reportgen.chapters import CHAPTERS
from reportgen.experiments import EXPERIMENTS

PACKAGE = Path(reportgen.__file__).parent
CHECKOUT = Path(__file__).parent.parent

READING = ("arithmetic", "callform", "frameworks", "spelling")
"""The parts that a registry reads call forms with."""

ROOMS = {
    "nn": ("errors", "files", "foreign", "registry", *READING),
    "theory": (),
    "battery": ("errors", "files", "foreign", "registry", "plugins"),
    "experiments": ("errors", "battery", "nn", "theory"),
    "judgments": ("errors", "battery.results", "theory"),
    "chapters": ("errors", "presets", "battery.results", "judgments", "theory"),
    "report": (
        *("errors", "files", "presets", "battery.closure", "battery.entries", "battery.folder", "battery.results"),
        "chapters",
        "judgments.estimates",
    ),
}
COMMON = ("errors", "files", "foreign", "registry")
PIPELINE = (*ROOMS, *COMMON, "plugins", "settings", "provenance", "built", "reporter")
MAY_IMPORT = {
    **ROOMS,
    "theory.__init__": ("errors", "nn"),  # its public face takes the name of an activation
    "errors": (),
    "files": (),
    "foreign": ("errors",),
    "arithmetic": ("errors",),
    "callform": ("errors", "arithmetic"),
    "frameworks": ("errors", "callform"),
    "spelling": ("errors", *READING),
    "definition": ("errors", "callform", "frameworks"),
    "registry": ("errors", "definition", *READING),
    "plugins": (*COMMON, "nn", "tampering"),
    "tampering": ("errors", "registry", "nn"),
    "provenance": (),
    "built": ("battery.results", "report.page"),
    "reporter": ("terminal",),
    "console": ("reporter", "terminal"),
    "terminal": ("errors",),
    "complaints": ("errors",),
    "config": ("errors", "files"),
    "presets": (),
    "data_settings": ("errors", "nn"),
    "publication_settings": ("errors", "report.imprint"),
    "settings": (
        *COMMON,
        *(
            "complaints",
            "config",
            "data_settings",
            "plugins",
            "publication_settings",
            "presets",
            "battery.engine",
            "nn",
            "report.formats",
            "report.products",
        ),
    ),
    "ask": PIPELINE,
    "ask.figures": (*PIPELINE, "pipeline"),
    "ask.propagate": ("errors", "battery", "experiments", "nn", "presets"),
    "ask.recommend": ("errors", "experiments", "judgments", "nn", "presets", "theory"),
    "stages": PIPELINE,
    "shares": ("battery", "experiments", "settings"),
    "current": (
        *(
            "battery.entries",
            "battery.folder",
            "battery.results",
            "built",
            "data_settings",
            "errors",
            "files",
            "nn.datasets",
            "pipeline",
            "plugins",
            "provenance",
            "reporter",
        ),
        *("plugins", "provenance", "report", "reporter", "settings"),
    ),
    "plan": ("errors", "battery", "experiments", "reporter", "settings", "shares"),
    "pipeline": (*PIPELINE, "current", "stages", "plan"),
    "options": ("battery.engine", "presets", "report.exports.systems", "report.formats", "report.products"),
    "cli": (
        "battery.cost",
        "errors",
        "foreign",
        "options",
        "presets",
        "settings",
        "built",
        "current",
        "pipeline",
        "plan",
        "reporter",
        "ask",
        "console",
        "terminal",
    ),
    "__init__": (*PIPELINE, "current", "ask"),
    "__main__": ("cli",),
}
"""What each module may import of ours, or else each room; every room may import itself."""

OWNERS = {
    "numpy": ("ask", "foreign", "nn", "theory", "battery", "experiments", "judgments", "chapters"),
    "scipy": ("nn", "theory", "experiments"),
    "sklearn": ("nn.datasets",),
    "pyarrow": ("nn.files.parquet",),
    "pandas": ("battery.results", "judgments", "chapters", "theory.__init__", "ask", "nn.files.delimited"),
    "matplotlib": ("chapters",),
    "seaborn": ("chapters",),
    "PIL": ("chapters.images", "chapters.svg", "chapters.paper"),
    "jinja2": ("report",),
    "markdown_it": ("report",),
    "mdit_py_plugins": ("report",),
    "math_core": ("report",),
    "pypdf": ("report.products.pdf",),
    "pydantic": ("data_settings", "publication_settings", "settings"),
    "threadpoolctl": ("battery.engine",),
    "distributed": ("battery.engine",),
    "typer": ("cli", "options"),
    "rich": ("console",),
}
"""Where each library may be imported."""


def modules() -> dict[str, Path]:
    """Return every module of the package, named without the leading ``reportgen.``."""
    files = {path.relative_to(PACKAGE).with_suffix(""): path for path in PACKAGE.rglob("*.py")}
    return {".".join(name.parts): path for name, path in files.items()}


def imports(source: str, known: frozenset[str]) -> Iterator[str]:
    """Yield the dotted names that a source imports; ``from a import b`` gives ``a.b`` where that is a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides which room it goes to"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                inner = full.removeprefix("reportgen.")
                is_module = inner in known or f"{inner}.__init__" in known
                yield full if is_module or node.module == "reportgen" else str(node.module)


def within(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


HEX = re.compile(r"#[0-9a-fA-F]{6}\b")


def test_colours_are_written_in_one_place() -> None:
    paths = [path for path in PACKAGE.rglob("*.py") if path.name != "style.py"]
    assert [f"{path}: {hue}" for path in paths for hue in HEX.findall(path.read_text())] == []


def other_chapters(module: str, known: frozenset[str]) -> tuple[str, ...]:
    """Return the folders of the chapters that a module of one chapter must not look into."""
    folders = {name.removesuffix(".__init__") for name in known if re.fullmatch(r"chapters\.\w+\.__init__", name)}
    own = ".".join(module.split(".")[:2])
    return tuple(folders - {own}) if own in folders else ()


def violations(module: str, source: str, known: frozenset[str]) -> list[str]:
    """Return one line per import of a source that this module may not have."""
    room = module.partition(".")[0]
    may_import = MAY_IMPORT.get(module, MAY_IMPORT.get(room, ()))
    others = other_chapters(module, known)
    found = []
    for target in imports(source, known):
        top, _, inner = target.partition(".")
        if top == "reportgen":
            allowed = inner == "__version__" or (within(inner, (room, *may_import)) and not within(inner, others))
        else:
            allowed = top in sys.stdlib_module_names or within(module, OWNERS.get(top, ()))
        if not allowed:
            found.append(f"{module} imports {target}")
    return found


def test_every_module_imports_only_what_its_room_allows() -> None:
    known = modules()
    found = [line for name, path in known.items() for line in violations(name, path.read_text(), frozenset(known))]
    assert found == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("theory.maps", "from reportgen.nn.activations import activations"),
        ("theory.maps", "from reportgen import nn"),
        ("theory.maps", "from reportgen import initializers"),
        ("theory.maps", "import reportgen"),
        ("theory.maps", "import pandas"),
        ("nn.mlp", "import reportgen.battery.cell as cell"),
        ("nn.mlp", "def f():\n    from reportgen.battery.cell import Cell"),
        ("nn.mlp", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas as pd"),
        ("chapters.symmetry", "from reportgen.experiments import propagation"),
        ("chapters.symmetry.tables", "from reportgen.battery import cell"),
        ("chapters.symmetry.tables", "from reportgen.chapters.he.tables import read"),
        ("chapters.symmetry.tables", "from reportgen.chapters import he"),
        ("judgments.verdicts", "from reportgen.chapters.style import canvas"),
        ("judgments.verdicts", "import matplotlib"),
        ("experiments.symmetry", "from reportgen.battery.results import Results\nimport matplotlib.figure"),
        ("battery.cell", "import pandas"),
        ("battery.cell", "import distributed"),
        ("report.publish", "from reportgen import build"),
        ("report.publish", "from reportgen.pipeline import build"),
        ("pipeline", "from reportgen.cli import app"),
        ("cli", "from reportgen.nn.mlp import forward"),
        ("nn.mlp", "import torch"),
        ("unheard_of", "from reportgen.errors import UsageError"),
    ],
)
def test_a_planted_import_of_the_wrong_room_is_caught(module: str, source: str) -> None:
    assert len(violations(module, source, frozenset(modules()))) == 1


def test_an_allowed_import_is_not_reported() -> None:
    source = "import json\nimport numpy as np\nfrom reportgen.battery.cell import Cell\nfrom reportgen.nn import mlp"
    assert violations("experiments.symmetry", source, frozenset(modules())) == []


def test_a_relative_import_is_caught() -> None:
    with pytest.raises(AssertionError, match="relative"):
        violations("nn.mlp", "from . import statistics", frozenset(modules()))


def test_every_library_that_is_imported_is_declared_and_the_other_way_round() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    requirements = [*project["dependencies"], *extras["dask"], *extras["parquet"]]
    declared = {requirement.partition(">")[0] for requirement in requirements}
    distributions = packages_distributions()
    assert declared == {distributions[library][0].lower() for library in OWNERS}


def loaded_after(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CHECKOUT)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_the_command_line_loads_nothing_heavy_before_it_knows_the_command() -> None:
    loaded = loaded_after("import reportgen.cli")
    assert loaded & {*OWNERS, "dask"} == {"typer"}


def test_a_worker_loads_neither_pandas_nor_matplotlib() -> None:
    loaded = loaded_after("import reportgen.battery.engine, reportgen.experiments")
    assert loaded.isdisjoint({"pandas", "matplotlib", "seaborn", "jinja2", "typer"})
    assert "numpy" in loaded


def test_a_build_that_has_nothing_to_do_loads_nothing_that_measures_or_draws() -> None:
    loaded = loaded_after("import reportgen.current")
    assert loaded.isdisjoint({"pandas", "matplotlib", "seaborn", "scipy", "sklearn", "jinja2", "markdown_it"})


def defining(room: str, constant: str) -> set[str]:
    """Return the files and folders of a room that define a constant."""
    names = {name.removesuffix(".__init__") for name in modules() if re.fullmatch(rf"{room}\.\w+(\.__init__)?", name)}
    return {name.partition(".")[2] for name in names if hasattr(import_module(f"reportgen.{name}"), constant)}


EVERY_EXPERIMENT = sorted({experiment.name for experiment in EXPERIMENTS} | defining("experiments", "EXPERIMENT"))
EVERY_CHAPTER = sorted({chapter.slug for chapter in CHAPTERS} | defining("chapters", "CHAPTER"))


@pytest.mark.parametrize("name", EVERY_EXPERIMENT)
def test_an_experiment_is_listed_and_needed_by_a_chapter(name: str) -> None:
    assert name in {one.name for one in EXPERIMENTS}, f"reportgen/experiments/__init__.py does not list {name}"
    assert name in defining("experiments", "EXPERIMENT"), f"reportgen/experiments has no EXPERIMENT in {name}"
    assert any(name in chapter.needs for chapter in CHAPTERS), f"no chapter needs {name}"


@pytest.mark.parametrize("slug", EVERY_CHAPTER)
def test_a_chapter_is_listed_and_has_its_prose_and_its_tests(slug: str) -> None:
    assert slug in {chapter.slug for chapter in CHAPTERS}, f"reportgen/chapters/__init__.py does not list {slug}"
    assert slug in defining("chapters", "CHAPTER"), f"reportgen/chapters has no CHAPTER in {slug}"
    for owed in (f"templates/chapters/{slug}.md.jinja", f"tests/chapters/{slug}"):
        assert (CHECKOUT / owed).exists(), f"{owed} is missing"


def test_every_prose_has_its_chapter() -> None:
    written = {path.name.removesuffix(".md.jinja") for path in (CHECKOUT / "templates/chapters").glob("*.md.jinja")}
    assert written - {chapter.slug for chapter in CHAPTERS} == set()


def test_every_chapter_needs_only_experiments_that_are_listed() -> None:
    needed = {name for chapter in CHAPTERS for name in chapter.needs}
    assert needed - {experiment.name for experiment in EXPERIMENTS} == set()
