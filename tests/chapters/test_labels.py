"""Labels at the ends of lines do not overlap, and stand beside what they name."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.chapters.labels import End, inside, label_ends, spread
from reportgen.chapters.style import canvas, figure_style


def test_places_keep_their_order_and_distance_and_move_no_further_than_they_must() -> None:
    wanted = list(np.random.default_rng(0).uniform(0, 1, 9))
    places = spread(wanted, 0.08)
    assert np.array_equal(np.argsort(places), np.argsort(wanted))
    assert np.diff(np.sort(places)).min() > 0.08 - 1e-9
    assert spread([0.1, 0.5, 0.9], 0.08) == pytest.approx([0.1, 0.5, 0.9])
    assert np.mean(spread([0.5, 0.5, 0.5], 0.1)) == pytest.approx(0.5)


def test_texts_of_several_lines_get_their_height() -> None:
    lines = [1, 3, 1]
    places = spread([0.5, 0.5, 0.5], 0.1, lines)
    assert np.diff(sorted(places)) == pytest.approx([0.2, 0.2])
    assert np.diff(sorted(spread([0.5, 0.5, 0.5], 0.1))) == pytest.approx([0.1, 0.1])


def test_places_beyond_a_panel_move_into_it_in_their_order() -> None:
    places = inside([1.04, 0.98, -0.1, 0.5], [1, 2, 1, 1], 0.1)
    assert places == pytest.approx([1.0, 0.85, 0.0, 0.5])


def test_a_label_stands_at_the_height_of_its_line_on_a_logarithmic_axis() -> None:
    with figure_style():
        axes = canvas(3).subplots()
        axes.set(xlim=(0, 10), ylim=(1e-4, 1), yscale="log")
        label_ends(axes, {"small": (10.0, 1e-3), "one": End(10.0, 1.0, is_strong=True), "below": (10.0, 0.0)})
    places = {text.get_text(): text.get_position() for text in axes.texts}
    assert places["small"][1] == pytest.approx(0.25, abs=0.01)
    assert places["one"][1] == pytest.approx(1.0)
    assert places["below"][1] == pytest.approx(0.0)
    assert [text.get_fontweight() for text in axes.texts] == ["normal", "bold", "normal"]
