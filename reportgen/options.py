"""The options that commands share, one by one and in groups; names that one may take are those of the registries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

from typer import Argument, Option

from reportgen.battery.engine import ENGINES
from reportgen.presets import CACHE, CACHE_VARIABLE, DPI, OUT, PRESETS
from reportgen.report import products
from reportgen.report.exports.systems import SYSTEMS
from reportgen.report.formats import DEFAULT_FORMATS

__all__ = [
    "CACHED",
    "MEASURED",
    "READING",
    "SITE",
    "TOLD",
    "WORK",
    "Cache",
    "Chapters",
    "Experiments",
    "Folder",
    "Force",
]
__all__ += ["Force", "Out", "PluginSeconds", "Plugins", "System", "one_of", "takes"]

Command = TypeVar("Command", bound=Callable[..., None])


def one_of(names: Iterable[str], default: str = "") -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> one_of(["serial", "processes", "dask"], default="processes")
    'serial, processes (default) or dask'
    """
    *front, last = (f"{name} (default)" if name == default else name for name in names)
    return f"{', '.join(front)} or {last}" if front else last


# What is measured. An option that is not given is None: the file or the settings' own default decides.

Config = Annotated[Path | None, Argument(help="A battery.toml; options win over it.")]
Preset = Annotated[str | None, Option(help=f"{one_of(PRESETS, 'standard')}.", metavar="NAME")]
Seed = Annotated[int | None, Option(help="Root seed of every random number (default: 0).", metavar="N")]
Initializers = Annotated[
    list[str] | None, Option("--initializer", help="Add an initializer to the battery; repeatable.", metavar="NAME")
]
Activations = Annotated[
    list[str] | None, Option("--activation", help="Add an activation to the battery; repeatable.", metavar="NAME")
]
Depths = Annotated[list[int] | None, Option("--depth", help="Add a depth to the battery; repeatable.", metavar="N")]
Plugins = Annotated[
    list[str] | None, Option("--plugin", help="A file or module that registers your own; repeatable.", metavar="FILE")
]
PluginSeconds = Annotated[
    float | None,
    Option(help="Time for each call of a plugin (default: 60).", metavar="N", min=0.001, max=1e6),
]

# How added data files are read. What is not told is found out from the file.

Data = Annotated[
    list[str] | None,
    Option(help="Add a .csv, .tsv, .npz or .parquet, as FILE or FILE:LABEL; repeatable.", metavar="FILE"),
]
Label = Annotated[str | None, Option(help="Name of the label column of added data (default: label).", metavar="NAME")]
Standardize = Annotated[
    bool | None, Option("--standardize/--no-standardize", help="Standardize added data (default: yes).")
]
Encoding = Annotated[str | None, Option(help="Encoding of a text, as utf-8, cp1252 or gb18030.", metavar="NAME")]
Delimiter = Annotated[str | None, Option(help="Between two values: , ; | tab or blank.", metavar="MARK")]
Decimal = Annotated[str | None, Option(help="Before the decimals of a number: . or ,", metavar="MARK")]
Header = Annotated[bool | None, Option("--header/--no-header", help="Whether the first row names the columns.")]
Drop = Annotated[list[str] | None, Option("--drop", help="Leave out a column; repeatable.", metavar="COLUMN")]
DropMissing = Annotated[bool | None, Option("--drop-missing", help="Leave out rows with a missing value.")]
Bins = Annotated[int | None, Option(help="Cut a numeric label into so many classes.", metavar="N")]

# How.

Jobs = Annotated[int | None, Option(help="Number of workers (default: one per processor).", metavar="N")]
Engine = Annotated[str | None, Option(help=f"{one_of(ENGINES, 'processes')}.", metavar="NAME")]
Scheduler = Annotated[
    str | None, Option(help="Address of a dask scheduler (default: one of our own).", metavar="ADDRESS")
]
Cache = Annotated[
    Path | None,
    Option(help=f"Folder of the measurements (default: ${CACHE_VARIABLE}, the file's, {CACHE}).", metavar="FOLDER"),
]
NoCache = Annotated[bool | None, Option("--no-cache", help="Neither read nor keep measurements.")]
Force = Annotated[bool | None, Option("--force", help="Begin what is estimated not to fit on this machine.")]
Experiments = Annotated[
    list[str] | None, Option("--experiment", help="Measure this experiment only; repeatable.", metavar="NAME")
]

