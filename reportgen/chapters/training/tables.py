"""The tables of the chapter on training: how all trainings ended, and what could be told before the first update."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.canonical import canonical
from reportgen.judgments.data_sets import added
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import OUTCOMES, best_rates, outcomes
from reportgen.judgments.verdicts import VERDICTS, verdict_table

__all__ = ["CELL", "DEPTH", "DIGITS", "GUIDE", "REACH", "Tables", "counts", "read", "summary"]

DIGITS = "digits"
"""The data set that figures and sentences are about; what a user adds has a section of its own."""

DEPTH = 10
"""Hidden layers of the nets that are compared: deep enough to tell, and trained at every preset."""

REACH = 6
"""A signal reaches about this many depth scales (Schoenholz et al. 2017)."""

GUIDE = 1e-3
"""An update of this share of the weights is about right, a rule of thumb of Karpathy's lectures."""

CELL = ["data", "initializer", "activation", "depth"]
"""What tells the starts of the map apart."""

_SIZES = ["width", "steps", "batch", "momentum", "training_examples", "test_examples", "classes", "guess"]
_CURVES = ["data", "activation", "initializer", "replicate", "step", "test_loss", "test_accuracy"]
_GAINS = ["gain", "chi_1", "xi_c", "depth", "replicate", "learning_rate", "outcome", "test_accuracy", "test_loss"]


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    trials
        Every network of every study, with its `outcome`; those of added data are in `added` alone.
    sizes
        How large and how long the trainings are: one row per study, depth and learning rate; the map's are on digits,
        and of the depths that every run has.
    cells
        The map, one row per initializer, activation and depth, as `summary` makes it.
    deep
        Loss and accuracy of the deep nets on the test examples over the updates, network by network.
    plane
        The same of the nets in the plane.
    rates
        Every start at every learning rate, as `summary` makes it.
    gain_trials
        Every network of the study of gains, with theory's depth scale `xi_c` and `reach`, six times that.
    gains
        Of these the networks at the better learning rate of their start.
    first_steps
        The `ratio` of the first update to the weights, network by network and layer by layer, on digits.
    typical_steps
        The median of `ratio` over the layers of each network.
    predictions
        The verdict on every start of the map beside what became of it, on digits.
    added
        The map of every data set that was added, with the outcome `on_digits`, the verdict before the first update, and
        the numbers of examples and the share of the most frequent class.
    data_sets
        What the added data sets are.
    """

    trials: pd.DataFrame
    sizes: pd.DataFrame
    cells: pd.DataFrame
    deep: pd.DataFrame
    plane: pd.DataFrame
    rates: pd.DataFrame
    gain_trials: pd.DataFrame
    gains: pd.DataFrame
    first_steps: pd.DataFrame
    typical_steps: pd.DataFrame
    predictions: pd.DataFrame
    added: pd.DataFrame
    data_sets: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``training``."""
    trials = results["training_races"].assign(outcome=outcomes(results["training_races"]))
    theirs = added(where(trials, study="map"))
    trials = trials[(trials["study"] != "map") | ~trials["data"].isin(theirs["data"])]
    on_map, curves = where(trials, study="map"), results["training_curves"]
    cells = summary(on_map, CELL)
    gain_trials = where(trials, study="gain").merge(results["training_theory"], on=["activation", "initializer"])
    gain_trials = gain_trials.assign(reach=REACH * gain_trials["xi_c"])
    gains = best_rates(gain_trials, ["depth", "initializer"])[[*_GAINS, "reach"]]
    steps = _first_steps(results["training_first_steps"], on_map)
    return Tables(
        trials=trials,
        sizes=_sizes(trials),
        cells=cells,
        deep=where(curves, study="deep")[_CURVES],
        plane=where(curves, study="plane")[_CURVES],
        rates=summary(where(trials, study="rate"), ["activation", "initializer", "learning_rate"]),
        gain_trials=gain_trials,
        gains=gains.sort_values(["depth", "gain", "replicate"]),
        first_steps=steps,
        typical_steps=steps.groupby([*CELL, "replicate", "outcome"], sort=False)["ratio"].median().reset_index(),
        predictions=_predictions(results, cells, DIGITS),
        added=_added(results, theirs, cells),
        data_sets=added(results["data_sets"]),
    )


