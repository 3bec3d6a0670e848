"""The figures of the chapter on the edge of chaos: names at their places, and room for more than ours."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from reportgen.chapters.edge_of_chaos import CHAPTER
from reportgen.chapters.edge_of_chaos.figures import draw_phases, draw_places, stacks
from reportgen.chapters.style import figure_style, to_svg
from reportgen.report.page import Reading


def test_names_that_share_a_place_are_written_at_one_point(read: Callable[..., Reading]) -> None:
    names = stacks(read(CHAPTER).tables.places).set_index("sigma_w2")["names"]
    assert names.loc[1.0] == "lecun, glorot, orthogonal, Keras Dense, Flax Dense"
    assert names.loc[2.0] == "he"


def test_more_activations_and_initializers_than_ours_still_make_figures(read: Callable[..., Reading]) -> None:
    tables = read(CHAPTER).tables
    more = tables.places.tail(1).assign(label="he_normal(mode=fan_out)", initializer="he_normal(mode=fan_out)")
    places = pd.concat([tables.places, more.assign(sigma_w2=2.5)])
    tanh = tables.diagrams[tables.diagrams["activation"] == "tanh"]
    with figure_style():
        phases = draw_phases(pd.concat([tables.phases, tanh.assign(activation="mish")]), places)
        assert "mish" in {axes.get_title(loc="left") for axes in phases.axes}
        named = draw_places(places, tables.diagrams)
        assert "he_normal(mode=fan_out)" in {text.get_text() for text in named.axes[0].texts}
        assert to_svg(phases)
