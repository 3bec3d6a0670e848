"""The command line: what it prints, and what it says of mistakes, one line and an exit code."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from reportgen import cli
from reportgen.battery.cache import Cache
from reportgen.built import Built
from reportgen.chapters import gains
from reportgen.presets import INITIALIZERS
from reportgen.settings import Settings


class Answer(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def reportgen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
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


COMMANDS = ("build", "run", "render", "plan", "list", "show", "recommend", "clean")


def test_help_names_every_command(reportgen: Command) -> None:
    answer = reportgen("--help")
    assert answer.code == 0
    assert [name for name in COMMANDS if name not in answer.out] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(reportgen: Command, command: str) -> None:
    answer = reportgen(command, "--help")
    assert answer.code == 0
    assert command in answer.out


def test_version_is_printed(reportgen: Command) -> None:
    assert reportgen("--version").out.startswith("reportgen ")


def test_list_initializers_names_the_registry(reportgen: Command) -> None:
    listed = reportgen("list", "initializers").out
    assert all(name.partition("(")[0] in listed for name in INITIALIZERS)
    assert "kaiming_uniform" in listed


@pytest.mark.parametrize("what", ["activations", "chapters", "experiments"])
def test_list_has_one_line_each(reportgen: Command, what: str) -> None:
    lines = reportgen("list", what).out.splitlines()
    assert len(lines) > 3
    assert len({line.split()[0] for line in lines}) == len(lines)


def test_show_prints_one_row_per_layer_and_the_verdict(reportgen: Command) -> None:
    lines = reportgen("show", "zeros", "tanh", "--depth", "4", "--width", "8").out.splitlines()
    assert [line.split()[0] for line in lines[3:7]] == ["1", "2", "3", "4"]
    assert lines[-1].startswith("verdict: stuck")
    assert {"rms", "std"} <= set(lines[2].split())


def test_show_measures_as_many_networks_and_inputs_as_it_is_told(reportgen: Command) -> None:
    show = ("show", "he_normal", "relu", "--depth", "2", "--width", "8")
    usual, few, alone = (
        reportgen(*show, *more).out for more in ((), ("--replicates", "2"), ("--replicates", "2", "--batch", "3"))
    )
    assert reportgen(*show, "--replicates", "5", "--batch", "256").out == usual
    assert len({usual, few, alone}) == 3
    assert reportgen(*show, "--replicates", "0").err.endswith(
        "replicates must be a whole number of at least 1, not 0\n"
    )


def test_recommend_names_the_start_with_its_reasons(reportgen: Command) -> None:
    lines = reportgen("recommend", "relu", "--depth", "4", "--width", "32").out.splitlines()
    assert lines[0].startswith("he_")
    assert lines[0].endswith(" for relu with 4 hidden layers: healthy")
    assert lines[1].startswith("- derived for it")
    assert lines[2].startswith("- gradient per layer: measured ")
    assert 'Keras:   Dense(units, kernel_initializer="he_normal")' in lines
    assert "torch_default" in "".join(lines[4:])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "glorot_norml", "tanh"), "did you mean glorot_normal?"),
        (("show", "he_normal(mod=fan_in)", "relu"), "did you mean mode?"),
        (("show", "he_normal", "relu", "--depth", "0"), "depth must be a whole number of at least 1"),
        (("show", "he_normal", "relu", "--depth", "1000000000"), "more than any machine has"),
        (("show", "he_normal", "relu", "--width", "1000000"), "(--force tries it)"),
        (("show", "he_normal", "relu", "--depth", str(10**18)), "more than any machine has"),
        (("show", "he_normal", "relu", "--depth", str(10**21), "--force"), "depth must be at most 9223372036854775807"),
        (("show", "he_normal", "relu", "--width", str(10**21)), "width must be at most"),
        (("show", "he_normal", "relu", "--seed", "-1"), "seed must be a whole number of at least 0"),
        (("recommend", "relu", "--width", "1000000"), "(--force tries it)"),
        (("recommend", "relu", "--depth", str(10**21)), "depth must be at most"),
        (("recommend", "relu", "--depth", "0"), "depth must be a whole number of at least 1"),
        (("build", "--depth", "1000000000"), "(--force begins nevertheless)"),
        (("build", "--depth", str(10**21)), "a depth must be at most"),
        (("build", "--jobs", "100000000"), "(--force begins nevertheless)"),
        (("plan", "--seed", str(10**21)), "seed: "),
        (("show", "he_normal", "relu", "--width", "0"), "width must be a whole number of at least 1"),
        (("show", "he_normal", "relu", "--data", "digts"), "did you mean digits?"),
        (("show", "he_normal", "relu", "--seed", "-1"), "seed must be a whole number of at least 0, not -1"),
        (("recommend", "relu", "--seed", "-1"), "seed must be a whole number of at least 0, not -1"),
        (("build", "--nonsense"), "No such option: --nonsense"),
        (("biuld",), "No such command 'biuld'"),
        (("build", "--seed", "x" * 100_000), "Invalid value for '--seed'"),
        (("build", "--plugin", "__main__"), "this is the program that runs"),
        (("build", "--preset", "fast"), "preset: "),
        (("build", "--depth", "0"), "a depth must be at least 1"),
        (("build", "--initializer", "glorot_norml"), "did you mean glorot_normal?"),
        (("build", "--engine", "spark"), "engine: "),
        (("build", "--format", "epub"), "formats: "),
        (("build", "--jobs", "0"), "jobs: "),
        (("build", "--scheduler", "tcp://host:8786"), "a scheduler is for the engine dask only"),
        (("build", "nothing.toml"), "there is no such config file"),
        (("run", "--no-cache"), "cannot be used without one"),
        (("render", "--chapter", "symetry"), "there is no chapter 'symetry': did you mean symmetry?"),
        (("run", "--experiment", "gain"), "there is no experiment 'gain': did you mean gains?"),
        (("list", "initialisers"), "did you mean initializers?"),
        (("build", "--plugin", "nothing.py"), "there is no such file"),
    ],
)
def test_a_usage_mistake_is_one_line_and_exit_code_two(
    reportgen: Command, arguments: tuple[str, ...], said: str
) -> None:
    answer = reportgen(*arguments)
    assert answer.code == 2
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1
    assert len(answer.err) <= 301
    assert list(Path().iterdir()) == []


def test_a_foreign_output_folder_is_refused_before_anything_is_measured(reportgen: Command) -> None:
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
        ("x.txt", "1 2 3", "--no-header"),
        ("x.xlsx", "1 2 3", "save the sheet as CSV"),
    ],
)
def test_a_data_file_that_cannot_be_used_is_told_in_one_line(
    reportgen: Command, name: str, content: str, said: str
) -> None:
    Path(name).write_text(content, encoding="utf-8")
    answer = reportgen("build", "--data", name)
    assert answer.code in (1, 2)
    assert name in answer.err
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1


def test_the_plan_of_a_build_is_printed_and_nothing_is_made(reportgen: Command) -> None:
    answer = reportgen("plan", "--preset", "quick")
    assert answer.code == 0
    assert re.match(r"plan: (\d+) of \1 cells to measure, ", answer.out.splitlines()[-3])
    assert reportgen("plan", "--preset", "quick", "--quiet").out.splitlines()[0].startswith("plan: ")
    assert list(Path().iterdir()) == []


def test_the_plan_of_what_is_too_much_fails(reportgen: Command) -> None:
    answer = reportgen("plan", "--depth", "1000000000")
    assert answer.code == 1
    assert answer.out.splitlines()[-1].startswith("this is too much: this machine has ")


def test_plan_takes_the_options_of_build() -> None:
    commands = {command.name: command.callback for command in cli.app.registered_commands if command.callback}
    assert signature(commands["plan"]).parameters.keys() == signature(commands["build"]).parameters.keys()


TABLE = "size;same;kind\n" + "".join(f"{at},5;7;{'ab'[at % 2]}\n" for at in range(30))


@pytest.mark.filterwarnings("error")
def test_show_needs_no_labels_and_tells_what_is_odd(reportgen: Command) -> None:
    Path("x.csv").write_text(TABLE, encoding="utf-8")
    show = ("show", "he_normal", "relu", "--depth", "1", "--width", "8", "--data")
    named = reportgen(*show, "x.csv:kind")
    assert named.code == 0
    assert "1 layers of 8 units, x.csv inputs" in named.out
    assert named.out.splitlines()[-1] == "warning: x.csv: 1 column is constant and tells nothing: 'same'"
    dropped = reportgen(*show, "x.csv", "--drop", "kind", "--drop", "same", "--delimiter", ";", "--decimal", ",")
    assert dropped.out.splitlines()[-1].startswith("warning: x.csv: no column is taken for the label")
    assert reportgen(*show, "x.csv").err.endswith("if it is the label, else --drop kind\n")


@pytest.mark.parametrize("command", ["build", "run", "render", "show"])
def test_every_command_that_reads_data_takes_how_it_is_read(reportgen: Command, command: str) -> None:
    shown = reportgen(command, "--help").out
    for option in ("--encoding", "--delimiter", "--decimal", "--no-header", "--drop", "--drop-missing", "--label"):
        assert option in shown


def test_an_oddity_of_the_data_is_a_warning_and_with_strict_a_failure(reportgen: Command) -> None:
    Path("x.csv").write_text(TABLE, encoding="utf-8")
    answer = reportgen("run", "--data", "x.csv:kind", "--strict")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "reportgen: x.csv: 1 column is constant and tells nothing: 'same' (a warning, and the settings are strict)\n"
    )
    answer = reportgen("render", "--data", "x.csv:kind", "--preset", "quick")
    assert answer.err.splitlines()[0] == "warning: x.csv: 1 column is constant and tells nothing: 'same'"


def test_a_pipe_as_data_is_told_without_a_wait(reportgen: Command) -> None:
    os.mkfifo("x.csv")
    assert reportgen("build", "--data", "x.csv").err.endswith("x.csv: is a pipe: only regular files are read\n")


def test_render_without_measurements_says_what_to_run(reportgen: Command) -> None:
    answer = reportgen("render", "--preset", "quick")
    assert answer.code == 1
    assert "reportgen run" in answer.err
    assert not Path("outputs").exists()


def test_a_chapter_without_its_measurements_says_which_experiments_to_run(reportgen: Command) -> None:
    answer = reportgen("render", "--preset", "quick", "--chapter", "gains", "--chapter", "glossary")
    assert answer.code == 1
    assert re.findall(r"--experiment (\w+)", answer.err) == list(gains.CHAPTER.needs)
    assert list(Path().iterdir()) == []


def test_an_export_for_a_system_that_there_is_not_names_the_closest_one(reportgen: Command) -> None:
    answer = reportgen("export", "mkdoc", "course")
    assert answer.code == 2
    assert "did you mean mkdocs?" in answer.err
    assert len(answer.err.splitlines()) == 1
    assert list(Path().iterdir()) == []


def test_an_export_measures_nothing(reportgen: Command) -> None:
    answer = reportgen("export", "quarto", "course", "--preset", "quick")
    assert answer.code == 1
    assert "reportgen run" in answer.err
    assert not Path("course").exists()


def test_a_chapter_goes_into_the_draft_and_the_site_stays_as_it_was(reportgen: Command) -> None:
    Path("outputs").mkdir()
    Path("outputs/index.html").write_text("the whole site", encoding="utf-8")
    Path("battery.toml").write_text('out = "outputs"\n', encoding="utf-8")
    answer = reportgen("render", "battery.toml", "--chapter", "glossary")
    assert answer.code == 0
    assert f"at {Path('draft/glossary.html').resolve()}" in answer.out
    assert Path("draft/markdown/glossary.md").is_file()
    assert not Path("draft/index.html").exists()
    assert [path.name for path in Path("outputs").iterdir()] == ["index.html"]


def test_a_chapter_goes_where_one_wants_it(reportgen: Command) -> None:
    assert reportgen("render", "--chapter", "glossary", "--out", "words", "--format", "html", "--quiet").out == ""
    assert Path("words/glossary.html").is_file()
    assert not Path("words/markdown").exists()
    assert not Path("draft").exists()


def test_the_page_is_opened_where_that_is_wanted(reportgen: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("typer.launch", opened.append)
    reportgen("render", "--chapter", "glossary", "--open")
    assert opened == [str(Path("draft/glossary.html").resolve())]


def test_a_draft_does_not_take_the_place_of_what_is_not_ours(reportgen: Command) -> None:
    Path("draft").mkdir()
    Path("draft/thesis.tex").write_text("mine", encoding="utf-8")
    answer = reportgen("render", "--chapter", "glossary")
    assert answer.code == 1
    assert "thesis.tex" in answer.err
    assert reportgen("clean").code == 0
    assert [path.name for path in Path("draft").iterdir()] == ["thesis.tex"]


def test_clean_deletes_the_draft_too(reportgen: Command) -> None:
    reportgen("render", "--chapter", "glossary")
    answer = reportgen("clean")
    assert [line.partition(":")[0] for line in answer.out.splitlines()] == ["outputs", "draft", ".reportgen-cache"]
    assert list(Path().iterdir()) == []


def test_clean_with_a_wrong_folder_deletes_nothing_at_all(reportgen: Command) -> None:
    reportgen("render", "--chapter", "glossary", "--out", "site")
    Cache(Path("cache")).put("0" * 64, {"forward": {"value": np.zeros(1)}})
    Path("photos").mkdir()
    Path("photos/holiday.jpg").touch()
    before = sorted(Path().rglob("*"))
    for wrong in (("--out", "photos"), ("--out", "sit"), ("--out", "site", "--cache", "photos"), ("--out", "cache")):
        answer = reportgen("clean", "--cache", "cache", *wrong)
        assert answer.code in (1, 2)
        assert len(answer.err.splitlines()) == 1
        assert wrong[-1] in answer.err
        assert sorted(Path().rglob("*")) == before
    assert reportgen("clean", "--cache", "cache", "--out", "site").code == 0
    assert sorted(path.name for path in Path().iterdir()) == ["photos"]


def settings_of(reportgen: Command, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Settings:
    """Return the settings with which a command runs the pipeline."""
    got: list[Settings] = []

    def caught(settings: Settings, *_: object, **__: object) -> Built:
        got.append(settings)
        return Built()

    for stage in ("build", "run", "render"):
        monkeypatch.setattr(f"reportgen.pipeline.{stage}", caught)
    assert reportgen(*arguments).code == 0
    return got[0]


@pytest.mark.parametrize("command", ["build", "run", "render"])
def test_the_cache_is_that_of_the_option_else_of_the_environment_else_of_the_file(
    reportgen: Command, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    Path("battery.toml").write_text('cache = "of-the-file"\n', encoding="utf-8")
    assert settings_of(reportgen, monkeypatch, command).cache == Path(".reportgen-cache")
    assert settings_of(reportgen, monkeypatch, command, "battery.toml").cache == Path("of-the-file")
    monkeypatch.setenv("REPORTGEN_CACHE", "of-the-environment")
    assert settings_of(reportgen, monkeypatch, command).cache == Path("of-the-environment")
    assert settings_of(reportgen, monkeypatch, command, "battery.toml").cache == Path("of-the-environment")
    assert settings_of(reportgen, monkeypatch, command, "battery.toml", "--cache", "mine").cache == Path("mine")
    if command != "render":
        assert settings_of(reportgen, monkeypatch, command, "battery.toml", "--no-cache").cache is None


def test_a_file_can_do_without_a_cache(reportgen: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("battery.toml").write_text("cache = false\n", encoding="utf-8")
    assert settings_of(reportgen, monkeypatch, "build", "battery.toml").cache is None


def test_a_cache_and_no_cache_exclude_each_other(reportgen: Command) -> None:
    answer = reportgen("build", "--cache", "mine", "--no-cache")
    assert (answer.code, answer.err) == (2, "reportgen: --cache and --no-cache exclude each other\n")


def test_clean_takes_the_cache_of_the_environment(reportgen: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_CACHE", "mine")
    Cache(Path("mine")).put("0" * 64, {"forward": {"value": np.zeros(1)}})
    assert "mine: 1 stored cells deleted" in reportgen("clean").out
    assert list(Path().iterdir()) == []


def test_clean_leaves_what_is_not_ours(reportgen: Command) -> None:
    Path("outputs").mkdir()
    Path("outputs/thesis.tex").write_text("mine", encoding="utf-8")
    reportgen("clean")
    assert Path("outputs/thesis.tex").read_text(encoding="utf-8") == "mine"


def test_an_interrupt_is_told_and_leaves_nothing_behind(reportgen: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reportgen.battery.run.measure", interrupted)
    answer = reportgen("build", "--preset", "quick")
    assert answer.code == 130
    assert answer.err.splitlines()[-1].startswith("reportgen: interrupted; what was measured is kept")
    assert [path.name for path in Path().iterdir()] == []


FAILING = """
import sys
import numpy as np
from reportgen.nn.initializers import initializer

