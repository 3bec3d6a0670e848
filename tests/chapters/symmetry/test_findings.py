"""The numbers of the chapter on symmetry against what is known of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.symmetry import CHAPTER
from reportgen.chapters.symmetry.breaking import find_starts
from reportgen.chapters.symmetry.by_hand import find_hand
from reportgen.chapters.symmetry.findings import TOLERANCE, find
from reportgen.nn import units
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_units_are_identical_for_the_chapter_where_they_are_so_for_what_was_measured() -> None:
    assert TOLERANCE == units.TOLERANCE


def test_the_gradient_of_the_first_layer_is_its_movement_per_update_over_the_step_size(
    read: Read,
) -> None:
    tables, rate = read(CHAPTER).tables, read(CHAPTER).findings.circle.learning_rate
    seen = tables.first_layer[tables.first_layer["step"] != 2]  # the next checkpoint is three updates after the first
    weights = -rate * (np.maximum(seen["step"], 1) - 1) * (1 + seen["input"] + seen["unit"] / 100)
    first = find(tables._replace(first_layer=seen.assign(weight=weights))).first_layer
    assert first.gradient == pytest.approx([1.035, 2.035])
    assert first[1:] == pytest.approx([0.07, rate * 599, rate * 599 * 0.07])


def test_units_have_parted_when_most_of_them_differ_for_the_first_time(read: Read) -> None:
    tables = read(CHAPTER).tables
    counts = np.where(tables.units["start"] == "dropout", 1 + np.minimum(tables.units["step"], 4), 1)
    found = find_starts(tables.units.assign(distinct_units=counts), tables.outcomes)
    assert (found.dropout.parted, found.noise.parted) == (4, np.inf)
    assert list(found.table.iloc[-3:, 1]) == ["never", 4, "never"]


def test_noise_is_compared_with_equal_weights_as_long_as_its_units_count_as_one(read: Read) -> None:
    tables = read(CHAPTER).tables
    is_noise = tables.units["start"] == "noise"
    learned = np.where(is_noise, tables.units["step"] / 1000, 0.1)  # 0.6 at the end
    ranks = np.where(is_noise & (tables.units["step"] > 300), 2.0, 1.0)
    found = find_starts(tables.units.assign(test_accuracy=learned, stable_rank=ranks), tables.outcomes)
    assert found.early_share == pytest.approx((0.3 - 0.1) / (0.6 - 0.1))


def test_equal_units_are_as_different_as_in_the_worst_run(read: Read) -> None:
    tables = read(CHAPTER).tables
    is_worst = (tables.outcomes["run"] == "circle, relu") & (tables.outcomes["start"] == "constant")
    columns = ["spread", "distinct_units", "greatest_rank", "gap"]
    found = find(tables._replace(outcomes=tables.outcomes.assign(**dict.fromkeys(columns, 1 + 8 * is_worst))))
    assert (found.spread, found.most_distinct, found.ranks, found.gap) == (9, 9, (1, 9), 9)
    assert (found.circle_relu.constant.spread, found.circle.constant.spread) == (9, 1)
    assert np.isnan(found.circle.ones.spread)


def test_initializers_of_the_user_are_not_counted_among_the_random_ones(read: Read) -> None:
    tables = read(CHAPTER).tables
    equal = tables.draws[tables.draws["initializer"] == "constant"]
    more = [equal.assign(initializer=name) for name in ("identity", "random_normal(stddev=3)", "ones")]
    assert find(tables._replace(draws=pd.concat([*more, tables.draws]))).fresh == read(CHAPTER).findings.fresh


def test_the_net_by_hand_is_told_in_the_order_in_which_one_computes(read: Read) -> None:
    steps = read(CHAPTER).findings.hand.steps
    assert steps.columns.tolist() == ["each of the three units", "at the start", "after update 1", "after update 2"]
    before, after = steps["at the start"], steps["after update 1"]
    first, second, v, z, h, output, error, of_v, slope, delta, of_first, of_second = before
    assert (first, second, v, z) == pytest.approx((0.2, 0.2, 0.2, 0.2))  # inputs of 2 and -1
    assert h == pytest.approx(np.tanh(0.2))
    assert (output, error) == pytest.approx((0.6 * h, 0.6 * h - 1))
    assert (of_v, slope, delta) == pytest.approx((error * h, 1 - h**2, error * 0.2 * slope))
    assert (of_first, of_second) == pytest.approx((2 * delta, -delta))
    assert after[:3].tolist() == pytest.approx(
        [w - g / 2 for w, g in ((first, of_first), (second, of_second), (v, of_v))]
    )


def test_the_net_by_hand_has_the_weights_of_every_unit_from_every_start(read: Read) -> None:
    hand = read(CHAPTER).findings.hand
    ends = hand.ends.set_index("start")
    one_differs = "all 0.2, but for the first weight of unit 3: 0.3"
    assert ends.index.tolist() == ["all 0.2", "all zero", "all zero, biases of 0.1", one_differs]
    assert set(ends.loc["all zero"]) == {"0.00, 0.00, 0.00"}
    assert ends.loc["all 0.2"].nunique() == ends.loc["all zero, biases of 0.1"].nunique() == 1
    lone = ends.loc[one_differs]
    assert lone["unit 1"] == lone["unit 2"] != lone["unit 3"]


def test_units_of_the_net_by_hand_are_compared_at_every_update_and_in_every_weight(read: Read) -> None:
    tables = read(CHAPTER).tables
    units = tables.hand_units
    here = (units["start"] == "equal") & (units["unit"] == 2) & (units["step"] == 1)
    moved = units.assign(output_weight=units["output_weight"] + 0.25 * here)
    assert find_hand(tables.hand_nets, moved).spread == pytest.approx(0.25)
    zeros = units.assign(weight_2=units["weight_2"].where(units["start"] != "zeros", -0.5))
    assert find_hand(tables.hand_nets, zeros).greatest_of_zeros == 0.5


def test_runs_beyond_plain_gradient_descent_are_told_by_their_names(read: Read) -> None:
    assert {"circle, Adam", "circle, weight decay", "circle, layer norm"} < set(read(CHAPTER).findings.compared["run"])
