"""The command line: parses, prints, nothing else. Everything heavy is imported inside the commands."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from reportgen import __version__, options
from reportgen.ask import listing
from reportgen.errors import ReportgenError, UsageError, shortened
from reportgen.presets import CACHE, CACHE_VARIABLE, OUT
from reportgen.terminal import prepare, say, tell

if TYPE_CHECKING:
    from reportgen.built import Built
    from reportgen.reporter import Reporter
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


_Misuse = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])
"""What typer raises of options and commands that are not there; it brings its own copy of click, or not."""

_INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C has ended."""

Stage = Callable[["Settings", "Reporter"], "Built"]


@app.command("build")
@options.takes(options.MEASURED, options.SITE, options.WORK, options.TOLD)
def build_site(context: typer.Context, **given: Any) -> None:
    """Measure the battery, draw the figures and publish the site."""
    from reportgen.current import build

    _perform(partial(build, force=bool(given["force"])), _settings(context), given)


@app.command("run")
@options.takes(options.MEASURED, options.WORK, options.TOLD)
def run_battery(context: typer.Context, experiments: options.Experiments = None, **given: Any) -> None:
    """Measure only: leave everything that `render` needs in the cache."""
    from reportgen.pipeline import run

    _perform(partial(run, experiments=experiments or (), force=bool(given["force"])), _settings(context), given)


@app.command("render")
@options.takes(options.MEASURED, options.SITE, options.CACHED, options.TOLD)
def render_site(context: typer.Context, chapters: options.Chapters = None, **given: Any) -> None:
    """Publish the site from stored measurements; measures nothing."""
    from reportgen.pipeline import DRAFT, render

    settings = _settings(context)
    if chapters and given["out"] is None:
        settings = settings.model_copy(update={"out": DRAFT})
    _perform(partial(render, chapters=chapters or ()), settings, given)


@app.command("export")
@options.takes(options.MEASURED, options.CACHED, options.TOLD)
def export_pages(context: typer.Context, system: options.System, folder: options.Folder, **given: Any) -> None:
    """Write the pages as a folder that another system builds, from stored measurements."""
    from reportgen.pipeline import export

    settings = _settings(context)
    _perform(lambda _, reporter: export(settings, system, folder, reporter), settings, given)


@app.command("plan")
@options.takes(options.MEASURED, options.SITE, options.WORK, options.TOLD)
def plan_build(context: typer.Context, **given: Any) -> None:
    """Estimate what `build` would take with the same options: time, memory and room on disk."""
    from reportgen.pipeline import plan as estimate

    plan = estimate(_settings(context))
    tell(plan.summary() if given["quiet"] else plan.lines())
    if obstacle := plan.obstacle():
        typer.echo(f"this is too much: {obstacle}")
        raise typer.Exit(1)


@app.command("check")
@options.takes(options.MEASURED, options.WORK, options.TOLD)
def check_sentences(
    context: typer.Context,
    seeds: Annotated[int, typer.Option(help="How many root seeds to measure, from --seed on.", min=1, max=1000)] = 1,
    **given: Any,
) -> None:
    """Print how safely every sentence of the report holds, over one or several seeds."""
    from reportgen.console import reporter
    from reportgen.pipeline import check

    with reporter(quiet=bool(given["quiet"])) as chosen:
        found = check(_settings(context), chosen, seeds=seeds, force=bool(given["force"]))
    tell(listing.margin_lines(found))
    if given["strict"] and any(one.is_at_the_edge for one in found):
        raise typer.Exit(1)


@app.command("list")
def list_names(
    what: Annotated[str, typer.Argument(help=f"{options.one_of(listing.LISTS)}.")],
    plugins: options.Plugins = None,
    plugin_seconds: options.PluginSeconds = None,
) -> None:
    """List what there is, one line each."""
    tell(listing.lines(what, _timed(plugins, plugin_seconds)))


@app.command()
@options.takes(options.READING)
def show(
    initializer: Annotated[str, typer.Argument(help="Name or call form: he_normal, random_normal(stddev=1).")],
    activation: Annotated[str, typer.Argument(help="Name or call form: relu, leaky_relu(0.2).")],
    depth: Annotated[int, typer.Option(help="Number of hidden layers.")] = 10,
    width: Annotated[int, typer.Option(help="Units per hidden layer.")] = 128,
    replicates: Annotated[int, typer.Option(help="Independent networks.")] = 5,
    batch: Annotated[int, typer.Option(help="Inputs per network.")] = 256,
    seed: Annotated[int, typer.Option(help="Root seed.")] = 0,
    data: Annotated[str, typer.Option(help="gaussian, digits, or FILE or FILE:LABEL.")] = "gaussian",
    plugins: options.Plugins = None,
    plugin_seconds: options.PluginSeconds = None,
    force: options.Force = None,
    **reading: Any,
) -> None:
    """Measure one pair and print it layer by layer, with its verdict."""
    named, how = _timed(plugins, plugin_seconds), _how(reading)
    size = {"depth": depth, "width": width, "replicates": replicates, "batch": batch}
    tell(listing.pair_lines(initializer, activation, size, seed, data, how, named, force=bool(force)))


