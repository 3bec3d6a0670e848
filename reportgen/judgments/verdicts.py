"""The verdict on a start: one word per initializer, activation and depth, by rules that the front page states."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reportgen.battery.results import Results

__all__ = ["DEAD", "FLAT", "LIMIT", "VERDICTS", "verdict_table"]

LIMIT = 100.0
"""A signal or a gradient that changes by more than this factor (rms) over the net explodes or vanishes."""

FLAT = 0.5
"""A layer saturates where more than this share of its slopes are flat ..."""

_PRESSED = 0.5
"""... because its outputs are pressed against a bound: their rms is below this share of that of the pre-activations."""

DEAD = 0.75
"""Where inputs have become alike, half of a healthy ReLU layer is off for all of them: dead means clearly more."""

VERDICTS: Mapping[str, str] = {
    "symmetric": "all units of a layer start with the same weights",
    "overflows": "a number leaves the range of float32",
    "saturates": "more than half of the slopes of a layer are flat because its outputs are pressed against a bound",
    "dies": "more than three quarters of the units of a layer are inactive for every input",
    "explodes": "the signal, or the gradient, grows by more than the limit",
    "vanishes": "the differences between inputs, or the gradient, shrink by more than the limit",
    "healthy": "none of this happens",
}
"""Verdict -> its rule in words, in the order in which they are applied."""

_TINY = float(np.finfo(np.float32).tiny)
"""Below this rms the pre-activations themselves are lost: such a layer has vanished, it did not die."""

_CELL = ["initializer", "activation"]


def verdict_table(results: Results | Mapping[str, pd.DataFrame], data: str = "gaussian") -> pd.DataFrame:
    """Judge every initializer, activation and depth of the battery.

    Parameters
    ----------
    results
        With the tables of the experiment ``propagation``.
    data
        Name of the data set to judge on.

    Returns
    -------
    DataFrame
        One row per initializer, activation and depth, with `verdict` and the numbers that decided: `signal`
        (std of the last layer's activations across inputs, inputs having 1), `magnitude` (their rms), `gradient`
        (rms of delta at layer 1 over that at the last layer, geometric mean over replicates), `saturated`, `pressed`,
        `dead` (greatest shares of any layer), `finite` (least share) and `distinct` (least number of distinct units).
    """
    forward, gradients, diversity = (_of(results[table], data) for table in ("forward", "gradients", "diversity"))
    layers = _layers(forward).join(diversity.groupby([*_CELL, "layer"])["distinct_units"].min())
    rows = [_summary(layers, depth) for depth in sorted(gradients["depth"].unique())]
    table = pd.concat(rows).join(_gradient(gradients), on=[*_CELL, "depth"])
    table["finite"] = table[["finite", "finite_gradient"]].min(axis=1)
    table["verdict"] = _judge(table)
    order = forward[_CELL].drop_duplicates()
    return order.merge(table.drop(columns="finite_gradient"), on=_CELL)


def _of(table: pd.DataFrame, data: str) -> pd.DataFrame:
    return table[table["data"] == data]


def _layers(forward: pd.DataFrame) -> pd.DataFrame:
    """Average the forward statistics of each layer over replicates."""
    layers = forward.groupby([*_CELL, "layer"]).agg(
        signal=("activation_variance", "mean"),
        magnitude=("activation_second_moment", "mean"),
        pre_activation=("pre_activation_second_moment", "mean"),
        saturated=("saturated_fraction", "mean"),
        dead=("dead_fraction", "mean"),
        finite=("finite_fraction", "min"),
    )
    squared = ["signal", "magnitude", "pre_activation"]
    layers[squared] = np.sqrt(layers[squared])
    layers["pressed"] = layers["saturated"].where(layers["magnitude"] < _PRESSED * layers["pre_activation"], 0.0)
    layers["dead"] = layers["dead"].where(layers["pre_activation"] > _TINY, 0.0)
    return layers


def _summary(layers: pd.DataFrame, depth: int) -> pd.DataFrame:
    """Summarize the net of one depth: the last layer's signal, the worst layer's shares."""
    inside = layers[layers.index.get_level_values("layer") <= depth]
    last = inside.xs(depth, level="layer")[["signal", "magnitude"]]
    worst = inside.groupby(_CELL).agg(
        saturated=("saturated", "max"),
        pressed=("pressed", "max"),
        dead=("dead", "max"),
        finite=("finite", "min"),
        distinct=("distinct_units", "min"),
    )
    return last.join(worst).assign(depth=depth).reset_index()


def _gradient(gradients: pd.DataFrame) -> pd.DataFrame:
    """Return the gradient's change from the last layer down to the first, and the least finite share."""
    keys = [*_CELL, "depth"]
    ends = gradients[(gradients["layer"] == 1) | (gradients["layer"] == gradients["depth"])]
    first = ends[ends["layer"] == 1].set_index([*keys, "replicate"])["delta_rms"]
    last = ends[ends["layer"] == ends["depth"]].set_index([*keys, "replicate"])["delta_rms"]
    with np.errstate(all="ignore"):
        ratio = (first / last).apply(np.log).groupby(keys).mean().apply(np.exp)
    finite = gradients.groupby(keys)["finite_fraction"].min()
    return pd.DataFrame({"gradient": ratio.fillna(0.0), "finite_gradient": finite})


def _judge(table: pd.DataFrame) -> pd.Series[str]:
    """Apply the rules; the first that holds gives the verdict."""
    rules = {
        "symmetric": table["distinct"] <= 1,
        "overflows": table["finite"] < 1,
        "saturates": table["pressed"] > FLAT,
        "dies": table["dead"] > DEAD,
        "explodes": (table["magnitude"] > LIMIT) | (table["gradient"] > LIMIT),
        "vanishes": (table["signal"] < 1 / LIMIT) | (table["gradient"] < 1 / LIMIT),
    }
    verdict = np.select(list(rules.values()), list(rules), default="healthy")
    return pd.Series(verdict, index=table.index, dtype=str)
