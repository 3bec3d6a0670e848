"""On a telephone a map has two lines per row: its name, and below it its cells, which keep their values and name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from reportgen.chapters.strips import at_rows, color_bar, laid_out, name_columns, name_rows
from reportgen.chapters.style import canvas, figure_style, start_id

CELLS = pd.DataFrame({"row": ["large", "large", "zeros", "zeros"], "sigma_w2": [64.0, 64.0, 0.0, 0.0]})
VALUES = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, np.nan]])


def _draw(figure: Any) -> None:
    paper: Any = FigureCanvasAgg(figure)
    paper.draw()


@pytest.mark.parametrize(("is_narrow", "places"), [(False, [0, 1]), (True, [1, 3])])
def test_a_row_stands_where_its_name_is_a_tick(is_narrow: bool, places: list[int]) -> None:
    with figure_style(narrow=is_narrow):
        axes = canvas(3, narrow=3).subplots()
        axes.imshow(laid_out(np.ma.masked_invalid(VALUES)), aspect="auto")
        name_columns(axes, ["tanh", "relu", "gelu"])
        name_rows(axes, CELLS)
        assert at_rows(2) == places
    assert [int(place) for place in axes.get_yticks()] == places
    assert [label.get_text() for label in axes.get_yticklabels()] == ["large  64", "zeros  0"]
    assert [label.get_gid() for label in axes.get_yticklabels()] == [start_id("large"), start_id("zeros")]
    shown: Any = axes.images[0].get_array()
    assert np.array_equal(np.ma.filled(shown[places], np.nan), VALUES, equal_nan=True)
    others = [line for line in range(len(shown)) if line not in places]
    assert np.ma.getmaskarray(shown)[others].all()


def test_a_name_is_within_the_sheet_above_its_cells() -> None:
    with figure_style(narrow=True):
        figure = canvas(3, narrow=3)
        axes = figure.subplots()
        axes.imshow(laid_out(VALUES), aspect="auto")
        name_columns(axes, ["tanh", "relu", "gelu"])
        name_rows(axes, CELLS)
        _draw(figure)
        boxes = [label.get_window_extent() for label in axes.get_yticklabels()]
        rows = [axes.transData.transform((-0.5, at))[1] for at in at_rows(2)]
    left, right = axes.bbox.x0, axes.bbox.x1
    line = (rows[0] - rows[1]) / 2
    for box, row in zip(boxes, rows, strict=True):
        assert left <= box.x0 < box.x1 < right
        assert (box.y0 + box.y1) / 2 == pytest.approx(row + line, abs=0.2 * line)


def test_colors_are_clear_where_a_name_stands() -> None:
    with figure_style(narrow=True):
        shown = laid_out(np.ones((2, 3, 4)))
    assert shown.shape == (4, 3, 4)
    assert not shown[::2, :, 3].any()
    assert shown[1::2].all()


@pytest.mark.parametrize("is_narrow", [False, True])
def test_the_words_of_a_bar_stay_within_its_ends_on_a_telephone(is_narrow: bool) -> None:
    with figure_style(narrow=is_narrow):
        figure = canvas(3, narrow=3)
        axes = figure.subplots()
        image = axes.imshow(VALUES, vmin=1, vmax=5, aspect="auto")
        bar = color_bar(figure, image, [axes], {1.0: "a guess, 12%", 3.0: "half", 5.0: "100%"})
        _draw(figure)
        labels = bar.ax.get_xticklabels() if is_narrow else bar.ax.get_yticklabels()
        boxes = [label.get_window_extent() for label in labels]
    if is_narrow:
        assert [label.get_horizontalalignment() for label in labels] == ["left", "center", "right"]
        assert all(bar.ax.bbox.x0 - 1 <= box.x0 < box.x1 <= bar.ax.bbox.x1 + 1 for box in boxes)
    else:
        assert all(box.x0 > bar.ax.bbox.x1 for box in boxes)
