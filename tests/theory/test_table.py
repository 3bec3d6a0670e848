"""Tables of averages: as exact as the quadrature that they stand for, and asked only once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.theory.quadrature import Floats, gaussian_mean
from reportgen.theory.table import GREATEST, SMALLEST, Table


def step_moment(q: Floats) -> Floats:
    """Return the average of a function with jumps: it is smooth in q all the same."""
    return gaussian_mean(lambda x: (np.abs(x) > 0.7) + 0.1 * x**2, q, [-0.7, 0.7])


TABLE = Table(step_moment)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.floats(-30, 30), min_size=1, max_size=20))
def test_a_table_agrees_with_the_quadrature_between_its_nodes(exponents: list[float]) -> None:
    q = 10.0 ** np.array(exponents)
    np.testing.assert_allclose(TABLE(q), step_moment(q), rtol=1e-11)


def test_linear_interpolation_of_the_same_octaves_would_not_do() -> None:
    q = np.array([0.3])
    ends = step_moment(np.array([0.25, 0.5]))
    linear = ends[0] + (np.log2(q) + 2) * (ends[1] - ends[0])
    assert abs(linear / step_moment(q) - 1) > 1e-3


def test_each_octave_is_integrated_once() -> None:
    asked = []

    def counted(q: Floats) -> Floats:
        asked.append(q)
        return np.sqrt(q)

    table = Table(counted)
    q = np.geomspace(1.0, 7.9, 1000).reshape(10, 100)
    np.testing.assert_allclose(table(q), np.sqrt(q), rtol=1e-13)
    np.testing.assert_allclose(table(q[::-1]), np.sqrt(q[::-1]), rtol=1e-13)
    assert len(asked) == 3


def test_beyond_the_range_the_value_at_its_end_is_kept() -> None:
    table = Table(np.sqrt)
    np.testing.assert_allclose(table([0.0, np.inf]), np.sqrt([SMALLEST, GREATEST]), rtol=1e-12)


def test_a_function_that_no_polynomial_follows_is_asked_directly() -> None:
    def falling(q: Floats) -> Floats:
        return np.exp(-20 / q)

    q = np.array([[0.3, 0.7], [1.0, 300.0]])
    np.testing.assert_allclose(Table(falling)(q), falling(q), rtol=1e-9)


@pytest.mark.parametrize("q", [-1.0, np.nan])
def test_a_negative_variance_is_a_bug_of_the_caller(q: float) -> None:
    with pytest.raises(ValueError, match="variance"):
        TABLE(q)
