"""What the figures of the front page draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reportgen.chapters.index import CHAPTER
from reportgen.chapters.index.tables import Tables
from reportgen.chapters.style import figure_style
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def drawn(at: int, tables: Tables) -> Any:
    figure = CHAPTER.figures[at]
    with figure_style():
        return figure.draw(*figure.copies(tables)[0].frames.values())


def test_every_cell_holds_the_depth_that_its_start_carries(read: Read) -> None:
    tables = read(CHAPTER).tables
    (axes,) = drawn(0, tables).axes
    written = [int(text.get_text()) for text in axes.texts]
    assert written == tables.carried.drop(columns="initializer").to_numpy().ravel().tolist()
    assert len(np.unique(axes.images[0].get_array())) == len(set(written))


def test_every_verdict_has_a_sign_in_the_panel_of_its_depth(read: Read) -> None:
    tables = read(CHAPTER).tables
    panels = [axes for axes in drawn(1, tables).axes if axes.texts]
    assert [axes.get_title(loc="left") for axes in panels] == [f"{depth} hidden layers" for depth in (2, 5, 10, 20, 50)]
    ticks = [sum(text.get_text() == "✓" for text in axes.texts) for axes in panels]
    assert ticks == (tables.verdicts["verdict"] == "healthy").groupby(tables.verdicts["depth"]).sum().tolist()
