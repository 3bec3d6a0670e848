"""The numbers that the chapter on theory quotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import short_name
from reportgen.chapters.scale import GROUPS
from reportgen.chapters.theory.added import Added
from reportgen.chapters.theory.apart import Apart, Draws, Profile, Unstable, furthest
from reportgen.chapters.theory.tables import DEPTH, SIGNAL, Tables, by_pair
from reportgen.judgments.comparison import EXPLANATIONS, LIMIT, MARGIN, in_range
from reportgen.judgments.frames import only
from reportgen.presets import INITIALIZERS

__all__ = ["SMALL", "Findings", "Layer", "OnData", "Typical", "find"]

SMALL = 0.1
"""Relative deviation up to which a prediction is close."""

_QUANTITIES = (SIGNAL, "rms of h", "rms of delta")

_BOUNDED, _LINEAR = GROUPS[0], GROUPS[1]
_WORST = ("he", "gelu")
"""The field of the map that the prose names: its fixed point is not stable."""


class Typical(NamedTuple):
    """In what share of the pairs the typical layer is close, and the pair where it is furthest off.

    `bounded` is the typical deviation (geometric mean) of the fields of the map whose activation is bounded, `grows`
    that of activations that are not, linear ones left out, and `gelu` that of GELU under He. In `dots` of the
    `fields` a start is beyond the limit in standard errors.
    """

    small: float
    most: float
    pair: str
    bounded: float
    grows: float
    gelu: float
    dots: int
    fields: int


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
    agreeing: float
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
    compared = in_range(table)
    within = student[student["deviation"].abs() < LIMIT + 1e-9]  # both ends count, whatever their last digit
    is_lost = (table["measured"] == 0) | ~np.isfinite(table["measured"])
    is_out, is_unexplained = table["explanation"] == "float32 range", compared["explanation"] == "unexplained"
    scatter = _scatter(tables.scatter, compared)
    shallow, deep = _layers(compared)
    compared_starts = set(table["initializer"].unique())
    dots_most, dots_pair = furthest(tables.lines)
    return Findings(
        limit=int(LIMIT),
        margin=int(MARGIN),
        networks=int(only(student["networks"])),
        width=int(only(table["width"])),
        depth=DEPTH,
        rows=len(table),
        pairs=len(table[["initializer", "activation"]].drop_duplicates()),
        no_limit=[short_name(name) for name in INITIALIZERS if name not in compared_starts],
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
        agreeing=float((by_pair(compared, "deviation_in_standard_errors") < LIMIT).mean()),
        off=_typical(compared, tables.canonical_map),
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


def _typical(compared: pd.DataFrame, cells: pd.DataFrame) -> Typical:
    pairs, fields = by_pair(compared, "relative_deviation").reset_index(name="off"), cells.dropna(subset="off")
    most = pairs.iloc[pairs["off"].argmax()]
    known = fields.set_index(["row", "activation"])["off"]
    named = known.index.get_level_values("activation")
    is_bounded, is_linear = named.isin(_BOUNDED), named.isin(_LINEAR)
    return Typical(
        small=float((pairs["off"] < SMALL).mean()),
        most=float(most["off"]),
        pair=f"{short_name(most['initializer'])} with {most['activation']}",
        bounded=_geometric(known[is_bounded]),
        grows=_geometric(known[~is_bounded & ~is_linear]),
        gelu=float(known[_WORST]),
        dots=int((fields["errors"] > LIMIT).sum()),
        fields=len(fields),
    )


def _geometric(shares: pd.Series[float]) -> float:
    return float(np.exp(np.log(shares).mean()))


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
    in_words = shares.map(lambda share: f"{share:.1%}")
    return in_words.rename_axis(None, axis="columns").rename_axis("explanation").reset_index()
