"""The numbers that the chapter on theory quotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import short_name
from reportgen.chapters.theory.added import Added
from reportgen.chapters.theory.apart import Apart, Draws, Profile, Unstable, furthest
from reportgen.chapters.theory.tables import DEPTH, SIGNAL, Tables, by_pair
from reportgen.judgments.comparison import EXPLANATIONS, LIMIT, MARGIN, in_range
from reportgen.judgments.frames import only
from reportgen.presets import INITIALIZERS

__all__ = ["SMALL", "Findings", "Layer", "OnData", "Typical", "find"]

SMALL = 0.15
"""Relative deviation up to which a prediction is close."""

_QUANTITIES = {
    "pre_activation_second_moment": "second moment of z",
    "activation_second_moment": "second moment of h",
    "delta_rms": "rms of delta",
}


class Typical(NamedTuple):
    """In what share of the pairs the typical layer is close, and the pair where it is furthest off."""

    small: float
    most: float
    pair: str


class Layer(NamedTuple):
    """How far half of the signals are off in one layer, as a share of the prediction."""

    number: int
    relative: float


class OnData(NamedTuple):
    """How well theory predicts a data set that was added: rows in range, and shares and medians of these."""

    name: str
    rows: int
    compared: int
    within: float
    relative: float
    unexplained: float
    shares: pd.DataFrame

    @classmethod
    def of(cls, name: str, table: pd.DataFrame) -> OnData:
        """Read the comparison on one data set."""
        compared = in_range(table)
        return cls(
            name=name,
            rows=len(table),
            compared=len(compared),
            within=float((compared["deviation_in_standard_errors"].abs() <= LIMIT).mean()),
            relative=float(compared["relative_deviation"].abs().median()),
            unexplained=float((compared["explanation"] == "unexplained").mean()),
            shares=_shares(table),
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """How often theory and measurement agree, how far they are apart, and why; without what was `added`.

    The same `on_data` that was added.
    """

    limit: int
    margin: int
    networks: int
    width: int
    depth: int
    rows: int
    pairs: int
    no_limit: list[str]
    added: Added
    within: float
    expected: float
    relative: float
    dots: float
    dots_most: float
    dots_pair: str
    apart: Apart
    unstable: Unstable
    draws: Draws
    profile: Profile
    errors: Typical
    off: Typical
    shallow: Layer
    deep: Layer
    rules: pd.DataFrame
    shares: pd.DataFrame
    out_of_range: float
    lost: int
    lost_by_surprise: int
    unexplained: float
    unexplained_of_off: float
    scatter_share: float
    scatter_ratio: float
    on_data: list[OnData]


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    table, student = tables.canonical, tables.student
    compared, predicted = in_range(table), set(table["initializer"].unique())
    within = student[student["deviation"].abs() < LIMIT + 1e-9]  # both ends count, whatever their last digit
    is_lost = (table["measured"] == 0) | ~np.isfinite(table["measured"])
    is_out, is_unexplained = table["explanation"] == "float32 range", compared["explanation"] == "unexplained"
    scatter = _scatter(tables.scatter, compared)
    shallow, deep = _layers(compared)
    dots_most, dots_pair = furthest(tables.lines)
    return Findings(
        limit=int(LIMIT),
        margin=int(MARGIN),
        networks=int(only(student["networks"])),
        width=int(only(table["width"])),
        depth=DEPTH,
        rows=len(table),
        pairs=len(table[["initializer", "activation"]].drop_duplicates()),
        no_limit=[short_name(name) for name in INITIALIZERS if name not in predicted],
        added=Added.of(tables),
        within=float((compared["deviation_in_standard_errors"].abs() <= LIMIT).mean()),
        expected=float(np.trapezoid(within["density"], within["deviation"])),
        relative=float(compared["relative_deviation"].abs().median()),
        dots=float((tables.lines["measured"] / tables.lines["predicted"] - 1).abs().median()),
        dots_most=dots_most,
        dots_pair=dots_pair,
        apart=Apart.of(compared),
        unstable=Unstable.of(compared),
        draws=Draws.of(compared),
        profile=Profile.of(compared),
        errors=_typical(compared, "deviation_in_standard_errors", LIMIT),
        off=_typical(compared, "relative_deviation", SMALL),
        shallow=shallow,
        deep=deep,
        rules=pd.DataFrame({"word": list(EXPLANATIONS), "rule": list(EXPLANATIONS.values())}),
        shares=_shares(table),
        out_of_range=float(is_out.mean()),
        lost=int(is_lost.sum()),
        lost_by_surprise=int((is_lost & ~is_out).sum()),
        unexplained=float(is_unexplained.mean()),
        unexplained_of_off=float(is_unexplained[compared["explanation"] != "agrees"].mean()),
        scatter_share=float((scatter < 2).mean()),
        scatter_ratio=float(scatter.median()),
        on_data=[OnData.of(str(name), rows) for name, rows in tables.added_comparison.groupby("data", sort=False)],
    )


def _typical(compared: pd.DataFrame, column: str, small: float) -> Typical:
    pairs = by_pair(compared, column).reset_index(name="deviation")
    most = pairs.iloc[pairs["deviation"].argmax()]
    pair = f"{short_name(most['initializer'])} with {most['activation']}"
    return Typical(float((pairs["deviation"] < small).mean()), float(most["deviation"]), pair)


def _scatter(scatter: pd.DataFrame, compared: pd.DataFrame) -> pd.Series[float]:
    """Return measured over predicted scatter, of the pairs and depths that are compared."""
    shown = scatter.merge(compared[["initializer", "activation"]].drop_duplicates())
    shown = shown[shown["layer"].isin(compared["depth"].unique())]
    return shown["measured"] / shown["predicted"]


def _layers(compared: pd.DataFrame) -> tuple[Layer, Layer]:
    """Return the layers at the least and the greatest depth."""
    signal = compared[compared["quantity"] == SIGNAL]
    typical = signal["relative_deviation"].abs().groupby(signal["layer"]).median()
    shallow, deep = int(compared["depth"].min()), int(compared["depth"].max())
    return Layer(shallow, float(typical[shallow])), Layer(deep, float(typical[deep]))


def _shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return the share of every explanation in words, one row per explanation."""
    shares = pd.crosstab(table["explanation"], table["quantity"], normalize="columns")
    shares = shares.reindex(index=list(EXPLANATIONS), columns=list(_QUANTITIES), fill_value=0.0)
    in_words = shares.map(lambda share: f"{share:.2%}").rename(columns=_QUANTITIES)
    return in_words.rename_axis(None, axis="columns").rename_axis("explanation").reset_index()
