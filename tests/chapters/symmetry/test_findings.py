"""The numbers of the chapter on symmetry against what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from math import pi

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.symmetry import CHAPTER
from reportgen.chapters.symmetry.breaking import find_microscope
from reportgen.chapters.symmetry.findings import TOLERANCE, find, mean_absolute_cosine
from reportgen.nn import units
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_units_are_identical_for_the_chapter_where_they_are_so_for_what_was_measured() -> None:
    assert TOLERANCE == units.TOLERANCE


# A coordinate of a random direction is cos(uniform angle) in the plane, and uniform in space (Archimedes).
@pytest.mark.parametrize(("dimensions", "mean"), [(1, 1), (2, 2 / pi), (3, 1 / 2)])
def test_random_directions_have_the_cosine_of_closed_forms(dimensions: int, mean: float) -> None:
    assert mean_absolute_cosine(dimensions) == pytest.approx(mean)


def test_a_layer_of_one_unit_has_no_pairs_and_breaks_no_sentence(read: Read) -> None:
    tables = read(CHAPTER).tables
    draws = tables.draws.assign(width=1, mean_absolute_cosine=np.nan, distinct_units=1, rank=1)
    found = find(tables._replace(draws=draws))
    assert found.fresh.cosine_margin == pytest.approx(0, abs=1e-6)
    failing = {check.name for check in CHAPTER.check(found) if not check.holds}
    assert failing == {"fresh_equal", "fresh_cosine", "orthogonal"}


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
    counts = np.where(tables.microscope["start"] == "dropout", 1 + np.minimum(tables.microscope["step"], 4), 1)
    found = find_microscope(tables.microscope.assign(distinct_units=counts), tables.waking, tables.outcomes)
    assert (found.dropout.parted, found.noise.parted) == (4, np.inf)
    assert list(found.table.iloc[-3:, 1]) == ["never", 4, "never"]


def test_equal_units_are_as_different_as_in_the_worst_run(read: Read) -> None:
    tables = read(CHAPTER).tables
    is_worst = (tables.outcomes["course"] == "circle, relu") & (tables.outcomes["start"] == "constant")
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


def test_a_layer_sleeps_until_the_last_checkpoint_at_which_none_of_its_weights_has_moved(read: Read) -> None:
    tables = read(CHAPTER).tables
    moved = np.where(tables.waking["step"] > 4 * tables.waking["layer"], 1e-300, 0.0)
    found = find_microscope(tables.microscope, tables.waking.assign(max=moved), tables.outcomes)
    assert found.asleep == [4, 8, 8]  # the checkpoints are at 0, 1, 2, 4, 8 and then not before 30


def test_runs_beyond_plain_gradient_descent_are_named_by_what_they_have(read: Read) -> None:
    compared = read(CHAPTER).findings.compared["course"]
    extras = {"circle, tanh, Adam", "circle, tanh, weight decay", "circle, tanh, layer norm"}
    assert extras < set(compared)
    assert not compared.str.endswith("none norm").any()