@initializer("late", variance=lambda fan_in, fan_out: 1.0, label="late", formula="w", reference="")
def late(rng, fan_in, fan_out):
    if fan_in == 32:
        {body}
    return np.ones((fan_in, fan_out))
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sys.exit(0)", "initializer late: SystemExit: 0"),
        ("raise KeyboardInterrupt", "initializer late: KeyboardInterrupt"),
        ("while True: pass", "initializer late: did not end within 0.5 s; --plugin-seconds N allows more"),
        ("return None", "initializer late: gave None, expected a NumPy array of shape (fan_in, fan_out) = (32, 32)"),
    ],
)
@pytest.mark.parametrize("engine", ["serial", "processes"])
@pytest.mark.usefixtures("without_plugins")
def test_a_plugin_that_fails_while_it_is_measured_is_a_failure_in_one_line(
    reportgen: Command, engine: str, body: str, said: str
) -> None:
    Path("late.py").write_text(FAILING.format(body=body), encoding="utf-8")
    Path("battery.toml").write_text('preset = "quick"\nwidth = 32\nreplicates = 2\nplugin_seconds = 0.5\n')
    given = ("--plugin", "late.py", "--initializer", "late", "--engine", engine, "--experiment", "propagation")
    answer = reportgen("run", "battery.toml", *given, "--jobs", "1", "--quiet")
    assert answer.code == 1
    (line,) = answer.err.splitlines()[-1:]
    assert line.startswith(f"reportgen: {said}")
    assert "late.py:" in line
    assert "Traceback" not in answer.err
