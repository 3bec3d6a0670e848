"""Closed forms of weighted sums, against sums over all outcomes of laws with few values."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from reportgen.theory.sums import product_variance, sum_variance, unit_spread

COVARIANCE = np.array([[1.0, 0.5, 0.2], [0.5, 2.0, 0.0], [0.2, 0.0, 0.5]])


def two_valued(mean: float, variance: float) -> np.ndarray:
    """Return the two equally likely values of a law with this mean and variance."""
    return mean + np.sqrt(variance) * np.array([-1.0, 1.0])


@pytest.mark.parametrize(("w_mean", "x_mean"), [(0.0, 0.0), (0.3, 0.0), (0.0, -2.0), (0.3, -2.0)])
def test_the_variance_of_a_product_is_that_over_all_outcomes(w_mean: float, x_mean: float) -> None:
    outcomes = np.outer(two_valued(w_mean, 0.5), two_valued(x_mean, 3.0))
    assert product_variance(w_mean, 0.5, x_mean, 3.0) == pytest.approx(outcomes.var())
    naive = 0.5 * 3.0
    assert (w_mean == x_mean == 0) == (naive == pytest.approx(outcomes.var()))


def test_the_variance_of_a_sum_is_that_over_all_weights_and_correlated_inputs() -> None:
    # Inputs x = mean + A s with signs s = +-1 have the covariance A A^T.
    A, x_mean, w_mean, w_variance, b_variance = np.linalg.cholesky(COVARIANCE), 0.7, -0.4, 0.3, 0.2
    signs = [np.array(each) for each in product((-1.0, 1.0), repeat=3)]
    weights = [w_mean + np.sqrt(w_variance) * each for each in signs]
    biases = two_valued(0.0, b_variance)
    outcomes = np.array([w @ (x_mean + A @ s) + b for w in weights for s in signs for b in biases])
    assert sum_variance(COVARIANCE, x_mean, w_mean, w_variance, b_variance) == pytest.approx(outcomes.var())
    without_input_mean = sum_variance(COVARIANCE, 0.0, w_mean, w_variance, b_variance)
    assert without_input_mean != pytest.approx(outcomes.var(), rel=0.1), "the second moment counts, not the variance"


def test_correlations_do_not_enter_the_variance_of_a_sum_with_centered_weights() -> None:
    uncorrelated = np.diag(np.diag(COVARIANCE))
    assert sum_variance(COVARIANCE, 0.0, 0.0, 0.1) == pytest.approx(sum_variance(uncorrelated, 0.0, 0.0, 0.1))
    assert unit_spread(COVARIANCE, 0.0, 0.1) > 1.05 * unit_spread(uncorrelated, 0.0, 0.1)


@pytest.mark.parametrize("w_mean", [0.0, 0.5])
def test_the_spread_over_units_is_that_of_quadratic_forms_of_normal_weights(w_mean: float) -> None:
    draws = 200_000
    weights = w_mean + np.sqrt(0.3) * np.random.default_rng(0).standard_normal((draws, 3))
    across_inputs = np.einsum("ij,jk,ik->i", weights, COVARIANCE, weights)
    measured = across_inputs.std() / across_inputs.mean()
    # A standard deviation of n draws with kurtosis k has the relative standard error sqrt((k - 1) / 4n); k < 16 here,
    # as for one squared normal weight. The mean adds less than that. 5 of both together:
    tolerance = 5 * np.sqrt(2 * 15 / 4 / draws)
    assert unit_spread(COVARIANCE, w_mean, 0.3) == pytest.approx(measured, rel=tolerance)
    assert unit_spread(COVARIANCE, w_mean + 1, 0.3) != pytest.approx(measured, rel=tolerance)


def test_the_relative_spread_of_centered_weights_does_not_depend_on_their_scale() -> None:
    assert unit_spread(COVARIANCE, 0.0, 0.3) == pytest.approx(unit_spread(COVARIANCE, 0.0, 0.6))
    assert unit_spread(COVARIANCE, 0.5, 0.3) != pytest.approx(unit_spread(COVARIANCE, 0.5, 0.6))


def test_equal_inputs_make_units_differ_as_much_as_squared_normal_numbers() -> None:
    same = np.ones((100, 100))
    assert unit_spread(same, 0.0, 0.01) == pytest.approx(np.sqrt(2))
    assert unit_spread(np.eye(100), 0.0, 0.01) == pytest.approx(np.sqrt(2 / 100))
