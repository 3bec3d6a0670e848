"""Settings: what a build is asked to do, and the battery that follows from it.

`Settings` hold names and numbers only and are checked before anything is measured. The canonical battery is always
there, so that the prose always stands; what a user names is added to it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from reportgen.battery.engine import ENGINES
from reportgen.data_settings import DataFile, DataReading, described
from reportgen.errors import UsageError, did_you_mean, shortened
from reportgen.presets import ACTIVATIONS, CACHE, DATA, DEPTHS, GREATEST, INITIALIZERS, OUT, PRESETS
from reportgen.registry import Registry
from reportgen.report.formats import FORMATS

__all__ = ["ACTIVATIONS", "DEPTHS", "INITIALIZERS", "PRESETS", "Battery", "Settings", "read_settings"]

_NAMES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "preset": ("preset", PRESETS),
    "engine": ("engine", ENGINES),
    "formats": ("format", FORMATS),
}
"""Setting -> what it names, and where the names come from."""


@dataclass(frozen=True, slots=True)
class Battery:
    """The resolved plan: canonical names and complete numbers, as experiments read it."""

    preset: str
    seed: int
    width: int
    replicates: int
    batch: int
    effort: float
    depths: tuple[int, ...]
    initializers: tuple[str, ...]
    activations: tuple[str, ...]
    data_factors: tuple[Mapping[str, Any], ...]
    oddities: tuple[str, ...] = ()

    def published(self) -> dict[str, Any]:
        """Return the plan as plain data for results and manifest; data sets by their shown names."""
        plain = asdict(self)
        del plain["oddities"]
        plain["data"] = [factors["data"] for factors in plain.pop("data_factors")]
        return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}


class Settings(DataReading):
    """What a build is asked to do; every field is also a key of ``battery.toml``.

    Attributes
    ----------
    preset
        One of `PRESETS`.
    seed
        Root seed of every random number.
    initializers, activations, depths, data
        Added to the canonical battery. Names may carry parameters: ``random_normal(stddev=0.3)``. A data set is the
        path of a file, as ``FILE`` or ``FILE:LABEL``, a `DataFile` that says how it is read, or has a name of its own.
    label, standardize, encoding, delimiter, decimal, header, drop, drop_missing, bins
        How added files are read that do not say otherwise; see `DataReading`.
    width, replicates, batch
        Units per hidden layer, networks per cell, inputs per network; the preset decides where they are not given.
    plugins
        Files or modules that register initializers or activations.
    out, cache, formats
        Folder of the site; folder of the stored measurements (None, in a file ``false``: keep nothing); which of
        `FORMATS` to write.
    engine, jobs, scheduler
        How cells are run: one of `ENGINES`; number of workers; address of a dask scheduler.
    strict
        Treat every warning as a failure.
    """

    preset: str = "standard"
    seed: int = Field(default=0, ge=0, le=GREATEST)
    initializers: tuple[str, ...] = ()
    activations: tuple[str, ...] = ()
    depths: tuple[int, ...] = ()
    data: tuple[DataFile | str, ...] = ()
    width: int | None = Field(default=None, ge=1, le=GREATEST)
    replicates: int | None = Field(default=None, ge=2, le=GREATEST)
    batch: int = Field(default=256, ge=2, le=GREATEST)
    plugins: tuple[str, ...] = ()
    out: Path = Path(OUT)
    cache: Path | None = Path(CACHE)
    formats: tuple[str, ...] = tuple(FORMATS)
    engine: str = "processes"
    jobs: int | None = Field(default=None, ge=1, le=GREATEST)
    scheduler: str | None = None
    strict: bool = False

    @field_validator("depths")
    @classmethod
    def _depths_are_positive(cls, depths: tuple[int, ...]) -> tuple[int, ...]:
        if depths and min(depths) < 1:
            raise ValueError(f"a depth must be at least 1, not {shortened(str(min(depths)))}")
        if depths and max(depths) > GREATEST:
            raise ValueError(f"a depth must be at most {GREATEST}, not {shortened(str(max(depths)))}")
        return depths

    @field_validator("formats")
    @classmethod
    def _formats_are_not_empty(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        if not formats:
            raise ValueError(f"at least one format is needed: {' or '.join(FORMATS)}")
        return formats

    @field_validator(*_NAMES)
    @classmethod
    def _names_are_known(cls, value: str | tuple[str, ...], info: ValidationInfo) -> str | tuple[str, ...]:
        kind, known = _NAMES[str(info.field_name)]
        for name in [value] if isinstance(value, str) else value:
            if name not in known:
                raise ValueError(f"there is no {kind} {name!r}: {did_you_mean(name, known)}")
        return value

    @field_validator("cache", mode="before")
    @classmethod
    def _no_cache_is_false(cls, cache: object) -> object:
        return None if cache is False else cache

    @field_validator("scheduler")
    @classmethod
    def _scheduler_is_for_dask(cls, scheduler: str | None, info: ValidationInfo) -> str | None:
        if scheduler is not None and info.data.get("engine") != "dask":
            raise ValueError("a scheduler is for the engine dask only")
        return scheduler

    def battery(self) -> Battery:
        """Resolve names, files and numbers into the battery that is to be measured.

        Raises
        ------
        UsageError
            For an unknown name or parameter.
        DataError
            For a data file that cannot be used.
        """
        from reportgen import plugins
        from reportgen.nn.activations import activations
        from reportgen.nn.datasets import oddities
        from reportgen.nn.initializers import initializers

        plugins.load(self.plugins)
        preset = PRESETS[self.preset]
        data = described((*DATA, *self.data), self)
        return Battery(
            preset=self.preset,
            seed=self.seed,
            width=self.width or preset.width,
            replicates=self.replicates or preset.replicates,
            batch=self.batch,
            effort=preset.effort,
            depths=tuple(sorted({*preset.depths, *self.depths})),
            initializers=_resolve(initializers, INITIALIZERS + self.initializers),
            activations=_resolve(activations, ACTIVATIONS + self.activations),
            data_factors=data,
            oddities=tuple(oddity for factors in data for oddity in oddities(factors)),
        )


def read_settings(config: Path | None, options: Mapping[str, Any]) -> Settings:
    """Combine a TOML file with options of the command line; an option wins, additions to the battery are joined.

    Parameters
    ----------
    config
        Path of a ``battery.toml``, or None. Paths inside it are relative to its folder.
    options
        Field name -> value, only what was given.

    Raises
    ------
    UsageError
        Naming the file, the key and the line of what cannot be used.
    """
    text = _read(config) if config else ""
    try:
        written = tomllib.loads(text)
    except ValueError as error:  # a number of thousands of digits is no TOMLDecodeError
        told = "a number is too long" if type(error) is ValueError else str(error)
        raise UsageError(f"{config}: not valid TOML: {told}") from None
    merged = {key: _relative_to(config, key, value) for key, value in written.items()}
    for key, value in options.items():
        joined = key in _JOINED and isinstance(merged.get(key), list)
        merged[key] = [*merged[key], *value] if joined else value
    try:
        return Settings(**merged)
    except ValidationError as error:
        raise UsageError(_explain(error, config, text, options)) from None


_JOINED = ("initializers", "activations", "depths", "data", "drop", "plugins")


def _read(config: Path) -> str:
    try:
        return config.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"{config}: there is no such config file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{config}: cannot be read: {error}") from None


def _relative_to(config: Path | None, key: str, value: Any) -> Any:
    """Take the paths in a config file from its folder; names and numbers stay as they are."""
    if isinstance(value, list):
        return [_relative_to(config, key, item) for item in value]
    if key == "data" and isinstance(value, dict):
        return {name: _relative_to(config, key, item) if name == "path" else item for name, item in value.items()}
    if config is None or not isinstance(value, str) or not _is_path(key, value):
        return value
    return str(config.parent / value)


def _is_path(key: str, value: str) -> bool:
    from reportgen.nn.datasets import BUILT_IN

    if key == "data":
        return value not in BUILT_IN and "://" not in value
    return key in ("out", "cache") or (key == "plugins" and value.endswith(".py"))


def _explain(error: ValidationError, config: Path | None, text: str, options: Mapping[str, Any]) -> str:
    """Turn the first complaint of a validation into one line: where, what, what is allowed."""
    first = error.errors(include_url=False)[0]
    key, *inside = [str(part) for part in first["loc"] if part not in ("DataFile", "str") and isinstance(part, str)]
    line = _line(text, inside[-1], _line(text, key)) if inside else _line(text, key)
    where = "" if key in options or config is None else f"{config}, line {line}: "
    key, known = (inside[-1], DataFile.model_fields) if inside else (key, Settings.model_fields)
    where = f"{where}{key}"
    if first["type"] == "extra_forbidden":
        return f"{where}: unknown key, {did_you_mean(key, known)}"
    if first["type"] == "model_type":
        return f"{where}: a data set is a path, or a table with the key path (given: {first['input']!r})"
    if first["type"] == "value_error":  # our own words, which quote what was given
        return f"{where}: {first['msg'].removeprefix('Value error, ')}"
    return f"{where}: {first['msg'][0].lower()}{first['msg'][1:]} (given: {shortened(repr(first['input']))})"


def _line(text: str, key: str, otherwise: int = 1) -> int:
    """Return the line of a config text on which a key is set, at its beginning or in a table within braces."""
    pattern = re.compile(rf"""(?:^\s*(?:\[+\s*)?|[{{,]\s*)["']?{re.escape(key)}["']?\s*[=.\]]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)), otherwise)


def _resolve(registry: Registry[Any], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the canonical spelling of each name once, in order."""
    return tuple(dict.fromkeys(registry.get(name).name for name in dict.fromkeys(names)))
