"""The figures of the chapter on theory: what they say where theory has nothing to say."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.chapters.style import figure_style
from reportgen.chapters.theory import CHAPTER
from reportgen.chapters.theory.figures import draw_lines, draw_map
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_the_map_and_the_labels_say_where_there_is_no_limit(read: Read) -> None:
    tables = read(CHAPTER).tables
    with figure_style():
        texts = [text.get_text() for text in draw_map(tables.map).axes[0].texts]
        labels = [text.get_text() for axes in draw_lines(tables.lines).axes for text in axes.texts]
    assert sum("does not apply" in text for text in texts) == 2
    assert [label for label in labels if "no line" in label] == ["tanh, constant: no line"]


def test_a_dot_marks_the_fields_in_which_a_start_is_beyond_three_standard_errors(read: Read) -> None:
    cells = read(CHAPTER).tables.map
    far = cells["activation"] == "tanh"
    with figure_style():
        drawn = draw_map(cells.assign(errors=cells["errors"].where(~far, 3.1).where(far, 2.9)))
    dotted = [text.get_text() for text in drawn.axes[0].texts if "•" in text.get_text()]
    assert len(dotted) == (far & cells["off"].notna()).sum()
