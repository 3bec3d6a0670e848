"""The command line: parses, prints, nothing else. Everything heavy is imported inside the commands."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportgen import __version__
from reportgen.errors import ReportgenError, UsageError, did_you_mean

if TYPE_CHECKING:
    from reportgen.built import Built
    from reportgen.settings import Settings

__all__ = ["app", "main"]

app = typer.Typer(
    name="reportgen",
    help="Measure what weight initialization does to a network, and publish the report.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _option(name: str, kind: Any, text: str, value: str | None = None) -> Any:
    """Describe an option that is not given by default; `value` is the word for its value in the help."""
    return Annotated[kind | None, typer.Option(name, help=text, metavar=value, show_default=False)]


Plugins = Annotated[
    list[str] | None, typer.Option("--plugin", help="A file or module that registers your own.", metavar="FILE")
]

_OPTIONS: dict[str, Any] = {
    "config": Annotated[Path | None, typer.Argument(help="A battery.toml; options win over it.", show_default=False)],
    "preset": _option("--preset", str, "quick, standard (default) or full.", "NAME"),
    "out": _option("--out", Path, "Folder of the site (default: outputs).", "FOLDER"),
    "seed": _option("--seed", int, "Root seed of every random number (default: 0).", "N"),
    "jobs": _option("--jobs", int, "Number of workers (default: one per processor).", "N"),
    "engine": _option("--engine", str, "serial, processes (default) or dask.", "NAME"),
    "scheduler": _option("--scheduler", str, "Address of a dask scheduler (default: one of our own).", "ADDRESS"),
    "cache": _option("--cache/--no-cache", bool, "Keep and reuse measurements (default: yes)."),
    "formats": _option("--format", list[str], "html or markdown (default: both); repeatable.", "NAME"),
    "data": _option("--data", list[str], "Add a .csv, .parquet or .npz to the battery; repeatable.", "FILE"),
    "label": _option("--label", str, "Name of the label column of added data (default: label).", "NAME"),
    "standardize": _option("--standardize/--no-standardize", bool, "Standardize added data (default: yes)."),
    "initializers": _option("--initializer", list[str], "Add an initializer to the battery; repeatable.", "NAME"),
    "activations": _option("--activation", list[str], "Add an activation to the battery; repeatable.", "NAME"),
    "depths": _option("--depth", list[int], "Add a depth to the battery; repeatable.", "N"),
    "plugins": Plugins,
    "experiments": _option("--experiment", list[str], "Measure this experiment only; repeatable.", "NAME"),
    "chapters": _option("--chapter", list[str], "Publish this chapter only, into draft/; repeatable.", "NAME"),
    "strict": _option("--strict", bool, "Treat every warning as a failure."),
    "quiet": _option("--quiet", bool, "Print warnings and errors only."),
    "open_site": _option("--open", bool, "Open the site in the browser."),
}
_WHAT = ("config", "preset", "seed", "data", "label", "standardize", "initializers", "activations", "depths", "plugins")
_HOW = ("jobs", "engine", "scheduler", "cache")
_WHERE = ("out", "formats", "open_site")
_TALK = ("strict", "quiet")

_DRAFT = Path("draft")
"""Where single chapters go, so that a whole site stays whole."""

_INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C has ended."""

Command = Callable[["Settings", dict[str, Any]], None]


def _takes(*names: str) -> Callable[[Command], Callable[..., None]]:
    """Give a command the named options; it receives the settings made from them, and the options themselves."""

    def decorate(command: Command) -> Callable[..., None]:
        def wrapper(**given: Any) -> None:
            command(_settings(given), given)

        keyword = inspect.Parameter.KEYWORD_ONLY
        parameters = [inspect.Parameter(name, keyword, default=None, annotation=_OPTIONS[name]) for name in names]
        wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        wrapper.__annotations__ = {name: _OPTIONS[name] for name in names}
        wrapper.__doc__, wrapper.__name__ = command.__doc__, command.__name__
        return wrapper

    return decorate


def _settings(given: dict[str, Any]) -> Settings:
    from reportgen.settings import read_settings

    not_settings = ("config", "quiet", "open_site", "experiments", "chapters")
    options = {key: value for key, value in given.items() if key not in not_settings and value not in (None, [])}
    if "cache" in options and options.pop("cache") is False:
        options["cache"] = None
    return read_settings(given["config"], options)


@app.command("build")
@_takes(*_WHAT, *_WHERE, *_HOW, *_TALK)
def build_site(settings: Settings, given: dict[str, Any]) -> None:
    """Measure the battery, draw the figures and publish the site."""
    from reportgen.pipeline import build

    _report(build, settings, given)


