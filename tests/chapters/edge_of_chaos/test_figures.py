"""The figures of the chapter on the edge of chaos: names at their places, and room for more than ours."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from reportgen.chapters.edge_of_chaos import CHAPTER
from reportgen.chapters.edge_of_chaos.figures import draw_phases, draw_places, stacks
from reportgen.chapters.style import figure_style
from reportgen.report.page import Reading


def test_names_that_share_a_place_are_written_at_one_point(read: Callable[..., Reading]) -> None:
    names = stacks(read(CHAPTER).tables.places).set_index("sigma_w2")["names"]
    assert names.loc[1.0] == "lecun, glorot, orthogonal, Keras Dense, Flax Dense"
    assert names.loc[2.0] == "he"


def test_more_activations_and_initializers_than_ours_find_room(read: Callable[..., Reading]) -> None:
    tables, name = read(CHAPTER).tables, "he_normal(mode=fan_out)"
    places = pd.concat([tables.places, tables.places.tail(1).assign(label=name, initializer=name, sigma_w2=2.5)])
    mish = tables.phases[tables.phases["activation"] == "tanh"].assign(activation="mish")
    with figure_style():
        named, phases = draw_places(places, tables.diagrams), draw_phases(pd.concat([tables.phases, mish]), places)
    assert name in {text.get_text() for text in named.axes[0].texts}
    assert "mish" in {axes.get_title(loc="left") for axes in phases.axes}
