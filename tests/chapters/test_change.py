"""Factors over a net are told in words, and lines end where they leave the frame."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.change import change_axis, right_axis, seen, travel_arrow
from reportgen.chapters.style import canvas, figure_style


def test_the_axis_has_words_at_its_ticks_and_a_band_where_little_changes() -> None:
    with figure_style():
        axes = canvas(3).subplots()
        change_axis(axes, -6, 6)
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [
        "÷ 1,000,000",
        "÷ 1,000",
        "kept",
        "× 1,000",
        "× 1,000,000",
    ]
    (band,) = axes.patches
    assert (band.get_y(), band.get_y() + band.get_height()) == pytest.approx((0.01, 100))  # type: ignore[attr-defined]


def test_an_axis_relative_to_something_else_has_no_band() -> None:
    with figure_style():
        axes = canvas(3).subplots()
        change_axis(axes, -6, 6, step=6, same="as here")
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["÷ 1,000,000", "as here", "× 1,000,000"]
    assert not axes.patches


def test_a_line_is_cut_where_it_leaves_the_frame_on_either_side() -> None:
    line = pd.DataFrame({"layer": [1, 2, 3, 4], "value": [1e-6, 1e-2, 1.0, 1e8]})
    x, y = seen(line, "layer", "value", -4, 4)
    assert x == pytest.approx([1.5, 2, 3, 3.5])
    assert y == pytest.approx([1e-4, 1e-2, 1.0, 1e4])


@pytest.mark.parametrize("beyond", [0.0, np.inf])
def test_a_line_ends_before_what_is_exactly_nothing_or_lost(beyond: float) -> None:
    line = pd.DataFrame({"layer": [1, 2, 3], "value": [beyond, 1.0, 10.0]})
    x, y = seen(line, "layer", "value", -4, 4)
    assert x == pytest.approx([2, 3])
    assert y == pytest.approx([1, 10])


@pytest.mark.parametrize("value", [0.0, np.inf, 1e9])
def test_a_line_that_is_never_in_the_frame_has_no_points(value: float) -> None:
    x, y = seen(pd.DataFrame({"layer": [1, 2], "value": [value, value]}), "layer", "value", -4, 4)
    assert len(x) == len(y) == 0


def test_a_gradient_comes_in_on_the_right() -> None:
    with figure_style():
        figure = canvas(3)
        panels = figure.subplots(1, 2, sharey=True)
        for axes in panels:
            travel_arrow(axes)
        right_axis(panels, "gradient")
    assert [axes.spines["right"].get_visible() for axes in panels] == [True, True]
    assert [axes.spines["left"].get_visible() for axes in panels] == [False, False]
    assert panels[1].yaxis.get_label_position() == "right"
    (arrow,) = panels[0].texts
    assert arrow.xyann[0] > arrow.xy[0]