def _sizes(trials: pd.DataFrame) -> pd.DataFrame:
    is_own = trials.index.isin(canonical(where(trials, study="map")).index)
    own = trials[(trials["study"] != "map") | is_own]
    counted = own.assign(replicates=own.groupby("study")["replicate"].transform("nunique"))
    return counted[["study", "depth", "learning_rate", "replicates", *_SIZES]].drop_duplicates()


def summary(trials: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Summarize the replicates of every setting, in the order of `trials`, which have their `outcome`.

    The outcome of a setting is the most frequent one; where several are, the first in `OUTCOMES`. Beside it stand the
    share of every outcome, the number of `networks`, and the medians of `test_accuracy`, over those that give answers,
    and of `test_loss`, inf where it is lost.
    """
    shares = pd.get_dummies(trials["outcome"], dtype=float).reindex(columns=list(OUTCOMES), fill_value=0.0)
    loss = trials["test_loss"].where(np.isfinite(trials["test_loss"]), np.inf)
    groups = trials.assign(**shares, test_loss=loss).groupby(keys, sort=False)
    how = {**dict.fromkeys(OUTCOMES, "mean"), "test_accuracy": "median", "test_loss": "median"}
    made = groups.agg(how).assign(networks=groups.size())
    made["outcome"] = made[list(OUTCOMES)].idxmax(axis=1)
    return made.reset_index()[[*keys, "outcome", *OUTCOMES, "networks", "test_accuracy", "test_loss"]]


# Before the first update ---------------------------------------------------------------------------------------------


def _first_steps(norms: pd.DataFrame, on_map: pd.DataFrame) -> pd.DataFrame:
    """Set the first update of every layer in proportion to its weights.

    The first update has no momentum yet: it is the learning rate times the gradient. Where the weights are zero the
    ratio is 0 if they stay so, else inf.
    """
    columns = [*CELL, "replicate", "layer", "weight_norm", "gradient_norm"]
    trials = on_map[[*CELL, "replicate", "learning_rate", "outcome"]]
    table = where(norms, data=DIGITS)[columns].merge(trials, on=[*CELL, "replicate"])
    with np.errstate(all="ignore"):
        ratio = table["learning_rate"] * table["gradient_norm"] / table["weight_norm"]
    ratio = ratio.mask(table["gradient_norm"] == 0, 0.0).fillna(np.inf)
    return table.drop(columns=["weight_norm", "gradient_norm"]).assign(ratio=ratio)


def _predictions(results: Results, cells: pd.DataFrame, data: str) -> pd.DataFrame:
    """Judge the starts in networks of the trained width, with the same initial weights."""
    judged = {name: results[f"training_{name}"] for name in ("forward", "gradients", "diversity")}
    ended = where(cells, data=data)[[*CELL[1:], "outcome", "test_accuracy"]]
    return verdict_table(judged, data).merge(ended, on=CELL[1:])


def _added(results: Results, trials: pd.DataFrame, digits: pd.DataFrame) -> pd.DataFrame:
    """Summarize the map of every added data set, with what digits and the verdict say of each start."""
    sizes = trials[["data", "training_examples", "test_examples", "guess"]].drop_duplicates()
    cells = summary(trials, CELL).merge(sizes, on="data")
    there = digits[CELL[1:]].assign(on_digits=digits["outcome"])
    judged = [_predictions(results, cells, name)[[*CELL[1:], "verdict"]].assign(data=name) for name in sizes["data"]]
    verdicts = pd.concat(judged) if judged else cells[CELL].assign(verdict="")
    return cells.merge(there, on=CELL[1:]).merge(verdicts, on=CELL)


def counts(predictions: pd.DataFrame) -> pd.DataFrame:
    """Count the starts by verdict and outcome; verdicts that no start got are left out."""
    table = pd.crosstab(predictions["verdict"], predictions["outcome"])
    present = [word for word in VERDICTS if word in table.index]
    return table.reindex(index=present, columns=list(OUTCOMES), fill_value=0)
