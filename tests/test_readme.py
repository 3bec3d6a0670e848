"""What README and docs promise: their commands, options, columns, examples and links are real."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

import reportgen
from reportgen.ask.listing import LISTS
from reportgen.battery.engine import ENGINES
from reportgen.cli import app
from reportgen.experiments import propagation, training
from reportgen.presets import DEPTHS, PRESETS
from reportgen.report import products
from reportgen.report.data import table_file
from reportgen.report.filters import anchor
from reportgen.settings import Settings

CHECKOUT = Path(__file__).parent.parent
README = CHECKOUT / "README.md"
PAGES = [README, *sorted((CHECKOUT / "docs").glob("*.md"))]
TOLD = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of a language, outermost fences only."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TOLD, flags=re.MULTILINE | re.DOTALL)


def table_after(words: str) -> list[list[str]]:
    """Return the rows of the first table after some words, without its head."""
    lines = TOLD[TOLD.index(words) :].splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("|---"))
    rows = []
    for line in lines[first + 1 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


@pytest.mark.parametrize(
    ("table", "experiment"), [("forward", propagation), ("gradients", propagation), ("training_races", training)]
)
def test_the_column_tables_are_those_of_the_published_csv_files(table: str, experiment: ModuleType) -> None:
    told = [(name.strip("`"), unit) for name, unit, _ in table_after(f"`data/{table_file(table)}`")]
    declared = [(column.name, column.unit) for column in experiment.EXPERIMENT.tables[table]]
    place = declared.index(("initializer", "")) + 1
    assert told == [*declared[:place], ("sigma_w2", ""), *declared[place:]]


def test_every_command_is_told() -> None:
    commands = {
        str(command.name or command.callback.__name__) for command in app.registered_commands if command.callback
    }
    assert commands == {row[0].strip("`").split()[1] for row in table_after("## Command line")}


def options(text: str) -> set[str]:
    return set(re.findall(r"--[a-z][a-z-]*", text))


def options_of(command: str) -> set[str]:
    shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).stdout
    return options(shown) - {"--help", "--standardize"}


def test_every_option_of_build_is_told_and_every_told_option_exists() -> None:
    assert options_of("build") == {name for row in table_after("| option of `build`") for name in options(row[0])}


@pytest.mark.parametrize("command", ["run", "render"])
def test_the_options_that_build_lacks_are_told_with_their_command(command: str) -> None:
    (told,) = [meaning for name, meaning in table_after("## Command line") if f"reportgen {command}" in name]
    assert options_of(command) - options_of("build") == options(told)


NAMES: Mapping[str, tuple[str, Collection[str]]] = {
    "--preset": ("preset", PRESETS),
    "--engine": ("engine", ENGINES),
    "--format": ("formats", products.NAMES),
}
"""Option -> the setting that it sets, and the registry with the names that it takes."""


@pytest.mark.parametrize("option", NAMES)
def test_the_table_of_options_has_every_name_that_an_option_takes(option: str) -> None:
    names = "|".join(NAMES[option][1])
    rows = [row[0].replace("\\|", "|") for row in table_after("| option of `build`")]
    assert any(f"`{option} {names}`" in row for row in rows), f"options of build: write `{option} {names}`"


@pytest.mark.parametrize("option", NAMES)
def test_the_help_has_every_name_that_an_option_takes_and_marks_the_default(option: str) -> None:
    setting, registry = NAMES[option]
    shown = CliRunner().invoke(app, ["build", "--help"], env={"COLUMNS": "200"}).stdout
    (line,) = re.findall(rf"^ +{option} .*(?:\n {{30,}}.*)*", shown, re.MULTILINE)
    line = " ".join(line.split())
    assert [name for name in registry if name not in line] == [], "reportgen/options.py: help is made with `one_of`"
    default = Settings.model_fields[setting].default
    marked = f"{default} (default)" if isinstance(default, str) else f"(default: {' and '.join(default)})"
    assert marked in line, "reportgen/options.py"


@pytest.mark.parametrize("name", PRESETS)
def test_the_table_of_options_says_what_a_preset_is(name: str) -> None:
    preset = PRESETS[name]
    (told,) = [meaning for option, meaning in table_after("| option of `build`") if "--preset" in option]
    wanted = [f"{preset.width} with {preset.replicates}", *(f"depth {depth}" for depth in preset.depths[len(DEPTHS) :])]
    assert [words for words in wanted if words not in told] == [], f"options of build, preset {name}"


@pytest.mark.parametrize("row", table_after("| what you write"), ids=" ".join)
def test_names_are_read_as_told(row: list[str]) -> None:
    written, (name,) = (re.findall(r"`(.*?)`", cell) for cell in row)
    registry = reportgen.initializers if name.partition("(")[0] in reportgen.initializers else reportgen.activations
    assert {registry.get(text).name for text in written} == {name}


def test_everything_that_can_be_listed_is_told() -> None:
    (told,) = [meaning for command, meaning in table_after("## Command line") if "reportgen list" in command]
    assert re.findall(r"`(\w+)`", told) == list(LISTS), "command line: what `reportgen list` takes"


def test_the_examples_of_a_battery_file_are_valid() -> None:
    read = [reportgen.Settings(**tomllib.loads(example)) for example in blocks("toml")]
    battery, data, published = read
    assert (published.author, published.base_url) == ("Ada Example", "https://example.org/course/")
    assert battery.depths == (30,)
    assert [(one.label, one.encoding) for one in data.data if not isinstance(one, str)] == [
        ("species", None),
        (None, "cp1252"),
    ]


def test_the_python_examples_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for store in ("_definitions", "_spellings"):  # what an example registers is there for this test alone
        monkeypatch.setattr(reportgen.initializers, store, dict(getattr(reportgen.initializers, store)))
    measured, plugin = blocks("python")
    exec(compile(measured, "docs/python.md", "exec"), {})
    exec(compile(plugin, "docs/python.md", "exec"), {})
    assert "he_normal 0.03125" in capsys.readouterr().out
    assert reportgen.initializers.get("coin(size=0.5)").variance(3, 4) == 0.25


def test_a_name_that_the_package_lacks_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = reportgen.nothing
    assert {name for name in reportgen.__all__ if not hasattr(reportgen, name)} == set()


def checked(source: str, folder: Path) -> str:
    """Return what mypy says of a user's strictly typed script."""
    script = folder / "script.py"
    script.write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKOUT)
    return done.stdout


