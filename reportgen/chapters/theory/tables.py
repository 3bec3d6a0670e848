"""What the chapter on theory shows of the comparison: shares, typical deviations, a few cells, and the yardstick."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, lgamma, pi, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.battery.results import Results
from reportgen.judgments.comparison import EXPLANATIONS, LIMIT, in_range, judged

__all__ = ["DEPTH", "deviations", "examples", "expected_share", "no_limit", "scatter", "shares", "student"]

Floats = NDArray[np.float64]

DEPTH = 20
"""Layers of the networks in the key figure."""

_EXAMPLES = (
    ("random_normal(stddev=1)", "tanh"),
    ("he_normal", "relu"),
    ("glorot_normal", "relu"),
    ("glorot_normal", "tanh"),
    ("glorot_normal", "sigmoid"),
)
_NO_LIMIT = ("constant", "tanh")

_PAIR = ["initializer", "activation"]


def expected_share(networks: int, limit: float = LIMIT) -> float:
    """Return how often a mean over networks is within some of its own standard errors: Student's t law.

    Parameters
    ----------
    networks
        Number of networks that both the mean and its standard error are taken from; at least two.
    limit
        Standard errors.

    Examples
    --------
    >>> round(expected_share(2), 4), round(expected_share(5), 4), round(expected_share(1000), 4)
    (0.7952, 0.9601, 0.9972)
    """
    freedom = networks - 1
    t = np.linspace(0.0, limit, 2001)
    return float(2 * np.trapezoid(student(t, freedom), t))


def student(t: Floats, freedom: int) -> Floats:
    """Return the density of Student's t law (Student 1908)."""
    half = freedom / 2
    scale = exp(lgamma(half + 0.5) - lgamma(half))
    return np.asarray(scale / sqrt(freedom * pi) * (1 + np.square(t) / freedom) ** -(half + 0.5))


def shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return the share of every explanation, by quantity."""
    counts = pd.crosstab(table["quantity"], table["explanation"])
    counts = counts.reindex(index=table["quantity"].unique(), columns=list(EXPLANATIONS))
    return counts.fillna(0.0).div(counts.sum(axis=1), axis=0)


def deviations(table: pd.DataFrame, settings: Mapping[str, Any], column: str) -> pd.DataFrame:
    """Return the typical size of a deviation, initializer × activation: the median over all layers that are in range.

    Both data sets, all depths and all three quantities count. Initializers without a limit have nan.

    Parameters
    ----------
    table
        As from `judged`.
    settings
        Of the run: the initializers and activations, in the order of the battery.
    column
        ``deviation_in_standard_errors`` or ``relative_deviation``.
    """
    compared = in_range(table)
    typical = compared[column].abs().groupby([compared[key] for key in _PAIR]).median().unstack()
    return typical.reindex(index=settings["initializers"], columns=settings["activations"])


def examples(results: Results) -> pd.DataFrame:
    """Return the few cells of the key figure, in networks of one depth, with one that theory has nothing to say of."""
    table = judged(results)
    table = table[table["data"] == "gaussian"]
    table = table[(table["depth"].fillna(DEPTH) == DEPTH) & (table["layer"] <= DEPTH)]
    table = table[table["quantity"] != "activation_second_moment"]
    cells = table.set_index(_PAIR).loc[pd.MultiIndex.from_tuples(_EXAMPLES)].rename_axis(_PAIR).reset_index()
    columns = [*_PAIR, "layer", "quantity", "predicted", "measured", "standard_error", "explanation"]
    return pd.concat([cells, _without_limit(results)], ignore_index=True)[columns]


def _without_limit(results: Results) -> pd.DataFrame:
    """Return what was measured of the cell that has no limit, as in `judged`."""
    (initializer, activation), column = _NO_LIMIT, "pre_activation_second_moment"
    table = results["forward"].query("data == 'gaussian' and layer <= @DEPTH")
    chosen = table[(table["initializer"] == initializer) & (table["activation"] == activation)]
    with np.errstate(divide="ignore"):
        by_layer = chosen.set_index("layer")[column].transform("log").groupby("layer")
    measured = np.exp(by_layer.mean())
    rows = pd.DataFrame({"measured": measured, "standard_error": measured * by_layer.sem()}).reset_index()
    return rows.assign(initializer=initializer, activation=activation, quantity=column, explanation="no limit")


def no_limit(results: Results) -> list[str]:
    """Return the initializers that theory has no prediction for."""
    predicted = set(results["forward_theory"]["initializer"])
    return [name for name in results.settings["initializers"] if name not in predicted]


def scatter(table: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """Return how far networks scatter, measured and predicted: std of the logarithm of E[z²], at the battery's depths.

    Parameters
    ----------
    table
        As from `judged`.
    settings
        Of the run.
    """
    chosen = in_range(table)
    chosen = chosen[(chosen["quantity"] == "pre_activation_second_moment") & (chosen["data"] == "gaussian")]
    chosen = chosen[chosen["layer"].isin(settings["depths"])]
    return chosen[[*_PAIR, "layer"]].assign(
        predicted=np.sqrt(chosen["log_variance"]), measured=chosen["log_error"] * sqrt(settings["replicates"])
    )
