"""The figures of the chapter on the edge of chaos: names at their places, and room for more than ours."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.figure import Figure

from reportgen.chapters.edge_of_chaos import CHAPTER
from reportgen.chapters.edge_of_chaos.figures import draw_edges, draw_places
from reportgen.chapters.edge_of_chaos.plane import beside, levels, stacks
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


def test_no_line_of_the_rail_crosses_a_name() -> None:
    shares = {"at the edge": 0.01, "first": 0.3, "second": 0.32, "a very long name of many starts": 0.35, "far": 0.9}
    names = {name.text: name for name in beside(shares)}
    assert [name.level for name in names.values()] == [0, 0, 1, 0, 0]
    assert names["at the edge"].left == 0
    for one in names.values():
        for other in names.values():
            assert other.level >= one.level or not other.left < one.at < other.right
            assert one == other or one.level != other.level or not other.left < one.left < other.right


def test_a_name_without_room_on_the_left_stands_on_the_right() -> None:
    many = "a long name of starts that takes the whole line"
    long, last = beside({many: 0.5, "a name as long as another": 0.55})
    assert long.left == 0
    assert last.left == last.at


def test_more_activations_and_initializers_than_ours_find_room(read: Callable[..., Reading]) -> None:
    tables, name = read(CHAPTER).tables, "he_normal(mode=fan_out)"
    more = tables.places.tail(1).assign(label=name, initializer=name, sigma_w2=2.5, sigma_b=0.0)
    edges = pd.concat([tables.edges, pd.DataFrame({"activation": ["mish"], "sigma_w2": [2.2]})])
    with figure_style():
        named = draw_places(pd.concat([tables.places, more]), tables.borders)
        drawn = draw_edges(edges, tables.marks)
    assert name in {text.get_text() for text in named.axes[-1].texts}
    assert "mish" in {label.get_text() for label in drawn.axes[0].get_yticklabels()}
