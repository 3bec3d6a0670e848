"""What the figures of the front page draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.patches import Polygon, Rectangle

from reportgen.chapters.index import CHAPTER
from reportgen.chapters.index.tables import Tables
from reportgen.chapters.style import figure_style
from reportgen.judgments.verdicts import RULES
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def drawn(at: int, tables: Tables) -> Any:
    figure = CHAPTER.figures[at]
    with figure_style():
        return figure.draw(*figure.copies(tables)[0].frames.values())


VERDICTS = [figure.slug for figure in CHAPTER.figures].index("verdicts")
SHOWN = (2, 10, 50)


def panels_of(tables: Tables) -> list[Any]:
    return [axes for axes in drawn(VERDICTS, tables).axes if axes.get_title(loc="left")]


def test_every_failure_has_a_sign_in_the_panel_of_its_depth_and_health_has_none(read: Read) -> None:
    tables = read(CHAPTER).tables
    panels = panels_of(tables)
    assert [axes.get_title(loc="left") for axes in panels] == [f"{depth} hidden layers" for depth in SHOWN]
    signs = {rule.sign for rule in RULES if rule.verdict != "healthy"}
    written = [sum(len(line.get_xdata()) for line in axes.lines if line.get_label() in signs) for axes in panels]
    failing = tables.cells[tables.cells["verdict"] != "healthy"]
    assert written == [int((failing["depth"] == depth).sum()) for depth in SHOWN]


def test_starts_stand_in_the_order_of_their_scale_which_is_printed(read: Read) -> None:
    labels = [tick.get_text() for tick in panels_of(read(CHAPTER).tables)[0].get_yticklabels()]
    scales = [float(label.split()[-1]) for label in labels]
    assert scales == sorted(scales, reverse=True)
    assert labels[0].startswith("normal(1)")
    assert any(label.startswith("lecun, glorot, orthogonal") for label in labels)


def test_the_start_that_goes_first_is_framed_where_it_is_healthy_and_disagreement_has_a_corner(read: Read) -> None:
    tables = read(CHAPTER).tables
    panels = panels_of(tables)
    frames = [sum(isinstance(one, Rectangle) for one in axes.patches) for axes in panels]
    healthy = tables.cells[tables.cells["verdict"] == "healthy"].merge(tables.used, on=["row", "activation"])
    assert frames == [int((healthy["depth"] == depth).sum()) for depth in SHOWN]
    corners = [sum(isinstance(one, Polygon) for one in axes.patches) for axes in panels]
    split = tables.cells[tables.cells["agree"] < tables.cells["networks"]]
    assert corners == [int((split["depth"] == depth).sum()) for depth in SHOWN]


def test_the_first_figure_names_each_of_its_three_lines_in_both_panels(read: Read) -> None:
    for axes in drawn(0, read(CHAPTER).tables).axes:
        assert [text.get_text().partition(":")[0] for text in axes.texts] == ["too large", "right", "too small"]
