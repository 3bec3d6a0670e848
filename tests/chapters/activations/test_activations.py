"""The chapter on activations: what its figure draws, and its table of all activations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reportgen.chapters.activations import CHAPTER
from reportgen.chapters.style import figure_style
from reportgen.presets import ACTIVATIONS
from reportgen.report.page import Reading
from tests.chapters.adding import ACTIVATION

Read = Callable[..., Reading]


def drawn(read: Read) -> list[Any]:
    figure = CHAPTER.figures[0]
    with figure_style():
        return list(figure.draw(*figure.copies(read(CHAPTER).tables)[0].frames.values()).axes)


def test_the_curves_of_value_and_slope_are_drawn_and_a_jump_is_a_gap(read: Read) -> None:
    sigmoid, tanh, relu = (axes.lines for axes in drawn(read)[:3])
    assert max(sigmoid[-1].get_ydata()) == pytest.approx(0.25)
    assert max(tanh[-1].get_ydata()) == pytest.approx(1)
    assert np.isnan(relu[-1].get_ydata()).sum() == 1
    assert not np.isnan(tanh[-1].get_ydata()).any()


def test_the_share_of_flat_slopes_stands_beside_each_distribution(read: Read) -> None:
    texts = [[text.get_text() for text in axes.texts] for axes in drawn(read)[3:]]
    assert texts[:3] == [["0% flat"], ["0% flat"], ["50% inactive"]]
    assert texts[-3:] == [["66% flat"], ["83% flat"], ["50% inactive"]]


def test_the_table_has_every_activation_in_its_group_and_tells_its_bounds(read: Read) -> None:
    table = read(CHAPTER).findings.table.set_index("activation")
    assert set(table.index) == set(ACTIVATIONS)
    assert list(table.index[:2]) == ["sigmoid", "tanh"]
    bounds = table["bounded"]
    assert (bounds["tanh"], bounds["relu"], bounds["leaky_relu"]) == ("on both sides", "below", "no")
    assert table["rms output"]["relu"] == pytest.approx(0.5**0.5, abs=1e-3)


def test_an_added_activation_stands_in_the_table_too(read_added: Read) -> None:
    assert ACTIVATION in set(read_added(CHAPTER).findings.table["activation"])
