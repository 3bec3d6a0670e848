"""The tables of the chapter on training: every network once, summarized and set beside what was known before."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.training import CHAPTER
from reportgen.chapters.training.before import counts
from reportgen.chapters.training.tables import summary
from reportgen.report.page import Reading

Measure = Callable[..., Results]
Read = Callable[..., Reading]

TWINS = ("lecun_normal", "lecun_uniform", "glorot_uniform", "he_uniform")

L, S, D = "learned", "stalled", "diverged"


def test_a_tie_goes_to_the_worse_outcome_and_medians_are_of_those_that_give_answers() -> None:
    nets = pd.DataFrame({"start": [*"aabbbb"], "outcome": [L, D, S, S, L, L]})
    nets["test_accuracy"] = [0.8, np.nan, 0.2, 0.3, 0.5, 0.9]
    nets["test_loss"] = [0.5, np.nan, 3.0, 2.0, 1.0, 0.5]
    table = summary(nets, ["start"]).set_index("start")
    assert list(table["outcome"]) == [D, S]
    assert table["test_accuracy"].to_dict() == pytest.approx({"a": 0.8, "b": 0.4})
    assert table["test_loss"].to_dict() == {"a": np.inf, "b": 1.5}
    assert list(table.loc["a", [D, S, L]]) == [0.5, 0.0, 0.5]


def test_every_start_is_on_the_map_once_per_depth_and_optimizer_and_is_judged(read: Read, measured: Measure) -> None:
    tables, settings = read(CHAPTER).tables, measured(CHAPTER.needs).settings
    starts = [name for name in settings["initializers"] if name not in TWINS]
    activations = settings["activations"]
    cells = 2 * len(starts) * len(activations) * tables.cells["depth"].nunique()
    assert len(tables.cells) == counts(tables.predictions).to_numpy().sum() == cells
    assert list(tables.cells["initializer"].unique()) == starts
    assert list(tables.cells["activation"].unique()) == activations
    assert list(tables.cells["optimizer"].unique()) == ["sgd", "adam"]


def test_what_decides_on_a_learning_rate_are_the_validation_examples(measured: Measure) -> None:
    results = measured(CHAPTER.needs)
    table = results["training_races"]
    greatest = table.groupby(["optimizer", "study"])["learning_rate"].transform("max")
    validation_loss = np.where(table["learning_rate"] == greatest, 0.1, 1.0)
    tables = CHAPTER.read(
        Results({**results.tables, "training_races": table.assign(validation_loss=validation_loss)}, {}, {})
    )
    assert tables.best.groupby("optimizer")["learning_rate"].unique().map(list).to_dict() == {
        "sgd": [0.3],
        "adam": [0.01],
    }


def test_every_budget_is_told_at_one_rate_of_its_own(read: Read) -> None:
    budgets = read(CHAPTER).tables.budgets
    keys = ["optimizer", "initializer", "steps"]
    assert (budgets.groupby(keys)["learning_rate"].nunique() == 1).all()
    assert (budgets.groupby(keys).size() == budgets["replicate"].nunique()).all()
    steps = sorted(budgets["steps"].unique())
    assert steps == [steps[0] * number for number in (1, 2, 3, 4)]


def test_the_learning_rate_of_the_map_is_one_of_those_that_were_tried(read: Read) -> None:
    tables = read(CHAPTER).tables
    at_rate = tables.rates.query("optimizer == 'sgd' and learning_rate == 0.02")
    assert len(at_rate) == 10
    keys = ["activation", "initializer"]
    on_map = tables.cells.query("optimizer == 'sgd' and depth == 10").set_index(keys)["test_accuracy"]
    pd.testing.assert_series_equal(at_rate.set_index(keys)["test_accuracy"], on_map.reindex(at_rate[keys]))


def test_the_shortest_budget_is_told_of_the_networks_that_the_best_rates_are_told_of(read: Read) -> None:
    tables = read(CHAPTER).tables
    first = tables.budgets[tables.budgets["steps"] == tables.budgets["steps"].min()]
    best = tables.best[(tables.best["activation"] == "relu") & tables.best["initializer"].isin(first["initializer"])]
    assert list(first["test_accuracy"]) == list(best["test_accuracy"])


def test_each_gain_has_one_learning_rate_at_each_depth(read: Read) -> None:
    rates = read(CHAPTER).tables.gains.groupby(["depth", "gain"])["learning_rate"].nunique()
    assert len(rates) > 2
    assert (rates == 1).all()


def test_the_first_step_is_the_learning_rate_times_the_gradient_over_the_weights(measured: Measure) -> None:
    results = measured(CHAPTER.needs)
    rows = results["training_first_steps"]
    known = rows.assign(weight_norm=np.where(rows["initializer"] == "zeros", 0.0, 4.0), gradient_norm=0.8)
    known.loc[known["layer"] == 1, "gradient_norm"] = 0.0
    tables = CHAPTER.read(Results({**results.tables, "training_first_steps": known}, {}, {}))
    steps = tables.first_steps.assign(zeros=lambda t: t["initializer"] == "zeros", still=lambda t: t["layer"] == 1)
    assert set(steps.loc[steps["still"], "ratio"]) == {0.0}
    assert set(steps.loc[steps["zeros"] & ~steps["still"], "ratio"]) == {np.inf}
    assert steps.loc[~(steps["zeros"] | steps["still"]), "ratio"].to_numpy() == pytest.approx(0.02 * 0.8 / 4.0)
    trials = tables.trials
    assert len(tables.typical_steps) == ((trials["study"] == "map") & (trials["optimizer"] == "sgd")).sum()
