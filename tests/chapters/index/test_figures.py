"""What the figures of the front page draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.patches import Polygon, Rectangle

from reportgen.chapters.index import CHAPTER
from reportgen.chapters.index.tables import Tables
from reportgen.chapters.style import figure_style
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def drawn(at: int, tables: Tables) -> Any:
    figure = CHAPTER.figures[at]
    with figure_style():
        return figure.draw(*figure.copies(tables)[0].frames.values())


def test_every_verdict_has_a_sign_in_the_panel_of_its_depth(read: Read) -> None:
    tables = read(CHAPTER).tables
    panels = [axes for axes in drawn(0, tables).axes if axes.lines]
    assert [axes.get_title(loc="left") for axes in panels] == [f"{depth} hidden layers" for depth in (2, 5, 10, 20, 50)]
    ticks = [sum(len(line.get_xdata()) for line in axes.lines if line.get_label() == "✓") for axes in panels]
    assert ticks == (tables.cells["verdict"] == "healthy").groupby(tables.cells["depth"]).sum().tolist()


def test_starts_stand_in_the_order_of_their_scale_which_is_printed(read: Read) -> None:
    tables = read(CHAPTER).tables
    labels = [tick.get_text() for tick in drawn(0, tables).axes[0].get_yticklabels()]
    scales = [float(label.split()[-1]) for label in labels]
    assert scales == sorted(scales, reverse=True)
    assert labels[0].startswith("normal(1)")
    assert any(label.startswith("lecun, glorot, orthogonal") for label in labels)


def test_the_start_that_goes_first_is_framed_and_disagreement_has_a_corner(read: Read) -> None:
    tables = read(CHAPTER).tables
    panels = [axes for axes in drawn(0, tables).axes if axes.lines]
    frames = [[one for one in axes.patches if isinstance(one, Rectangle)] for axes in panels]
    corners = [[one for one in axes.patches if isinstance(one, Polygon)] for axes in panels]
    assert {len(one) for one in frames} == {len(tables.used)}
    split = tables.cells[tables.cells["agree"] < tables.cells["networks"]]
    assert [len(one) for one in corners] == [int((split["depth"] == depth).sum()) for depth in (2, 5, 10, 20, 50)]
