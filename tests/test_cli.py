"""The command line: what it prints, and what it says of mistakes, one line and an exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from reportgen import cli
from reportgen.settings import INITIALIZERS


class Answer(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def reportgen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):  # type: ignore[no-untyped-def]
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["reportgen", *arguments])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        printed = capsys.readouterr()
        code = stop.value.code
        return Answer(code if isinstance(code, int) else int(code is not None), printed.out, printed.err)

    return run


COMMANDS = ("build", "run", "render", "list", "show", "clean")


def test_help_names_every_command(reportgen) -> None:  # type: ignore[no-untyped-def]
    answer = reportgen("--help")
    assert answer.code == 0
    assert [name for name in COMMANDS if name not in answer.out] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(reportgen, command: str) -> None:  # type: ignore[no-untyped-def]
    answer = reportgen(command, "--help")
    assert answer.code == 0
    assert command in answer.out


def test_version_is_printed(reportgen) -> None:  # type: ignore[no-untyped-def]
    assert reportgen("--version").out.startswith("reportgen ")


def test_list_initializers_names_the_registry(reportgen) -> None:  # type: ignore[no-untyped-def]
    listed = reportgen("list", "initializers").out
    assert all(name.partition("(")[0] in listed for name in INITIALIZERS)
    assert "kaiming_uniform" in listed


@pytest.mark.parametrize("what", ["activations", "chapters", "experiments"])
def test_list_has_one_line_each(reportgen, what: str) -> None:  # type: ignore[no-untyped-def]
    lines = reportgen("list", what).out.splitlines()
    assert len(lines) > 3
    assert len({line.split()[0] for line in lines}) == len(lines)


def test_show_prints_one_row_per_layer_and_the_verdict(reportgen) -> None:  # type: ignore[no-untyped-def]
    lines = reportgen("show", "zeros", "tanh", "--depth", "4", "--width", "8").out.splitlines()
    assert [line.split()[0] for line in lines[3:7]] == ["1", "2", "3", "4"]
    assert lines[-1].startswith("verdict: symmetric")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "glorot_norml", "tanh"), "did you mean glorot_normal?"),
        (("show", "he_normal(mod=fan_in)", "relu"), "did you mean mode?"),
        (("show", "he_normal", "relu", "--depth", "0"), "depth must be a whole number of at least 1"),
        (("show", "he_normal", "relu", "--width", "0"), "width must be a whole number of at least 1"),
        (("build", "--preset", "fast"), "preset: "),
        (("build", "--depth", "0"), "a depth must be at least 1"),
        (("build", "--initializer", "glorot_norml"), "did you mean glorot_normal?"),
        (("build", "--engine", "spark"), "engine: "),
        (("build", "--format", "pdf"), "formats: "),
        (("build", "--jobs", "0"), "jobs: "),
        (("build", "nothing.toml"), "there is no such config file"),
        (("run", "--no-cache"), "cannot be used without one"),
        (("list", "initialisers"), "did you mean initializers?"),
        (("build", "--plugin", "nothing.py"), "there is no such file"),
    ],
)
def test_a_usage_mistake_is_one_line_and_exit_code_two(reportgen, arguments: tuple[str, ...], said: str) -> None:  # type: ignore[no-untyped-def]
    answer = reportgen(*arguments)
    assert answer.code == 2
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1
    assert list(Path().iterdir()) == []


def test_a_foreign_output_folder_is_refused_before_anything_is_measured(reportgen) -> None:  # type: ignore[no-untyped-def]
    Path("photos").mkdir()
    Path("photos/holiday.jpg").write_bytes(b"irreplaceable")
    answer = reportgen("build", "--out", "photos")
    assert answer.code == 1
    assert len(answer.err.splitlines()) == 1
    assert "photos" in answer.err
    assert Path("photos/holiday.jpg").read_bytes() == b"irreplaceable"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", "a,b,label\n1,2,u\n3,nan,v\n", "b"),
        ("x.csv", "a,b\n1,2\n", "label"),
        ("x.csv", "", "x.csv"),
        ("x.txt", "1 2 3", ".csv"),
    ],
)
def test_a_data_file_that_cannot_be_used_is_told_in_one_line(reportgen, name: str, content: str, said: str) -> None:  # type: ignore[no-untyped-def]
    Path(name).write_text(content, encoding="utf-8")
    answer = reportgen("build", "--data", name)
    assert answer.code in (1, 2)
    assert name in answer.err
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1


def test_render_without_measurements_says_what_to_run(reportgen) -> None:  # type: ignore[no-untyped-def]
    answer = reportgen("render", "--preset", "quick")
    assert answer.code == 1
    assert "reportgen run" in answer.err
    assert not Path("outputs").exists()


def test_clean_leaves_what_is_not_ours(reportgen) -> None:  # type: ignore[no-untyped-def]
    Path("outputs").mkdir()
    Path("outputs/thesis.tex").write_text("mine", encoding="utf-8")
    reportgen("clean")
    assert Path("outputs/thesis.tex").read_text(encoding="utf-8") == "mine"


def test_an_interrupt_is_told_and_leaves_nothing_behind(reportgen, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def interrupted(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reportgen.battery.run.measure", interrupted)
    answer = reportgen("build", "--preset", "quick")
    assert answer.code == 130
    assert answer.err.splitlines()[-1].startswith("reportgen: interrupted; what was measured is kept")
    assert [path.name for path in Path().iterdir()] == []
