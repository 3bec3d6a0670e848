"""What the README promises: its commands, options, columns and examples are the real ones."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

import reportgen
from reportgen.cli import app
from reportgen.experiments import propagation, training

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of a language, outermost fences only."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def table_after(words: str) -> list[list[str]]:
    """Return the rows of the first table after some words, without its head."""
    lines = README[README.index(words) :].splitlines()
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
    told = [(name.strip("`"), unit) for name, unit, _ in table_after(f"`data/{table}.csv`")]
    assert told == [(column.name, column.unit) for column in experiment.EXPERIMENT.tables[table]]


def test_every_command_is_told() -> None:
    commands = {
        str(command.name or command.callback.__name__) for command in app.registered_commands if command.callback
    }
    assert commands == {row[0].strip("`").split()[1] for row in table_after("## Command line")}


def test_every_option_of_build_is_told_and_every_told_option_exists() -> None:
    shown = CliRunner().invoke(app, ["build", "--help"], env={"COLUMNS": "200"}).stdout
    existing = set(re.findall(r"--[a-z][a-z-]*", shown)) - {"--help", "--cache", "--standardize"}
    told = {option for row in table_after("| option of `build`") for option in re.findall(r"--[a-z][a-z-]*", row[0])}
    assert told == existing


def test_the_example_of_a_battery_file_is_valid() -> None:
    (example,) = blocks("toml")
    settings = reportgen.Settings(**tomllib.loads(example))
    assert settings.depths == (30,)


def test_the_python_examples_run(capsys: pytest.CaptureFixture[str]) -> None:
    measured, plugin = blocks("python")
    exec(compile(measured, "README.md", "exec"), {})
    exec(compile(plugin, "README.md", "exec"), {})
    assert "he_normal 0.03125" in capsys.readouterr().out
    assert reportgen.initializers.get("coin(size=0.5)").variance(3, 4) == 0.25


def test_the_citation_names_this_version() -> None:
    assert f"\nversion: {reportgen.__version__}\n" in (CHECKOUT / "CITATION.cff").read_text(encoding="utf-8")
