"""Names beside a panel stand in the order of their lines, inside of the panel, each with a piece of its line."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.chapters.style import canvas, figure_style, look
from reportgen.chapters.swatches import Named, name_lines


def places(lines: list[Named], *, on_left: bool = False) -> dict[str, float]:
    """Return how high names stand beside a panel from 0 to 10 and from 10⁻⁴ to 1."""
    with figure_style():
        axes = canvas(3).subplots()
        axes.set(xlim=(0, 10), ylim=(1e-4, 1), yscale="log")
        name_lines(axes, lines, on_left=on_left)
    texts = [text for text in axes.texts if text.get_text()]
    assert len(axes.texts) == 2 * len(texts)
    assert {text.get_horizontalalignment() for text in texts} == {"right" if on_left else "left"}
    return {text.get_text(): float(text.xy[1]) for text in texts}  # type: ignore[attr-defined]


def named(text: str, x: float, y: float) -> Named:
    return Named(text, look("he_normal"), 1.4, x, y)


def test_a_name_stands_at_the_height_of_its_line() -> None:
    found = places([named("small", 10, 1e-3), named("larger", 10, 1e-1)])
    assert found == pytest.approx({"small": 0.25, "larger": 0.75})


def test_of_two_lines_that_leave_the_frame_the_earlier_one_stands_further_out() -> None:
    below = places([named("early", 2, 1e-4), named("late", 7, 1e-4), named("never in", 0, 0.0)])
    assert below["never in"] == pytest.approx(0)
    assert below["never in"] < below["early"] < below["late"]
    above = places([named("early", 8, 1.0), named("late", 3, 1.0), named("never in", 10, np.inf)], on_left=True)
    assert above["never in"] == pytest.approx(1)
    assert above["never in"] > above["early"] > above["late"]


def test_names_that_would_overlap_are_moved_apart_and_stay_in_the_panel() -> None:
    heights = sorted(places([named(str(number), 10, 2e-4) for number in range(5)]).values())
    assert heights[0] >= 0
    assert np.diff(heights).min() > 0.075 - 1e-9


def test_the_name_to_look_at_first_is_bold() -> None:
    with figure_style():
        axes = canvas(3).subplots()
        name_lines(axes, [named("one", 1, 0.5), named("other", 1, 0.7)._replace(is_strong=True)])
    assert {text.get_text(): text.get_fontweight() for text in axes.texts if text.get_text()} == {
        "one": "normal",
        "other": "bold",
    }
