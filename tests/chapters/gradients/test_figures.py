"""The figures of the chapter on gradients: what leaves the range of float32 is drawn or told too."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.chapter import Figure
from reportgen.chapters.gradients import CHAPTER
from reportgen.chapters.gradients.figures import draw_deltas, draw_depths, draw_factors, draw_weights
from reportgen.chapters.images import to_svg
from reportgen.chapters.names import LARGE
from reportgen.chapters.style import RECOMMENDED, figure_style
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
    assert to_svg(canvas).count("<path") > 20


def test_the_map_writes_what_is_nothing_and_what_is_lost(read: Read) -> None:
    cells = read(CHAPTER).tables.factors_map
    is_first = cells["row"] == cells["row"].iloc[0]
    with figure_style():
        axes, *_ = draw_factors(cells.assign(factor_per_layer=cells["factor_per_layer"].mask(is_first, np.inf))).axes
    assert {"0", "∞"} <= {text.get_text() for text in axes.texts}
    nothing = (cells["factor_per_layer"] == 0) & ~is_first
    assert nothing.any()
    assert sum(bool(patch.get_hatch()) for patch in axes.patches) == nothing.sum()


@pytest.mark.parametrize(("draw", "table"), [(draw_depths, "depths"), (draw_deltas, "deltas")])
def test_every_panel_names_five_starts_and_the_advised_one_is_bold_and_thick(
    draw: object, table: str, read: Read
) -> None:
    tables = read(CHAPTER).tables
    with figure_style():
        canvas = draw(getattr(tables, table), tables.advised)  # type: ignore[operator]
    advised = dict(tables.advised.itertuples(index=False, name=None))
    assert [axes.get_title(loc="left") for axes in canvas.axes] == ["relu", "tanh", "sigmoid"]
    for axes in canvas.axes:
        names = {text.get_text().replace("\n", ""): text.get_fontweight() for text in axes.texts if text.get_text()}
        assert len(names) == 5
        assert [name for name, weight in names.items() if weight == "bold"] == [advised[axes.get_title(loc="left")]]
        assert [line.get_linewidth() for line in axes.get_lines()].count(RECOMMENDED) == 1


def test_a_bracket_tells_how_far_the_flat_line_is_below(read: Read) -> None:
    weights = read(CHAPTER).tables.weights.assign(gradient=1.0)
    small = weights["initializer"] == "random_normal(stddev=0.01)"
    with figure_style():
        axes, *_ = draw_weights(weights.assign(gradient=weights["gradient"].mask(small, 2e-9))).axes
        nothing, *_ = draw_weights(weights.assign(gradient=weights["gradient"].mask(small, 0.0))).axes
    assert "÷ 10⁹" in {text.get_text() for text in axes.texts}
    assert not any("÷" in text.get_text() for text in nothing.texts)
