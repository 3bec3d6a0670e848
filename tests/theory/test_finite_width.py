"""How far networks of finite width scatter, against closed forms and ensembles of narrow networks."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, Parameters
from reportgen.nn.mlp import forward
from reportgen.theory import finite_width
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.finite_width import Scatter, length_quantile, relative_unit_variance
from reportgen.theory.maps import forward_moments
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats

DEPTH, WIDTH, MEMBERS = 6, 64, 2000


def theory_of(name: str) -> Nonlinearity:
    item = activations.get(name)
    return nonlinearity(item.phi, item.derivative, item.kinks)


def scatter(name: str, sigma_w2: float) -> Scatter:
    q, _ = forward_moments(theory_of(name), sigma_w2, 0.0, 1.0, DEPTH)
    return Scatter.along(theory_of(name), q)


@cache
def lengths(name: str, sigma_w2: float) -> Floats:
    """Return the mean square activation of each layer of many networks, shape (depth, members)."""
    rng = np.random.default_rng(0)
    std = np.float32(math.sqrt(sigma_w2 / WIDTH))
    h, layers = np.ones((MEMBERS, 1, WIDTH), np.float32), []
    for _ in range(DEPTH):
        W = std * rng.standard_normal((MEMBERS, WIDTH, WIDTH), dtype=np.float32)
        h = forward(Ensemble(Parameters([W]), activations.get(name)), h).activations[0]
        layers.append(np.square(h.astype(np.float64)).mean(axis=(1, 2)))
    return np.stack(layers)


@pytest.mark.parametrize(("name", "expected"), [("relu", 5.0), ("linear", 2.0), ("leaky_relu", 5.0)])
def test_a_rectified_unit_has_five_times_the_noise_of_a_layer_of_one_over_n(name: str, expected: float) -> None:
    # A leak of 0.01 changes it by the order of its square.
    np.testing.assert_allclose(relative_unit_variance(theory_of(name), [1e-3, 1.0, 50.0]), expected, rtol=1e-3)
    assert float(relative_unit_variance(theory_of("tanh"), 50.0)) < 0.5


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "gelu", "selu"])
@pytest.mark.parametrize("sigma_w2", [0.5, 2.0])
def test_a_layer_adds_the_variance_of_a_unit_and_passes_on_by_the_growth(name: str, sigma_w2: float) -> None:
    phi, found = theory_of(name), scatter(name, sigma_w2)
    q, _ = forward_moments(phi, sigma_w2, 0.0, 1.0, DEPTH)
    # Elasticities are differences over a step of 1e-3, so they are good to about 1e-6.
    assert found.forward == pytest.approx(relative_unit_variance(phi, q), rel=1e-4)
    assert found.growth == pytest.approx(phi.growth(q) * q / phi.second_moment(q), rel=1e-4)
    expected = [found.forward[0]]
    for growth, own in zip(found.growth[1:], found.forward[1:], strict=True):
        expected.append(growth**2 * expected[-1] + own)
    assert found.of_activation() == pytest.approx(expected)


@pytest.mark.parametrize(("name", "sigma_w2"), [("relu", 2.0), ("tanh", 3.0), ("sigmoid", 1.0), ("gelu", 2.0)])
def test_the_log_of_the_length_varies_as_predicted(name: str, sigma_w2: float) -> None:
    measured = WIDTH * np.log(lengths(name, sigma_w2)).var(axis=1)
    # A sample variance of n draws has the relative standard error sqrt(2 / n); higher orders in 1/n add about
    # (5 / n) per layer, which is 8 % for ReLU.
    tolerance = 5 * math.sqrt(2 / MEMBERS) + 5 / WIDTH
    found = scatter(name, sigma_w2)
    np.testing.assert_allclose(measured, found.of_activation(), rtol=tolerance)
    if name in {"tanh", "sigmoid"}:
        assert not np.allclose(measured, np.cumsum(found.forward), rtol=tolerance), "a fixed point forgets"


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


@pytest.mark.parametrize(("name", "sigma_w2"), [("relu", 2.0), ("tanh", 3.0), ("sigmoid", 1.0), ("linear", 0.5)])
def test_most_maps_enlarge_no_deviation(name: str, sigma_w2: float) -> None:
    assert scatter(name, sigma_w2).multiplied() == pytest.approx(np.ones(DEPTH), abs=1e-5)


def test_gelu_under_he_leaves_an_unstable_fixed_point_and_multiplies_what_it_starts_with() -> None:
    gelu, depth, small = theory_of("gelu"), 20, 1e-4
    q, moved = (forward_moments(gelu, 2.0, 0.0, start, depth)[0] for start in (1.0, 1.0 + small))
    multiplied = Scatter.along(gelu, q).multiplied()
    assert multiplied[-1] > 2
    # The oracle is the map itself, from a second layer that is a little larger.
    further = np.log(moved / q)
    assert multiplied[-1] == pytest.approx(further[-1] / further[1], rel=0.02)


def test_quantiles_of_the_length_are_those_of_many_networks() -> None:
    measured = lengths("relu", 2.0)[-1]
    for probability in (0.05, 0.5, 0.95):
        # A quantile's share of n draws has the standard error sqrt(p (1 - p) / n); being log-normal is an
        # approximation of the order of the skewness, sqrt(variance) / 10 here.
        share = np.mean(measured < length_quantile(5 * DEPTH / WIDTH, probability))
        tolerance = 5 * math.sqrt(probability * (1 - probability) / MEMBERS) + 0.01
        assert share == pytest.approx(probability, abs=tolerance)
    assert np.mean(measured < 1) > 0.6, "the typical network is shorter than the mean"


@pytest.mark.parametrize("name", ["hard_shrink", "soft_shrink", "threshold", "tanh_shrink"])
def test_a_unit_that_is_flat_around_zero_scatters_by_numbers_even_where_it_is_dead(name: str) -> None:
    found = Scatter.along(theory_of(name), np.array([1.0, 0.1, 1e-3, 1e-40, 1e90]))
    for part in (found.forward, found.backward, found.growth, found.slope, found.passed):
        assert np.isfinite(part).all()
    assert found.forward[0] == pytest.approx(float(relative_unit_variance(theory_of(name), 1.0)), rel=1e-4)
    assert found.forward[1] > found.forward[0]


def test_a_unit_that_is_flat_everywhere_scatters_by_nothing() -> None:
    flat = Scatter.along(Nonlinearity(np.zeros_like, np.zeros_like), np.array([1.0, 1.0]))
    assert (flat.growth == 0).all()
    assert np.isfinite(flat.forward).all()


def test_curves_over_the_size_of_pre_activations_are_those_of_scipys_spline() -> None:
    sizes = np.log(finite_width._Q)
    rough = np.random.default_rng(0).standard_normal(sizes.size)
    x = np.concatenate([sizes, np.linspace(sizes[0], sizes[-1], 1001)])
    read, theirs = finite_width._spline(rough)(x), CubicSpline(sizes, rough)(x)
    np.testing.assert_allclose(read, theirs, atol=1e-12)
    assert np.abs(np.interp(x, sizes, rough) - theirs).max() > 1e-3
