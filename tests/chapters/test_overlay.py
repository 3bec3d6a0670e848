"""The theory's line over measured dots, and what a figure says where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.overlay import NO_LIMIT, draw_theory, theory_line
from reportgen.chapters.style import canvas

FACTORS = {"initializer": "he_normal", "activation": "relu", "data": "gaussian", "width": 8}


@pytest.fixture
def results() -> Results:
    layers = pd.DataFrame({"replicate": [0, 0, 0, 1, 1, 1], "layer": [1, 2, 3] * 2}).assign(**FACTORS)
    forward = layers.assign(pre_activation_second_moment=[1.0, 2.0, np.inf, 4.0, 8.0, np.inf])
    gradients = pd.concat([layers[layers["layer"] <= depth].assign(depth=depth, delta_rms=depth) for depth in (2, 3)])
    return Results({"forward_theory": forward, "gradient_theory": gradients}, {}, {})


def test_the_line_is_the_geometric_mean_over_the_replicates(results: Results) -> None:
    line = theory_line(results, "he_normal", "relu", "pre_activation_second_moment")
    assert line is not None
    assert line.to_dict() == pytest.approx({1: 2.0, 2: 4.0, 3: np.inf})


def test_a_gradient_has_a_line_per_depth(results: Results) -> None:
    line = theory_line(results, "he_normal", "relu", "delta_rms", depth=3)
    assert line is not None
    assert line.to_dict() == pytest.approx({1: 3.0, 2: 3.0, 3: 3.0})


def test_a_depth_cuts_the_line_of_the_signal(results: Results) -> None:
    line = theory_line(results, "he_normal", "relu", "pre_activation_second_moment", depth=2)
    assert line is not None
    assert list(line.index) == [1, 2]


@pytest.mark.parametrize(("initializer", "data"), [("zeros", "gaussian"), ("he_normal", "digits")])
def test_without_a_prediction_there_is_no_line(results: Results, initializer: str, data: str) -> None:
    assert theory_line(results, initializer, "relu", "pre_activation_second_moment", data=data) is None


def test_a_figure_draws_what_can_be_seen_or_says_that_there_is_no_line(results: Results) -> None:
    with_line, without = canvas(2.0).subplots(1, 2)
    draw_theory(with_line, theory_line(results, "he_normal", "relu", "pre_activation_second_moment"))
    draw_theory(without, None)
    assert list(with_line.lines[0].get_ydata()) == pytest.approx([2.0, 4.0])
    assert [text.get_text() for text in without.texts] == [NO_LIMIT]
    assert not without.lines
