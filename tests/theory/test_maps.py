"""Mean field maps against wide networks of `reportgen.nn`, and against published limits.

The networks are 40 of 5 layers that are not square, with three inputs of different norms; the weights are drawn once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, Parameters
from reportgen.nn.mlp import Gradients, Tape, backward, forward
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.maps import backward_moments, correlations, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats

MEMBERS, WIDTHS = 40, [100, 400, 200, 400, 400, 300]
NORMS = np.array([1.0, 1.0, 4.0])
COSINE = 0.3
SCALES = {"tanh": (1.3, 0.05), "relu": (2.0, 0.1), "gelu": (2.0, 0.0), "softsign": (3.0, 0.2), "sigmoid": (2.0, 0.0)}
"""Activation -> fan_avg times the variance of a weight, variance of a bias."""


def theory_of(name: str) -> Nonlinearity:
    item = activations.get(name)
    return nonlinearity(item.phi, item.derivative, item.kinks)


@pytest.fixture(scope="module")
def draws() -> Parameters:
    """Return standard normal weights and biases of the ensemble."""
    rng = np.random.default_rng(0)
    weights = [rng.standard_normal((MEMBERS, *shape), dtype=np.float32) for shape in pairwise(WIDTHS)]
    biases = [rng.standard_normal((MEMBERS, 1, units), dtype=np.float32) for units in WIDTHS[1:]]
    return Parameters(weights, biases)


def inputs() -> Floats:
    """Return three inputs of the mean squares NORMS; all cosines are COSINE."""
    directions = np.linalg.qr(np.random.default_rng(1).standard_normal((WIDTHS[0], 3)))[0].T
    cosines = np.full((3, 3), COSINE) + (1 - COSINE) * np.eye(3)
    unit = np.linalg.cholesky(cosines) @ directions
    return (unit * np.sqrt(WIDTHS[0] * NORMS)[:, None])[None]


def weight_variances(name: str) -> Floats:
    return np.array([2 * SCALES[name][0] / (fan_in + fan_out) for fan_in, fan_out in pairwise(WIDTHS)])


def measure(draws: Parameters, name: str) -> tuple[Tape, Gradients]:
    """Run the ensemble with the scales of an activation; a cotangent of unit variance comes down from the top."""
    stds = np.sqrt(weight_variances(name)).astype(np.float32)
    assert draws.biases is not None
    biases = [np.float32(math.sqrt(SCALES[name][1])) * b for b in draws.biases]
    parameters = Parameters([std * W for std, W in zip(stds, draws.weights, strict=True)], biases)
    ensemble = Ensemble(parameters, activations.get(name))
    tape = forward(ensemble, inputs().astype(np.float32))
    cotangent = np.random.default_rng(2).standard_normal((MEMBERS, 3, WIDTHS[-1]), dtype=np.float32)
    return tape, backward(ensemble, tape, cotangent)


def mean_squares(layers: Sequence[NDArray[Any]]) -> Floats:
    """Return the mean square over units, shape (layers, members, inputs)."""
    return np.stack([np.square(layer.astype(np.float64)).mean(axis=-1) for layer in layers])


def pull(measured: Floats, predicted: Floats) -> float:
    """Return the greatest deviation of the mean over networks (axis 1) in standard errors.

    What a width of 200 or more adds to the mean field is of the order 1/200 of it, less than a standard error here:
    networks differ by 5 to 25 %, hence their mean over 40 by 1 to 4 %.
    """
    error = measured.std(axis=1, ddof=1) / math.sqrt(measured.shape[1])
    return float(np.abs((measured.mean(axis=1) - predicted) / error).max())


@pytest.mark.parametrize("name", SCALES)
def test_signals_and_gradients_of_wide_networks_are_as_predicted(draws: Parameters, name: str) -> None:
    tape, gradients = measure(draws, name)
    theory, variances, biases = theory_of(name), weight_variances(name), SCALES[name][1]
    forward_factors, backward_factors = variances * WIDTHS[:-1], variances * WIDTHS[1:]
    q, h2 = forward_moments(theory, forward_factors, biases, NORMS, depth=5)
    delta = backward_moments(theory.slope(q), backward_factors)
    assert pull(mean_squares(tape.pre_activations), q) < 5
    assert pull(mean_squares(tape.activations), h2) < 5
    assert pull(mean_squares(gradients.deltas), delta) < 5

    wrong, _ = forward_moments(theory, backward_factors, biases, NORMS, depth=5)
    assert pull(mean_squares(tape.pre_activations), wrong) > 5, "fan_out instead of fan_in"
    assert pull(mean_squares(gradients.deltas), backward_moments(theory.slope(q), forward_factors)) > 5


@pytest.mark.parametrize("name", ["tanh", "relu", "softsign"])
def test_a_wrong_bias_variance_or_an_averaged_norm_is_noticed(draws: Parameters, name: str) -> None:
    measured = mean_squares(measure(draws, name)[0].pre_activations)
    theory, factors = theory_of(name), weight_variances(name) * WIDTHS[:-1]
    without_biases, _ = forward_moments(theory, factors, 0.0, NORMS, depth=5)
    of_the_mean_input, _ = forward_moments(theory, factors, SCALES[name][1], NORMS.mean(), depth=5)
    assert pull(measured, without_biases) > 5
    assert pull(measured, of_the_mean_input[:, None]) > 5


@pytest.mark.parametrize("name", ["relu", "gelu", "sigmoid"])
def test_the_next_layer_sees_the_second_moment_and_not_the_variance(draws: Parameters, name: str) -> None:
    measured = mean_squares(measure(draws, name)[0].pre_activations)
    theory, factors = theory_of(name), weight_variances(name) * WIDTHS[:-1]
    centered = Nonlinearity(theory.phi, theory.derivative, theory.kinks)
    centered.second_moment = lambda q: theory.second_moment(q) - theory.mean(q) ** 2  # type: ignore[method-assign]
    q, _ = forward_moments(centered, factors, SCALES[name][1], NORMS, depth=5)
    assert pull(measured, q) > 5


@pytest.mark.parametrize("name", SCALES)
def test_correlations_in_wide_networks_are_as_predicted(draws: Parameters, name: str) -> None:
    layers = [z.astype(np.float64) for z in measure(draws, name)[0].pre_activations]
    sizes = np.sqrt(mean_squares(layers))
    theory, factors = theory_of(name), weight_variances(name) * WIDTHS[:-1]
    for a, b in ((0, 1), (1, 2)):
        products = np.stack([(z[:, a] * z[:, b]).mean(axis=-1) for z in layers])
        measured = products / (sizes[..., a] * sizes[..., b])
        c = correlations(theory, factors, SCALES[name][1], NORMS[[a, b]], COSINE, depth=5)
        assert pull(measured, c) < 5
        assert pull(measured, np.full(5, COSINE)) > 5, "the cosine does not stay what it was"


def test_several_networks_and_inputs_are_followed_at_once() -> None:
    theory = theory_of("tanh")
    sigma_w2 = np.array([0.5, 1.0, 2.0])
    q0 = np.array([[0.1, 1.0], [2.0, 3.0]])
    q, h2 = forward_moments(theory, np.tile(sigma_w2[:, None, None], (4, 1, 1, 1)), 0.1, q0, depth=4)
    assert q.shape == h2.shape == (4, 3, 2, 2)
    for index, factor in enumerate(sigma_w2):
        alone, _ = forward_moments(theory, factor, 0.1, q0, depth=4)
        np.testing.assert_allclose(q[:, index], alone, rtol=1e-12)
    delta = backward_moments(theory.slope(q), np.tile(sigma_w2[:, None, None], (4, 1, 1, 1)))
    np.testing.assert_allclose(delta[:, 1], backward_moments(theory.slope(q[:, 1]), 1.0), rtol=1e-12)


def test_a_gradient_changes_by_chi_per_layer_down_from_its_top() -> None:
    theory = theory_of("tanh")
    q, _ = forward_moments(theory, 1.5, 0.05, 1.0, depth=6)
    delta = backward_moments(theory.slope(q), 1.5, top=2.0)
    assert delta[-1] == pytest.approx(2 * float(theory.slope(q[-1])))
    np.testing.assert_allclose(delta[:-1] / delta[1:], 1.5 * theory.slope(q[:-1]), rtol=1e-12)


def test_a_shallower_network_has_the_first_slopes_of_a_deeper_one() -> None:
    theory = theory_of("gelu")
    deep, _ = forward_moments(theory, 2.0, 0.0, 1.0, depth=10)
    shallow, _ = forward_moments(theory, 2.0, 0.0, 1.0, depth=4)
    np.testing.assert_array_equal(
        backward_moments(theory.slope(deep)[:4], 2.0), backward_moments(theory.slope(shallow), 2.0)
    )


def test_the_second_moment_of_a_tanh_network_at_gain_one_falls_like_one_over_twice_the_layer() -> None:
    # Roberts, Yaida & Hanin 2022, ch. 5; the correction is of the order ln(l) / l.
    depth = 5000
    tanh, _ = forward_moments(theory_of("tanh"), 1.0, 0.0, 1.0, depth)
    sine, _ = forward_moments(Nonlinearity(np.sin, np.cos), 1.0, 0.0, 1.0, depth)
    assert float(tanh[-1]) * depth == pytest.approx(0.5, rel=0.02)
    assert float(sine[-1]) * depth == pytest.approx(1.0, rel=0.02)


def test_glorot_with_relu_halves_the_second_moment_and_he_keeps_it() -> None:
    relu = theory_of("relu")
    glorot, _ = forward_moments(relu, 1.0, 0.0, 1.0, depth=20)
    he, _ = forward_moments(relu, 2.0, 0.0, 1.0, depth=20)
    np.testing.assert_allclose(glorot, 0.5 ** np.arange(20))
    np.testing.assert_allclose(he, 2.0)


def test_correlations_in_he_relu_networks_collapse_like_the_inverse_square_of_the_depth() -> None:
    # Hayou, Doucet & Rousseau 2019: 1 - c_l ~ 9 pi² / (2 l²), which takes tens of thousands of layers to see.
    depth = 20_000
    c = correlations(theory_of("relu"), 2.0, 0.0, 1.0, 0.0, depth)
    assert depth**2 * (1 - c[-1]) == pytest.approx(9 * math.pi**2 / 2, rel=0.02)
    assert 30**2 * (1 - c[29]) == pytest.approx(26, abs=1)


def test_correlations_in_the_ordered_phase_approach_one_at_the_rate_of_chi() -> None:
    c = correlations(theory_of("tanh"), 1.2, 0.05, 1.0, 0.8, depth=40)
    rate = -np.diff(np.log(1 - c))[15:25].mean()
    assert 1 / rate == pytest.approx(5.945, rel=0.01)


def test_inputs_that_are_alike_or_opposite_stay_so_without_biases() -> None:
    tanh = theory_of("tanh")
    np.testing.assert_allclose(correlations(tanh, 1.5, 0.0, (1.0, 1.0), 1.0, depth=5), 1.0, atol=1e-9)
    np.testing.assert_allclose(correlations(tanh, 1.5, 0.0, (1.0, 1.0), -1.0, depth=5), -1.0, atol=1e-9)
    assert correlations(tanh, 1.5, 0.1, 1.0, -1.0, depth=5)[-1] > -0.9


def test_what_overflows_is_infinite_and_has_no_correlation() -> None:
    gelu = theory_of("gelu")
    q, h2 = forward_moments(gelu, 1e20, 0.0, 1.0, depth=20)
    assert np.isinf(q[-1])
    assert np.isinf(h2[-1])
    c = correlations(gelu, 1e20, 0.0, 1.0, 0.5, depth=20)
    assert np.isfinite(c[0])
    assert np.isnan(c[-1])


def test_what_vanishes_is_zero_and_has_no_correlation() -> None:
    q, _ = forward_moments(theory_of("tanh"), 0.0, 0.0, 1.0, depth=3)
    assert (q == 0).all()
    assert np.isnan(correlations(theory_of("tanh"), 0.0, 0.0, 1.0, 0.5, depth=3)).all()
    tiny, _ = forward_moments(theory_of("tanh"), 1e-30, 0.0, 1.0, depth=20)
    assert tiny[-1] == 0
