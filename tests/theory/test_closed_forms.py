"""Closed forms against quadrature, against published values, and who is recognized as having one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.nn.activations import activations
from reportgen.theory.closed_forms import ErrorFunction, Exponential, PiecewiseLinear, nonlinearity
from reportgen.theory.fixed_points import find_fixed_point, q_star
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Function

CLOSED = {
    "linear": PiecewiseLinear(1.0, 1.0),
    "relu": PiecewiseLinear(0.0, 1.0),
    "leaky": PiecewiseLinear(0.3, 1.0),
    "absolute": PiecewiseLinear(-1.0, 1.0),
    "falling": PiecewiseLinear(2.0, -0.5),
    "erf": ErrorFunction(),
}
INTEGRATED = {name: Nonlinearity(known.phi, known.derivative, known.kinks) for name, known in CLOSED.items()}
VARIANCES = [1e-6, 1e-3, 0.3, 1.0, 17.0, 1e4]

exponents = st.floats(-4, 4)
names = st.sampled_from(list(CLOSED))
repeatable = settings(derandomize=True, deadline=None, max_examples=40)


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("moment", ["second_moment", "slope", "growth", "fourth_moment"])
def test_a_closed_form_of_one_variable_is_the_integral_that_it_stands_for(name: str, moment: str) -> None:
    closed, integrated = (getattr(side[name], moment)(VARIANCES) for side in (CLOSED, INTEGRATED))
    np.testing.assert_allclose(closed, integrated, rtol=1e-10)


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_mean_is_the_integral_that_it_stands_for(name: str) -> None:
    size = np.sqrt(INTEGRATED[name].second_moment(VARIANCES))
    deviation = CLOSED[name].mean(VARIANCES) - INTEGRATED[name].mean(VARIANCES)
    assert np.abs(deviation / size).max() < 1e-12


@repeatable
@given(names, exponents, exponents, st.floats(-1, 1))
def test_a_closed_product_is_the_integral_that_it_stands_for(name: str, a: float, b: float, c: float) -> None:
    closed, integrated, q_a, q_b = CLOSED[name], INTEGRATED[name], 10.0**a, 10.0**b
    size = math.sqrt(float(closed.second_moment(q_a) * closed.second_moment(q_b)))
    assert closed.product(q_a, q_b, c) == pytest.approx(integrated.product(q_a, q_b, c), abs=1e-8 * size)


@repeatable
@given(names, exponents, exponents, st.floats(-0.999, 0.999))
def test_a_closed_product_of_slopes_is_the_integral_that_it_stands_for(name: str, a: float, b: float, c: float) -> None:
    closed, integrated, q_a, q_b = CLOSED[name], INTEGRATED[name], 10.0**a, 10.0**b
    size = math.sqrt(float(closed.slope(q_a) * closed.slope(q_b)))
    assert closed.slope_product(q_a, q_b, c) == pytest.approx(integrated.slope_product(q_a, q_b, c), abs=1e-8 * size)


EXPONENTIAL = Exponential()
INTEGRATED_EXPONENTIAL = Nonlinearity(np.exp, np.exp)


@pytest.mark.parametrize("moment", ["mean", "second_moment", "slope", "growth"])
def test_averages_of_exp_are_the_integrals_that_they_stand_for(moment: str) -> None:
    q = [1e-6, 0.01, 0.1]
    closed, integrated = (getattr(side, moment)(q) for side in (EXPONENTIAL, INTEGRATED_EXPONENTIAL))
    np.testing.assert_allclose(closed, integrated, rtol=1e-10)


@pytest.mark.parametrize("c", [-0.9, 0.0, 0.5])
def test_products_and_the_fourth_moment_of_exp_are_the_integrals_that_they_stand_for(c: float) -> None:
    for product in ("product", "slope_product"):
        closed, integrated = (getattr(side, product)(0.2, 0.5, c) for side in (EXPONENTIAL, INTEGRATED_EXPONENTIAL))
        assert closed == pytest.approx(integrated, rel=1e-8)
    np.testing.assert_allclose(EXPONENTIAL.fourth_moment(0.1), INTEGRATED_EXPONENTIAL.fourth_moment(0.1), rtol=1e-10)


def test_exp_has_a_fixed_point_below_one_over_two_e_and_none_above() -> None:
    # q = sigma_w2 exp(2q) has a solution up to sigma_w2 = 1 / 2e, where it is 1/2.
    assert float(q_star(EXPONENTIAL, 0.99 / (2 * math.e), 0.0, 0.1)) == pytest.approx(0.432421, abs=1e-6)
    assert float(q_star(EXPONENTIAL, 1.01 / (2 * math.e), 0.0, 0.1)) == math.inf
    point = find_fixed_point(EXPONENTIAL, 1.0, 0.0)
    assert (point.q_star, point.chi_1) == (math.inf, math.inf)
    assert math.isnan(point.c_star)


@pytest.mark.parametrize(("c", "expected"), [(0.0, 1 / math.pi), (-1.0, 0.0), (0.5, 0.6090), (1.0, 1.0)])
def test_one_relu_layer_maps_correlations_as_cho_and_saul_found(c: float, expected: float) -> None:
    relu = CLOSED["relu"]
    assert 2 * relu.product(1.0, 1.0, c) == pytest.approx(expected, abs=5e-5)
    without_the_rectified_part = c
    assert c == 1.0 or without_the_rectified_part != pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(("q_a", "q_b", "c"), [(1.0, 1.0, 0.5), (0.3, 4.0, -0.7), (10.0, 0.1, 0.95)])
def test_the_average_of_two_error_functions_is_the_arcsine_of_williams(q_a: float, q_b: float, c: float) -> None:
    k = c * math.sqrt(q_a * q_b)
    expected = 2 / math.pi * math.asin(2 * k / math.sqrt((1 + 2 * q_a) * (1 + 2 * q_b)))
    assert CLOSED["erf"].product(q_a, q_b, c) == pytest.approx(expected, rel=1e-14)
    assert INTEGRATED["erf"].product(q_a, q_b, c) == pytest.approx(expected, rel=1e-8)
    without_the_ones = 2 / math.pi * math.asin(c)
    assert abs(without_the_ones - expected) > 0.01


def test_an_arcsine_near_one_keeps_its_digits() -> None:
    # E[erf(u)²] = 1 - 4/pi arctan(1 / sqrt(1 + 4q)): what is missing is written down, not subtracted.
    missing = 1 - CLOSED["erf"].second_moment(1e12)
    assert float(missing) == pytest.approx(4 / math.pi * math.atan(1 / math.sqrt(1 + 4e12)), rel=1e-9)


def test_only_for_positively_homogeneous_activations_is_the_slope_free_of_q() -> None:
    assert float(np.ptp(CLOSED["leaky"].slope(VARIANCES))) == 0
    assert float(np.ptp(CLOSED["erf"].slope(VARIANCES))) > 1


@pytest.mark.parametrize(
    ("name", "slopes"),
    [
        ("linear", (1.0, 1.0)),
        ("relu", (0.0, 1.0)),
        ("leaky_relu", (0.01, 1.0)),
        ("leaky_relu(negative_slope=3)", (3.0, 1.0)),
        ("leaky_relu(negative_slope=-1)", (-1.0, 1.0)),
    ],
)
def test_the_relu_family_is_recognized_by_its_values(name: str, slopes: tuple[float, float]) -> None:
    item = activations.get(name)
    known = nonlinearity(item.phi, item.derivative, item.kinks)
    assert isinstance(known, PiecewiseLinear)
    assert (known.below, known.above) == slopes


def test_erf_is_recognized_and_every_other_registered_activation_is_integrated() -> None:
    kinds = {item.name: type(nonlinearity(item.phi, item.derivative, item.kinks)) for item in activations}
    assert kinds["erf"] is ErrorFunction
    assert kinds["exponential"] is Exponential
    assert {name for name, kind in kinds.items() if kind is PiecewiseLinear} == {"linear", "relu", "leaky_relu"}
    assert kinds["elu"] is kinds["hard_tanh"] is kinds["tanh"] is Nonlinearity


@pytest.mark.parametrize(
    ("phi", "derivative", "kinks"),
    [
        (lambda z: np.maximum(z, 0.0), lambda z: 1 / (1 + np.exp(-z)), [0.0]),
        (lambda z: np.minimum(np.maximum(z, 0.0), 1e9), lambda z: (z > 0) * 1.0, [0.0, 1e9]),
        (lambda z: z + 1.0, np.ones_like, []),
        (lambda z: np.maximum(z, 0.0) ** 2, lambda z: 2 * np.maximum(z, 0.0), [0.0]),
    ],
    ids=["another derivative", "a cut far out", "an offset", "a square"],
)
def test_what_only_resembles_a_rectifier_is_integrated(phi: Function, derivative: Function, kinks: list[float]) -> None:
    assert type(nonlinearity(phi, derivative, kinks)) is Nonlinearity
