"""The figures of the chapter on theory: what they say where theory has nothing to say."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.chapters.overlay import NO_LIMIT
from reportgen.chapters.style import figure_style
from reportgen.chapters.theory import CHAPTER
from reportgen.chapters.theory.figures import draw_errors, draw_lines
from reportgen.report.page import Reading


def test_the_map_and_the_legend_say_where_there_is_no_limit(read: Callable[..., Reading]) -> None:
    tables = read(CHAPTER).tables
    with figure_style():
        texts = [text.get_text() for text in draw_errors(tables.errors).axes[0].texts]
        (legend,) = draw_lines(tables.lines).legends
    assert sum("no limit" in text for text in texts) == 2
    assert [NO_LIMIT in text.get_text() for text in legend.get_texts()].count(True) == 1
