"""The cards: what is to be said of every start and every activation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isinf
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.catalog.tables import CODE, Tables
from reportgen.chapters.names import short_name
from reportgen.chapters.scale import by_group, usable
from reportgen.judgments.choice import family_of
from reportgen.judgments.frames import only, where
from reportgen.presets import ACTIVATIONS, INITIALIZERS

__all__ = ["Activation", "Findings", "Start", "find"]

_FRAMEWORKS = {"pytorch": "PyTorch", "keras": "Keras", "jax": "JAX"}


class Start(NamedTuple):
    """The card of a start.

    Attributes
    ----------
    name, label
        Registry name, and that for people.
    ours
        Whether it is one of reportgen's definitions; of others formula, label and reference are letters and no more.
    formula
        Its variance or its weights, in LaTeX.
    reference
        Paper, year and equation.
    cut
        How a normal distribution is cut; empty for the others.
    declared, drawn
        fan_in Var(w); `declared` is nan where it is not.
    least, greatest
        Of all weights drawn.
    first
        Activations for which the front page names it, with its parameters where it has some there.
    good
        Activations for which it is as good at the start.
    code
        Framework -> the line for it; empty where there is none.
    """

    name: str
    label: str
    ours: bool
    formula: str
    reference: str
    cut: str
    declared: float
    drawn: float
    least: float
    greatest: float
    first: list[str]
    good: list[str]
    code: Mapping[str, str]


class Activation(NamedTuple):
    """The card of an activation.

    Attributes
    ----------
    name, label, ours, formula, reference
        As of a start.
    values
        What the letters of the formula are, in LaTeX.
    bounds
        Whether its output is bounded, on both sides or on one, in words.
    slope
        Its greatest slope.
    forward, backward, published
        Gains that keep signal and gradient at variance one, and PyTorch's; None where there is none that can be used.
    start
        The start that the front page names for it.
    carries
        To how many hidden layers that is healthy, in words.
    code
        Framework -> the lines for both; empty where there are none.
    """

    name: str
    label: str
    ours: bool
    formula: str
    values: str
    reference: str
    bounds: str
    slope: float
    forward: float | None
    backward: float | None
    published: float | None
    start: str
    carries: str
    code: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Findings:
    """All cards, by registry name.

    Attributes
    ----------
    starts, activations
        Those of every run.
    added_starts, added_activations
        Those that a user added.
    width, weights
        Units of the layers that were drawn, and how many weights of each start.
    rows
        Rows that the starts fill in the maps.
    worst
        Greatest share by which the variance drawn is off the one declared.
    families
        Activation -> family of the start that the front page names.
    """

    starts: Mapping[str, Start]
    activations: Mapping[str, Activation]
    added_starts: list[Start]
    added_activations: list[Activation]
    width: int
    weights: int
    rows: int
    worst: float
    families: Mapping[str, str]


def find(tables: Tables) -> Findings:
    """Return all cards."""
    starts = {name: _start(row, tables) for name, row in _by_name(tables.starts, "initializer").items()}
    activations = {name: _activation(row, tables) for name, row in _by_name(tables.activations, "activation").items()}
    return Findings(
        starts={name: starts[name] for name in INITIALIZERS},
        activations={name: activations[name] for name in ACTIVATIONS},
        added_starts=[one for name, one in starts.items() if name not in INITIALIZERS],
        added_activations=[one for name, one in activations.items() if name not in ACTIVATIONS],
        width=int(only(tables.starts["width"])),
        weights=int(tables.starts["weights"].max()),
        rows=int(tables.densities["row"].nunique()),
        worst=_worst(tables.starts),
        families={
            str(activation): family_of(str(start))
            for activation, start in tables.choices[["activation", "initializer"]].itertuples(index=False)
        },
    )


def _by_name(table: pd.DataFrame, column: str) -> dict[str, dict[str, Any]]:
    return {str(row[column]): {str(key): value for key, value in row.items()} for row in table.to_dict("records")}


def _start(row: Mapping[str, Any], tables: Tables) -> Start:
    name = str(row["initializer"])
    return Start(
        name=name,
        label=row["label"],
        ours=bool(row["ours"]),
        formula=row["formula"],
        reference=row["reference"],
        cut=row["truncated"],
        declared=float(row["sigma_w2"]),
        drawn=float(row["measured"]),
        least=float(row["least"]),
        greatest=float(row["greatest"]),
        first=_first(name, tables.choices),
        good=by_group(where(tables.ties, initializer=name)["activation"]),
        code=_lines(row),
    )


def _first(name: str, choices: pd.DataFrame) -> list[str]:
    """Return the activations for which a start goes first; one that goes first with other parameters is named."""
    own = choices[choices["initializer"].str.partition("(")[0] == name.partition("(")[0]].set_index("activation")
    told = {str(one): str(start) for one, start in own["initializer"].items()}
    return [one if told[one] == name else f"{one} (as {short_name(told[one])})" for one in by_group(told)]


def _activation(row: Mapping[str, Any], tables: Tables) -> Activation:
    name = str(row["activation"])
    chosen = where(tables.choices, activation=name)
    (choice,) = _by_name(chosen, "activation").values() if len(chosen) else ({},)
    return Activation(
        name=name,
        label=row["label"],
        ours=bool(row["ours"]),
        formula=row["formula"],
        values=row["values"],
        reference=row["reference"],
        bounds=_bounds(float(row["lowest"]), float(row["highest"])),
        slope=float(row["greatest_slope"]),
        forward=usable(float(row["forward_gain"])),
        backward=usable(float(row["backward_gain"])),
        published=usable(float(row["torch_gain"])),
        start=short_name(choice.get("initializer", "")),
        carries=choice.get("carries", ""),
        code=_both(_lines(choice), _lines(row)),
    )


def _bounds(lowest: float, highest: float) -> str:
    """Return on which sides values are bounded, in words.

    Examples
    --------
    >>> _bounds(-1.0, 1.0), _bounds(0.0, float("inf")), _bounds(-float("inf"), float("inf"))
    ('bounded', 'bounded below', 'not bounded')
    """
    if isinf(lowest) and isinf(highest):
        return "not bounded"
    if isinf(highest):
        return "bounded below"
    return "bounded above" if isinf(lowest) else "bounded"


def _lines(row: Mapping[str, Any]) -> dict[str, str]:
    return {_FRAMEWORKS[name]: str(row[name]) for name in CODE if row.get(name)}


def _both(start: Mapping[str, str], activation: Mapping[str, str]) -> dict[str, str]:
    """Join the lines of a start and of the activation behind it; in Keras one layer has both where it can."""
    both = {name: "\n".join(filter(None, (start.get(name), line))) for name, line in activation.items()}
    line = activation.get("Keras", "")
    if line.startswith("Dense(units, ") and "Keras" in start:
        both["Keras"] = start["Keras"].replace("Dense(units,", f"{line.removesuffix(')')},", 1)
    return both


def _worst(starts: pd.DataFrame) -> float:
    """Return the greatest relative deviation of the starts of every run; without a variance none may be drawn."""
    own = starts[starts["initializer"].isin(INITIALIZERS)]
    declared, drawn = own["sigma_w2"].to_numpy(float), own["measured"].to_numpy(float)
    return float((np.abs(drawn - declared) / np.where(declared > 0, declared, 1.0)).max())
