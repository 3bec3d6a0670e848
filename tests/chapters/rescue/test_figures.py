"""The figures of the chapter on rescues write in words what is no number, and have a panel for every form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reportgen.chapters.rescue import CHAPTER
from reportgen.chapters.rescue.figures import draw_growth, draw_relu, draw_trained
from reportgen.chapters.style import figure_style
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_the_maps_say_diverged_zero_and_overflow_in_words(read: Read) -> None:
    tables = read(CHAPTER).tables
    growth = tables.growth.assign(gradient=tables.growth["gradient"].mask(tables.growth["form"] == "residual", np.inf))
    with figure_style():
        canvases = draw_trained(tables.trained), draw_growth(growth)
    trained, grown = ({text.get_text() for axes in canvas.axes for text in axes.texts} for canvas in canvases)
    assert "diverged" in trained
    assert {"exactly 0", "overflow"} <= grown


def test_the_curves_have_a_panel_above_the_other_for_every_form(read: Read) -> None:
    relu = read(CHAPTER).tables.relu
    with figure_style():
        axes = draw_relu(relu).axes
    assert len(axes) == 2 * relu["form"].nunique()
    assert [one.get_title() for one in axes[:2]] == ["plain", "layer norm"]
