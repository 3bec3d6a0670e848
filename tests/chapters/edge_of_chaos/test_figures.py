"""The figures of the chapter on the edge of chaos: names at their places, and room for more than ours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.edge_of_chaos import CHAPTER
from reportgen.chapters.edge_of_chaos.figures import _beyond_the_edge, draw_phases, draw_places, stacks
from reportgen.chapters.style import figure_style
from reportgen.report.page import Reading


def test_names_that_share_a_place_are_written_at_one_point(read: Callable[..., Reading]) -> None:
    names = stacks(read(CHAPTER).tables.places).set_index("sigma_w2")["names"]
    assert names.loc[1.0] == "lecun, glorot, orthogonal, Keras Dense, Flax Dense"
    assert names.loc[2.0] == "he"


def test_the_line_is_drawn_where_the_edge_is_however_slowly_chi_1_rises_behind_it(read: Callable[..., Reading]) -> None:
    tables = read(CHAPTER).tables
    selu = tables.phases[(tables.phases["activation"] == "selu") & (tables.phases["sigma_b2"] == 0)]
    chi_1, sigma_w2 = selu["chi_1"].to_numpy(), selu["sigma_w2"].to_numpy()
    edges = selu["edge"].to_numpy()[:1]
    height = _beyond_the_edge(chi_1[None], sigma_w2, edges)[0]
    # A contour runs where straight lines between the points of the grid pass the level.
    assert np.interp(0, height, sigma_w2) == pytest.approx(edges[0], rel=1e-6)
    assert edges[0] == pytest.approx(2 / (1.0507009873554805**2 * (1 + 1.6732632423543772**2)), rel=1e-6)
    assert np.interp(1, chi_1, sigma_w2) > 1.1 * edges[0], "by chi_1 the line would run too far on"


def test_where_chi_1_passes_one_twice_the_grid_tells(read: Callable[..., Reading]) -> None:
    chi_1 = np.array([[0.5, 2.0, 0.5, 2.0], [0.5, 0.9, 1.1, 2.0]])
    height = _beyond_the_edge(chi_1, np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.5, 2.1]))
    np.testing.assert_allclose(height, [[-0.5, 1, -0.5, 1], [-1.1, -0.1, 0.9, 1.9]])


def test_more_activations_and_initializers_than_ours_find_room(read: Callable[..., Reading]) -> None:
    tables, name = read(CHAPTER).tables, "he_normal(mode=fan_out)"
    places = pd.concat([tables.places, tables.places.tail(1).assign(label=name, initializer=name, sigma_w2=2.5)])
    mish = tables.phases[tables.phases["activation"] == "tanh"].assign(activation="mish")
    with figure_style():
        named, phases = draw_places(places, tables.diagrams), draw_phases(pd.concat([tables.phases, mish]), places)
    assert name in {text.get_text() for text in named.axes[0].texts}
    assert "mish" in {axes.get_title(loc="left") for axes in phases.axes}
