"""How different units are: counts and angles of matrices whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.nn import units


def stack(*matrices: list[list[float]]) -> np.ndarray:
    return np.array(matrices, dtype=float)


SAME = [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]
TWINS = [[1.0, 3.0, 1.0], [2.0, 4.0, 2.0]]
NONE = [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


def test_spread_is_the_greatest_difference_between_two_units() -> None:
    assert units.spread(stack(SAME, TWINS, NONE)).tolist() == [0, 2, 0]


def test_distinct_units_are_counted_and_rounding_does_not_count() -> None:
    assert units.distinct(stack(SAME, TWINS, NONE)).tolist() == [1, 2, 1]
    rounded = stack(SAME)
    rounded[0, 0, 1] += 1e-15
    assert units.distinct(rounded).tolist() == [1]
    rounded[0, 0, 1] += 1e-6
    assert units.distinct(rounded).tolist() == [2]


def test_units_are_columns_and_not_rows() -> None:
    rows_equal = stack([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]])
    assert units.distinct(rows_equal).tolist() == [2]
    assert units.distinct(rows_equal.swapaxes(1, 2)).tolist() == [1]


def test_units_that_differ_in_one_weight_alone_are_distinct_and_those_within_the_tolerance_are_not() -> None:
    close = 0.5 * units.TOLERANCE
    first_alone = stack([[0.0, 1.0, 2.0], [5.0, 5.0, 5.0]])
    last_alone = stack([[1.0, 1.0, 2.0], [5.0, 6.0, 5.0]])
    alike = stack([[1.0, 1.0 + close, 2.0], [5.0, 5.0 + close, 5.0]])
    assert [int(units.distinct(case)[0]) for case in (first_alone, last_alone, alike)] == [3, 3, 2]


def test_rank_counts_singular_values_and_stable_rank_weighs_them() -> None:
    matrices = stack(SAME, TWINS, NONE)
    assert units.rank(units.singular_values(matrices)).tolist() == [1, 2, 0]
    diagonal = np.diag([3.0, 4.0, 1e-14])[None]
    assert units.rank(units.singular_values(diagonal)).tolist() == [2]
    assert units.stable_rank(units.singular_values(diagonal))[0] == pytest.approx(25 / 16)
    assert np.isnan(units.stable_rank(units.singular_values(stack(NONE)))[0])


def test_a_matrix_that_is_not_finite_has_no_rank_and_spoils_no_other() -> None:
    lost = stack(TWINS, [[np.nan, 1, 1], [1, 1, 1]], [[np.inf, 1, 1], [1, 1, 1]])
    ranks = units.rank(units.singular_values(lost))
    assert ranks[0] == 2
    assert np.isnan(ranks[1:]).all()


def test_cosines_are_those_of_the_angles_between_units() -> None:
    angles = np.array([0, np.pi / 3, np.pi])
    found = units.cosines(np.stack([2 * np.cos(angles), 2 * np.sin(angles)])[None])
    np.testing.assert_allclose(found[0], [[1, 0.5, -1], [0.5, 1, -0.5], [-1, -0.5, 1]], atol=1e-15)
    assert units.mean_absolute_cosine(np.stack([np.cos(angles), np.sin(angles)])[None])[0] == pytest.approx(2 / 3)


def test_a_unit_without_weights_has_no_angle_and_a_single_unit_no_pair() -> None:
    assert np.isnan(units.cosines(stack(NONE))).all()
    assert np.isnan(units.mean_absolute_cosine(np.ones((1, 3, 1)))).all()


def test_random_directions_have_the_cosine_of_the_formula() -> None:
    n = 400
    found = units.mean_absolute_cosine(np.random.default_rng(0).standard_normal((1, n, n)))[0]
    # |cos| has relative standard deviation sqrt(pi/2 - 1) = .76; five standard errors of n(n-1)/2 pairs.
    assert found == pytest.approx(np.sqrt(2 / (np.pi * n)), rel=5 * 0.76 / np.sqrt(n * (n - 1) / 2))
    assert found != pytest.approx(np.sqrt(1 / n), rel=0.1), "the root mean square is another number"
