"""The figures of the chapter on gradients: what leaves the range of float32 is drawn too."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.chapter import Figure
from reportgen.chapters.gradients import CHAPTER
from reportgen.chapters.gradients.figures import draw_deltas, draw_weights
from reportgen.chapters.images import to_svg
from reportgen.chapters.names import LARGE
from reportgen.chapters.style import figure_style
from tests.chapters.conftest import Measure, Read
from tests.chapters.following import changed


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("figure", [one for one in CHAPTER.figures if not one.each], ids=lambda figure: figure.slug)
def test_zeros_and_overflows_are_drawn_without_a_warning(figure: Figure, measured: Measure) -> None:
    def overflow(table: pd.DataFrame) -> pd.Series[float]:
        lost = np.where(table["layer"] < 10, np.inf, np.nan)
        return table["delta_rms"].mask(table["initializer"] == LARGE, lost)

    tables = CHAPTER.read(changed(measured(CHAPTER.needs), ("gradients", "delta_rms"), overflow))
    with figure_style():
        canvas = figure.draw(*figure.copies(tables)[0].frames.values())
    shown = {text.get_text() for axes in canvas.axes for text in (*axes.get_yticklabels(), *axes.texts)}
    assert shown >= {"exactly 0", "overflow"} or shown >= {"0", "∞"} or figure.slug == "digits"
    assert to_svg(canvas).count("<path") > 20


def test_exact_zeros_are_marked_in_the_lower_band_and_nothing_else_is(read: Read) -> None:
    tables = read(CHAPTER).tables
    axes = draw_deltas(tables.deltas, tables.flattest, tables.theory).axes[0]
    places = dict(zip((label.get_text() for label in axes.get_yticklabels()), axes.get_yticks(), strict=True))
    drawn = [np.asarray(line.get_xydata()) for line in axes.get_lines()]
    marked = [points[:, 0].tolist() for points in drawn if len(points) and (points[:, 1] == places["exactly 0"]).all()]
    assert marked == [list(range(1, 20))]


def test_there_is_a_panel_per_activation_titled_with_its_flattest_initializer(read: Read) -> None:
    tables = read(CHAPTER).tables
    used = [axes for axes in draw_weights(tables.weights, tables.flattest).axes if axes.axison]
    assert [axes.get_title(loc="left") for axes in used] == list(tables.flattest["activation"])
    assert used[3].get_title(loc="right") == "he_normal"
