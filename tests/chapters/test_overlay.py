"""The theory's line over measured dots."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.overlay import draw_theory, predictions
from reportgen.chapters.style import canvas

Z = "pre_activation_second_moment"
LAYERS = pd.DataFrame({"replicate": [0, 0, 0, 1, 1, 1], "layer": [1, 2, 3] * 2}).assign(
    initializer="he_normal", activation="relu", data="gaussian", width=8
)
FORWARD = LAYERS.assign(**{Z: [1.0, 2.0, np.inf, 4.0, 8.0, np.inf]})
GRADIENTS = pd.concat([LAYERS[LAYERS["layer"] <= depth].assign(depth=depth, delta_rms=depth) for depth in (2, 3)])


def test_the_line_is_the_geometric_mean_over_the_replicates() -> None:
    assert list(predictions(FORWARD, Z)[Z]) == pytest.approx([2.0, 4.0, np.inf])


def test_a_gradient_has_a_line_per_depth() -> None:
    assert list(predictions(GRADIENTS, "delta_rms", depth=3)["delta_rms"]) == pytest.approx([3.0, 3.0, 3.0])


def test_a_depth_cuts_the_line_of_the_signal() -> None:
    assert list(predictions(FORWARD, Z, depth=2)["layer"]) == [1, 2]


def test_without_a_prediction_there_is_no_line() -> None:
    assert predictions(FORWARD, Z, data="digits").empty


def test_a_figure_draws_what_can_be_seen() -> None:
    axes = canvas(2.0).subplots()
    draw_theory(axes, predictions(FORWARD, Z).set_index("layer")[Z])
    assert np.asarray(axes.lines[0].get_ydata()) == pytest.approx([2.0, 4.0])