@app.command("run")
@_takes("config", "experiments", *_WHAT[1:], *_HOW, *_TALK)
def run_battery(settings: Settings, given: dict[str, Any]) -> None:
    """Measure only: leave everything that `render` needs in the cache."""
    from reportgen.pipeline import run

    _report(partial(run, experiments=given["experiments"] or ()), settings, given)


@app.command("render")
@_takes("config", "chapters", *_WHAT[1:], *_WHERE, *_TALK)
def render_site(settings: Settings, given: dict[str, Any]) -> None:
    """Publish the site from stored measurements; measures nothing."""
    from reportgen.pipeline import render

    chapters = given["chapters"] or ()
    if chapters and given["out"] is None:
        settings = settings.model_copy(update={"out": _DRAFT})
    _report(partial(render, chapters=chapters), settings, given)


@app.command("list")
def list_names(
    what: Annotated[str, typer.Argument(help="initializers, activations, chapters or experiments.")],
    plugins: Plugins = None,
) -> None:
    """List what there is, one line each."""
    from reportgen.ask import listing

    if what not in listing.LISTS:
        raise UsageError(f"cannot list {what!r}: {did_you_mean(what, listing.LISTS)}")
    for line in listing.lines(what, plugins or []):
        typer.echo(line)


@app.command()
def show(
    initializer: Annotated[str, typer.Argument(help="Name or call form: he_normal, random_normal(stddev=1).")],
    activation: Annotated[str, typer.Argument(help="Name or call form: relu, leaky_relu(0.2).")],
    depth: Annotated[int, typer.Option(help="Number of hidden layers.")] = 10,
    width: Annotated[int, typer.Option(help="Units per hidden layer.")] = 128,
    seed: Annotated[int, typer.Option(help="Root seed.")] = 0,
    data: Annotated[str, typer.Option(help="gaussian, digits or a data file.")] = "gaussian",
    label: Annotated[str, typer.Option(help="Label column of a data file.")] = "label",
    plugins: Plugins = None,
) -> None:
    """Measure one pair and print it layer by layer, with its verdict."""
    from reportgen.ask import listing

    for line in listing.pair_lines(initializer, activation, depth, width, seed, data, label, plugins or []):
        typer.echo(line)


@app.command()
def recommend(
    activation: Annotated[str, typer.Argument(help="Name or call form: relu, leaky_relu(0.2).")],
    depth: Annotated[int, typer.Option(help="Number of hidden layers.")] = 10,
    width: Annotated[int, typer.Option(help="Units per hidden layer.")] = 128,
    seed: Annotated[int, typer.Option(help="Root seed.")] = 0,
    plugins: Plugins = None,
) -> None:
    """Measure every start that adapts to the width, and name the one to use."""
    from reportgen.ask import listing

    for line in listing.advice_lines(activation, depth, width, seed, plugins or []):
        typer.echo(line)


@app.command()
def clean(
    out: Annotated[Path, typer.Option(help="Folder of the site.")] = Path("outputs"),
    cache: Annotated[Path, typer.Option(help="Folder of the stored measurements.")] = Path(".reportgen-cache"),
) -> None:
    """Delete the published site and the stored measurements, and nothing else."""
    from reportgen.pipeline import clean as delete

    for line in delete(out, cache):
        typer.echo(line)


@app.callback(invoke_without_command=True)
def version(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Measure what weight initialization does to a network, and publish the report."""
    if show_version:
        typer.echo(f"reportgen {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; a user's mistake is one line and an exit code, never a traceback."""
    try:
        app()
    except ReportgenError as error:
        print(f"reportgen: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None


def _report(stage: Callable[..., Built], settings: Settings, given: dict[str, Any]) -> None:
    """Run a stage of the pipeline, then say where the site is, how long it took and how much came from the cache."""
    from reportgen.console import reporter

    try:
        with reporter(quiet=bool(given["quiet"])) as chosen:
            built = stage(settings, chosen)
    except KeyboardInterrupt:
        kept = "what was measured is kept for the next run" if settings.cache else "nothing is kept without a cache"
        print(f"reportgen: interrupted; {kept}, and an earlier site is untouched", file=sys.stderr)
        raise typer.Exit(_INTERRUPTED) from None
    if not given["quiet"]:
        for line in built.summary():
            typer.echo(line)
    if given.get("open_site") and built.page:
        typer.launch(str(built.page))
