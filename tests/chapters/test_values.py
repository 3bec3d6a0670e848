"""The values of a figure are those that were drawn, under the names by which a reader knows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from reportgen.chapters.images import to_svg
from reportgen.chapters.labels import End, label_ends
from reportgen.chapters.style import canvas, figure_style, name_ticks, start_id
from reportgen.chapters.values import panels


def panels_of(draw: Callable[[Axes], Any]) -> list[dict[str, Any]]:
    with figure_style():
        figure = canvas(2, 3)
        draw(figure.subplots())
    to_svg(figure)
    return panels(figure)


def test_a_line_has_its_name_its_start_and_its_values() -> None:
    def draw(axes: Axes) -> None:
        axes.plot([1, 2, 3], [1e-9, 0.123456, np.nan], label="He", gid=start_id("he_normal"))
        axes.axhline(0.5)
        axes.set(yscale="log", xlabel="layer", ylabel="rms", title="a panel")

    (panel,) = panels_of(draw)
    assert panel["lines"] == [{"name": "He", "start": "he_normal", "x": [1, 2], "y": [1e-09, 0.1235]}]
    assert (panel["title"], panel["x"]["label"], panel["y"]["scale"]) == ("a panel", "layer", "log")


def test_a_place_on_an_axis_leads_to_the_place_in_the_svg() -> None:
    (panel,) = panels_of(lambda axes: axes.plot([0, 1], [5, 7], "o"))
    left, top, right, bottom = panel["box"]
    low, high = panel["y"]["limits"]
    assert 0 < left < right < 3 * 72
    assert 0 < top < bottom < 2 * 72
    assert low < 5 < 7 < high


def test_a_line_without_a_label_is_called_as_what_stands_at_its_end() -> None:
    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color="#111111")
        axes.plot([0, 1], [0, 5], color="#222222")
        axes.set(xlim=(0, 1), ylim=(0, 5))
        label_ends(axes, {"low": End(1, 1), "high": End(1, 5)})

    (panel,) = panels_of(draw)
    assert [line["name"] for line in panel["lines"]] == ["low", "high"]


def test_lines_are_called_as_the_legend_calls_their_look() -> None:
    def draw(axes: Axes) -> None:
        handles = axes.plot([], [], color="#111111", linestyle="--", label="theory")
        axes.legend(handles=handles)
        axes.plot([0, 1], [0, 1], color="#111111", linestyle="--")
        axes.plot([0, 1], [0, 1], color="#111111")

    (panel,) = panels_of(draw)
    assert [line["name"] for line in panel["lines"] if line["x"]] == ["theory", ""]


@pytest.mark.parametrize("is_flat", [True, False])
def test_bars_are_read_at_their_ends(is_flat: bool) -> None:
    def draw(axes: Axes) -> None:
        (axes.barh if is_flat else axes.bar)([0, 1], [3, 4])
        name_ticks(axes.yaxis if is_flat else axes.xaxis, ["one", "two"])

    (panel,) = panels_of(draw)
    (bars,) = panel["lines"]
    assert (bars["x"], bars["y"]) == (([3, 4], [0, 1]) if is_flat else ([0, 1], [3, 4]))
    assert panel["y" if is_flat else "x"]["names"] == [[0, "one"], [1, "two"]]


def test_a_cell_is_what_the_legend_calls_its_color_and_what_is_written_in_it() -> None:
    def draw(axes: Axes) -> None:
        axes.imshow([[0.0, 1.0], [np.nan, 0.0]], cmap="gray", vmin=0, vmax=1, aspect="auto")
        axes.text(1, 0, "50", ha="center")
        axes.legend(handles=[Patch(color="#ffffff", label="healthy")])
        name_ticks(axes.xaxis, ["tanh", "relu"])
        name_ticks(axes.yaxis, ["he", "zeros"])
        axes.get_yticklabels()[0].set_gid(start_id("he_normal"))

    (panel,) = panels_of(draw)
    cells = panel["cells"]
    assert cells["values"] == [0, "healthy, 50", None, 0]
    assert (cells["rows"], cells["columns"], cells["shape"]) == (["he", "zeros"], ["tanh", "relu"], [2, 2])
    assert cells["starts"] == {0: ["he_normal"]}
    assert cells["flip"] is False


def test_panels_with_nothing_to_read_are_left_out() -> None:
    assert panels_of(lambda axes: axes.fill_between([0, 1], [1, 2])) == []
    assert panels_of(lambda axes: axes.scatter(*np.zeros((2, 9999)))) == []


def test_long_lines_are_thinned_and_keep_their_ends() -> None:
    (panel,) = panels_of(lambda axes: axes.plot(np.arange(10_000)))
    (line,) = panel["lines"]
    assert len(line["x"]) <= 100
    assert (line["x"][0], line["x"][-1]) == (0, 9999)


def test_maps_below_each_other_have_the_names_of_the_first_ones_columns() -> None:
    with figure_style():
        figure = canvas(4, 3)
        upper, lower = figure.subplots(2, 1)
        for axes in (upper, lower):
            axes.imshow([[1.0, 2.0], [3.0, 4.0]])
            axes.set_xticks([])
        name_ticks(upper.xaxis, ["tanh", "relu"])
    to_svg(figure)
    assert [panel["cells"]["columns"] for panel in panels(figure)] == [["tanh", "relu"]] * 2
