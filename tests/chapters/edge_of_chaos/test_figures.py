"""The figures of the chapter on the edge of chaos: names at their places, and room for more than ours."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.figure import Figure

from reportgen.chapters.edge_of_chaos import CHAPTER
from reportgen.chapters.edge_of_chaos.figures import draw_edges, draw_places
from reportgen.chapters.edge_of_chaos.plane import levels, stacks
from reportgen.chapters.style import figure_style
from reportgen.report.page import Reading


def test_names_that_share_a_place_are_written_at_one_point(read: Callable[..., Reading]) -> None:
    names = stacks(read(CHAPTER).tables.places).set_index("sigma_w2")["names"]
    assert names.loc[1.0] == "lecun, glorot, orthogonal, Keras Dense, Flax Dense"
    assert names.loc[2.0] == "he"


def test_starts_of_one_scale_share_a_line_across_the_edges(read: Callable[..., Reading]) -> None:
    marks = read(CHAPTER).tables.marks.set_index("label")["sigma_w2"]
    assert marks["lecun, glorot, orthogonal"] == 1
    assert marks["he"] == 2
    assert "zeros" not in marks.index


def test_edges_stand_in_their_order_and_where_they_are_known_to_be(read: Callable[..., Reading]) -> None:
    edges = read(CHAPTER).tables.edges.set_index("activation")["sigma_w2"]
    assert edges.is_monotonic_increasing
    assert edges["selu"] == pytest.approx(2 / (1.0507009873554805**2 * (1 + 1.6732632423543772**2)), rel=1e-6)
    assert edges["relu"] == pytest.approx(2)


def test_names_move_to_another_line_only_where_they_would_touch() -> None:
    axes = Figure().subplots()
    axes.set(xscale="log", xlim=(0.01, 100))
    assert levels(axes, {"left": 0.02, "right": 50.0}) == {"left": 0, "right": 0}
    assert levels(axes, {"one": 1.0, "two": 1.1, "three": 1.2, "far": 50.0}) == {
        "one": 0,
        "two": 1,
        "three": 2,
        "far": 0,
    }


def test_more_activations_and_initializers_than_ours_find_room(read: Callable[..., Reading]) -> None:
    tables, name = read(CHAPTER).tables, "he_normal(mode=fan_out)"
    more = tables.places.tail(1).assign(label=name, initializer=name, sigma_w2=2.5, sigma_b=0.0)
    edges = pd.concat([tables.edges, pd.DataFrame({"activation": ["mish"], "sigma_w2": [2.2]})])
    with figure_style():
        named = draw_places(pd.concat([tables.places, more]), tables.borders)
        drawn = draw_edges(edges, tables.marks)
    assert name in {text.get_text() for text in named.axes[-1].texts}
    assert "mish" in {label.get_text() for label in drawn.axes[0].get_yticklabels()}
