"""Settings: what a build is asked to do, and the battery that follows from it.

`Settings` hold names and numbers only and are checked before anything is measured. The canonical battery is always
there, so that the prose always stands; what a user names is added to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import Field, PrivateAttr, ValidationError, ValidationInfo, field_validator

from reportgen.battery.engine import ENGINES
from reportgen.complaints import line_of, told
from reportgen.config import read_config
from reportgen.data_settings import DataFile, DataReading, described
from reportgen.errors import ReportgenError, UsageError, did_you_mean, shortened
from reportgen.foreign import SECONDS
from reportgen.presets import ACTIVATIONS, CACHE, DATA, DEPTHS, DPI, GREATEST, INITIALIZERS, OUT, PRESETS
from reportgen.publication_settings import FILES, Publication
from reportgen.registry import Registry
from reportgen.report import products
from reportgen.report.formats import DEFAULT_FORMATS

__all__ = ["ACTIVATIONS", "DEPTHS", "INITIALIZERS", "PRESETS", "Battery", "Settings", "read_settings"]

_NAMES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "preset": ("preset", PRESETS),
    "engine": ("engine", ENGINES),
    "formats": ("format", dict.fromkeys(products.NAMES)),
}
"""Setting -> what it names, and where the names come from."""

_NUMBERS = ("seed", "depths", "width", "replicates", "batch", "plugin_seconds", "jobs", "dpi")
_PATHS = ("data", "plugins", "out", "cache", *FILES)


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

    @property
    def initializer_groups(self) -> tuple[tuple[str, ...], ...]:
        """The canonical initializers together, and each one that was added for itself."""
        own = len(INITIALIZERS)
        return self.initializers[:own], *((name,) for name in self.initializers[own:])

    def published(self) -> dict[str, Any]:
        """Return the plan as plain data for results and manifest; data sets by their shown names."""
        plain = asdict(self)
        del plain["oddities"]
        plain["data"] = [factors["data"] for factors in plain.pop("data_factors")]
        return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}


class Settings(DataReading, Publication):
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
    plugin_seconds
        How long a plugin may take to be imported, and for each call of a function of its own.
    out, cache, formats
        Folder of the site; folder of the stored measurements (None, in a file ``false``: keep nothing); which of
        `reportgen.report.products.NAMES` to write.
    base_url, title, author, course, logo, css, templates
        Whose report it is and where it will stand; see `Publication`.
    dpi
        Pixels per inch of the figures as PNG: 300 for print.
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
    plugin_seconds: float = Field(default=SECONDS, gt=0, le=1e6)
    out: Path = Path(OUT)
    cache: Path | None = Path(CACHE)
    formats: tuple[str, ...] = DEFAULT_FORMATS
    dpi: int = Field(default=DPI, ge=50, le=600)
    engine: str = "processes"
    jobs: int | None = Field(default=None, ge=1, le=GREATEST)
    scheduler: str | None = None
    strict: bool = False

    _places: dict[tuple[str, str], Callable[[], str]] = PrivateAttr(default_factory=dict)

    @field_validator(*_NUMBERS, mode="before")
    @classmethod
    def _a_truth_is_no_number(cls, value: object) -> object:
        if any(isinstance(one, bool) for one in (value if isinstance(value, list | tuple) else [value])):
            raise ValueError("must be a number, not true or false")
        return value

    @field_validator(*_PATHS)
    @classmethod
    def _files_can_have_these_names(cls, value: Any) -> Any:
        for path in value if isinstance(value, tuple) else [value]:
            if "\0" in str(path):
                raise ValueError(f"no file can have the name '{shortened(str(path))}'")
        return value

    @field_validator("out", "cache", *FILES)
    @classmethod
    def _home_is_known(cls, value: Path | None) -> Path | None:
        try:
            return value and value.expanduser()
        except RuntimeError:
            raise ValueError(f"there is no home folder for '{shortened(str(value))}'") from None

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
            raise ValueError(f"at least one format is needed: {' or '.join(products.NAMES)}")
        return formats

    @field_validator(*_NAMES)
    @classmethod
    def _names_are_known(cls, value: str | tuple[str, ...], info: ValidationInfo) -> str | tuple[str, ...]:
        kind, known = _NAMES[str(info.field_name)]
        for name in [value] if isinstance(value, str) else value:
            if name not in known:
                raise ValueError(f"there is no {kind} '{shortened(name)}': {did_you_mean(name, known)}")
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
        from reportgen import foreign, plugins
        from reportgen.nn.activations import activations
        from reportgen.nn.datasets import oddities
        from reportgen.nn.initializers import initializers

        foreign.allow(self.plugin_seconds)
        plugins.load()
        for name in self.plugins:
            with self._placed("plugins", name):
                plugins.load([name])
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
            initializers=self._resolved("initializers", initializers, INITIALIZERS),
            activations=self._resolved("activations", activations, ACTIVATIONS),
            data_factors=data,
            oddities=tuple(oddity for factors in data for oddity in oddities(factors)),
        )

    def _resolved(self, key: str, registry: Registry[Any], canonical: tuple[str, ...]) -> tuple[str, ...]:
        """Return the canonical spelling of each name once, in order."""
        names = [registry.get(name).name for name in canonical]
        for name in dict.fromkeys(getattr(self, key)):
            with self._placed(key, name):
                names.append(registry.get(name).name)
        return tuple(dict.fromkeys(names))

    def place(self, key: str) -> str:
        """Return where it stands what a setting is: in a config file, or only its name."""
        return self._places[key, ""]() if (key, "") in self._places else key

    @contextmanager
    def _placed(self, key: str, value: str) -> Iterator[None]:
        """Say where in a config file it stands that something cannot be used."""
        try:
            yield
        except ReportgenError as error:
            if (key, value) not in self._places:
                raise
            raise type(error)(f"{self._places[key, value]()}: {error}") from None


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
    text, written = read_config(config) if config else ("", {})
    merged = {key: _relative_to(config, key, value) for key, value in written.items()}
    for key, value in options.items():
        joined = key in _JOINED and isinstance(merged.get(key), list)
        merged[key] = [*merged[key], *value] if joined else value
    known = (Settings.model_fields, DataFile.model_fields)
    try:
        settings = Settings(**merged)
    except ValidationError as error:
        raise UsageError(told(error.errors(include_url=False), options, config, text, known)) from None
    for key in ("initializers", "activations", "plugins"):
        for raw, value in zip(_listed(written, key), _listed(merged, key), strict=False):
            settings._places.setdefault((key, value), partial(_place, config, text, key, raw))
    for key in set(FILES) & set(written) - set(options):
        settings._places[key, ""] = partial(_place, config, text, key, "")
    return settings


_JOINED = ("initializers", "activations", "depths", "data", "drop", "plugins")


def _place(config: Path | None, text: str, key: str, value: str) -> str:
    """Say where in a file a value stands; asked for only where it cannot be used, since it reads all lines."""
    return f"{shortened(str(config), 100)}, line {line_of(text, key, value)}: {key}"


def _listed(settings: Mapping[str, Any], key: str) -> list[str]:
    value = settings.get(key)
    return [str(item) for item in value] if isinstance(value, list) else []


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
    return key in ("out", "cache", *FILES) or (key == "plugins" and value.endswith(".py"))
