"""The length of a signal as a random walk, against ensembles of narrow networks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, Parameters
from reportgen.nn.mlp import forward
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.finite_width import (
    length_quantile,
    length_second_moment,
    log_length_variance,
    relative_unit_variance,
)
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats

DEPTH, WIDTH, MEMBERS = 6, 64, 2000


def theory_of(name: str) -> Nonlinearity:
    item = activations.get(name)
    return nonlinearity(item.phi, item.derivative, item.kinks)


def lengths(name: str, sigma_w2: float, sigma_b2: float, width: int = WIDTH, members: int = MEMBERS) -> Floats:
    """Return the mean square activation of each layer of many networks, shape (depth, members)."""
    rng = np.random.default_rng(0)
    std_w, std_b = np.float32(math.sqrt(sigma_w2 / width)), np.float32(math.sqrt(sigma_b2))
    h, layers = np.ones((members, 1, width), np.float32), []
    for _ in range(DEPTH):
        W = std_w * rng.standard_normal((members, width, width), dtype=np.float32)
        b = std_b * rng.standard_normal((members, 1, width), dtype=np.float32)
        h = forward(Ensemble(Parameters([W], [b]), activations.get(name)), h).activations[0]
        layers.append(np.square(h.astype(np.float64)).mean(axis=(1, 2)))
    return np.stack(layers)


@pytest.mark.parametrize(("name", "expected"), [("relu", 5.0), ("linear", 2.0), ("leaky_relu", 5.0)])
def test_a_rectified_unit_has_five_times_the_noise_of_a_layer_of_one_over_n(name: str, expected: float) -> None:
    # A leak of 0.01 changes it by the order of its square.
    np.testing.assert_allclose(relative_unit_variance(theory_of(name), [1e-3, 1.0, 50.0]), expected, rtol=1e-3)
    assert float(relative_unit_variance(theory_of("tanh"), 50.0)) < 0.5


@pytest.mark.parametrize(
    ("name", "sigma_w2", "sigma_b2"),
    [("relu", 2.0, 0.0), ("relu", 1.0, 0.5), ("tanh", 3.0, 0.05), ("sigmoid", 1.0, 0.0), ("gelu", 2.0, 0.1)],
)
def test_the_log_of_the_length_varies_as_predicted(name: str, sigma_w2: float, sigma_b2: float) -> None:
    measured = np.log(lengths(name, sigma_w2, sigma_b2)).var(axis=1)
    predicted = log_length_variance(theory_of(name), sigma_w2, sigma_b2, 1.0, [WIDTH] * DEPTH)
    # A sample variance of n draws has the relative standard error sqrt(2 / n); higher orders in 1/n add about
    # (5 / n) per layer, which is 8 % for ReLU.
    tolerance = 5 * math.sqrt(2 / MEMBERS) + 5 / WIDTH
    np.testing.assert_allclose(measured, predicted, rtol=tolerance)
    independent = np.cumsum(relative_unit_variance(theory_of(name), 1.0) / WIDTH * np.ones(DEPTH))
    if name in {"tanh", "sigmoid"}:
        assert not np.allclose(measured, independent, rtol=tolerance), "a fixed point forgets"


def test_he_with_relu_has_the_law_of_five_layers_over_the_width() -> None:
    variance = log_length_variance(theory_of("relu"), 2.0, 0.0, 1.0, [64] * 50)
    np.testing.assert_allclose(variance, 5 * np.arange(1, 51) / 64, rtol=1e-12)
    narrowing = log_length_variance(theory_of("relu"), 2.0, 0.0, 1.0, [64, 32, 16])
    np.testing.assert_allclose(narrowing, np.cumsum([5 / 64, 5 / 32, 5 / 16]), rtol=1e-12)


def test_quantiles_of_the_length_are_those_of_many_networks() -> None:
    measured = lengths("relu", 2.0, 0.0)[-1]
    variance = float(log_length_variance(theory_of("relu"), 2.0, 0.0, 1.0, [WIDTH] * DEPTH)[-1])
    for probability in (0.05, 0.5, 0.95):
        # A quantile's share of n draws has the standard error sqrt(p (1 - p) / n); being log-normal is an
        # approximation of the order of the skewness, sqrt(variance) / 10 here.
        share = np.mean(measured < length_quantile(variance, probability))
        tolerance = 5 * math.sqrt(probability * (1 - probability) / MEMBERS) + 0.01
        assert share == pytest.approx(probability, abs=tolerance)
    assert np.mean(measured < 1) > 0.6, "the typical network is shorter than the mean"


def test_the_mean_square_of_the_length_is_a_product_over_layers() -> None:
    # Hanin & Rolnick 2018 with width 40 and depth 8: 2.566.
    assert length_second_moment([40] * 8)[-1] == pytest.approx(2.566, abs=5e-4)
    width, members = 20, 20_000
    measured = lengths("relu", 2.0, 0.0, width, members)
    mean = measured.mean(axis=1)
    np.testing.assert_array_less(np.abs(mean - 1), 5 * measured.std(axis=1) / math.sqrt(members))
    ratio = np.square(measured).mean(axis=1) / np.square(mean)
    predicted = length_second_moment([width] * DEPTH)
    fourth = (measured**4).mean(axis=1) / np.square(measured).mean(axis=1) ** 2
    np.testing.assert_array_less(np.abs(ratio / predicted - 1), 5 * np.sqrt(fourth / members))
    assert not np.allclose(ratio, 1 + 5 * np.arange(1, DEPTH + 1) / width, rtol=0.1), "layers multiply"
