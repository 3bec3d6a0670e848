"""Averages of every registered activation, against scipy's adaptive quadrature, differences and published numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from reportgen.nn.activations import Activation, activations
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.fixed_points import critical_sigma_w2, find_fixed_point
from reportgen.theory.maps import correlations
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats, NotConverged, gaussian_mean

VARIANTS = ["leaky_relu(negative_slope=-1)", "leaky_relu(negative_slope=3)", "elu(alpha=2)"]
EVERY = [*(name for name in activations.names() if name != "exponential"), *VARIANTS]
"""All but exp, whose averages leave the range where those of others begin: `test_closed_forms` has it."""
VARIANCES = [1e-6, 1e-3, 0.3, 1.0, 17.0, 200.0, 1e4]


def theory_of(name: str) -> Nonlinearity:
    item = activations.get(name)
    return nonlinearity(item.phi, item.derivative, item.kinks)


THEORY = {name: theory_of(name) for name in EVERY}


def adaptive(function: Callable[[Any], Any], item: Activation, variance: float) -> float:
    """Average by scipy's adaptive quadrature, one stretch after the other."""
    std = math.sqrt(variance)
    corners = {side * place / std for place in (0.3, 1, 3, 10, 30, 100) for side in (-1, 1)}
    corners |= {kink / std for kink in (0.0, *item.kinks)}
    stretches = [-10.0, *sorted(corner for corner in corners if abs(corner) < 10), 10.0]

    def weighted(z: float) -> float:
        return float(function(np.float64(std * z))) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    return sum(integrate.quad(weighted, *ends, epsabs=1e-300, epsrel=1e-10)[0] for ends in pairwise(stretches))


@pytest.mark.parametrize("name", EVERY)
def test_the_moments_of_phi_and_its_slope_are_those_of_adaptive_quadrature(name: str) -> None:
    item, theory = activations.get(name), THEORY[name]
    squared = [adaptive(lambda x: item.phi(x) ** 2, item, q) for q in VARIANCES]
    slopes = [adaptive(lambda x: item.derivative(x) ** 2, item, q) for q in VARIANCES]
    np.testing.assert_allclose(theory.second_moment(VARIANCES), squared, rtol=1e-9)
    np.testing.assert_allclose(theory.slope(VARIANCES), slopes, rtol=1e-9)


@pytest.mark.parametrize("name", ["sigmoid", "relu", "gelu", "softplus"])
def test_the_variance_of_phi_is_no_second_moment(name: str) -> None:
    theory = THEORY[name]
    q = np.array(VARIANCES[3:])
    variance = theory.second_moment(q) - theory.mean(q) ** 2
    assert (variance < 0.9 * theory.second_moment(q)).all()


PUBLISHED_GAMMA = {
    "relu": 1.7139588594436646,
    "gelu": 1.7015043497085571,
    "elu": 1.2716004848480225,
    "silu": 1.7881293296813965,
    "tanh": 1.5939117670059204,
    "sigmoid": 4.803835391998291,
    "softsign": 2.338853120803833,
    "softplus": 1.9203323125839233,
    "selu": 1.0008515119552612,
}
"""1 / std(phi(z)) of one draw of 1024 x 256 normal numbers, from DeepMind's code for Brock et al. 2021."""


@pytest.mark.parametrize("name", PUBLISHED_GAMMA)
def test_mean_and_second_moment_give_the_published_constants_of_normalizer_free_networks(name: str) -> None:
    theory = THEORY[name]
    gamma = 1 / math.sqrt(theory.second_moment(1.0) - theory.mean(1.0) ** 2)
    # They were measured: a std of n draws is off by sqrt((kurtosis - 1) / 4 n), kurtosis below 6 here, n = 2^18.
    assert gamma == pytest.approx(PUBLISHED_GAMMA[name], rel=5 * math.sqrt(5 / 4 / 2**18))


@pytest.mark.parametrize("name", EVERY)
def test_growth_is_the_derivative_of_the_second_moment(name: str) -> None:
    theory = THEORY[name]
    q = np.array([1e-3, 0.3, 1.0, 17.0, 1e4])
    # Central differences in ln q: the step's square leaves 1e-7, rounding of the moments 1e-12 / 1e-3.
    step = 1e-3
    up, down = theory.second_moment(q * np.exp(step)), theory.second_moment(q * np.exp(-step))
    difference = (up - down) / (2 * step * q)
    np.testing.assert_allclose(theory.growth(q), difference, rtol=2e-6, atol=1e-8 * float(theory.second_moment(1.0)))
    if name not in {"linear", "relu", "leaky_relu", "soft_shrink", *VARIANTS[:2]}:
        assert not np.allclose(theory.growth(q), theory.slope(q), rtol=1e-3), "they agree where phi is 0 at every kink"


@pytest.mark.parametrize("name", EVERY)
def test_the_fourth_moment_is_that_of_adaptive_quadrature(name: str) -> None:
    item = activations.get(name)
    expected = [adaptive(lambda x: item.phi(x) ** 4, item, q) for q in (0.3, 17.0)]
    np.testing.assert_allclose(THEORY[name].fourth_moment([0.3, 17.0]), expected, rtol=1e-8)


@pytest.mark.parametrize("name", EVERY)
def test_a_product_joins_the_squared_mean_and_the_second_moment(name: str) -> None:
    theory = THEORY[name]
    for q in (0.01, 1.0, 50.0):
        assert theory.product(q, q, 1.0) == pytest.approx(float(theory.second_moment(q)), rel=1e-9)
        assert theory.slope_product(q, q, 1.0) == pytest.approx(float(theory.slope(q)), rel=1e-9)
        means = float(theory.mean(q)) * float(theory.mean(3 * q))
        assert theory.product(q, 3 * q, 0.0) == pytest.approx(means, abs=1e-9 * float(theory.second_moment(q)))


