"""What the figures of the chapter on saturation draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.images import to_svg
from reportgen.chapters.names import LARGE, SMALL, short_name
from reportgen.chapters.saturation import CHAPTER
from reportgen.chapters.saturation.tables import RIGHT, Tables
from reportgen.chapters.style import figure_style
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def drawn(slug: str, tables: Tables) -> Any:
    figure = next(figure for figure in CHAPTER.figures if figure.slug == slug)
    with figure_style(), np.errstate(all="raise"):
        return figure.draw(*figure.copies(tables)[0].frames.values())


def test_the_lecture_figure_has_a_histogram_per_scale_and_layer(read: Read) -> None:
    rows = drawn("layers", read(CHAPTER).tables).subfigs
    assert [row.get_suptitle().split(",")[0] for row in rows] == ["Too small", "Too large", "Right"]
    heights = [[axes.patches[0].get_data().values for axes in row.axes] for row in rows]
    assert [len(row) for row in heights] == [10, 10, 10]
    small, large, _ = (row[-1] for row in heights)
    assert small.argmax() == len(small) // 2
    assert large.argmax() in (0, len(large) - 1)


def test_the_lines_are_the_measured_means(read: Read) -> None:
    tables = read(CHAPTER).tables
    means = tables.lecture.groupby(["initializer", "layer"])["delta_rms"].mean()
    for line, initializer in zip(drawn("mechanisms", tables).axes[3].lines, (SMALL, LARGE, RIGHT), strict=True):
        assert line.get_ydata() == pytest.approx(means.loc[initializer].to_numpy())


def test_units_are_sorted_within_their_layer(read: Read) -> None:
    maps = [axes.images[0].get_array() for axes in drawn("units", read(CHAPTER).tables).axes if axes.images]
    assert len(maps) == 6
    assert all((np.diff(shares, axis=1) <= 0).all() for shares in maps)


def test_what_is_too_small_for_the_axis_is_written_beside_the_ridge(read: Read) -> None:
    axes = drawn("gradients", read(CHAPTER).tables).axes
    assert [len(one.texts) for one in axes] == [0, 10, 0]
    assert all(text.get_text().endswith("%") for text in axes[1].texts)


def test_overflow_and_lost_signals_are_marked(read: Read) -> None:
    tables = read(CHAPTER).tables
    starts, activations = tables.battery_map["row"].unique(), tables.battery_map["activation"].unique()
    deepest = [axes for axes in drawn("battery", tables).axes if axes.lines][-1]
    signs = np.full((len(starts), len(activations)), "", object)
    for line in deepest.lines:
        if str(line.get_label()) in "∞0†":
            signs[line.get_ydata(), line.get_xdata()] = line.get_label()
    large, small = short_name(LARGE), short_name(SMALL)
    places = ((large, "linear"), ("zeros", "tanh"), (small, "sigmoid"), (large, "tanh"))
    assert [pd.DataFrame(signs, starts, activations).loc[place] for place in places] == ["∞", "0", "0", ""]


@pytest.mark.parametrize("depths", [(4,), (2, 3, 5, 7, 9, 11, 13)])
def test_the_battery_is_drawn_for_any_number_of_depths(depths: tuple[int, ...], read: Read) -> None:
    tables = read(CHAPTER).tables
    cells = tables.battery_map[tables.battery_map["depth"] == tables.battery_map["depth"].max()]
    canvas = drawn("battery", tables._replace(battery_map=pd.concat([cells.assign(depth=depth) for depth in depths])))
    assert [axes.get_title(loc="left") for axes in canvas.axes if axes.lines] == [f"layer {depth}" for depth in depths]
    to_svg(canvas)


def test_the_bands_contain_their_medians(read: Read) -> None:
    tables = read(CHAPTER).tables
    for table in (tables.learning, tables.causes):
        assert table["median"].between(table["lower"], table["upper"]).all()


def test_the_drawn_loss_is_the_measured_median(read: Read) -> None:
    tables = read(CHAPTER).tables
    net = f"problem == 'digits' and activation == 'sigmoid' and initializer == '{LARGE}'"
    curve = tables.learning.query(f"{net} and best")["median"].to_numpy()
    lines = [line.get_ydata() for line in drawn("halt", tables).axes[3].lines]
    assert any(len(line) == len(curve) and np.allclose(line, curve) for line in lines)


def test_slopes_that_lose_the_whole_gradient_can_be_drawn(read: Read) -> None:
    tables = read(CHAPTER).tables
    to_svg(drawn("factors", tables._replace(factors=tables.factors.assign(slopes=0.0))))