@app.command()
@options.takes(options.READING)
def recommend(
    activation: Annotated[str, typer.Argument(help="Name or call form: relu, leaky_relu(0.2).")],
    depth: Annotated[int, typer.Option(help="Number of hidden layers.")] = 10,
    width: Annotated[int, typer.Option(help="Units per hidden layer.")] = 128,
    seed: Annotated[int, typer.Option(help="Root seed.")] = 0,
    data: Annotated[str, typer.Option(help="gaussian, digits, or FILE or FILE:LABEL.")] = "gaussian",
    optimizer: Annotated[
        str | None, typer.Option(help="sgd or adam: trains the best candidates too, in small networks.")
    ] = None,
    bins: options.Bins = None,
    plugins: options.Plugins = None,
    plugin_seconds: options.PluginSeconds = None,
    force: options.Force = None,
    **reading: Any,
) -> None:
    """Measure every start that adapts to the width, and name the one to use, with its line of code."""
    named = _timed(plugins, plugin_seconds)
    how = {**_how(reading), **({"bins": bins} if bins else {})}
    lines = listing.recommendation_lines(activation, depth, width, seed, data, how, optimizer, named, force=bool(force))
    tell(lines)


@app.command()
def clean(out: options.Out = None, cache: options.Cache = None) -> None:
    """Delete the published site, a draft and the stored measurements, and nothing else."""
    from reportgen.pipeline import clean as delete

    for folder in (out, cache):
        if folder is not None and not os.path.lexists(folder):
            raise UsageError(f"{shortened(str(folder))}: there is no such folder; nothing was deleted")
    tell(delete(out or Path(OUT), cache or Path(os.environ.get(CACHE_VARIABLE) or CACHE)))


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
        prepare()
        code = app(standalone_mode=False)
    except ReportgenError as error:
        say(str(error))
        code = error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        say("interrupted")
        code = _INTERRUPTED
    except _Misuse as error:
        code = error.exit_code
        if type(error).__name__ == "NoArgsIsHelpError":  # in which some versions of click wrap the help
            error.show()
        else:
            command = error.ctx.command_path if error.ctx else "reportgen"
            say(f"{error.format_message().rstrip('.')}; `{command} --help` says what there is")
    raise SystemExit(code or 0)


def _how(reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a data file is read, of the options that were given."""
    return {**reading, "drop": tuple(reading["drop"] or ()), "drop_missing": bool(reading["drop_missing"])}


def _timed(plugins: list[str] | None, seconds: float | None) -> list[str]:
    """Return the plugins, each call of which may take so long."""
    if seconds is not None:
        from reportgen import foreign

        foreign.allow(seconds)
    return plugins or []


def _settings(context: typer.Context) -> Settings:
    """Make settings of the config file and of the options that were given."""
    from reportgen.settings import Settings, read_settings

    given = {name: value for name, value in context.params.items() if value not in (None, [], ())}
    chosen = {name: value for name, value in given.items() if name in Settings.model_fields}
    if given.get("no_cache"):
        if "cache" in chosen:
            raise UsageError("--cache and --no-cache exclude each other")
        chosen["cache"] = None
    elif folder := os.environ.get(CACHE_VARIABLE):
        chosen.setdefault("cache", folder)
    return read_settings(given.get("config"), chosen)


def _perform(stage: Stage, settings: Settings, given: Mapping[str, Any]) -> None:
    """Run a stage of the pipeline, then say where the site is, how long it took and how much came from the cache."""
    from reportgen.console import reporter

    quiet = bool(given["quiet"])
    try:
        with reporter(quiet=quiet) as chosen:
            built = stage(settings, chosen)
    except KeyboardInterrupt:
        kept = "what was measured is kept for the next run" if settings.cache else "nothing is kept without a cache"
        say(f"interrupted; {kept}, and an earlier site is untouched")
        raise typer.Exit(_INTERRUPTED) from None
    if not quiet:
        tell(built.summary())
    if given.get("open_site") and built.page:
        typer.launch(str(built.page))
