"""The tables of the chapter on training: how all trainings ended, and what could be told before the first update."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.canonical import canonical
from reportgen.chapters.scale import at_width_of, by_row, scale_rows
from reportgen.chapters.training.before import CELL, DIGITS, first_steps, predictions
from reportgen.judgments.data_sets import added
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import OUTCOMES, best_rates, outcomes

__all__ = ["DEPTH", "OPTIMIZERS", "Tables", "read", "summary"]

DEPTH = 10
"""Hidden layers of the nets that are compared: deep enough to tell, and trained at every preset."""

OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}
"""Optimizer -> how figures and tables write it, in the order in which they stand."""

_ROW = ["row", "sigma_w2", "optimizer", "data", "activation", "depth"]
"""What tells the fields of the map apart."""

_SIZES = ["width", "optimizer", "steps", "batch", "momentum", "training_examples", "validation_examples"]
_TEST = ["test_examples", "classes", "guess"]
_CURVES = ["data", "activation", "initializer", "replicate", "step", "test_loss", "test_accuracy"]
_RATES = ["optimizer", "activation", "initializer"]
_GAINS = ["gain", "depth", "replicate", "learning_rate", "outcome", "test_accuracy", "test_loss"]
_BUDGETS = ["optimizer", "steps", "initializer", "learning_rate", "replicate", "outcome", "test_accuracy"]
_START_LOSS = ["row", "sigma_w2", "activation", "replicate", "start_loss", "classes", "outcome"]
_SHOWN = ["data", "activation", "initializer", "replicate", "test_accuracy", "guess"]


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    trials
        Every network that learns digits, of every study at every budget, with its `outcome`.
    sizes
        How large and how long the trainings are: one row per study, depth, optimizer, budget and learning rate; the
        map's are on digits, and of the depths that every run has.
    cells
        Every start of the map, one row per optimizer, initializer, activation and depth, as `summary` makes it.
    rows
        In which `row` of the map every initializer is.
    cells_map
        The map: like `cells`, but with one `row` for starts that are one, of all their networks.
    deep
        Loss and accuracy of the deep nets on the test examples over the updates, network by network.
    rates
        Every start at every learning rate of each optimizer after the shortest budget, that of the map among them, as
        `summary` makes it.
    best
        Of these the networks at the rate that does best on the validation examples.
    budgets
        The ReLU nets that train longer, at the best rate of each budget; those of the shortest one are in `best`.
    small
        The nets with small weights that train longer, at their best rate.
    gain_trials
        Every network of the study of gains.
    gains
        Of these the networks at the better learning rate of their start.
    start_losses
        The loss before the first update of the nets of the map with `DEPTH` layers, and their outcome with SGD.
    last_layers
        The nets whose last layer is drawn at several sizes, at every budget.
    first_steps
        The `ratio` of the first update to the weights, network by network and layer by layer, on digits and with SGD,
        and the norm of the `gradient` (nats/weight).
    typical_steps
        The median of `ratio` over the layers of each network.
    predictions
        The verdict on every start of the map beside what became of it with each optimizer, on digits.
    plane
        Every network that learned a problem in the plane, with its `outcome`.
    plane_shown
        Of these the median network of every start, whose answers are drawn.
    answers
        What these answer about the points of a grid: the probability of label 1.
    points
        Some of the points of both problems.
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
    rows: pd.DataFrame
    cells_map: pd.DataFrame
    deep: pd.DataFrame
    rates: pd.DataFrame
    best: pd.DataFrame
    budgets: pd.DataFrame
    small: pd.DataFrame
    gain_trials: pd.DataFrame
    gains: pd.DataFrame
    start_losses: pd.DataFrame
    last_layers: pd.DataFrame
    first_steps: pd.DataFrame
    typical_steps: pd.DataFrame
    predictions: pd.DataFrame
    plane: pd.DataFrame
    plane_shown: pd.DataFrame
    answers: pd.DataFrame
    points: pd.DataFrame
    added: pd.DataFrame
    added_map: pd.DataFrame
    data_sets: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiments ``training`` and ``plane``."""
    trials = _in_order(results["training_races"], list(results["training_forward"]["initializer"].unique()))
    trials = trials.assign(outcome=outcomes(trials))
    theirs = where(added(where(trials, study="map")), optimizer="sgd")
    trials = trials[(trials["study"] != "map") | ~trials["data"].isin(theirs["data"])]
    on_map, rows = where(trials, study="map"), scale_rows(results["starts"])
    rows = at_width_of(on_map, rows)
    cells, at_first, with_sgd = summary(on_map, ["optimizer", *CELL]), _at_first(trials), where(on_map, optimizer="sgd")
    best, gain_trials = best_rates(at_first, _RATES), _gain_trials(trials, results["training_theory"])
    steps = first_steps(results["training_first_steps"], with_sgd)
    return Tables(
        trials=trials,
        sizes=_sizes(trials),
        cells=cells,
        rows=pd.DataFrame([(name, row.label) for row in rows for name in row.starts], columns=["initializer", "row"]),
        cells_map=summary(by_row(on_map, rows), _ROW),
        deep=where(results["training_curves"], study="deep")[_CURVES],
        rates=summary(at_first, [*_RATES, "learning_rate"]),
        best=best,
        budgets=_budgets(where(trials, study="rate"), best),
        small=best_rates(where(trials, study="small"), ["optimizer", "activation", "depth"]),
        gain_trials=gain_trials,
        gains=best_rates(gain_trials, ["depth", "initializer"])[_GAINS].sort_values(["depth", "gain", "replicate"]),
        start_losses=by_row(where(with_sgd, depth=DEPTH), rows)[_START_LOSS],
        last_layers=where(trials, study="readout"),
        first_steps=steps,
        typical_steps=steps.groupby([*CELL, "replicate", "outcome"], sort=False)["ratio"].median().reset_index(),
        predictions=predictions(results, cells, DIGITS),
        **_plane(results),
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


def _at_first(trials: pd.DataFrame) -> pd.DataFrame:
    """Return the nets that are tried at many rates after the shortest budget, and those of the map that are like them.

    These have the same starts and see the same examples: the map's learning rate is one more that was tried.
    """
    rate, on_map = where(trials, study="rate"), where(trials, study="map", depth=DEPTH)
    like = on_map[
        on_map["activation"].isin(rate["activation"])
        & on_map["initializer"].isin(rate["initializer"])
        & ~on_map["learning_rate"].isin(rate["learning_rate"])
    ]
    return pd.concat([where(rate, steps=rate["steps"].min()), like], ignore_index=True)


def _budgets(rate: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    keys = [*_RATES, "learning_rate", "replicate"]
    longer = rate[rate.groupby(keys)["steps"].transform("nunique") > 1]
    later = longer[longer["steps"] > best["steps"].max()]
    at_first = best[best["activation"].isin(later["activation"]) & best["initializer"].isin(later["initializer"])]
    found = pd.concat([at_first, best_rates(later, ["optimizer", "initializer", "steps"])])[_BUDGETS]
    place = {name: number for number, name in enumerate(OPTIMIZERS)}
    return found.sort_values("optimizer", key=lambda names: names.map(place), kind="stable", ignore_index=True)


def _gain_trials(trials: pd.DataFrame, theory: pd.DataFrame) -> pd.DataFrame:
    gains = theory[["activation", "initializer", "gain"]]
    return where(trials, study="gain").merge(gains, on=["activation", "initializer"])


def _plane(results: Results) -> dict[str, pd.DataFrame]:
    nets = results["plane_nets"]
    nets = nets.assign(outcome=outcomes(nets))
    return {
        "plane": nets,
        "plane_shown": nets.loc[nets["typical"], _SHOWN],
        "answers": results["plane_answers"][["data", "activation", "initializer", "x1", "x2", "answer"]],
        "points": results["plane_points"][["data", "x1", "x2", "label"]].drop_duplicates(ignore_index=True),
    }


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


def _added(results: Results, trials: pd.DataFrame, digits: pd.DataFrame) -> pd.DataFrame:
    """Summarize the map of every added data set, with what digits and the verdict say of each start."""
    sizes = trials[["data", "training_examples", "test_examples", "guess"]].drop_duplicates()
    cells = summary(trials, ["optimizer", *CELL]).merge(sizes, on="data")
    there = where(digits, optimizer="sgd")[[*CELL[1:], "outcome"]].rename(columns={"outcome": "on_digits"})
    judged = [predictions(results, cells, name)[[*CELL[1:], "verdict"]].assign(data=name) for name in sizes["data"]]
    verdicts = pd.concat(judged) if judged else cells[CELL].assign(verdict="")
    return cells.merge(there, on=CELL[1:]).merge(verdicts, on=CELL)
