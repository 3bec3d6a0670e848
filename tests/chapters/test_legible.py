"""Every text of every figure can be read, on a wide sheet and on a telephone, on light and on dark paper."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.chapters import CHAPTERS
from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.style import GREY, canvas, figure_style
from tests.chapters.conftest import Read
from tests.chapters.legible import faults

FIGURES = [
    pytest.param(chapter, figure, id=f"{chapter.slug}-{figure.slug}")
    for chapter in CHAPTERS
    for figure in chapter.figures
]

_TALLEST = 12.5
"""Inches of a narrow figure: 1,025 pixels on a telephone."""


@pytest.mark.parametrize("is_narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize(("chapter", "figure"), FIGURES)
def test_every_text_of_a_figure_can_be_read(
    chapter: Chapter[Any, Any], figure: Figure, is_narrow: bool, read: Read, read_added: Read
) -> None:
    tables = (read_added if figure.each else read)(chapter).tables
    with figure_style(narrow=is_narrow):
        drawn = figure.draw(*figure.copies(tables)[0].frames.values())
    assert faults(drawn) == []
    assert not is_narrow or drawn.get_figheight() <= _TALLEST


@pytest.mark.parametrize("is_narrow", [False, True], ids=["wide", "narrow"])
def test_texts_with_faults_are_found(is_narrow: bool) -> None:
    with figure_style(narrow=is_narrow):
        figure = canvas(3.0, narrow=3.0)
        axes = figure.subplots()
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.text(0.1, 0.90, "grey on the paper", color=GREY)
        axes.axhspan(0.05, 0.2, color="#a01840")
        axes.text(0.1, 0.12, "ink on a dark cell", va="center")
        axes.text(0.1, 0.70, "over its end")
        axes.text(0.2, 0.70, "its neighbor")
        axes.text(0.5, 0.45, "turned", rotation=90)
        axes.text(0.45, 0.5, "across it")
        axes.text(0.7, 0.35, "a label that goes on and on beyond the sheet", in_layout=False)
        axes.text(0.1, 0.30, "tiny", fontsize=7)
        found = faults(figure)
    told = {
        "'grey on the paper' has a contrast of 3.2 on #fdfcfa",
        "'ink on a dark cell' has a contrast of 2.2 on #fdfcfa",
        "'over its end' and 'its neighbor' overlap",
        "'turned' and 'across it' overlap",
        "'a label that goes on and on beyond the sheet' leaves the sheet",
    }
    assert {*found} == told | ({"'tiny' is 8.0 pixels high on a telephone"} if is_narrow else set())


def test_turned_texts_beside_each_other_and_what_is_not_shown_have_no_fault() -> None:
    with figure_style(narrow=True):
        figure = canvas(3.0, narrow=3.0)
        axes = figure.subplots()
        axes.set(xlim=(0, 1), ylim=(0, 1))
        for at in (0.2, 0.3, 0.4):
            axes.text(at, 0.5, "slanting words", rotation=55, rotation_mode="anchor")
        axes.text(0.2, 0.5, "hidden", visible=False)
        axes.annotate("outside", (3.0, 0.5))
        assert faults(figure) == []
