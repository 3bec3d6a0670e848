"""Names in figures are text, and starts that are not ours are told apart."""

from __future__ import annotations

import pytest

from reportgen.chapters.images import to_svg
from reportgen.chapters.style import canvas, figure_name, figure_style, look

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
