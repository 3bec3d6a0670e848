"""What is measured in a layer, against definitions written out the slow way."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.nn.moments import moments_of
from reportgen.nn.statistics import (
    distinct_units,
    finite_fraction,
    frobenius,
    gradient_statistics,
    layer_statistics,
    moments,
    rms,
    saturated,
)


def test_moments_agree_with_sums_over_every_unit() -> None:
    values = np.random.default_rng(0).normal(3.0, 2.0, (2, 7, 5))
    mean, second_moment, variance = moments(values)
    for member in range(2):
        units = values[member].T
        assert mean[member] == pytest.approx(sum(units.ravel()) / 35, rel=1e-12)
        assert second_moment[member] == pytest.approx(sum(x * x for x in units.ravel()) / 35, rel=1e-12)
        across_inputs = [sum((x - unit.mean()) ** 2 for x in unit) / 7 for unit in units]
        assert variance[member] == pytest.approx(sum(across_inputs) / 5, rel=1e-12)


def test_variance_across_inputs_is_not_the_second_moment() -> None:
    same_for_every_input = np.ones((1, 6, 1)) * np.arange(4.0)
    _, second_moment, variance = moments(same_for_every_input)
    assert variance[0] == 0
    assert second_moment[0] > 1


def test_float32_values_are_squared_in_float64() -> None:
    huge = np.full((1, 2, 2), 1e30, np.float32)
    assert moments(huge)[1][0] == pytest.approx(1e60, rel=1e-6)
    assert rms(huge)[0] == pytest.approx(1e30, rel=1e-6)


def test_frobenius_norm_is_that_of_numpy() -> None:
    matrices = np.random.default_rng(1).normal(size=(3, 4, 6))
    assert frobenius(matrices) == pytest.approx([np.linalg.norm(matrix) for matrix in matrices], rel=1e-12)


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("tanh", np.arctanh(0.974), np.arctanh(0.976)),
        ("sigmoid", 4.3, 4.5),
        ("softsign", 3.4, 3.6),
        ("relu", 0.1, -0.1),
    ],
)
def test_saturated_means_a_slope_below_five_percent_of_the_greatest(name: str, inside: float, outside: float) -> None:
    activation = activations.get(name)
    slopes = activation.derivative(np.array([inside, outside]))
    assert saturated(slopes, activation).tolist() == [False, True]


def test_a_dead_unit_is_inactive_for_every_input() -> None:
    relu = activations.get("relu")
    z = np.array([[1.0, -1.0, 1.0], [2.0, -2.0, -1.0]])
    statistics = layer_statistics(moments_of(z), relu.phi(z), relu.derivative(z), relu, np.empty_like(z))
    assert statistics["dead_fraction"] == pytest.approx(1 / 3)
    assert statistics["saturated_fraction"] == pytest.approx(3 / 6)


def test_a_gradient_meets_slopes_and_weights_and_some_of_it_is_negligible() -> None:
    tanh, rng = activations.get("tanh"), np.random.default_rng(3)
    W, slope, delta = rng.normal(size=(2, 5, 3)), rng.uniform(0, 1, (2, 4, 3)), rng.normal(size=(2, 4, 3))
    slope[0, :2] = 0.04
    delta[1, 0] = 1e-4
    found = gradient_statistics(W, slope, delta, tanh)
    for member in range(2):
        entries = delta[member].ravel()
        size = np.sqrt(sum(entries**2) / 12)
        assert found["delta_rms"][member] == pytest.approx(size, rel=1e-12)
        assert found["mean_squared_slope"][member] == pytest.approx(sum(slope[member].ravel() ** 2) / 12, rel=1e-12)
        assert found["weight_factor"][member] == pytest.approx(3 * sum(W[member].ravel() ** 2) / 15, rel=1e-12)
        assert found["negligible_fraction"][member] == sum(abs(entries) < size / 1000) / 12
    assert found["negligible_fraction"].tolist() == [0, 3 / 12]
    assert found["saturated_fraction"][0] >= 6 / 12


def test_overflow_is_counted_and_stays_in_its_member() -> None:
    values = np.ones((2, 2, 2), np.float32)
    values[0, 0, 0] = np.inf
    values[0, 1, 1] = np.nan
    assert finite_fraction(values).tolist() == [0.5, 1.0]
    assert rms(values)[1] == 1.0


def test_distinct_units_are_counted_bit_by_bit() -> None:
    weights = np.random.default_rng(2).normal(size=(2, 5, 8))
    weights[0] = weights[0][:, :1]
    weights[1][:, 3] = weights[1][:, 0]
    assert distinct_units(weights).tolist() == [1, 7]
    weights[1][0, 3] = np.nextafter(weights[1][0, 3], 9)
    assert distinct_units(weights).tolist() == [1, 8]
