"""The tables of the chapter on training: how all trainings ended, and what could be told before the first update."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.canonical import canonical
from reportgen.chapters.scale import at_width_of, by_row, scale_rows
from reportgen.judgments.data_sets import added
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import OUTCOMES, best_rates, outcomes
from reportgen.judgments.verdicts import VERDICTS, verdict_table

__all__ = ["CELL", "DEPTH", "DIGITS", "GUIDE", "OPTIMIZERS", "REACH", "Tables", "counts", "read", "summary"]

DIGITS = "digits"
"""The data set that figures and sentences are about; what a user adds has a section of its own."""

DEPTH = 10
"""Hidden layers of the nets that are compared: deep enough to tell, and trained at every preset."""

REACH = 6
"""A signal reaches about this many depth scales (Schoenholz et al. 2017)."""

OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}
"""Optimizer -> how figures and tables write it, in the order in which they stand."""

GUIDE = 1e-3
"""An update of this share of the weights is about right, a rule of thumb of Karpathy's lectures."""

CELL = ["data", "initializer", "activation", "depth"]
"""What tells the starts of the map apart."""

_ROW = ["row", "sigma_w2", "optimizer", "data", "activation", "depth"]
"""What tells the fields of the map apart."""

_SIZES = ["width", "optimizer", "steps", "batch", "momentum", "training_examples", "validation_examples"]
_TEST = ["test_examples", "classes", "guess"]
_CURVES = ["data", "activation", "initializer", "replicate", "step", "test_loss", "test_accuracy"]
_GAINS = ["gain", "chi_1", "xi_c", "depth", "replicate", "learning_rate", "outcome", "test_accuracy", "test_loss"]
_BUDGETS = ["optimizer", "steps", "initializer", "learning_rate", "replicate", "outcome", "test_accuracy"]
_START_LOSS = ["initializer", "activation", "replicate", "start_loss", "classes"]


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    trials
        Every network of every study at every budget, with its `outcome`; those of added data are in `added` alone.
    sizes
        How large and how long the trainings are: one row per study, depth, optimizer, budget and learning rate; the
        map's are on digits, and of the depths that every run has.
    cells
        Every start of the map, one row per optimizer, initializer, activation and depth, as `summary` makes it.
    cells_map
        The same with one `row` for starts that are one, of all their networks.
    deep
        Loss and accuracy of the deep nets on the test examples over the updates, network by network.
    plane
        The same of the nets in the plane.
    rates
        Every start at every learning rate of each optimizer after the shortest budget, as `summary` makes it.
    best
        Of these the networks at the rate that does best on the validation examples.
    budgets
        The ReLU nets that train longer, at the best rate of each budget.
    small
        The nets with small weights that train longer, at their best rate.
    gain_trials
        Every network of the study of gains, with theory's depth scale `xi_c` and `reach`, six times that.
    gains
        Of these the networks at the better learning rate of their start.
    start_losses
        The loss before the first update, of the nets of the map with `DEPTH` layers.
    readouts
        The nets whose last layer is drawn at several sizes, at every budget.
    first_steps
        The `ratio` of the first update to the weights, network by network and layer by layer, on digits and with SGD,
        and the norm of the `gradient` (nats/weight).
    typical_steps
        The median of `ratio` over the layers of each network.
    predictions
        The verdict on every start of the map beside what became of it with each optimizer, on digits.
    added
        The map of every data set that was added, with the outcome `on_digits`, the verdict before the first update, and
        the numbers of examples and the share of the most frequent class.
    added_map
        The same with one `row` for starts that are one, without what `added` sets beside them.
    data_sets
        What the added data sets are.
    """

    trials: pd.DataFrame
    sizes: pd.DataFrame
    cells: pd.DataFrame
    cells_map: pd.DataFrame
    deep: pd.DataFrame
    plane: pd.DataFrame
    rates: pd.DataFrame
    best: pd.DataFrame
    budgets: pd.DataFrame
    small: pd.DataFrame
    gain_trials: pd.DataFrame
    gains: pd.DataFrame
    start_losses: pd.DataFrame
    readouts: pd.DataFrame
    first_steps: pd.DataFrame
    typical_steps: pd.DataFrame
    predictions: pd.DataFrame
    added: pd.DataFrame
    added_map: pd.DataFrame
    data_sets: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``training``."""
    trials = _in_order(results["training_races"], list(results["training_forward"]["initializer"].unique()))
    trials = trials.assign(outcome=outcomes(trials))
    theirs = where(added(where(trials, study="map")), optimizer="sgd")
    trials = trials[(trials["study"] != "map") | ~trials["data"].isin(theirs["data"])]
    on_map, rate, curves = where(trials, study="map"), where(trials, study="rate"), results["training_curves"]
    rows = at_width_of(on_map, scale_rows(results["starts"]))
    cells, at_first = summary(on_map, ["optimizer", *CELL]), where(rate, steps=rate["steps"].min())
    theory = results["training_theory"][["activation", "initializer", "gain", "chi_1", "xi_c"]]
    gain_trials = where(trials, study="gain").merge(theory, on=["activation", "initializer"])
    gain_trials = gain_trials.assign(reach=REACH * gain_trials["xi_c"])
    gains = best_rates(gain_trials, ["depth", "initializer"])[[*_GAINS, "reach"]]
    steps = _first_steps(results["training_first_steps"], where(on_map, optimizer="sgd"))
    return Tables(
        trials=trials,
        sizes=_sizes(trials),
        cells=cells,
        cells_map=summary(by_row(on_map, rows), _ROW),
        deep=where(curves, study="deep")[_CURVES],
        plane=where(curves, study="plane")[_CURVES],
        rates=summary(at_first, ["optimizer", "activation", "initializer", "learning_rate"]),
        best=best_rates(at_first, ["optimizer", "activation", "initializer"]),
        budgets=_budgets(rate),
        small=best_rates(where(trials, study="small"), ["optimizer", "activation", "depth"]),
        gain_trials=gain_trials,
        gains=gains.sort_values(["depth", "gain", "replicate"]),
        start_losses=where(on_map, optimizer="sgd", depth=DEPTH)[_START_LOSS],
        readouts=where(trials, study="readout"),
        first_steps=steps,
        typical_steps=steps.groupby([*CELL, "replicate", "outcome"], sort=False)["ratio"].median().reset_index(),
        predictions=_predictions(results, cells, DIGITS),
        added=_added(results, theirs, cells),
        added_map=summary(by_row(theirs, rows), [*_ROW, "guess"]),
        data_sets=added(results["data_sets"]),
    )


