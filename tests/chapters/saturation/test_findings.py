"""Known answers of the chapter on saturation, from tables whose numbers are set by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.saturation import CHAPTER
from reportgen.chapters.saturation.findings import find
from reportgen.chapters.saturation.tables import RIGHT
from reportgen.report.page import Reading
from tests.chapters.following import number, refound

Measure = Callable[..., Results]
Read = Callable[..., Reading]

NUMBERS = {SMALL: 1, LARGE: 2, RIGHT: 3}
ELSEWHERE = 9
"""Stands in the rows that a number must not come from."""


def numbered(table: pd.DataFrame) -> Any:
    """Give the ten layers of the lecture's networks numbers of their own: 0.01 to 0.1, twice and thrice that."""
    known = table["layer"] * table["initializer"].map(NUMBERS) / 100
    return known.where(table["width"] == table["width"].max(), ELSEWHERE)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("saturated_fraction", {"least_saturated": 0.01, "most_saturated": 0.1, "saturated": 0.055}),
        ("negligible_fraction", {"nothing": 0.055}),
        ("activation_rms", {"signal": 0.1}),
    ],
)
def test_each_scale_has_the_number_of_its_own_layers(
    column: str, expected: dict[str, float], read: Read, measured: Measure
) -> None:
    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("scales", column), numbered)
    for scale, times in (("small", 1), ("large", 2), ("right", 3)):
        for name, value in expected.items():
            assert number(found, f"{scale}.{name}") == pytest.approx(times * value), (scale, name)


def test_a_slope_is_the_rms_over_layers(read: Read, measured: Measure) -> None:
    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("scales", "mean_squared_slope"), numbered)
    slopes = found.small.slope, found.large.slope, found.right.slope
    assert slopes == pytest.approx(tuple((times * 0.055) ** 0.5 for times in (1, 2, 3)))


def test_weight_gradients_are_compared_between_layers_and_with_the_right_ones(read: Read, measured: Measure) -> None:
    def change(table: pd.DataFrame) -> Any:
        middle = np.where((table["initializer"] == SMALL) & (table["layer"] == 4), 5, 1)
        return numbered(table) / table["layer"] * middle

    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("scales", "weight_gradient_norm"), change)
    assert (found.small.weight_spread, found.large.weight_spread) == pytest.approx((5, 1))
    assert found.small_weight_share == pytest.approx(5 / 3)


def test_outputs_round_in_the_wide_networks_of_large_weights(read: Read, measured: Measure) -> None:
    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("scales", "rounded_fraction"), numbered)
    assert found.rounded == pytest.approx(2 * 0.055)


def test_sigmoids_have_the_mean_output_of_all_layers_and_of_the_least(read: Read, measured: Measure) -> None:
    def change(table: pd.DataFrame) -> Any:
        is_shown = (table["initializer"] == "glorot_normal") & (table["activation"] == "sigmoid")
        return (table["layer"] / 10).where(is_shown, ELSEWHERE)

    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("scales", "activation_mean"), change).sigmoid
    assert (found.mean, found.least_mean) == pytest.approx((0.55, 0.1))


# Layers 2 to 50: large weights saturate 0.88 to 0.4, and the most saturated of the scaled ones 0.29 to 0.05.
def test_the_margin_of_large_weights_is_the_least_at_any_one_depth(read: Read, measured: Measure) -> None:
    def change(table: pd.DataFrame) -> Any:
        layer, start = table["layer"], table["initializer"]
        values = [0.9 - layer / 100, layer / 100, 0.3 - layer / 200, 0 * layer, 0 * layer + ELSEWHERE]
        scaled = start.str.contains("lecun|glorot|he_|orthogonal")
        known = np.select([start == LARGE, start == SMALL, start == "he_uniform", scaled], values[:4], values[4])
        return np.where((table["activation"] == "tanh") & (table["data"] == "gaussian"), known, ELSEWHERE)

    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("forward", "saturated_fraction"), change).battery
    assert (found.tanh_large, found.tanh_scaled, found.tanh_margin) == pytest.approx((0.4, 0.29, 0.35))
    assert found.tanh_small == pytest.approx(0.5)


def test_what_small_weights_leave_of_the_signal_is_that_of_the_deepest_net(read: Read, measured: Measure) -> None:
    def change(table: pd.DataFrame) -> Any:
        is_shown = (table["initializer"] == SMALL) & (table["activation"] == "tanh") & (table["data"] == "gaussian")
        return (1 / table["layer"]).where(is_shown, ELSEWHERE)

    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("forward", "activation_variance"), change).battery
    assert found.tanh_small_signal == pytest.approx(50**-0.5)


def test_factors_are_those_of_the_rms_from_a_layer_to_the_one_below(read: Read) -> None:
    tables = read(CHAPTER).tables
    delta = {"delta_rms": lambda table: 2.0 ** table["layer"]}
    lecture = tables.lecture.assign(**delta, weight_factor=9.0, mean_squared_slope=0.01)
    found = find(tables._replace(lecture=lecture, sigmoid=tables.sigmoid.assign(**delta)))
    assert found.factors["measured"].to_list() == pytest.approx([1 / 2] * 3)
    assert found.factors["weights × slopes"].to_list() == pytest.approx([0.3] * 3)
    assert found.sigmoid.factor.value == pytest.approx(1 / 2)
    assert found.small.gradient_factor == pytest.approx(1 / 2)
    assert found.small.gradient == pytest.approx(2**-9)


def test_a_unit_is_stuck_where_it_does_the_same_for_nearly_all_inputs(read: Read) -> None:
    tables = read(CHAPTER).tables
    late, quarter = tables.units["layer"] > 1, tables.units["unit"] % 4
    shares = np.select([late & (quarter == 0), late & (quarter == 1)], [0.96, 0.04], default=0.5)
    maps = find(tables._replace(units=tables.units.assign(saturated_fraction=shares))).maps
    assert (maps.sigmoid_stuck, maps.relu_stuck) == ((0, 1 / 4), (0, 1 / 2))
    assert (maps.large_least, maps.glorot, maps.relu_inactive) == pytest.approx((0.04, 0.5, 0.5))


def test_quiet_cells_are_those_of_the_map_that_did_not_overflow(read: Read) -> None:
    tables = read(CHAPTER).tables
    cells = tables.deepest.assign(saturated_fraction=0.01, activation_variance=1.0, finite_fraction=1.0)
    linear, relu = (cells["activation"] == name for name in ("linear", "relu"))
    cells.loc[linear, "finite_fraction"] = 0.9
    cells.loc[relu, "activation_variance"] = 1e-7
    found = find(tables._replace(deepest=cells)).battery
    assert found.quiet_lost == relu.sum() / (len(cells) - linear.sum())
