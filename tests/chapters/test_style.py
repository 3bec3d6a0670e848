"""Names in figures are text, starts that are not ours are told apart, and cells carry texts that can be read."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from numpy.typing import NDArray

from reportgen.chapters.images import to_svg
from reportgen.chapters.style import (
    FOREGROUND,
    FOREGROUND_ON_DARK,
    PAPERS,
    RAMPS,
    READABLE,
    canvas,
    contrast,
    figure_name,
    figure_style,
    ink_on,
    look,
    mark,
    ramp,
    start_id,
)

NASTY = ["Ba$$in", "$^$", "\\$_$", "a$b", "_x_", "数据 😀", "\udcff\0", "{}_^%&#~", "x" * 300, "\\frac{$"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_drawn_without_a_warning_and_is_no_formula(name: str) -> None:
    with figure_style():
        figure = canvas(2)
        axes = figure.subplots()
        axes.plot([1], [1], label=figure_name(name))
        title = axes.set_title(figure_name(name))
        legend = figure.legend(loc="outside lower center")
        to_svg(figure)
    assert len(legend.get_texts()) == 1
    shown, is_formula = title._preprocess_math(title.get_text())  # type: ignore[attr-defined]
    assert not is_formula
    assert len(shown) < 200
    if name.isascii() and name.isprintable() and len(name) < 28:
        assert shown.strip("\N{HAIR SPACE}") == name


def test_starts_that_are_added_keep_their_look_and_seldom_share_it() -> None:
    names = [f"random_normal(stddev={number / 10})" for number in range(11, 51)]
    assert len({look(name) for name in names}) > 25
    assert look("he_normal(mode=fan_out)").color == look("he_normal").color
    assert look("he_normal(mode=fan_out)") != look("he_normal")


@pytest.mark.parametrize("name", RAMPS)
def test_every_step_of_a_map_carries_a_text_that_can_be_read_on_both_papers(name: str) -> None:
    steps = ramp(name)(np.linspace(0, 1, 256))
    plain = LinearSegmentedColormap.from_list(name, RAMPS[name])(np.linspace(0, 1, 256))
    assert min(least_contrast(step, ink_on(step)) for step in steps) >= READABLE
    assert min(least_contrast(step, ink_on(step)) for step in plain) < READABLE
    assert np.abs(steps - plain).max() < 0.2


def least_contrast(cell: NDArray[np.float64], ink: str) -> float:
    """Return the contrast of a text with a cell on the paper on which it is the least."""
    inks = (FOREGROUND, FOREGROUND_ON_DARK) if ink == FOREGROUND else (ink, ink)
    over = [cell[3] * cell[:3] + (1 - cell[3]) * np.array(to_rgb(paper)) for paper in PAPERS]
    return min(contrast(text, tuple(seen)) for text, seen in zip(inks, over, strict=True))


def test_all_parts_of_what_is_drawn_for_a_start_have_its_id() -> None:
    with figure_style():
        axes = canvas(2).subplots()
        drawn = axes.errorbar([1, 2], [1, 2], [0.1, 0.2], fmt="o")
        line = axes.plot([1], [1])
        mark(drawn, "he_normal")
    parts = [artist for artist in axes.get_children() if artist.get_gid()]
    assert {artist.get_gid() for artist in parts} == {start_id("he_normal")}
    assert len(parts) == 2
    assert line[0] not in parts
