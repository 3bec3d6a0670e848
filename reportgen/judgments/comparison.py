"""Measured and predicted side by side, and a reason for every place where they are apart."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results

__all__ = ["EXPLANATIONS", "LIMIT", "MARGIN", "MULTIPLIED", "comparison", "in_range", "with_comparison"]

LIMIT = 3.0
"""Standard errors within which prediction and measurement count as the same."""

MARGIN = 1e3
"""Factor to the ends of float32 within which single numbers of a layer are lost already."""

_ROUNDING = 1e-4
"""Relative deviation that rounding in float32 can add up to over the layers."""

MULTIPLIED = 2.0
"""Factor from which on maps that enlarge a deviation make a single path through the layers no prediction any more."""

EXPLANATIONS = {
    "agrees": "within the limit",
    "float32 range": "the theory itself says that the numbers leave the range of float32",
    "rounding": "the networks hardly differ from one another, and float32 rounds more than that",
    "unstable fixed point": f"the maps on the way enlarge a deviation more than {MULTIPLIED:g} times",
    "expected scatter": "no further apart than theory lets a batch scatter at this width; these networks scatter less",
    "finite width": "no further than that from where theory of this width, not infinite, puts the typical network",
    "unexplained": "none of these",
}
"""Why a measured value is where it is -> the rule in words; the first that applies counts."""

_SMALLEST, _GREATEST = float(np.finfo(np.float32).tiny) * MARGIN, float(np.finfo(np.float32).max) / MARGIN

_KEYS = ["initializer", "activation", "data", "width"]
_PUBLISHED = [
    "predicted",
    "measured",
    "standard_error",
    "deviation_in_standard_errors",
    "relative_deviation",
    "expected_scatter",
    "multiplied",
]


class _Quantity(NamedTuple):
    """A column that is both measured and predicted, and how the columns on its logarithm are called."""

    measured: str
    predicted: str
    column: str
    name: str
    keys: list[str]

    @property
    def theory(self) -> dict[str, str]:
        """What theory says of the logarithm of measured over predicted: column -> name in the comparison."""
        return {
            f"{self.name}_log_variance": "log_variance",
            f"{self.name}_log_drift": "log_drift",
            "multiplied": "multiplied",
        }


_FORWARD = ("forward", "forward_theory")
_QUANTITIES = (
    _Quantity(*_FORWARD, "pre_activation_second_moment", "pre_activation", [*_KEYS, "layer"]),
    _Quantity(*_FORWARD, "activation_second_moment", "activation", [*_KEYS, "layer"]),
    _Quantity("gradients", "gradient_theory", "delta_rms", "delta", [*_KEYS, "depth", "layer"]),
)


def comparison(results: Results) -> pd.DataFrame:
    """Return predictions and measurements side by side, one row per cell of the battery, quantity and layer.

    Parameters
    ----------
    results
        With the tables of the experiments ``propagation`` and ``mean_field``.

    Returns
    -------
    DataFrame
        `predicted` and `measured` are geometric means over the replicates, the typical network: a signal is a product
        over layers, whose mean would be that of the few largest networks. `standard_error` is that of `measured`.
        `deviation_in_standard_errors` is the mean of ln(measured / predicted) over its standard error, and
        `relative_deviation` is measured / predicted - 1. `expected_scatter` is the standard deviation that theory gives
        the logarithm of a network of this width, `multiplied` by how much maps on the way enlarge a deviation at most.
        `explanation` is one of `EXPLANATIONS`. `depth` is empty for
        the forward pass. Initializers without a mean field limit have no rows.
    """
    parts = [_averages(results, quantity) for quantity in _QUANTITIES]
    table = pd.concat([part.assign(is_lost=_leaves_the_range(part, parts[0])) for part in parts], ignore_index=True)
    with np.errstate(all="ignore"):
        measured = table["predicted"] * np.exp(table["log_deviation"])
        table = table.assign(
            measured=measured,
            standard_error=measured * table["log_error"],
            deviation_in_standard_errors=table["log_deviation"] / table["log_error"],
            relative_deviation=np.expm1(table["log_deviation"]),
            expected_scatter=np.sqrt(table["log_variance"]),
        )
    explanation = _explanation(table, int(results.settings["replicates"]))
    table = table.assign(explanation=explanation, depth=table["depth"].astype("Int64"))
    return table[[*_KEYS, "depth", "layer", "quantity", *_PUBLISHED, "explanation"]]


def with_comparison(results: Results) -> Results:
    """Return the results with the `comparison` as their table ``theory``, where both of its sides are there."""
    if (
        not {name for quantity in _QUANTITIES for name in (quantity.measured, quantity.predicted)}
        <= results.tables.keys()
    ):
        return results
    return replace(results, tables={**results.tables, "theory": comparison(results)})


def _averages(results: Results, quantity: _Quantity) -> pd.DataFrame:
    """Join one quantity and average the logarithms over the replicates; what was lost stays 0, inf or nan."""
    column, keys = quantity.column, quantity.keys
    there = results[quantity.predicted][[*keys, "replicate", column, *quantity.theory]]
    both = results[quantity.measured][[*keys, "replicate", column]].merge(
        there, on=[*keys, "replicate"], suffixes=("", "_predicted")
    )
    with np.errstate(all="ignore"):
        both["log_predicted"] = np.log(both[f"{column}_predicted"])
        both["log_deviation"] = np.log(both[column]) - both["log_predicted"]
        groups = both.groupby(keys, sort=False)
        means = groups[["log_predicted", "log_deviation", *quantity.theory]].mean()
        table = means.rename(columns=quantity.theory)
        table["log_error"] = groups["log_deviation"].sem()
    table["predicted"] = np.exp(table["log_predicted"])
    return table.reset_index().assign(quantity=column, depth=table.reset_index().get("depth", np.nan))


def _leaves_the_range(table: pd.DataFrame, pre_activations: pd.DataFrame) -> pd.Series[bool]:
    """Return whether theory says that numbers are lost on the way: in the forward pass, or on the way back down."""
    rms = np.sqrt(pre_activations["predicted"])
    forward = ((rms < _SMALLEST) | (rms > _GREATEST)).groupby([pre_activations[key] for key in _KEYS]).cummax()
    by_layer = forward.set_axis(pd.MultiIndex.from_frame(pre_activations[[*_KEYS, "layer"]]))
    if table["depth"].isna().all():
        return pd.Series(by_layer.to_numpy(), index=table.index)
    whole_net = by_layer.loc[pd.MultiIndex.from_frame(table[[*_KEYS, "depth"]])].to_numpy()
    from_the_top = table.iloc[::-1]
    out = (from_the_top["predicted"] < _SMALLEST) | (from_the_top["predicted"] > _GREATEST)
    backward = out.groupby([from_the_top[key] for key in (*_KEYS, "depth")]).cummax().iloc[::-1]
    lost: pd.Series[bool] = backward | whole_net
    return lost


def _explanation(table: pd.DataFrame, networks: int) -> pd.Series[str]:
    """Apply the rules; the first that holds gives the explanation."""
    size = table["log_deviation"].abs()
    chance = LIMIT * np.sqrt(table["log_variance"] / networks)
    rules = {
        "float32 range": table["is_lost"],
        "agrees": table["deviation_in_standard_errors"].abs() <= LIMIT,
        "rounding": size < _ROUNDING,
        "unstable fixed point": table["multiplied"] > MULTIPLIED,
        "expected scatter": size <= chance,
        "finite width": (table["log_deviation"] - table["log_drift"]).abs() <= chance,
    }
    words = np.select([rule.to_numpy() for rule in rules.values()], list(rules), default="unexplained")
    return pd.Series(words, index=table.index, dtype=str)


def in_range(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose numbers float32 can write."""
    return table[table["explanation"] != "float32 range"]
