"""The numbers of the chapter on Var(w·x) = 1, and what its figures draw."""

from __future__ import annotations

from operator import attrgetter

import numpy as np
import pytest

from reportgen.chapters.derivation import CHAPTER
from tests.chapters.conftest import Measure, Read
from tests.chapters.following import Column, assert_follow, grown, refound

DELTA, H = "delta_variance", "activation_variance"
SATURATED = "saturated_fraction"


# The networks have 50 layers; the fan_in of the sums reaches from 4 to 256.
@pytest.mark.parametrize(
    ("table", "column", "change", "expected"),
    [
        ("steps", "measured", lambda t: t["measured"] * 2, {"measured.backward": 2, "measured.scales": 1}),
        ("assumptions", "measured", lambda t: t["measured"] * 2, {"measured.backward": 1, "measured.scales": 2}),
        ("assumptions", "unit_spread", lambda t: t["unit_spread"] * 2, {"spread.kept": 2, "spread.scales": 2}),
        ("fan_in_growth", "measured", lambda t: t["measured"] * t["fan_in"], {"large.few": 4, "scaled.variance": 256}),
        ("fan_in_growth", SATURATED, lambda t: t[SATURATED] / t["fan_in"], {"large.saturated": 1 / 256}),
        ("walk_widths", "measured", lambda t: t["measured"] * 2, {"walk.width": 2, "measured.sum": 1}),
        ("tanh_layers", H, grown(H), {"glorot_last": 1.1**25, "gain_held": 1.1**20}),
        ("tanh_layers", H, lambda t: t[H] * 4, {"glorot_last": 2, "gain_held": 1}),
        ("tanh_layers", DELTA, grown(DELTA), {"glorot_gradient": 1.1**-24.5, "gain_gradient": 1.1**-24.5}),
        ("tanh_layers", DELTA, grown(DELTA), {"gain_per_layer": 1.1**-0.5}),
    ],
)  # fmt: skip
def test_a_number_follows_the_measurements(
    table: str, column: str, change: Column, expected: dict[str, float], read: Read, measured: Measure
) -> None:
    assert_follow(read(CHAPTER), measured(CHAPTER.needs), (table, column), change, expected)


@pytest.mark.parametrize(
    ("table", "column", "change", "name", "expected"),
    [
        ("fan_in_growth", "measured", lambda t: 1.5 * t["predicted"], "growth_off", 0.5),
        ("assumptions", "unit_spread", lambda t: 1.5 * t["unit_spread_predicted"], "spread_off", 0.5),
        ("steps", "measured", lambda t: t["predicted"] + 9 * t["standard_error"], "farthest", 9),
        ("tanh_layers", H, lambda t: 1 / t["layer"], "fades", 2**0.5),
        ("walk_widths", "measured", lambda t: 1.5 * t["predicted"], "walk.off", 0.5),
    ],
)
def test_a_distance_from_theory_is_told(
    table: str, column: str, change: Column, name: str, expected: float, read: Read, measured: Measure
) -> None:
    found = refound(read(CHAPTER), measured(CHAPTER.needs), (table, column), change)
    assert attrgetter(name)(found) == pytest.approx(expected)


def test_the_lines_of_the_growth_are_the_predictions_and_its_markers_the_measurements(read: Read) -> None:
    growth = read(CHAPTER).tables.growth
    shown = [np.asarray(line.get_ydata()) for line in CHAPTER.figures[1].draw(growth).axes[0].get_lines()]
    for _, rows in growth.groupby("initializer"):
        for column in ("predicted", "measured"):
            assert any(np.array_equal(values, rows[column]) for values in shown)


def test_the_dots_of_the_walk_are_the_widths_and_its_lines_the_sums(read: Read) -> None:
    tables = read(CHAPTER).tables
    drawn = CHAPTER.figures[0].draw(tables.walks, tables.widths).axes[0].get_lines()
    shown = [np.asarray(line.get_ydata()) for line in drawn]
    assert any(np.array_equal(values, tables.widths["measured"]) for values in shown)
    for _, path in tables.walks.groupby("walk"):
        assert any(np.array_equal(values, path["sum"]) for values in shown)


def test_the_means_that_are_not_zero_are_those_of_the_experiment(read: Read) -> None:
    found = read(CHAPTER).findings
    w, x = found.shifts
    variance = found.predicted["term_variance"]  # of a weight, as inputs have variance one
    assert found.predicted["product_rule"] == pytest.approx(w**2 + x**2 * variance + variance)


def test_broken_assumptions_are_told_from_the_least_harm_to_the_most(read: Read) -> None:
    cases = read(CHAPTER).tables.assumptions
    assert list(cases["assumption"][:2]) == ["kept", "correlation"]
    assert list(cases["assumption"][-2:]) == ["first_layer", "scales"]
    effect = np.abs(np.log(cases["predicted"]))
    assert (np.diff(effect) > -1e-6).all()
