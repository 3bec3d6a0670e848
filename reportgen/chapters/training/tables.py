"""The tables behind the chapter on training: outcomes of all races, and what could be told before the first update."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.judgments.outcomes import OUTCOMES, best_rates, outcomes

__all__ = [
    "CELL",
    "DEPTH",
    "DIGITS",
    "LARGE",
    "REACH",
    "SMALL",
    "Count",
    "Sizes",
    "cells",
    "count",
    "curves",
    "gains",
    "glance",
    "races",
    "rates",
    "sizes",
    "summary",
]

DIGITS = "digits"
"""The data set that the figures and sentences are about; a user's own sets are trained beside it."""

DEPTH = 10
"""Hidden layers of the nets that are compared: deep enough to tell, and trained at every preset."""

REACH = 6.0
"""A signal reaches about this many depth scales (Schoenholz et al. 2017)."""

SMALL, LARGE = "random_normal(stddev=0.01)", "random_normal(stddev=1)"

CELL = ["data", "initializer", "activation", "depth"]
"""What tells the starts of the map apart."""

_GLANCE = ("zeros", SMALL, LARGE, "torch_default", "glorot_normal", "he_normal", "orthogonal")


class Sizes(NamedTuple):
    """How large and how long the trainings of one study are; depths and learning rates in rising order."""

    width: int
    steps: int
    batch: int
    momentum: float
    replicates: int
    training_examples: int
    test_examples: int
    classes: int
    depths: list[int]
    rates: list[float]

    @property
    def passes(self) -> float:
        """How often a training sees every example."""
        return self.steps * self.batch / self.training_examples


def sizes(results: Results, study: str) -> Sizes:
    """Return the sizes of a study; those of the map on digits."""
    table = _study(results["training_races"], study)
    table = table[table["data"] == DIGITS] if study == "map" else table
    whole = ("width", "steps", "batch", "training_examples", "test_examples", "classes")
    return Sizes(
        **{name: int(table[name].iloc[0]) for name in whole},
        momentum=float(table["momentum"].iloc[0]),
        replicates=int(table["replicate"].nunique()),
        depths=sorted(int(depth) for depth in table["depth"].unique()),
        rates=sorted(float(rate) for rate in table["learning_rate"].unique()),
    )


def _study(table: pd.DataFrame, study: str) -> pd.DataFrame:
    return table[table["study"] == study]


def races(results: Results, study: str) -> pd.DataFrame:
    """Return every network of a study, with its `outcome`."""
    table = _study(results["training_races"], study)
    return table.assign(outcome=outcomes(table))


def summary(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Summarize the replicates of every setting.

    Parameters
    ----------
    table
        Networks, as from `races`.
    keys
        Columns that tell the settings apart.

    Returns
    -------
    DataFrame
        One row per setting, in the order of `table`: `outcome`, the most frequent one (where several are, the first
        in `OUTCOMES`), the share of every outcome, the number of `networks`, and the medians of `test_accuracy` (over
        those that give answers, nan where none does) and `test_loss` (inf where it is lost).
    """
    groups = [table[key] for key in keys]
    shares = pd.DataFrame({word: table["outcome"] == word for word in OUTCOMES}).groupby(groups, sort=False).mean()
    loss = table["test_loss"].where(np.isfinite(table["test_loss"]), np.inf)
    return (
        shares.assign(
            outcome=shares.idxmax(axis=1),
            networks=table.groupby(keys, sort=False).size(),
            test_accuracy=table.groupby(keys, sort=False)["test_accuracy"].median(),
            test_loss=loss.groupby(groups, sort=False).median(),
        )
        .reset_index()
        .loc[:, [*keys, "outcome", *OUTCOMES, "networks", "test_accuracy", "test_loss"]]
    )


class Count(NamedTuple):
    """How many networks there are, and how many of them learned."""

    nets: int
    learned: int


def count(nets: pd.DataFrame) -> Count:
    """Count networks, as from `races`."""
    return Count(len(nets), int((nets["outcome"] == "learned").sum()))


def cells(results: Results) -> pd.DataFrame:
    """Return the map: one row per data set, initializer, activation and depth, as `summary` makes it."""
    return summary(races(results, "map"), CELL)


def glance(results: Results) -> pd.DataFrame:
    """Return what became of a few starts at `DEPTH`, in words: outcome and median share of right answers."""
    table = cells(results)
    table = table[(table["data"] == DIGITS) & (table["depth"] == DEPTH)].set_index(["initializer", "activation"])
    right = table["test_accuracy"].map(", {:.0%}".format).where(table["test_accuracy"].notna(), "")
    told = (table["outcome"] + right).unstack().loc[list(_GLANCE), ["relu", "tanh", "sigmoid"]]
    return told.rename(index=short_name).rename_axis("start").reset_index()


def rates(results: Results) -> pd.DataFrame:
    """Return the outcome of every start at every learning rate, as `summary` makes it."""
    return summary(races(results, "rate"), ["activation", "initializer", "learning_rate"])


def gains(results: Results) -> pd.DataFrame:
    """Return every network of the study of gains at the better of its learning rates, beside the depth scale."""
    theory = results["training_theory"][["initializer", "gain", "chi_1", "xi_c"]]
    table = best_rates(races(results, "gain"), ["depth", "initializer"]).merge(theory, on="initializer")
    columns = ["gain", "chi_1", "xi_c", "depth", "replicate", "learning_rate", "outcome", "test_accuracy", "test_loss"]
    return table.assign(reach=REACH * table["xi_c"])[[*columns, "reach"]].sort_values(["depth", "gain", "replicate"])


def curves(results: Results, study: str) -> pd.DataFrame:
    """Return loss and accuracy on the test examples over the updates, network by network."""
    columns = ["data", "activation", "initializer", "replicate", "step", "test_loss", "test_accuracy"]
    return _study(results["training_curves"], study)[columns]
