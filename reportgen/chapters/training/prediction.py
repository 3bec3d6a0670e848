"""What could be told before the first update: the size of the first step, and the verdict on the start."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.old import Findings
from reportgen.chapters.training.tables import CELL, DEPTH, DIGITS, cells, count, races
from reportgen.judgments.outcomes import OUTCOMES
from reportgen.judgments.verdicts import LIMIT, VERDICTS, verdict_table

__all__ = [
    "GUIDE",
    "confusion",
    "find_predictions",
    "first_steps",
    "misses",
    "off_guide",
    "predictions",
    "typical_steps",
]

GUIDE = 1e-3
"""An update of this share of the weights is about right, a rule of thumb of Karpathy's lectures."""

NEAR = (1.0, 2.0)
"""Powers of ten from the guide line: a typical first step within the first is near, beyond the second is far."""

_PAIR = ["initializer", "activation", "depth"]


def first_steps(results: Results) -> pd.DataFrame:
    """Return the ratio of the first update to the weights, network by network and layer by layer, on digits.

    The first update has no momentum yet: it is the learning rate times the gradient. Where the weights are zero the
    ratio is 0 if they stay so, else inf.
    """
    nets = races(results, "map")[[*CELL, "replicate", "learning_rate", "outcome"]]
    steps = results["training_first_steps"]
    columns = [*CELL, "replicate", "layer", "weight_norm", "gradient_norm"]
    table = steps.loc[steps["data"] == DIGITS, columns].merge(nets, on=[*CELL, "replicate"])
    with np.errstate(all="ignore"):
        ratio = table["learning_rate"] * table["gradient_norm"] / table["weight_norm"]
    ratio = ratio.mask(table["gradient_norm"] == 0, 0.0).fillna(np.inf)
    return table.drop(columns=["weight_norm", "gradient_norm"]).assign(ratio=ratio)


def typical_steps(results: Results) -> pd.DataFrame:
    """Return one row per network: its `outcome` and its typical `ratio`, the median over the layers."""
    steps = first_steps(results)
    keys = [*CELL, "replicate", "outcome"]
    return steps.groupby(keys, sort=False)["ratio"].median().reset_index()


def off_guide(ratio: pd.Series[float]) -> pd.Series[float]:
    """Return by how many powers of ten each ratio is off the guide; inf for 0 and inf."""
    with np.errstate(divide="ignore"):
        logs = np.log10(ratio / GUIDE)
    return pd.Series(np.abs(logs), index=ratio.index)


def predictions(results: Results) -> pd.DataFrame:
    """Return the verdict on every start of the map beside what became of it, on digits.

    The verdicts are on networks of the trained width, with the same initial weights.
    """
    judged = {name: results[f"training_{name}"] for name in ("forward", "gradients", "diversity")}
    came = cells(results)
    came = came.loc[came["data"] == DIGITS, [*_PAIR, "outcome", "test_accuracy"]]
    return verdict_table(judged, DIGITS).merge(came, on=_PAIR)


def confusion(results: Results) -> pd.DataFrame:
    """Count the starts by verdict and outcome; verdicts that no start got are left out."""
    table = predictions(results)
    counts = pd.crosstab(table["verdict"], table["outcome"])
    present = [word for word in VERDICTS if word in counts.index]
    return counts.reindex(index=present, columns=list(OUTCOMES), fill_value=0)


def misses(results: Results) -> pd.DataFrame:
    """Return the starts that did not do what the verdict says, gathered by verdict, outcome and activation."""
    table = predictions(results)
    missed = table[(table["verdict"] == "healthy") != (table["outcome"] == "learned")]
    groups = missed.groupby(["verdict", "outcome", "activation"], sort=False)
    rows = [
        {"verdict": verdict, "outcome": outcome, "activation": activation, "starts (layers)": _gathered(group)}
        for (verdict, outcome, activation), group in groups
    ]
    return pd.DataFrame(rows, columns=["verdict", "outcome", "activation", "starts (layers)"])


def _gathered(group: pd.DataFrame) -> str:
    """Write initializers with their depths, such as ``he_normal (5, 10)``."""
    return "; ".join(
        f"{short_name(str(name))} ({', '.join(str(depth) for depth in sorted(depths))})"
        for name, depths in group.groupby("initializer", sort=False)["depth"]
    )


def find_predictions(results: Results) -> Findings:
    """Return what the prose quotes of all this."""
    return {**_steps(results), **_verdicts(results)}


def _steps(results: Results) -> Findings:
    nets = typical_steps(results)
    off = off_guide(nets["ratio"])
    near, far = nets[off < NEAR[0]], nets[off > NEAR[1]]
    steps = first_steps(results)
    typical = steps[steps["depth"] == DEPTH].groupby(["initializer", "activation"])["ratio"].median()
    return {
        "guide": GUIDE,
        "near_factor": 10 ** NEAR[0],
        "far_factor": 10 ** NEAR[1],
        "near": count(near),
        "far": count(far),
        "near_share": float((near["outcome"] == "learned").mean()),
        "far_share": float((far["outcome"] == "learned").mean()),
        "step": {activation: typical.xs(activation, level="activation").to_dict() for activation in ("tanh", "relu")},
    }


def _verdicts(results: Results) -> Findings:
    table, counts = predictions(results), confusion(results)
    healthy, learned = table["verdict"] == "healthy", table["outcome"] == "learned"
    change = _change(table)
    he = table[(table["initializer"] == "he_normal") & (table["activation"] == "linear") & (table["depth"] == DEPTH)]
    return {
        "accuracy": float((healthy == learned).mean()),
        "base_rate": float(max(learned.mean(), 1 - learned.mean())),
        "healthy_cells": int(healthy.sum()),
        "healthy_learned": float(learned[healthy].mean()),
        "ill_cells": int((~healthy).sum()),
        "ill_learned": float(learned[~healthy].mean()),
        "misses": misses(results),
        "limit": LIMIT,
        "missed": int((healthy != learned).sum()),
        "change_of_hits": float(change[healthy & learned].median()),
        "change_of_misses": float(change[healthy & ~learned].median()),
        "linear_growth": float(he["magnitude"].iloc[0]),
        "linear_outcome": str(he["outcome"].iloc[0]),
        "then": counts.div(counts.sum(axis=1), axis=0).to_dict("index"),
    }


def _change(table: pd.DataFrame) -> pd.Series[float]:
    """Return by what factor the signal or the gradient changes over the net, whichever changes more."""
    logs = np.log(table[["signal", "magnitude", "gradient"]].clip(lower=1e-38))
    gained = logs[["magnitude", "gradient"]].max(axis=1)
    lost = -logs[["signal", "gradient"]].min(axis=1)
    return pd.Series(np.exp(np.maximum(gained, lost)), index=table.index)
