"""Means of few values in their own standard errors, against many draws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reportgen.theory.student import covered, density, warranted


@pytest.mark.parametrize("number", [2, 3, 5, 64])
def test_a_mean_of_few_is_within_two_standard_errors_less_often_than_nineteen_times_in_twenty(number: int) -> None:
    draws = np.random.default_rng(0).standard_normal((20_000, number))
    within = np.abs(draws.mean(axis=1)) < 2 * draws.std(axis=1, ddof=1) / np.sqrt(number)
    expected = 1 - 2 * stats.t.sf(2, number - 1)
    assert covered(2, number) == pytest.approx(expected)
    assert within.mean() == pytest.approx(expected, abs=5 * np.sqrt(expected * (1 - expected) / len(draws)))
    assert number == 64 or expected < 0.9
    assert covered(2, np.inf) == pytest.approx(0.9545, abs=1e-4)


@pytest.mark.parametrize("number", [2, 5, 64])
def test_as_many_standard_errors_are_warranted_as_leave_the_same_to_chance(number: int) -> None:
    assert covered(warranted(3, number), number) == pytest.approx(covered(3, np.inf))
    assert warranted(3, number) > 3 == warranted(3, np.inf)


@pytest.mark.parametrize("number", [2, 5, 10, 200])
def test_the_density_is_that_of_students_distribution(number: int) -> None:
    deviation = np.linspace(-9, 9, 91)
    np.testing.assert_allclose(density(deviation, number), stats.t.pdf(deviation, number - 1), rtol=1e-12)
    assert np.abs(density(deviation, number) / stats.t.pdf(deviation, number) - 1).max() > 1e-3