# Where the site goes, and what is said meanwhile.

Out = Annotated[Path | None, Option(help=f"Folder of the site (default: {OUT}).", metavar="FOLDER")]
Formats = Annotated[
    list[str] | None,
    Option(
        "--format",
        help=f"{one_of(products.NAMES)} (default: {' and '.join(DEFAULT_FORMATS)}); repeatable.",
        metavar="NAME",
    ),
]
BaseUrl = Annotated[
    str | None, Option(help="Address at which the site will stand; adds a sitemap and previews.", metavar="URL")
]
Templates = Annotated[Path | None, Option(help="Folder of your own templates, which win over ours.", metavar="FOLDER")]
Dpi = Annotated[
    int | None, Option("--dpi", help=f"Pixels per inch of the PNG (default: {DPI}; 300 for print).", metavar="N")
]
Chapters = Annotated[
    list[str] | None, Option("--chapter", help="Publish this chapter only, into draft/; repeatable.", metavar="NAME")
]
OpenSite = Annotated[bool | None, Option("--open", help="Open the site in the browser.")]
Strict = Annotated[bool | None, Option("--strict", help="Treat every warning as a failure.")]
Quiet = Annotated[bool | None, Option("--quiet", help="Print warnings and errors only.")]

System = Annotated[str, Argument(help=f"{one_of(SYSTEMS)}.")]
Folder = Annotated[Path, Argument(help="Where to: a folder that is empty, or not there yet.")]

READING: Mapping[str, Any] = {
    "label": Label,
    "encoding": Encoding,
    "delimiter": Delimiter,
    "decimal": Decimal,
    "header": Header,
    "drop": Drop,
    "drop_missing": DropMissing,
}
"""How a data file is read, also by `show`."""

MEASURED: Mapping[str, Any] = {
    "config": Config,
    "preset": Preset,
    "seed": Seed,
    "data": Data,
    **READING,
    "bins": Bins,
    "standardize": Standardize,
    "initializers": Initializers,
    "activations": Activations,
    "depths": Depths,
    "plugins": Plugins,
    "plugin_seconds": PluginSeconds,
}
"""What is measured."""

CACHED: Mapping[str, Any] = {"cache": Cache}
WORK: Mapping[str, Any] = {
    "jobs": Jobs,
    "engine": Engine,
    "scheduler": Scheduler,
    **CACHED,
    "no_cache": NoCache,
    "force": Force,
}
"""How it is measured."""

SITE: Mapping[str, Any] = {
    "out": Out,
    "formats": Formats,
    "base_url": BaseUrl,
    "templates": Templates,
    "dpi": Dpi,
    "open_site": OpenSite,
}
"""Where it is published."""

TOLD: Mapping[str, Any] = {"strict": Strict, "quiet": Quiet}
"""What is said."""


def takes(*groups: Mapping[str, Any]) -> Callable[[Command], Command]:
    """Give a command the options of some groups, beside its own; it gets them by name, None where one is not given."""

    def give(command: Command) -> Command:
        hints = get_type_hints(command, include_extras=True)
        own = [one for one in signature(command).parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
        named = [Parameter(one.name, one.kind, default=one.default, annotation=hints[one.name]) for one in own]
        options = {name: option for group in groups for name, option in group.items()}
        shared = [
            Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=option) for name, option in options.items()
        ]
        command.__signature__ = Signature([*named, *shared])  # type: ignore[attr-defined]
        command.__annotations__ = {one.name: one.annotation for one in (*named, *shared)}
        return command

    return give
