"""Known answers of the chapter on saturation, from tables whose numbers are set by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from reportgen.chapters.saturation import CHAPTER
from reportgen.chapters.saturation.findings import find
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_factors_are_those_of_squares_from_a_layer_to_the_one_below(read: Read) -> None:
    tables = read(CHAPTER).tables
    delta = {"delta_rms": lambda table: 2.0 ** table["layer"]}
    lecture = tables.lecture.assign(**delta, weight_factor=3.0, mean_squared_slope=0.1)
    found = find(tables._replace(lecture=lecture, sigmoid=tables.sigmoid.assign(**delta)))
    assert found.factors["measured"].to_list() == pytest.approx([1 / 4] * 3)
    assert found.factors["product"].to_list() == pytest.approx([0.3] * 3)
    assert found.sigmoid.factor.value == pytest.approx(1 / 4)
    assert found.small.gradient_factor == pytest.approx(1 / 2)
    assert found.small.gradient == pytest.approx(2**-9)


def test_a_unit_is_stuck_where_it_does_the_same_for_nearly_all_inputs(read: Read) -> None:
    tables = read(CHAPTER).tables
    late, quarter = tables.units["layer"] > 1, tables.units["unit"] % 4
    shares = np.select([late & (quarter == 0), late & (quarter == 1)], [0.96, 0.04], default=0.5)
    maps = find(tables._replace(units=tables.units.assign(saturated_fraction=shares))).maps
    assert (maps.sigmoid_stuck, maps.relu_stuck) == ((0, 1 / 4), (0, 1 / 2))
    assert (maps.large_least, maps.glorot, maps.relu_inactive) == pytest.approx((0.04, 0.5, 0.5))


def test_quiet_cells_are_those_of_the_deepest_nets_that_did_not_overflow(read: Read) -> None:
    tables = read(CHAPTER).tables
    cells = tables.battery.assign(saturated_fraction=0.01, activation_variance=1.0, finite_fraction=1.0)
    deepest = cells["depth"] == cells["depth"].max()
    linear, relu = (deepest & (cells["activation"] == name) for name in ("linear", "relu"))
    cells.loc[linear, "finite_fraction"] = 0.9
    cells.loc[relu, "activation_variance"] = 1e-7
    found = find(tables._replace(battery=cells)).battery
    assert found.quiet_cells == deepest.sum() - linear.sum()
    assert found.quiet_lost == relu.sum() / found.quiet_cells
