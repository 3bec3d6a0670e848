"""What the key figure of the chapter on symmetry draws."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.chapters.style import figure_style
from reportgen.chapters.symmetry import CHAPTER
from reportgen.chapters.symmetry.figures import draw_starts
from reportgen.report.page import Reading


def test_there_is_one_line_for_all_equal_weights_and_one_for_each_random_one(read: Callable[..., Reading]) -> None:
    tables = read(CHAPTER).tables
    with figure_style():
        axes = draw_starts(tables.paths, tables.maps, tables.points).axes
    assert [len(one.lines) for one in axes[:3]] == [1, 1, 64]