def test_the_python_example_is_typed(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    example, _ = blocks("python")
    (call,) = re.findall(r"`(reportgen\.build\(.*?\))` publishes", TOLD)
    assert checked(f"{example}\nprint({call}.page)\n", tmp_path) == ""
    assert "[arg-type]" in checked("import reportgen\n\nreportgen.build('quick')\n", tmp_path)


def test_the_readme_is_a_screen_and_a_half() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 75
    assert any(line.startswith("![") for line in lines), "it shows what comes out"


def places(page: Path) -> set[str]:
    """Return the anchors of a page."""
    return {anchor(title) for title in re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)}


def dead_links(page: Path) -> list[str]:
    """Return the links of a page to files and headings that are not there."""
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)", page.read_text(encoding="utf-8"))
    return [
        f"{path}#{place}"
        for path, place in links
        for target in [(page.parent / path).resolve() if path else page]
        if not target.exists() or (place and place not in places(target))
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_to_a_file_or_heading_leads_there(page: Path, tmp_path: Path) -> None:
    assert [link for link in dead_links(page) if not link.startswith("figures/")] == []
    wrong = tmp_path / "wrong.md"
    wrong.write_text("# Here\n[a](#here) [b](#there) [c](gone.md)")
    assert dead_links(wrong) == ["#there", "gone.md#"]


def test_the_readme_leads_to_every_page_of_the_docs() -> None:
    linked = set(re.findall(r"\]\(docs/([\w-]+\.md)", README.read_text(encoding="utf-8")))
    assert linked == {page.name for page in PAGES[1:]}


def test_the_citation_names_this_version() -> None:
    assert f"\nversion: {reportgen.__version__}\n" in (CHECKOUT / "CITATION.cff").read_text(encoding="utf-8")
