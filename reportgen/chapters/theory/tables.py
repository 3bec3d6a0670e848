"""The tables of the chapter on theory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.canonical import canonical
from reportgen.chapters.scale import Row, by_row, scale_rows, typical
from reportgen.judgments.comparison import LIMIT, in_range
from reportgen.judgments.data_sets import added, without_added
from reportgen.theory.student import density

__all__ = ["DEPTH", "SIGNAL", "Tables", "by_pair", "in_rms", "read", "student"]

SIGNAL = "rms of z"
"""The quantity that the chapter follows up the net."""

_SQUARES = {"pre_activation_second_moment": SIGNAL, "activation_second_moment": "rms of h"}
_NAMES = {**_SQUARES, "delta_rms": "rms of delta"}
"""Quantities of the comparison, squared or not -> their roots."""

DEPTH = 20
"""Layers of the networks in the key figure."""

_ENDS = 2 * LIMIT
"""Standard errors up to which Student's distribution is tabulated."""

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
        Theory beside measurement for every pair, layer and quantity, all of them rms, and what explains the difference.
    canonical
        The rows of it that every run has; the others are of what a user added.
    pairs
        Every `initializer` with every `activation` of the battery, with or without a limit.
    lines
        A few pairs in networks of one depth, and one that theory has nothing to say of.
    map
        Typical relative deviation (`off`) by start and activation, the median over all rows that are compared; starts
        that are one share a `row`, with the median of theirs. `errors` is the typical deviation in standard errors of
        the one among them that is furthest off by that measure. Those without a limit have nan.
    canonical_map
        The same of `canonical` alone.
    student
        Density of a deviation in standard errors where theory is perfect, and the networks that it is measured from.
    scatter
        Standard deviation over networks of the logarithm of the rms of z, predicted and measured, by pair at the depths
        of the battery.
    added
        As `map`, on every data set that was added.
    added_comparison
        As `comparison`, on these; they are in none of the other tables.
    """

    comparison: pd.DataFrame
    canonical: pd.DataFrame
    pairs: pd.DataFrame
    lines: pd.DataFrame
    map: pd.DataFrame
    canonical_map: pd.DataFrame
    student: pd.DataFrame
    scatter: pd.DataFrame
    added: pd.DataFrame
    added_comparison: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the comparison, and what was predicted and measured of single layers."""
    whole, networks = in_rms(results["theory"]), results["forward"]["replicate"].nunique()
    comparison, theirs = without_added(whole), added(whole)
    compared, known = in_range(comparison), canonical(comparison, results.settings)
    pairs, starts = _pairs(results), results["starts"]
    return Tables(
        comparison=comparison,
        canonical=known,
        pairs=pairs,
        lines=_lines(comparison, results["forward"]),
        map=_map(compared, pairs, scale_rows(starts)),
        canonical_map=_map(in_range(known), canonical(pairs), scale_rows(canonical(starts))),
        student=student(networks),
        scatter=_scatter(compared, networks),
        added=_added(theirs, pairs, scale_rows(starts)),
        added_comparison=theirs,
    )


def in_rms(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return the comparison with roots in place of mean squares; what is said of logarithms halves with them."""
    is_square = comparison["quantity"].isin(list(_SQUARES))
    power = np.where(is_square, 0.5, 1.0)
    measured = comparison["measured"] ** power
    with np.errstate(all="ignore"):
        return comparison.assign(
            quantity=comparison["quantity"].map(_NAMES),
            predicted=comparison["predicted"] ** power,
            measured=measured,
            standard_error=power * measured * comparison["standard_error"] / comparison["measured"],
            relative_deviation=(1 + comparison["relative_deviation"]) ** power - 1,
            expected_scatter=power * comparison["expected_scatter"],
        )


def student(networks: int) -> pd.DataFrame:
    """Return the density of Student's t distribution (1908): a mean over networks in its own standard errors."""
    deviation = np.linspace(-_ENDS, _ENDS, 301)
    return pd.DataFrame({"networks": networks, "deviation": deviation, "density": density(deviation, networks)})


def by_pair(compared: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return the typical deviation of every pair: the median of its absolute values in a column."""
    return compared[column].abs().groupby([compared[key] for key in _PAIR]).median()


def _lines(comparison: pd.DataFrame, forward: pd.DataFrame) -> pd.DataFrame:
    shown = (comparison["data"] == "gaussian") & (comparison["quantity"] != "rms of h")
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
        logs = np.log(forward[chosen].set_index("layer")["pre_activation_second_moment"]).groupby("layer")
    measured = np.exp(logs.mean() / 2)
    rows = pd.DataFrame({"measured": measured, "standard_error": measured * logs.sem() / 2}).reset_index()
    return rows.assign(initializer=initializer, activation=activation, quantity=SIGNAL, explanation="no limit")


def _pairs(results: Results) -> pd.DataFrame:
    return pd.DataFrame(product(*(results.settings[f"{kind}s"] for kind in _PAIR)), columns=_PAIR)


def _map(compared: pd.DataFrame, pairs: pd.DataFrame, rows: Sequence[Row]) -> pd.DataFrame:
    columns = {"off": "relative_deviation", "errors": "deviation_in_standard_errors"}
    deviations = pd.DataFrame({name: by_pair(compared, column) for name, column in columns.items()}).reset_index()
    cells = pairs.merge(deviations, how="left")
    return typical(cells, rows).assign(errors=_furthest(cells, rows))


def _furthest(cells: pd.DataFrame, rows: Sequence[Row]) -> pd.Series[float]:
    """Return the largest number of standard errors among the starts of each field, in the order of the map."""
    errors: pd.Series[float] = by_row(cells, rows).groupby(["row", "activation"], sort=False)["errors"].max()
    return errors.reset_index(drop=True)


def _added(comparison: pd.DataFrame, pairs: pd.DataFrame, rows: Sequence[Row]) -> pd.DataFrame:
    by_data = in_range(comparison).groupby("data", sort=False)
    tables = {str(data): _map(own, pairs, rows) for data, own in by_data}
    return pd.concat([table.assign(data=data) for data, table in tables.items()] or [pd.DataFrame(columns=["data"])])


def _scatter(compared: pd.DataFrame, networks: int) -> pd.DataFrame:
    chosen = compared[(compared["quantity"] == SIGNAL) & (compared["data"] == "gaussian")]
    chosen = chosen[chosen["layer"].isin(compared["depth"].unique())]
    log_error = chosen["standard_error"] / chosen["measured"]
    columns = {"predicted": chosen["expected_scatter"], "measured": log_error * sqrt(networks)}
    return chosen[[*_PAIR, "layer"]].assign(**columns)
