"""The tables of the chapter on theory."""

from __future__ import annotations

from itertools import product
from math import sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.canonical import canonical
from reportgen.chapters.scale import scale_rows, typical
from reportgen.judgments.comparison import LIMIT, in_range
from reportgen.judgments.data_sets import added, without_added
from reportgen.theory.student import density

__all__ = ["DEPTH", "REACH", "SIGNAL", "Tables", "by_pair", "read", "student"]

SIGNAL = "pre_activation_second_moment"
"""The quantity that the chapter follows up the net."""

DEPTH = 20
"""Layers of the networks in the key figure."""

REACH = 2 * LIMIT
"""Standard errors up to which deviations are shown one by one."""

_BAR = 0.25
"""Standard errors that one bar of the histogram stands for."""

_EXAMPLES = (
    ("random_normal(stddev=1)", "tanh"),
    ("he_normal", "relu"),
    ("glorot_normal", "relu"),
    ("glorot_normal", "tanh"),
    ("glorot_normal", "sigmoid"),
)
_NO_LIMIT = ("constant", "tanh")

_PAIR = ["initializer", "activation"]


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    comparison
        Theory beside measurement for every pair, layer and quantity, with what explains the difference.
    canonical
        The rows of it that every run has; the others are of what a user added.
    compared
        The rows of `comparison` whose numbers float32 can write.
    pairs
        Every `initializer` with every `activation` of the battery, with or without a limit.
    lines
        A few pairs in networks of one depth, and one that theory has nothing to say of.
    errors
        Typical `deviation` in standard errors by pair, the median over all rows that are compared; starts that are one
        share a `row`, with the median of theirs. Those without a limit have nan.
    relative
        The same of the relative deviation.
    spread
        How many of the compared rows have a `deviation` in standard errors between two bounds (what lies further out is
        counted in the last bar), and their density per standard error.
    student
        Density of a deviation in standard errors where theory is perfect, and the networks that it is measured from.
    scatter
        Standard deviation over networks of ln E[z²], predicted and measured, by pair at the depths of the battery.
    added
        As `relative`, on every data set that was added.
    added_comparison
        As `comparison`, on these; they are in none of the other tables.
    """

    comparison: pd.DataFrame
    canonical: pd.DataFrame
    compared: pd.DataFrame
    pairs: pd.DataFrame
    lines: pd.DataFrame
    errors: pd.DataFrame
    relative: pd.DataFrame
    spread: pd.DataFrame
    student: pd.DataFrame
    scatter: pd.DataFrame
    added: pd.DataFrame
    added_comparison: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the comparison, and what was predicted and measured of single layers."""
    comparison, networks = without_added(results["theory"]), results["forward"]["replicate"].nunique()
    theirs = added(results["theory"])
    compared = in_range(comparison)
    return Tables(
        comparison=comparison,
        canonical=canonical(comparison, results.settings),
        compared=compared,
        pairs=_pairs(results),
        lines=_lines(comparison, results["forward"]),
        errors=_typical(compared, "deviation_in_standard_errors", results),
        relative=_typical(compared, "relative_deviation", results),
        spread=_spread(compared["deviation_in_standard_errors"].dropna()),
        student=student(networks),
        scatter=_scatter(compared, networks),
        added=_added(theirs, results),
        added_comparison=theirs,
    )


def student(networks: int) -> pd.DataFrame:
    """Return the density of Student's t distribution (1908): a mean over networks in its own standard errors."""
    deviation = np.linspace(-REACH, REACH, 301)
    return pd.DataFrame({"networks": networks, "deviation": deviation, "density": density(deviation, networks)})


def _spread(deviations: pd.Series[float]) -> pd.DataFrame:
    bounds = np.arange(-REACH, REACH + _BAR, _BAR)
    rows, _ = np.histogram(deviations.clip(-REACH, REACH), bounds)
    bars = {"deviation_from": bounds[:-1], "deviation_to": bounds[1:], "rows": rows}
    return pd.DataFrame({**bars, "density": rows / (_BAR * max(rows.sum(), 1))})


def by_pair(compared: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return the typical deviation of every pair: the median of its absolute values in a column."""
    return compared[column].abs().groupby([compared[key] for key in _PAIR]).median()


def _lines(comparison: pd.DataFrame, forward: pd.DataFrame) -> pd.DataFrame:
    shown = (comparison["data"] == "gaussian") & (comparison["quantity"] != "activation_second_moment")
    shown &= (comparison["depth"].fillna(DEPTH) == DEPTH) & (comparison["layer"] <= DEPTH)
    pairs = comparison[shown].set_index(_PAIR).loc[list(_EXAMPLES)].reset_index()
    columns = [*_PAIR, "layer", "quantity", "predicted", "measured", "standard_error", "explanation"]
    return pd.concat([pairs, _without_limit(forward)], ignore_index=True)[columns]


def _without_limit(forward: pd.DataFrame) -> pd.DataFrame:
    """Return what was measured of the pair that has no limit, as in the comparison."""
    initializer, activation = _NO_LIMIT
    chosen = (forward["initializer"] == initializer) & (forward["activation"] == activation)
    chosen &= (forward["data"] == "gaussian") & (forward["layer"] <= DEPTH)
    with np.errstate(divide="ignore"):
        logs = forward[chosen].set_index("layer")[SIGNAL].transform("log").groupby("layer")
    measured = np.exp(logs.mean())
    rows = pd.DataFrame({"measured": measured, "standard_error": measured * logs.sem()}).reset_index()
    return rows.assign(initializer=initializer, activation=activation, quantity=SIGNAL, explanation="no limit")


def _pairs(results: Results) -> pd.DataFrame:
    return pd.DataFrame(product(*(results.settings[f"{kind}s"] for kind in _PAIR)), columns=_PAIR)


def _typical(compared: pd.DataFrame, column: str, results: Results) -> pd.DataFrame:
    deviations = by_pair(compared, column).rename("deviation").reset_index()
    return typical(_pairs(results).merge(deviations, how="left"), scale_rows(results["starts"]))


def _added(comparison: pd.DataFrame, results: Results) -> pd.DataFrame:
    by_data = in_range(comparison).groupby("data", sort=False)
    tables = {str(data): _typical(rows, "relative_deviation", results) for data, rows in by_data}
    return pd.concat([table.assign(data=data) for data, table in tables.items()] or [pd.DataFrame(columns=["data"])])


def _scatter(compared: pd.DataFrame, networks: int) -> pd.DataFrame:
    chosen = compared[(compared["quantity"] == SIGNAL) & (compared["data"] == "gaussian")]
    chosen = chosen[chosen["layer"].isin(compared["depth"].unique())]
    log_error = chosen["standard_error"] / chosen["measured"]
    columns = {"predicted": chosen["expected_scatter"], "measured": log_error * sqrt(networks)}
    return chosen[[*_PAIR, "layer"]].assign(**columns)