def _in_order(trials: pd.DataFrame, starts: list[str]) -> pd.DataFrame:
    """Put SGD before Adam, and the starts of the map as the battery lists them: they trained in several parts."""
    places = {**{name: place for place, name in enumerate(starts)}, **dict(zip(OPTIMIZERS, range(2), strict=True))}
    on_map = trials["study"] == "map"
    ordered = trials[on_map].sort_values(
        ["optimizer", "initializer"], key=lambda names: names.map(places).fillna(len(places)), kind="stable"
    )
    others = trials[~on_map].sort_values("optimizer", key=lambda names: names.map(places), kind="stable")
    return pd.concat([ordered, others], ignore_index=True)


def _budgets(rate: pd.DataFrame) -> pd.DataFrame:
    keys = ["optimizer", "activation", "initializer", "learning_rate", "replicate"]
    longer = rate[rate.groupby(keys)["steps"].transform("nunique") > 1]
    return best_rates(longer, ["optimizer", "initializer", "steps"])[_BUDGETS]


def _sizes(trials: pd.DataFrame) -> pd.DataFrame:
    is_own = trials.index.isin(canonical(where(trials, study="map")).index)
    own = trials[(trials["study"] != "map") | is_own]
    counted = own.assign(replicates=own.groupby(["study", "depth"])["replicate"].transform("nunique"))
    sizes = counted[["study", "depth", "learning_rate", "replicates", *_SIZES, *_TEST]]
    return sizes.drop_duplicates(ignore_index=True)


def summary(trials: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Summarize the replicates of every setting, in the order of `trials`, which have their `outcome`.

    The outcome of a setting is the most frequent one; where several are, the first in `OUTCOMES`. Beside it stand the
    share of every outcome, the number of `networks`, and the medians of `test_accuracy`, over those that give answers,
    and of `test_loss`, inf where it is lost.
    """
    shares = pd.get_dummies(trials["outcome"], dtype=float).reindex(columns=list(OUTCOMES), fill_value=0.0)
    loss = trials["test_loss"].where(np.isfinite(trials["test_loss"]), np.inf)
    groups = trials.assign(**shares, test_loss=loss).groupby(keys, sort=False, dropna=False)
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
    return table.rename(columns={"gradient_norm": "gradient"}).drop(columns="weight_norm").assign(ratio=ratio)


def _predictions(results: Results, cells: pd.DataFrame, data: str) -> pd.DataFrame:
    """Judge the starts in networks of the trained width, with the same initial weights."""
    judged = {name: results[f"training_{name}"] for name in ("forward", "gradients", "diversity")}
    ended = where(cells, data=data)[["optimizer", *CELL[1:], "outcome", "test_accuracy"]]
    return verdict_table(judged, data).merge(ended, on=CELL[1:])


def _added(results: Results, trials: pd.DataFrame, digits: pd.DataFrame) -> pd.DataFrame:
    """Summarize the map of every added data set, with what digits and the verdict say of each start."""
    sizes = trials[["data", "training_examples", "test_examples", "guess"]].drop_duplicates()
    cells = summary(trials, ["optimizer", *CELL]).merge(sizes, on="data")
    there = where(digits, optimizer="sgd")[[*CELL[1:], "outcome"]].rename(columns={"outcome": "on_digits"})
    judged = [_predictions(results, cells, name)[[*CELL[1:], "verdict"]].assign(data=name) for name in sizes["data"]]
    verdicts = pd.concat(judged) if judged else cells[CELL].assign(verdict="")
    return cells.merge(there, on=CELL[1:]).merge(verdicts, on=CELL)


def counts(predictions: pd.DataFrame) -> pd.DataFrame:
    """Count the starts by verdict and outcome; verdicts that no start got are left out."""
    table = pd.crosstab(predictions["verdict"], predictions["outcome"])
    present = [word for word in VERDICTS if word in table.index]
    return table.reindex(index=present, columns=list(OUTCOMES), fill_value=0)
