"""Best gains and bands, against closed forms, the maps themselves, and published fixed points."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.theory.bands import band, best_gain, changes
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.fixed_points import critical_sigma_w2, gains
from reportgen.theory.maps import backward_moments, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity

NAMES = ("linear", "relu", "leaky_relu", "tanh", "sigmoid", "softsign", "elu", "selu", "gelu", "silu", "softplus")
THEORY = {
    name: nonlinearity(item.phi, item.derivative, item.kinks)
    for name, item in zip(NAMES, map(activations.get, NAMES), strict=True)
}


@pytest.mark.parametrize(("name", "exact"), [("relu", math.sqrt(2)), ("linear", 1.0)])
@pytest.mark.parametrize("q0", [0.25, 1.0, 4.0])
def test_straight_lines_through_zero_have_one_best_gain_at_every_depth_and_size_of_the_inputs(
    name: str, exact: float, q0: float
) -> None:
    for depth in (2, 50):
        assert best_gain(THEORY[name], depth, q0) == pytest.approx(exact, rel=1e-9)
        assert float(changes(THEORY[name], exact, depth, q0).worst) == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("depth", [5, 10, 50])
def test_the_band_of_relu_is_that_of_its_powers(depth: int) -> None:
    # The signal changes by (gain / sqrt 2)^depth, the gradient by one power less.
    reach = 100 ** (1 / depth)
    found = band(THEORY["relu"], depth, 1.0, 100.0)
    assert found == pytest.approx((math.sqrt(2) / reach, math.sqrt(2) * reach), rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_changes_are_those_of_the_maps(name: str) -> None:
    depth, q0, gain = 12, 2.0, np.array([0.8, 1.3, 1.7])
    q, h2 = forward_moments(THEORY[name], np.square(gain)[None], 0.0, np.full(3, q0), depth)
    delta2 = backward_moments(THEORY[name].slope(q), np.square(gain)[None])
    found = changes(THEORY[name], gain, depth, q0)
    np.testing.assert_allclose(found.signal, np.sqrt(h2[-1] / q0), rtol=1e-9)
    np.testing.assert_allclose(found.gradient, np.sqrt(delta2[0] / delta2[-1]), rtol=1e-9)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("depth", [30])
def test_no_gain_of_a_fine_grid_is_better_than_the_best(name: str, depth: int) -> None:
    for q0 in (0.25, 1.0, 4.0):
        best = best_gain(THEORY[name], depth, q0)
        least = float(changes(THEORY[name], best, depth, q0).worst)
        tried = best * np.concatenate([np.geomspace(0.2, 5, 401), 1 + np.array([-1e-6, 1e-6])])
        assert np.all(changes(THEORY[name], tried, depth, q0).worst >= least * (1 - 1e-9))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("q0", [0.25, 1.0, 4.0])
def test_changes_reach_the_factor_at_both_ends_of_the_band(name: str, q0: float) -> None:
    found = band(THEORY[name], 30, q0, 50.0)
    assert found is not None
    for end, outwards in zip(found, (1 - 1e-7, 1 + 1e-7), strict=True):
        assert float(changes(THEORY[name], end * outwards, 30, q0).worst) > 50
        assert float(changes(THEORY[name], end / outwards, 30, q0).worst) < 50
    assert found[0] < best_gain(THEORY[name], 30, q0) < found[1]


@pytest.mark.parametrize("name", ["gelu", "silu"])
def test_a_valley_that_a_grid_of_gains_steps_over_is_found(name: str) -> None:
    low, high = band(THEORY[name], 50, 0.25, 100.0) or (np.nan, np.nan)
    assert 1e-3 < high / low - 1 < 6e-3
    coarse = changes(THEORY[name], np.arange(1.0, 2.0, 0.02) + 0.005, 50, 0.25)
    assert coarse.worst.min() > 100
    assert float(changes(THEORY[name], best_gain(THEORY[name], 50, 0.25), 50, 0.25).worst) < 3


@pytest.mark.parametrize("name", ["gelu", "silu"])
def test_the_norm_of_the_inputs_decides_what_gain_gelu_and_silu_want(name: str) -> None:
    found = [band(THEORY[name], 50, q0, 100.0) or (np.nan, np.nan) for q0 in (4.0, 1.0, 0.25)]
    best = [best_gain(THEORY[name], 50, q0) for q0 in (4.0, 1.0, 0.25)]
    assert best == sorted(best)
    assert found[0][1] < found[2][0], "no gain serves both inputs"
    assert not found[1][0] < math.sqrt(2) < found[1][1], "He's gain is outside at mean square one"
    forward = gains(THEORY[name]).forward
    assert forward > best[1], "and the gain that makes variance one a fixed point keeps it less long than a smaller one"


def test_the_best_gain_of_a_deep_tanh_net_falls_towards_the_edge_of_chaos() -> None:
    best = [best_gain(THEORY["tanh"], depth) for depth in (10, 50, 400)]
    edge = math.sqrt(critical_sigma_w2(THEORY["tanh"], 0.0))
    assert best[0] > best[1] > best[2] > edge
    assert best[2] == pytest.approx(edge, abs=0.15)


def test_the_best_gain_of_a_deep_sigmoid_net_is_that_of_its_edge_and_not_its_backward_gain() -> None:
    best, edge = best_gain(THEORY["sigmoid"], 200), math.sqrt(critical_sigma_w2(THEORY["sigmoid"], 0.0))
    assert best == pytest.approx(edge, rel=0.01)
    low, _ = band(THEORY["sigmoid"], 50, 1.0, 100.0) or (np.nan, np.nan)
    assert gains(THEORY["sigmoid"]).backward < low


def test_a_smaller_factor_leaves_a_narrower_band_and_at_last_none() -> None:
    wide, narrow = (band(THEORY["gelu"], 50, 1.0, factor) or (np.nan, np.nan) for factor in (100.0, 10.0))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
    assert band(THEORY["gelu"], 50, 1.0, 1.5) is None


def test_an_activation_without_slopes_has_no_gain() -> None:
    step = Nonlinearity(lambda z: np.where(z > 0, 1.0, -1.0), np.zeros_like, [0.0])
    assert math.isnan(best_gain(step, 10))
    assert band(step, 10, 1.0, 100.0) is None


def test_one_layer_of_a_bounded_activation_has_no_gain_that_keeps_large_inputs() -> None:
    assert math.isnan(best_gain(THEORY["tanh"], 1, 4.0))
    assert best_gain(THEORY["tanh"], 1, 0.25) > 1


def test_very_deep_nets_neither_overflow_nor_warn() -> None:
    for name in NAMES:
        found = changes(THEORY[name], np.array([0.05, 1.0, 30.0]), 700, 1.0)
        assert not np.isnan(found.worst).any()
        assert found.worst[0] == np.inf
