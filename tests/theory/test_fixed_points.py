"""Fixed points, depth scales, gains and the edge of chaos, against published numbers and the maps themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.nn.activations import activations
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.edges import settled_sigma_w2
from reportgen.theory.fixed_points import critical_sigma_w2, find_fixed_point, gains, q_star
from reportgen.theory.maps import correlations, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity

THEORY = {item.name: nonlinearity(item.phi, item.derivative, item.kinks) for item in activations}


def test_tanh_with_small_biases_is_critical_at_the_published_point() -> None:
    # Schoenholz et al. 2017 and Poole et al. 2016: (sigma_w2, sigma_b2) = (1.76, 0.05).
    critical = float(critical_sigma_w2(THEORY["tanh"], 0.05))
    point = find_fixed_point(THEORY["tanh"], critical, 0.05)
    assert critical == pytest.approx(1.76, abs=0.005)
    assert point.q_star == pytest.approx(0.570, abs=0.001)
    assert point.chi_1 == pytest.approx(1, rel=1e-9)
    assert point.xi_c == math.inf
    slope_of_the_wrong_moment = critical * float(THEORY["tanh"].growth(point.q_star))
    assert abs(slope_of_the_wrong_moment - 1) > 0.3


@pytest.mark.parametrize(("sigma_w2", "chi_1"), [(1.2, 0.8452), (3.0, 1.209)])
def test_gradients_of_tanh_networks_vanish_in_the_ordered_and_explode_in_the_chaotic_phase(
    sigma_w2: float, chi_1: float
) -> None:
    assert find_fixed_point(THEORY["tanh"], sigma_w2, 0.05).chi_1 == pytest.approx(chi_1, abs=5e-4)


def test_the_depth_scales_of_both_phases_are_the_published_ones() -> None:
    ordered = find_fixed_point(THEORY["tanh"], 1.2, 0.05)
    chaotic = find_fixed_point(THEORY["tanh"], 3.0, 0.05)
    assert ordered.c_star == 1
    assert ordered.xi_c == pytest.approx(5.945, abs=1e-3)
    assert ordered.xi_c == pytest.approx(-1 / math.log(ordered.chi_1))
    assert chaotic.c_star == pytest.approx(0.2993, abs=1e-4)
    assert chaotic.xi_c != pytest.approx(-1 / math.log(chaotic.chi_1), rel=0.1)


def test_sigmoid_at_gain_one_loses_eighteen_nineteenths_of_a_gradient_per_layer() -> None:
    point = find_fixed_point(THEORY["sigmoid"], 1.0, 0.0)
    assert float(THEORY["sigmoid"].second_moment(point.q_star)) == pytest.approx(0.2647, abs=5e-5)
    assert float(THEORY["sigmoid"].mean(point.q_star)) == pytest.approx(0.5, abs=1e-12)
    assert point.chi_1 == pytest.approx(0.0557, abs=5e-5)
    assert point.chi_1 < 1 / 16


def test_the_tanh_of_lecun_settles_below_one_and_close_to_the_edge_of_chaos() -> None:
    theory = THEORY["lecun_tanh"]
    point = find_fixed_point(theory, 1.0, 0.0)
    assert float(theory.second_moment(1.0)) == pytest.approx(0.7504, abs=5e-5)
    assert point.q_star == pytest.approx(0.3824, abs=5e-5)
    assert point.chi_1 == pytest.approx(1.019, abs=5e-4)


def test_the_gain_five_thirds_keeps_tanh_signals_and_makes_gradients_explode() -> None:
    point = find_fixed_point(THEORY["tanh"], 25 / 9, 0.0)
    assert point.q_star == pytest.approx(1.178, abs=5e-4)
    assert math.sqrt(THEORY["tanh"].second_moment(point.q_star)) == pytest.approx(0.6513, abs=5e-4)
    assert point.chi_1 == pytest.approx(1.21, abs=5e-4)


@pytest.mark.parametrize(
    ("name", "forward", "backward"),
    [
        ("relu", 1.4142, 1.4142),
        ("tanh", 1.5925, 1.4674),
        ("sigmoid", 1.8462, 4.7226),
        ("elu", 1.2452, 1.2234),
        ("selu", 1.0000, 0.9660),
        ("gelu", 1.5335, 1.4811),
        ("silu", 1.6765, 1.6233),
        ("softplus", 1.0419, 1.8462),
        ("softsign", 2.3375, 2.0958),
    ],
)
def test_gains_at_unit_variance_are_those_of_the_table(name: str, forward: float, backward: float) -> None:
    assert gains(THEORY[name]) == pytest.approx((forward, backward), abs=5e-5)
    assert name == "relu" or forward != pytest.approx(backward, abs=5e-3), "only homogeneous activations have one gain"


@pytest.mark.parametrize("name", activations.names())
@pytest.mark.parametrize("q", [0.2, 1.0, 5.0])
def test_under_the_forward_gain_q_is_a_fixed_point_and_under_the_backward_gain_chi_is_one(name: str, q: float) -> None:
    theory = THEORY[name]
    forward, backward = gains(theory, q)
    map_of_q = forward_moments(theory, forward**2, 0.0, float(theory.second_moment(q)), depth=1)[0]
    assert float(map_of_q[0]) == pytest.approx(q, rel=1e-9)
    assert backward**2 * float(theory.slope(q)) == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "softsign", "erf", "elu", "selu", "hard_tanh", "lecun_tanh"])
@pytest.mark.parametrize("sigma_b2", [0.01, 0.3, 4.0])
def test_on_the_critical_line_chi_is_one(name: str, sigma_b2: float) -> None:
    theory = THEORY[name]
    critical = float(critical_sigma_w2(theory, sigma_b2))
    below, at, above = (find_fixed_point(theory, critical * factor, sigma_b2).chi_1 for factor in (0.99, 1.0, 1.01))
    assert at == pytest.approx(1, rel=1e-8)
    assert below < 1 < above


@pytest.mark.parametrize(
    ("name", "critical"),
    [("tanh", 1.0), ("relu", 2.0), ("linear", 1.0), ("erf", math.pi / 4), ("elu", 1.0), ("gelu", 2.0)],
)
def test_without_biases_the_critical_point_is_that_of_the_slope_at_zero_or_at_infinity(
    name: str, critical: float
) -> None:
    assert float(critical_sigma_w2(THEORY[name], 0.0)) == pytest.approx(critical, rel=1e-9)


def test_the_critical_line_of_relu_does_not_depend_on_the_biases() -> None:
    np.testing.assert_allclose(critical_sigma_w2(THEORY["relu"], [0.0, 0.1, 4.0]), 2.0)
    assert np.ptp(critical_sigma_w2(THEORY["tanh"], [0.0, 0.1, 4.0])) > 1


def test_below_the_critical_line_of_gelu_no_input_finds_an_exploding_gradient() -> None:
    theory, sigma_b2 = THEORY["gelu"], 0.5
    critical = float(critical_sigma_w2(theory, sigma_b2))
    norms = np.geomspace(1e-3, 1e6, 10)
    chi = [find_fixed_point(theory, 0.999 * critical, sigma_b2, float(q0)).chi_1 for q0 in norms]
    assert max(chi) < 1


# At 0 the slopes of SELU are scale * alpha and scale (Klambauer et al. 2017), each on one half of the inputs.
def test_without_biases_selu_passes_its_edge_where_its_slopes_at_zero_say_and_keeps_above_one() -> None:
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    exact = 2 / (scale**2 * (1 + alpha**2))
    assert float(critical_sigma_w2(THEORY["selu"], 0.0)) == pytest.approx(exact, rel=1e-9)
    beyond = np.linspace(1.02, 3, 40) * exact
    # By the map itself, layer after layer: q that is left after many of them, and its slope.
    q, _ = forward_moments(THEORY["selu"], beyond[None], 0.0, np.ones(40), depth=20_000)
    chi_1 = beyond * THEORY["selu"].slope(q[-1])
    assert np.all(chi_1 > 1)
    assert chi_1[beyond < 1.2 * exact].max() < 1.01, (
        "which a diagram with few columns would take for the edge further on"
    )


@pytest.mark.parametrize("name", ["tanh", "relu", "selu", "elu", "softplus", "sigmoid", "softsign"])
def test_with_one_stable_fixed_point_the_edge_along_sigma_w2_is_that_along_q_star(name: str) -> None:
    sigma_b2, sigma_w2 = np.array([0.0, 0.01, 1.0]), np.geomspace(0.01, 1000, 31)
    found = settled_sigma_w2(THEORY[name], sigma_b2, sigma_w2)
    np.testing.assert_allclose(found, critical_sigma_w2(THEORY[name], sigma_b2), rtol=1e-5)


def test_for_gelu_the_size_of_the_inputs_decides_where_the_edge_is() -> None:
    sigma_w2 = np.geomspace(0.01, 1000, 31)
    small, one, large = (float(settled_sigma_w2(THEORY["gelu"], [0.0], sigma_w2, q0)[0]) for q0 in (0.01, 1.0, 1e6))
    assert small > one > large
    assert large == pytest.approx(2, rel=1e-3)
    # Left of it inputs of mean square one die, right of it they grow.
    norms = [float(forward_moments(THEORY["gelu"], one * by, 0.0, 1.0, depth=400)[0][-1]) for by in (0.99, 1.01)]
    assert norms[0] < 1e-6 < 1e6 < norms[1]


def test_beyond_the_values_that_are_tried_the_edge_is_zero_or_infinite() -> None:
    assert settled_sigma_w2(THEORY["tanh"], [0.0], np.array([1.5, 2.0]))[0] == 0
    assert settled_sigma_w2(THEORY["tanh"], [0.0], np.array([0.1, 0.5]))[0] == math.inf


def test_a_step_has_no_critical_line() -> None:
    theory = Nonlinearity(lambda z: np.where(z > 0, 1.0, -1.0), np.zeros_like, [0.0])
    assert float(critical_sigma_w2(theory, 0.1)) == math.inf


exponents = st.floats(-2, 1)


@settings(derandomize=True, deadline=None, max_examples=20)
@given(st.sampled_from(activations.names()), st.floats(0.05, 6), st.floats(0.01, 4), exponents)
def test_many_layers_arrive_at_the_fixed_point(name: str, sigma_w2: float, sigma_b2: float, q0: float) -> None:
    theory = THEORY[name]
    found = float(q_star(theory, sigma_w2, sigma_b2, 10**q0))
    q, _ = forward_moments(theory, sigma_w2, sigma_b2, 10**q0, depth=400)
    if math.isinf(found):
        assert q[-1] > 1e6
    else:
        # Where layers still change q they leave a distance that the change and its slope tell.
        change = abs(float(q[-1] - q[-2]))
        assert found == pytest.approx(float(q[-1]), rel=1e-7, abs=1e4 * change)


@pytest.mark.parametrize(
    ("name", "sigma_w2", "sigma_b2", "q0", "expected"),
    [
        ("relu", 2.0, 0.0, 3.0, 6.0),
        ("relu", 1.9, 0.0, 1.0, 0.0),
        ("relu", 2.1, 0.0, 1.0, math.inf),
        ("relu", 1.0, 0.1, 1.0, 0.2),
        ("linear", 1.0, 0.0, 0.5, 0.5),
        ("tanh", 1.0, 0.0, 1.0, 0.0),
        ("tanh", 2.0, 0.0, 0.0, 0.0),
        ("tanh", 0.0, 0.0, 1.0, 0.0),
        ("tanh", 0.0, 0.3, 1.0, 0.3),
        ("selu", 1.0, 0.0, 4.0, 1.0),
        ("gelu", 2.3, 0.0, 0.01, 0.0),
        ("gelu", 2.3, 0.0, 100.0, math.inf),
    ],
)
def test_special_fixed_points_are_found(
    name: str, sigma_w2: float, sigma_b2: float, q0: float, expected: float
) -> None:
    assert float(q_star(THEORY[name], sigma_w2, sigma_b2, q0)) == pytest.approx(expected, rel=1e-9)


def test_a_grid_of_fixed_points_is_that_of_its_points() -> None:
    sigma_w2, sigma_b2 = np.array([[0.5], [1.5], [4.0]]), np.array([0.0, 0.05, 1.0])
    grid = q_star(THEORY["tanh"], sigma_w2, sigma_b2)
    assert grid.shape == (3, 3)
    for row, w in enumerate(sigma_w2[:, 0]):
        for column, b in enumerate(sigma_b2):
            assert grid[row, column] == pytest.approx(float(q_star(THEORY["tanh"], w, b)), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "sigma_w2", "sigma_b2"),
    [("tanh", 4.0, 0.05), ("softsign", 10.0, 1.0), ("gelu", 1.5, 0.1), ("selu", 1.0, 0.05), ("erf", 3.0, 0.05)],
)
def test_correlations_arrive_at_c_star_at_the_rate_of_xi_c(name: str, sigma_w2: float, sigma_b2: float) -> None:
    theory = THEORY[name]
    point = find_fixed_point(theory, sigma_w2, sigma_b2)
    depth = int(8 * point.xi_c) + 10
    c = correlations(theory, sigma_w2, sigma_b2, 1.0, 0.5 * point.c_star, depth)
    assert c[-1] == pytest.approx(point.c_star, abs=2e-3)
    late = slice(int(4 * point.xi_c) + 4, int(6 * point.xi_c) + 6)
    rate = -np.diff(np.log(np.abs(c[late] - point.c_star))).mean()
    assert 1 / rate == pytest.approx(point.xi_c, rel=0.05)


@pytest.mark.parametrize("name", ["tanh", "lecun_tanh", "erf"])
def test_odd_activations_without_biases_make_inputs_orthogonal_in_the_chaotic_phase(name: str) -> None:
    assert find_fixed_point(THEORY[name], 3.0, 0.0).c_star == 0


@pytest.mark.parametrize(
    ("name", "sigma_w2", "sigma_b2"), [("linear", 1.0, 0.0), ("linear", 0.5, 0.0), ("tanh", 0.9, 0.0)]
)
def test_a_network_that_becomes_linear_keeps_correlations(name: str, sigma_w2: float, sigma_b2: float) -> None:
    point = find_fixed_point(THEORY[name], sigma_w2, sigma_b2)
    assert math.isnan(point.c_star)
    assert point.xi_c == math.inf
    c = correlations(THEORY[name], sigma_w2, sigma_b2, 1e-6, 0.4, depth=30)
    np.testing.assert_allclose(c, 0.4, atol=1e-5)


@pytest.mark.parametrize("sigma_w2", [1.0, 2.0, 3.0])
def test_relu_aligns_inputs_at_every_scale_of_the_weights_but_slower_than_exponentially(sigma_w2: float) -> None:
    point = find_fixed_point(THEORY["relu"], sigma_w2, 0.0)
    assert (point.c_star, point.xi_c) == (1.0, math.inf)
    assert point.chi_1 == sigma_w2 / 2


def test_a_network_without_weights_and_biases_has_no_correlations() -> None:
    point = find_fixed_point(THEORY["tanh"], 0.0, 0.0)
    assert (point.q_star, point.chi_1) == (0, 0)
    assert math.isnan(point.c_star)


def test_biases_alone_align_all_inputs_at_once() -> None:
    point = find_fixed_point(THEORY["tanh"], 0.0, 0.1)
    assert (point.q_star, point.c_star, point.xi_q, point.xi_c) == (0.1, 1.0, 0.0, 0.0)