@pytest.mark.parametrize("name", EVERY)
def test_the_product_of_slopes_is_how_much_the_product_grows_with_the_covariance(name: str) -> None:
    # Price 1958: d E[phi(u) phi(v)] / d E[u v] = E[phi'(u) phi'(v)].
    theory, c, step = THEORY[name], 0.6, 1e-3
    for q_a, q_b in ((1.0, 1.0), (0.5, 8.0)):
        rise = theory.product(q_a, q_b, c + step) - theory.product(q_a, q_b, c - step)
        difference = rise / (2 * step * math.sqrt(q_a * q_b))
        # The third derivative of an arcsine near 0.6 is below 10: the difference is off by 1e-6 or so.
        assert theory.slope_product(q_a, q_b, c) == pytest.approx(difference, rel=1e-5)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.sampled_from(["tanh", "gelu", "softsign", "hard_tanh"]), st.floats(-3, 3), st.floats(-3, 3), st.floats(-1, 1))
def test_a_product_is_symmetric_and_bounded_by_the_second_moments(name: str, a: float, b: float, c: float) -> None:
    theory, q_a, q_b = THEORY[name], 10.0**a, 10.0**b
    product = theory.product(q_a, q_b, c)
    assert theory.product(q_b, q_a, c) == pytest.approx(product, rel=1e-8, abs=1e-15)
    assert product**2 <= float(theory.second_moment(q_a) * theory.second_moment(q_b)) * (1 + 1e-9)


@pytest.mark.parametrize("name", ["hard_shrink", "threshold"])
def test_a_step_is_part_of_what_the_moments_grow_by_and_parts_inputs_that_are_nearly_alike(name: str) -> None:
    theory, item = THEORY[name], activations.get(name)
    assert [place for place, _, _ in theory.steps] == list(item.kinks)
    without = gaussian_mean(lambda x: x * item.phi(x) * item.derivative(x), 1.0, item.kinks)
    assert float(theory.growth(1.0)) - float(without) > 0.04
    point = find_fixed_point(theory, 0.7, 0.3)
    assert 0 < point.c_star < 1
    assert point.chi_1 < 1
    c = correlations(theory, 0.7, 0.3, 1.0, 0.99, depth=60)
    assert c[-1] == pytest.approx(point.c_star, abs=1e-6)


def test_kinks_are_no_steps() -> None:
    assert [name for name, theory in THEORY.items() if theory.steps] == ["hard_shrink", "threshold"]


def test_a_vanishing_q_has_the_limits_from_above() -> None:
    assert float(THEORY["tanh"].second_moment(0.0)) == 0
    assert float(THEORY["sigmoid"].second_moment(0.0)) == 0.25
    assert float(THEORY["tanh"].slope(0.0)) == pytest.approx(1, rel=1e-12)
    assert float(THEORY["selu"].slope(0.0)) == pytest.approx((1.0507009873554805**2) * (1 + 1.6732632423543772**2) / 2)
    assert activations.get("selu").derivative(np.zeros(1)) ** 2 != pytest.approx(float(THEORY["selu"].slope(0.0)))


def test_what_leaves_the_range_is_infinite() -> None:
    assert float(THEORY["gelu"].second_moment(1e160)) == np.inf
    assert float(THEORY["gelu"].slope(np.inf)) == pytest.approx(0.5)


def test_a_moment_is_integrated_once_per_octave() -> None:
    calls = []

    def counted(z: Floats) -> Floats:
        calls.append(z.size)
        return np.tanh(z)

    theory = Nonlinearity(counted, lambda z: 1 - np.tanh(z) ** 2)
    q = np.geomspace(1.0, 1.9, 500)
    theory.second_moment(q)
    first = len(calls)
    theory.second_moment(q)
    # Few nodes and many, of either sign; the value at 0 is looked up too, once.
    assert 0 < first <= 5
    assert len(calls) == first


def test_a_rough_activation_is_refused_and_one_with_an_unnamed_kink_is_not() -> None:
    rough = Nonlinearity(lambda z: np.maximum(np.sin(1e7 * z), 0.0), np.zeros_like)
    with pytest.raises(NotConverged):
        rough.second_moment(1.0)
    shifted = Nonlinearity(lambda z: np.maximum(z - 1, 0.0), lambda z: np.heaviside(z - 1, 0.0))
    named = Nonlinearity(shifted.phi, shifted.derivative, [1.0])
    np.testing.assert_allclose(shifted.slope([0.5, 5.0]), named.slope([0.5, 5.0]), rtol=1e-9)


def test_where_all_weight_lies_beyond_the_ends_rounding_is_no_fault() -> None:
    # 1/2 is nearly nine standard deviations away: what is integrated there is rounding.
    theory = THEORY["soft_shrink"]
    moments = theory.second_moment(np.square(0.5 / 9) * np.array([1 - 1e-7, 1.0, 1 + 1e-12, 1 + 1e-7]))
    assert (moments <= 1e-20).all()
    assert float(critical_sigma_w2(theory, 0.0)) == pytest.approx(1, rel=1e-9)


def test_an_activation_that_is_flat_around_zero_dies_without_an_error() -> None:
    shrink = Nonlinearity(lambda z: z * (np.abs(z) > 0.5), lambda z: np.heaviside(np.abs(z) - 0.5, 0.0), [-0.5, 0.5])
    moments = shrink.second_moment([1e-6, 1e-2, 4e-3, 1e-3])
    assert (moments >= 0).all()
    assert (moments < 1e-6).all()
