"""Normalization and residual branches: closed forms, and one wide layer measured against each factor."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.theory.architectures import batch_norm_factor, layer_norm_factor, residual_growth
from reportgen.theory.closed_forms import PiecewiseLinear, nonlinearity
from reportgen.theory.nonlinearity import Nonlinearity

RELU, LINEAR = PiecewiseLinear(0.0, 1.0), PiecewiseLinear(1.0, 1.0)


def averages(name: str) -> Nonlinearity:
    activation = activations.get(name)
    return nonlinearity(activation.phi, activation.derivative, activation.kinks)


def test_batch_norm_with_relu_has_the_published_factor_and_layer_norm_keeps_the_gradient() -> None:
    assert batch_norm_factor(RELU) == pytest.approx(math.pi / (math.pi - 1), rel=1e-12)
    assert layer_norm_factor(RELU) == pytest.approx(1, rel=1e-12)


def test_without_an_activation_neither_changes_a_gradient() -> None:
    assert batch_norm_factor(LINEAR) == layer_norm_factor(LINEAR) == 1


def test_for_an_odd_activation_both_norms_are_one_and_the_scale_of_the_output_does_not_matter() -> None:
    tanh = averages("tanh")
    assert batch_norm_factor(tanh) == pytest.approx(layer_norm_factor(tanh), rel=1e-9)
    assert layer_norm_factor(PiecewiseLinear(0.0, 3.0)) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid"])
def test_the_factor_of_batch_norm_is_that_of_one_measured_layer(name: str) -> None:
    """A layer z = h W / std over the batch: the slopes' mean square times the weights', over the variance of h W."""
    rng = np.random.default_rng(0)
    batch, width, activation = 4000, 200, activations.get(name)
    y = rng.standard_normal((batch, width))
    h, W = activation.phi(y), rng.standard_normal((width, width))
    inverse = 1 / (h @ W).std(axis=0)
    delta = rng.standard_normal((batch, width))
    below = activation.derivative(y) * ((delta * inverse) @ W.T)
    measured = np.mean(below**2) / np.mean(delta**2)
    # Five standard errors of the mean square of all weights, and the bias of the inverse of a unit's variance.
    margin = 5 * math.sqrt(2 / width / width) + 2 / width
    assert measured == pytest.approx(batch_norm_factor(averages(name)), rel=margin)
    if name != "tanh":
        assert measured != pytest.approx(layer_norm_factor(averages(name)), rel=margin)


def test_scaled_branches_of_he_grow_to_the_root_of_e_and_whole_ones_double() -> None:
    assert residual_growth(1.0, 1.0, 10) == 2.0**10
    for depth in (10, 100, 1000):
        total = residual_growth(1.0, (2 * depth) ** -0.5, depth)
        assert total < math.sqrt(math.e)
        # The logarithm of the limit is approached as 1/2 - 1/(8 depth).
        assert math.log(total) == pytest.approx(0.5 - 1 / (8 * depth), abs=1 / depth**2)
    assert residual_growth(1.0, 1e-3, 10**6) == pytest.approx(math.e, rel=1e-6)
