"""The tables of the explorer against the tables of the run, row by row."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.explorer import CHAPTER
from reportgen.chapters.explorer.crossing import with_crossing
from reportgen.chapters.explorer.tables import Tables
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import outcomes
from reportgen.judgments.verdicts import VERDICTS, verdict_table
from reportgen.report.page import Reading
from tests.chapters.adding import ACTIVATION, DATA, INITIALIZER

Read = Callable[..., Reading]
Measure = Callable[..., Results]

CELL = ["initializer", "activation", "depth"]
PAIRS = [("he_normal", "relu"), ("random_normal(stddev=0.01)", "tanh"), ("zeros", "sigmoid"), ("orthogonal", "gelu")]


@pytest.fixture
def tables(read: Read) -> Tables:
    found: Tables = read(CHAPTER).tables
    return found


def test_every_cell_has_the_verdict_of_the_verdict_table(tables: Tables, measured: Measure) -> None:
    results = measured(CHAPTER.needs)
    for data in ("gaussian", "digits"):
        theirs = verdict_table(results, data).set_index(CELL).sort_index()
        ours = where(tables.cells, data=data).set_index(CELL).sort_index()
        columns = ["verdict", "networks", "agree", "other", "signal", "magnitude", "gradient"]
        pd.testing.assert_frame_equal(ours[columns], theirs[columns])
        assert len(ours) == 770


@pytest.mark.parametrize(("initializer", "activation"), PAIRS)
def test_layers_are_medians_over_networks(initializer: str, activation: str, tables: Tables, measured: Measure) -> None:
    results, pair = measured(CHAPTER.needs), {"initializer": initializer, "activation": activation, "data": "digits"}
    rows = where(results["forward"], layer=7, **pair)
    (ours,) = where(tables.layers, layer=7, **pair).to_dict("records")
    assert ours["size"] == pytest.approx(np.sqrt(np.median(rows["activation_second_moment"])))
    assert ours["signal"] == pytest.approx(np.sqrt(np.median(rows["activation_variance"])))
    assert ours["saturated"] == pytest.approx(np.median(rows["saturated_fraction"]))
    assert ours["dead"] == pytest.approx(np.median(rows["dead_fraction"]))
    deltas = where(results["gradients"], depth=20, **pair).pivot(index="replicate", columns="layer", values="delta_rms")
    (ours,) = where(tables.gradients, depth=20, layer=7, **pair).to_dict("records")
    assert ours["gradient"] == pytest.approx((deltas[7] / deltas[20]).median())


def test_theory_stands_beside_what_it_predicts_and_nowhere_else(tables: Tables) -> None:
    relu = {"initializer": "he_normal", "activation": "relu", "data": "gaussian"}
    assert where(tables.layers, **relu)["theory"].to_numpy() == pytest.approx(1.0, rel=0.1)
    back = where(tables.gradients, depth=20, **relu)["theory"]
    assert back.iloc[-1] == 1
    assert back.to_numpy() == pytest.approx(1.0, rel=0.1)
    for name, table in (("layers", tables.layers), ("gradients", tables.gradients)):
        assert set(table.loc[table["theory"].isna(), "initializer"]) == {"zeros", "constant"}, name


def test_an_outcome_is_that_of_most_networks(tables: Tables, measured: Measure) -> None:
    races = where(measured(CHAPTER.needs)["training_races"], study="map")
    table = races.assign(outcome=outcomes(races))
    for row in tables.learned.sample(30, random_state=0).to_dict("records"):
        own = where(table, **{key: row[key] for key in ("data", "optimizer", *CELL)})["outcome"]
        assert row["networks"] == len(own)
        assert row["of_it"] == (own == row["outcome"]).sum() == own.value_counts().max()


def test_what_was_added_comes_with_its_names_and_is_marked(read_added: Read) -> None:
    tables = read_added(CHAPTER).tables
    assert tables.data_sets["data"].tolist() == ["gaussian", "digits", *DATA]
    assert tables.data_sets["is_added"].tolist() == [False, False, True, True]
    assert tables.starts.loc[tables.starts["is_added"], "initializer"].tolist() == [INITIALIZER]
    assert tables.activations.loc[tables.activations["is_added"], "activation"].tolist() == [ACTIVATION]
    assert len(tables.cells) == 15 * 12 * 5 * 4
    assert tables.starts["initializer"].tolist()[0] == "random_normal(stddev=1)", "the largest scale comes first"


# Where a limit is crossed -------------------------------------------------------------------------------------------

DEPTH = 6


def crossing(verdict: str, **columns: object) -> tuple[str, int]:
    """Return what crosses in a net of six layers whose columns are given by layer; the others are harmless."""
    harmless = {"size": 1.0, "signal": 0.5, "pressed": 0.0, "dead": 0.0, "distinct": 9, "finite": 1.0, "gradient": 1.0}
    pair = {"data": "gaussian", "initializer": "mine", "activation": "tanh"}
    layers = pd.DataFrame({**pair, **harmless, "theory": np.nan, "layer": np.arange(1, DEPTH + 1), **columns})
    cells = pd.DataFrame([{**pair, "depth": DEPTH, "verdict": verdict}])
    (found,) = with_crossing(cells, layers, layers.assign(depth=DEPTH)).to_dict("records")
    return found["crosses"], found["crossed"]


def test_a_signal_counts_from_where_it_stays_beyond_the_limit() -> None:
    assert crossing("explodes", size=[1, 200, 1, 90, 150, 900]) == ("signal", 5)
    assert crossing("vanishes", size=[1, 1e-3, 1, 1, 1, 1e-3]) == ("signal", 6)
    assert crossing("vanishes", size=[1e-3] * 6) == ("signal", 1)
    assert crossing("alike", signal=[0.5, 0.5, 1e-3, 1e-3, 1e-3, 1e-3]) == ("signal", 3)


def test_a_gradient_is_followed_down_where_the_signal_is_within_the_limit() -> None:
    assert crossing("vanishes", gradient=[1e-4, 1e-3, 0.5, 1, 1, 1]) == ("gradient", 2)
    assert crossing("explodes", gradient=[500, 300, 200, 120, 3, 1]) == ("gradient", 4)
    assert crossing("overflows", finite=[1, 1, 0.5, 1, 1, 0.9]) == ("signal", 3)


def test_one_layer_is_enough_to_saturate_to_die_and_to_be_symmetric() -> None:
    assert crossing("saturates", pressed=[0.1, 0.6, 0.2, 0.9, 0, 0]) == ("signal", 2)
    assert crossing("dies", dead=[0, 0, 0.8, 0, 0, 0]) == ("signal", 3)
    assert crossing("symmetric", distinct=[9, 9, 9, 1, 1, 1]) == ("signal", 4)
    assert crossing("stuck", size=[0.0] * 6) == ("signal", 1)


def test_where_the_medians_cross_no_limit_no_layer_is_named() -> None:
    assert [crossing(verdict) for verdict in VERDICTS] == [("", 0)] * len(VERDICTS)
    assert crossing("healthy", size=[1e9] * 6) == ("", 0)


def test_nearly_every_failure_of_the_battery_names_a_layer(tables: Tables) -> None:
    failing = tables.cells[tables.cells["verdict"] != "healthy"]
    whole = failing[failing["agree"] == failing["networks"]]
    assert (whole["crossed"] > 0).all()
    assert (whole["crossed"] <= whole["depth"]).all()
    assert (tables.cells.loc[tables.cells["verdict"] == "healthy", "crossed"] == 0).all()
