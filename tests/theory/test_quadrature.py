"""Averages over normal variables, against closed forms and scipy's adaptive quadrature, at kinks and far from zero."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from reportgen.theory.quadrature import Floats, Function, NotConverged, gaussian_mean, gaussian_mean_of_pair

VARIANCES = np.array([1e-100, 1e-6, 0.3, 1.0, 17.0, 1e4, 1e60])

repeatable = settings(derandomize=True, deadline=None, max_examples=40)
variances = st.floats(-6, 4).map(lambda exponent: 10.0**exponent)
places = st.floats(-3, 3)


def gauss_hermite(function: Function, variance: float, nodes: int) -> float:
    """Average in the way that most texts propose."""
    z, weight = np.polynomial.hermite_e.hermegauss(nodes)
    return float(weight @ function(np.sqrt(variance) * z) / np.sqrt(2 * np.pi))


def ramp_mean(variance: float, kink: float) -> float:
    """Return E[max(x - kink, 0)]."""
    std = math.sqrt(variance)
    z = kink / std
    return std * math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi) - kink * float(special.ndtr(-z))


@pytest.mark.parametrize("power", [0, 2, 4])
def test_even_powers_have_the_moments_of_a_normal_variable(power: int) -> None:
    expected = {0: 1, 2: 1, 4: 3}[power] * VARIANCES ** (power // 2)
    np.testing.assert_allclose(gaussian_mean(lambda x: x**power, VARIANCES), expected, rtol=1e-13)


def test_odd_powers_average_to_zero_on_the_scale_of_their_size() -> None:
    assert np.abs(gaussian_mean(lambda x: x**3, VARIANCES) / VARIANCES**1.5).max() < 1e-14


def test_cosines_and_exponentials_have_their_closed_forms() -> None:
    q = np.array([1e-6, 0.1, 1.0, 2.0])
    np.testing.assert_allclose(gaussian_mean(lambda x: np.cos(3 * x), q), np.exp(-4.5 * q), rtol=0, atol=1e-12)
    np.testing.assert_allclose(gaussian_mean(np.exp, q), np.exp(q / 2), rtol=1e-11)


def test_a_step_at_zero_is_met_exactly_where_gauss_hermite_misses_it() -> None:
    def step(x: Floats) -> Floats:
        return (x > 0).astype(float)

    np.testing.assert_allclose(gaussian_mean(step, VARIANCES, [0.0]), 0.5, rtol=1e-14)
    # An odd rule has a node on the kink, whose weight it loses; an even one is right here and wrong at a shifted kink.
    assert gauss_hermite(step, 1.0, 51) == pytest.approx(0.413, abs=1e-3)
    shifted = gauss_hermite(lambda x: step(x - 0.1), 1.0, 50)
    assert abs(shifted - special.ndtr(-0.1)) > 0.01


def test_a_steep_function_is_met_where_gauss_hermite_misses_it() -> None:
    def tanh_slope_squared(x: Floats) -> Floats:
        return np.cosh(np.clip(x, -300, 300)) ** -4.0

    def weighted(x: float) -> float:
        return float(tanh_slope_squared(np.array(x))) * math.exp(-(x**2) / 100)

    reference = integrate.quad(weighted, 0, 20, epsabs=0, epsrel=1e-12)
    expected = 2 * reference[0] / math.sqrt(100 * math.pi)
    assert float(gaussian_mean(tanh_slope_squared, 50.0)) == pytest.approx(expected, rel=1e-11)
    assert abs(gauss_hermite(tanh_slope_squared, 50.0, 200) - expected) > 0.01


@repeatable
@given(variances, places, st.booleans())
def test_a_kink_anywhere_is_met_whether_it_is_named_or_not(variance: float, kink: float, named: bool) -> None:
    mean = gaussian_mean(lambda x: np.maximum(x - kink, 0.0), variance, [kink] if named else [])
    # Beyond 8 standard deviations the average is what the tails may add. A kink that is not named, and nearer to a cut
    # than all nodes, a hundredth, may be missed: the area of that corner is then the error.
    missed = 0.0 if named else 0.01**2 / 2 * math.sqrt(variance)
    assert float(mean) == pytest.approx(ramp_mean(variance, kink), rel=1e-9, abs=1e-14 + missed)


@repeatable
@given(variances, places, st.floats(-1, 3).map(lambda exponent: 10.0**exponent))
def test_the_error_estimate_is_honest_however_steep_a_function_is(variance: float, place: float, steep: float) -> None:
    def logistic(x: Floats | float) -> Floats:
        return special.expit(steep * (np.asarray(x) - place))

    std = math.sqrt(variance)
    tolerance = 1e-6
    try:
        mean = float(gaussian_mean(logistic, variance, tolerance=tolerance))
    except NotConverged:
        return
    center = place / std
    corners = [center + side / steep / std for side in (-30, -3, 0, 3, 30)]
    reference, _ = integrate.quad(
        lambda z: float(logistic(std * z)) * math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi),
        -10,
        10,
        points=[corner for corner in corners if abs(corner) < 10] or None,
        epsabs=0,
        epsrel=1e-10,
        limit=500,
    )
    assert mean == pytest.approx(reference, rel=tolerance, abs=1e-14)


def test_too_few_nodes_are_noticed_by_doubling_them() -> None:
    calls = []

    def spike(x: Floats) -> Floats:
        calls.append(x.size)
        return np.exp(-(((x - 0.7) / width) ** 2))

    width = 3e-3
    expected = width / math.sqrt(2 + width**2) * math.exp(-(0.7**2) / (2 + width**2))
    assert float(gaussian_mean(spike, 1.0, [0.7])) == pytest.approx(expected, rel=1e-9)
    assert len(calls) > 2, "the first pieces are too long for the spike, so that they have to be halved"


@pytest.mark.parametrize(
    ("function", "variance"),
    [
        (lambda x: np.sign(np.sin(1e7 * x)), 1.0),
        (lambda x: np.where(x > 0.3, np.nan, x), 1.0),
        (lambda x: np.exp(x**2 / 3), 2.0),
        (np.exp, 1e4),
        (lambda x: np.exp(2 * x), 16.0),
        (lambda x: 1 / np.abs(x - 0.3), 1.0),
    ],
    ids=["rough", "nan", "infinite average", "overflow", "beyond the ends", "pole"],
)
def test_what_cannot_be_averaged_is_refused(function: Function, variance: float) -> None:
    with pytest.raises(NotConverged):
        gaussian_mean(function, variance)


@pytest.mark.parametrize("variance", [-1.0, np.nan, [1.0, -1e-9]])
def test_a_negative_variance_is_a_bug_of_the_caller(variance: float | list[float]) -> None:
    with pytest.raises(ValueError, match="variance"):
        gaussian_mean(np.tanh, variance)


def test_the_shape_of_the_variances_is_kept() -> None:
    q = np.array([[0.0, 1.0, 2.0], [3.0, 2.0, 1.0]])
    means = gaussian_mean(np.square, q)
    np.testing.assert_allclose(means, q, atol=1e-15)
    assert gaussian_mean(np.square, 2.0).shape == ()


@repeatable
@given(variances, variances, st.floats(-1, 1))
def test_a_product_of_linear_functions_has_the_covariance_as_its_average(q_a: float, q_b: float, c: float) -> None:
    size = math.sqrt(q_a * q_b)
    assert gaussian_mean_of_pair(lambda x: x, (q_a, q_b), c) == pytest.approx(c * size, abs=1e-12 * size)


@repeatable
@given(variances, places, st.floats(-0.999, 0.999))
def test_two_steps_away_from_zero_have_the_probability_that_owen_gave(variance: float, kink: float, c: float) -> None:
    # P(u > k, v > k) = Phi(-k) - 2 T(k, sqrt((1 - c) / (1 + c))) for standard normal u, v (Owen 1956).
    k = kink / math.sqrt(variance)
    expected = special.ndtr(-k) - 2 * special.owens_t(k, math.sqrt((1 - c) / (1 + c)))
    measured = gaussian_mean_of_pair(lambda x: (x > kink).astype(float), (variance, variance), c, [kink])
    assert measured == pytest.approx(expected, abs=1e-8)
    independent = special.ndtr(-k) ** 2
    if abs(expected - independent) > 1e-6:
        assert measured != pytest.approx(independent, abs=1e-7)


@pytest.mark.parametrize("c", [-1.0, 1.0])
def test_inputs_that_are_alike_or_opposite_have_the_average_of_one_variable(c: float) -> None:
    measured = gaussian_mean_of_pair(lambda x: np.maximum(x - 0.4, 0.0), (1.0, 4.0), c, [0.4])
    both = gaussian_mean(lambda z: np.maximum(z - 0.4, 0.0) * np.maximum(2 * c * z - 0.4, 0.0), 1.0, [0.4, 0.2, -0.2])
    assert measured == pytest.approx(float(both), abs=1e-12)


def test_a_pair_of_rough_functions_is_refused() -> None:
    with pytest.raises(NotConverged, match="kinks"):
        gaussian_mean_of_pair(lambda x: np.sign(np.sin(40 * x)), (1.0, 1.0), 0.5)
    with pytest.raises(NotConverged):
        gaussian_mean_of_pair(lambda x: np.exp(x**2), (1e4, 1e4), 0.5)
