"""What the run was asked to do, and with what it was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.presets import ACTIVATIONS, DATA, INITIALIZERS, PRESETS

__all__ = ["Findings", "Tables", "find", "read"]

_UNKNOWN = "unknown"

_MEANINGS = {
    "preset": "how large and how often everything is",
    "seed": "the number from which all random numbers are made",
    "width": "units per hidden layer in the networks of the maps",
    "replicates": "networks per start and activation",
    "batch": "inputs that go through each of them",
    "depths": "numbers of hidden layers",
}
"""Settings that a reader asks for, in the order of the table."""


class Tables(NamedTuple):
    """What the page reads.

    Attributes
    ----------
    settings
        `setting`, its `value` and its `meaning`.
    versions
        `library` and `version`.
    """

    settings: pd.DataFrame
    versions: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Findings:
    """The settings and versions as tables, the command and the citation, and what a user has added."""

    settings: pd.DataFrame
    versions: pd.DataFrame
    seed: int
    preset: str
    version: str
    added: list[str]
    is_preset: bool


def read(results: Results) -> Tables:
    """Take settings and provenance from the results."""
    settings: Mapping[str, Any] = results.settings
    shown = [(name, _written(settings[name]), meaning) for name, meaning in _MEANINGS.items() if name in settings]
    shown.append(("added", _written(_added(settings)), "starts, activations and data beyond those that every run has"))
    generator = str(results.provenance.get("generator", "reportgen"))
    versions = {"reportgen": generator.removeprefix("reportgen").strip(), **results.provenance.get("versions", {})}
    return Tables(
        pd.DataFrame(shown, columns=["setting", "value", "meaning"]),
        pd.DataFrame(
            [(name, str(version or _UNKNOWN)) for name, version in versions.items()], columns=["library", "version"]
        ),
    )


def find(tables: Tables) -> Findings:
    """Return what the page quotes."""
    values = dict(tables.settings[["setting", "value"]].itertuples(index=False, name=None))
    preset, added = values["preset"], values["added"]
    width, replicates, *_ = PRESETS[preset]
    return Findings(
        settings=tables.settings,
        versions=tables.versions,
        seed=int(values["seed"]),
        preset=preset,
        version=str(tables.versions["version"].iloc[0]) or _UNKNOWN,
        added=[] if added == "none" else added.split(", "),
        is_preset=added == "none" and (values["width"], values["replicates"]) == (str(width), str(replicates)),
    )


def _added(settings: Mapping[str, Any]) -> list[str]:
    """Return the short names of what a user has added."""
    own = {"initializers": INITIALIZERS, "activations": ACTIVATIONS, "data": DATA}
    return [short_name(str(name)) for key, known in own.items() for name in settings.get(key, ()) if name not in known]


def _written(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)
