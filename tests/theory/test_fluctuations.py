"""How far networks of finite width scatter, against the room of theory, closed forms and simulated networks."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.finite_width import log_length_variance
from reportgen.theory.fluctuations import Scatter
from reportgen.theory.maps import forward_moments
from reportgen.theory.nonlinearity import Nonlinearity

DEPTH = 6


def averages(name: str) -> Nonlinearity:
    activation = activations.get(name)
    return nonlinearity(activation.phi, activation.derivative, activation.kinks)


def scatter(name: str, sigma_w2: float) -> Scatter:
    q, _ = forward_moments(averages(name), sigma_w2, 0.0, 1.0, DEPTH)
    return Scatter.along(averages(name), q)


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "gelu", "selu"])
@pytest.mark.parametrize("sigma_w2", [0.5, 2.0])
def test_the_scatter_of_the_signal_is_that_of_the_room_of_theory(name: str, sigma_w2: float) -> None:
    expected = log_length_variance(averages(name), sigma_w2, 0.0, 1.0, [1] * DEPTH)
    # Elasticities are differences over a step of 1e-3, so they are good to about 1e-6.
    assert scatter(name, sigma_w2).of_activation() == pytest.approx(expected, rel=1e-4)


def test_relu_adds_five_per_layer_up_and_down() -> None:
    relu, layers = scatter("relu", 2.0), np.arange(1, DEPTH + 1)
    assert relu.of_activation() == pytest.approx(5 * layers, rel=1e-5)
    assert relu.of_pre_activation() == pytest.approx(2 + 5 * (layers - 1), rel=1e-5)
    assert relu.of_delta_rms(DEPTH) == pytest.approx(5 / 4 * layers[::-1], rel=1e-5)
    assert relu.of_delta_rms(2) == pytest.approx([10 / 4, 5 / 4], rel=1e-5)


def test_the_gradient_scatters_with_the_signal_too() -> None:
    tanh = scatter("tanh", 2.0)
    own = np.cumsum(tanh.backward[::-1])[::-1] / 4
    assert np.all(tanh.of_delta_rms(DEPTH) >= own)
    assert tanh.of_delta_rms(DEPTH)[0] > 1.01 * own[0]


def test_simulated_networks_scatter_as_expected() -> None:
    # One input through many tanh networks; the relative std of a sample variance of m draws is sqrt(2 / m).
    networks, width, sigma_w2 = 2000, 40, 2.0
    rng = np.random.default_rng(0)
    h = np.ones((networks, 1, width))
    logs = []
    for _ in range(DEPTH):
        weights = rng.normal(0, np.sqrt(sigma_w2 / width), (networks, width, width))
        h = np.tanh(h @ weights)
        logs.append(np.log(np.square(h).mean(axis=(1, 2))))
    measured = width * np.var(logs, axis=1)
    expected = scatter("tanh", sigma_w2).of_activation()
    # First order in 1 / width: the next is a few percent.
    tolerance = 5 * np.sqrt(2 / networks) + 3 / width
    assert measured == pytest.approx(expected, rel=tolerance)
    without_memory = scatter("tanh", sigma_w2).forward
    assert measured[-1] != pytest.approx(without_memory[-1], rel=tolerance)
