"""The numbers of the chapter on training: known answers on tables that are made up or changed in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.training import CHAPTER
from reportgen.chapters.training.budgets import Budgets, Customary, Small
from reportgen.chapters.training.findings import Findings, Map
from reportgen.chapters.training.prediction import FirstStep, Foretold, Verdicts
from reportgen.chapters.training.studies import Count, End, Gain, Plane
from reportgen.judgments.frames import where
from reportgen.report.page import Reading

Measure = Callable[..., Results]
Read = Callable[..., Reading]

L, S, D = "learned", "stalled", "diverged"


def nets(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_ends_are_medians_and_a_lost_loss_is_infinite() -> None:
    ended = nets(test_loss=[1.0, 2.0, np.nan], test_accuracy=[0.5, 0.7, np.nan], outcome=[L, S, D])
    assert End.of(ended) == End(2.0, 0.6, 1.0, np.inf, 1)


def test_of_the_gains_the_best_its_neighbor_below_one_and_the_outer_ones_are_looked_at() -> None:
    columns = {"gain": [0.5, 0.9, 1.2, 2.0, 4.0]}
    shallow = nets(**columns, depth=10, test_accuracy=[0.6, 0.9, 0.8, 0.5, 0.4], outcome=[L, L, L, L, L])
    deep = nets(**columns, depth=30, test_accuracy=[0.3, 0.5, 0.7, 0.2, np.nan], outcome=[S, L, L, S, D])
    found = Gain.of(pd.concat([shallow, deep]), pd.concat([shallow, deep]))
    assert found == Gain([0.5, 4.0], best=1.2, right=0.7, below=0.5, shallow=1.0, outer=0.3, working=[0.9, 1.2])


def test_a_start_in_the_plane_whose_median_network_diverged_gets_nothing_right() -> None:
    where_to = {"data": "circle", "activation": "relu", "initializer": ["zeros", LARGE]}
    shown = nets(**where_to, test_accuracy=[0.5, np.nan])
    found = Plane.of(nets(**where_to, classes=2, test_loss=[1.1 * np.log(2), np.nan]), shown)
    assert found.right == {"circle": {"relu": {"zeros": 0.5, LARGE: 0.0}}}
    assert found.flat == pytest.approx((1.1, 1.1))


def test_a_tile_of_the_map_tells_of_all_its_starts() -> None:
    rows = nets(initializer=["zeros", "glorot_normal", "orthogonal", LARGE], row=["zeros", "one", "one", "large"])
    table = nets(row=["zeros", "one", "large"], learned=[0.0, 0.6, 0.0], outcome=[S, L, D])
    tiles = table.assign(optimizer="sgd", activation="sigmoid", depth=10, test_accuracy=[0.1, 0.7, np.nan])
    trials = rows.assign(optimizer="sgd", activation="linear", depth=10, outcome=[S, L, S, D], test_accuracy=0.1)
    found = Map.of(tiles, trials, rows, "sgd")
    assert (found.tiles, found.random) == (3, {10: 0.5})
    assert found.shares == pytest.approx({10: 1 / 3})
    assert found.right == {"sigmoid": {"zeros": 0.1, "glorot_normal": 0.7, "orthogonal": 0.7, LARGE: 0.0}}
    assert (found.deep_sigmoid, found.large_diverged, found.large_unbounded) == (0.7, {10: ["sigmoid"]}, 1.0)


def test_a_step_is_near_within_a_factor_of_ten_of_a_thousandth_and_far_beyond_a_hundred() -> None:
    typical = nets(ratio=[0.0, 0.9e-5, 2e-5, 2e-4, 9e-3, 0.2, np.inf], outcome=[S, S, S, L, L, L, L])
    steps = nets(depth=10, activation="tanh", initializer="zeros", ratio=[0.1, 0.2, 0.6])
    found = FirstStep.of(steps, typical)
    assert (found.nets, found.near, found.far) == (7, Count(2, 2), Count(4, 2))
    assert (found.typical, found.stalled_below, found.diverged_above) == ({"tanh": {"zeros": 0.2}}, 1.0, 0.0)


def test_the_gradient_of_small_weights_is_that_of_a_single_weight_between_two_hidden_layers() -> None:
    nets_of = {"optimizer": ["sgd", "adam"], "activation": "relu", "depth": 3, "test_accuracy": [0.1, 0.9]}
    steps = nets(activation="relu", initializer=SMALL, depth=3, layer=[1, 2, 3, 4], gradient=[1.0, 0.2, 0.6, 9.0])
    found = Small.of(nets(**nets_of), steps, width=4)
    assert found.right == {"sgd": {"relu": {3: 0.1}}, "adam": {"relu": {3: 0.9}}}
    assert found.gradient == {3: pytest.approx(0.1)}  # the Frobenius norm of 4 x 4 equal weights is 4 times each


def test_the_customary_start_of_an_activation_is_looked_up_in_the_deepest_nets_alone() -> None:
    cells = nets(
        optimizer=["sgd", "sgd", "sgd", "adam", "adam", "adam"],
        depth=[20, 20, 10, 20, 20, 20],
        activation=["relu", "tanh", "relu", "relu", "tanh", "tanh"],
        initializer=["he_normal", "glorot_normal", "he_normal", "he_normal", "glorot_normal", "he_normal"],
        outcome=[S, L, L, L, D, L],
        test_accuracy=[0.1, 0.8, 0.9, 0.6, np.nan, 0.9],
    )
    found = Customary.of(cells)
    assert (found.number, found.learned) == (2, {"sgd": ["tanh"], "adam": ["relu"]})
    assert found.right == {"sgd": pytest.approx(0.45), "adam": pytest.approx(0.3)}


def test_budgets_are_compared_start_by_start() -> None:
    budgets = nets(
        optimizer=["sgd", "sgd", "sgd", "sgd", "adam", "adam"],
        steps=[10, 10, 40, 40, 10, 40],
        initializer=["glorot_normal", "he_normal", "glorot_normal", "he_normal", "he_normal", "he_normal"],
        test_accuracy=[0.2, 0.8, 0.9, 0.9, np.nan, 0.5],
    )
    found = Budgets.of(pd.concat([budgets, where(budgets, optimizer="adam").assign(initializer="glorot_normal")]))
    assert [found.behind("sgd", step) for step in (10, 40)] == pytest.approx([0.25, 1.0])
    assert found.right["adam"][10] == {"he_normal": 0.0, "glorot_normal": 0.0}


def test_verdicts_are_right_where_the_healthy_learn_and_the_others_do_not() -> None:
    table = nets(
        initializer=["he_normal", "he_normal", "zeros", "zeros", "ones"],
        activation="linear",
        depth=[10, 5, 5, 2, 2],
        verdict=["healthy", "healthy", "symmetric", "symmetric", "vanishes"],
        outcome=[D, L, L, S, S],
        signal=[1.0, 1.0, 1.0, 1.0, 0.0],
        magnitude=[20.0, 3.0, 1.0, 1.0, 0.0],
        gradient=[1.0, 0.1, 1.0, 1.0, 0.0],
    )
    found = Verdicts.of(table)
    assert found.all == Foretold(5, 0.6, 0.6, Count(2, 1), Count(3, 1))
    assert found.adapting == Foretold(2, 0.5, 0.5, Count(2, 1), Count(0, 0))
    assert found.deepest == Foretold(1, 0.0, 1.0, Count(1, 0), Count(0, 0))
    assert list(found.misses["starts (layers)"]) == ["he_normal (10)", "zeros (5)"]
    assert found.then["symmetric"] == {D: 0.0, S: 0.5, L: 0.5}
    assert found.change == pytest.approx({D: 20, S: np.nan, L: 10}, nan_ok=True)
    assert found.linear_growth == pytest.approx(20)


MAP = {"study": "map", "data": "digits"}


@pytest.mark.parametrize(
    ("accuracy", "where", "number", "wanted"),
    [
        (1.0, {**MAP, "depth": 10}, lambda f: f.map.shares[10], 1.0),
        (1.0, {**MAP, "initializer": "zeros"}, lambda f: f.map.zeros.share, 1.0),
        (0.9, {**MAP, "initializer": "constant"}, lambda f: f.map.constant_best, 0.9),
        (1.0, {**MAP, "initializer": SMALL, "depth": 2}, lambda f: f.map.small.learned, 0),
        (np.nan, {**MAP, "initializer": LARGE, "depth": 2}, lambda f: len(f.map.large_diverged[2]), 11),
        (
            0.8,
            {**MAP, "initializer": "he_normal", "optimizer": "adam"},
            lambda f: f.adam.right["relu"]["he_normal"],
            0.8,
        ),
        (0.2, {**MAP, "optimizer": "adam"}, lambda f: len(f.customary.learned["adam"]), 0),
        (np.nan, {**MAP, "activation": "tanh", "depth": 10}, lambda f: f.map.right["tanh"]["glorot_normal"], 0.0),
        (1.0, {**MAP, "initializer": "he_normal"}, lambda f: f.map.deep_sigmoid, 1.0),
        (np.nan, {**MAP, "initializer": LARGE}, lambda f: f.map.large_unbounded, 1.0),
        (0.7, {"study": "rate", "initializer": SMALL}, lambda f: f.rate.best["adam"]["tanh"][SMALL], 0.7),
        (0.0, {"initializer": LARGE}, lambda f: f.rate.large_diverged["sgd"], 0),
        (0.6, {"study": "rate", "initializer": "he_normal"}, lambda f: f.budgets.right["sgd"][300]["he_normal"], 0.6),
        (0.6, {"study": "small", "optimizer": "adam"}, lambda f: f.small.right["adam"]["relu"][10], 0.6),
        (0.6, {"study": "readout", "readout": 0.1}, lambda f: f.last_layer.right["selu"][0.1], 0.6),
        (0.9, {"initializer": "glorot_normal"}, lambda f: f.rate.best["sgd"]["tanh"]["glorot_normal"], 0.9),
    ],
)
def test_networks_that_stalled_learned_or_diverged_instead_are_found(
    accuracy: float, where: dict[str, Any], number: Callable[[Findings], Any], wanted: Any, measured: Measure
) -> None:
    results = measured(CHAPTER.needs)
    table = results["training_races"]
    chosen = np.logical_and.reduce([table[name] == value for name, value in where.items()])
    loss = (1 - accuracy) * np.log(table["classes"])
    ending = {"test_accuracy": accuracy, "diverged_after": np.inf, "test_loss": loss, "end_loss": loss}
    table = table.assign(**{name: table[name].mask(chosen, new) for name, new in ending.items()})
    found = CHAPTER.find(CHAPTER.read(Results({**results.tables, "training_races": table}, {}, {})))
    assert number(found) == pytest.approx(wanted)


def test_a_data_set_of_the_user_changes_no_sentence(measured: Measure, read: Read) -> None:
    results, found = measured(CHAPTER.needs), read(CHAPTER).findings
    tables = dict(results.tables)
    for name, table in results.tables.items():
        if "data" in table:
            on_map = table["study"] == "map" if "study" in table else table["data"] == "digits"
            mine = table[on_map].assign(data="mine.csv")
            tables[name] = pd.concat([table, mine.assign(**{key: 3 for key in ("classes", "end_loss") if key in mine})])
    extended = CHAPTER.find(CHAPTER.read(Results(tables, {}, {})))
    assert extended.added
    assert not found.added
    assert all(check.holds for check in CHAPTER.check(extended))
    assert (extended.sizes, extended.map, extended.first_step) == (found.sizes, found.map, found.first_step)
    assert extended.verdict.all == found.verdict.all


def test_what_a_user_adds_to_the_battery_changes_no_sentence(measured: Measure, read: Read) -> None:
    results, found = measured(CHAPTER.needs), read(CHAPTER).findings
    tables = {name: _with_additions(table) for name, table in results.tables.items()}
    extended = CHAPTER.find(CHAPTER.read(Results(tables, {}, {})))
    assert extended.has_additions
    assert not found.has_additions
    assert extended.networks > found.networks
    assert (extended.sizes, extended.map, extended.first_step) == (found.sizes, found.map, found.first_step)
    assert extended.verdict.all == found.verdict.all


def _with_additions(table: pd.DataFrame) -> pd.DataFrame:
    """Add a start, a shape and a depth that do what zeros, ReLU and two layers do."""
    on_map = where(table, study="map") if "study" in table else table
    copies = [
        where(on_map, **{column: old}).assign(**{column: new})
        for column, old, new in (("initializer", "zeros", "mine"), ("activation", "relu", "mish"), ("depth", 2, 3))
        if column in table
    ]
    return pd.concat([table, *copies], ignore_index=True)
