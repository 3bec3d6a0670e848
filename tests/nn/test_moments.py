"""Moments by BLAS, against sums in double precision: healthy, huge, faint, lost, alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reportgen.nn.moments import mean_square, moments_of

ROUNDING = 2e-6
"""What a few thousand additions in single precision may be off: each by 6e-8, in random directions."""


def draw(scale: float = 1.0, mean: float = 0.0, shape: tuple[int, int] = (256, 128)) -> np.ndarray:
    return (mean + scale * np.random.default_rng(0).standard_normal(shape)).astype(np.float32)


def in_double_precision(values: np.ndarray) -> tuple[Any, ...]:
    wide = values.astype(np.float64)
    return wide.mean(), (wide**2).mean(), wide.var(axis=0).mean()


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e12, 1e25, 1e37, 1e-12, 1e-16, 1e-30, 1e-40, 1e-44])
@pytest.mark.parametrize("mean", [0.0, 1.0, 30.0])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_moments_of_any_size_are_those_of_double_precision(scale: float, mean: float) -> None:
    values = draw(scale, min(mean * scale, 1e38))
    size = np.sqrt((values.astype(np.float64) ** 2).mean())
    expected = in_double_precision(values)
    found = moments_of(values)
    assert found.mean == pytest.approx(expected[0], rel=ROUNDING, abs=ROUNDING * size)
    assert found.second_moment == pytest.approx(expected[1], rel=ROUNDING)
    assert found.variance == pytest.approx(expected[2], rel=ROUNDING)
    assert mean_square(values) == pytest.approx(expected[1], rel=ROUNDING)


def test_a_small_variance_keeps_its_digits_beside_a_large_mean() -> None:
    values = draw(1e-4) + np.float32(100)
    assert moments_of(values).variance == pytest.approx(in_double_precision(values)[2], rel=ROUNDING)


def test_equal_rows_have_no_variance_at_all() -> None:
    values = np.repeat(draw(shape=(1, 128)), 256, axis=0)
    found = moments_of(values)
    assert found.variance == 0
    assert found.second_moment == pytest.approx(in_double_precision(values)[1], rel=ROUNDING)


def test_zeros_are_zero() -> None:
    assert moments_of(np.zeros((4, 3), np.float32)) == (0, 0, 0)


@pytest.mark.parametrize("lost", [np.inf, -np.inf, np.nan])
def test_a_lost_number_is_not_hidden(lost: float) -> None:
    values = draw()
    values[3, 4] = lost
    with np.errstate(all="ignore"):
        found = moments_of(values)
    assert not found.is_finite
    assert np.isfinite(mean_square(values)) == np.False_
    assert moments_of(draw()).is_finite


def test_an_array_of_many_numbers_is_summed_piece_by_piece() -> None:
    values = draw(shape=(3000, 1000))
    assert mean_square(values) == pytest.approx((values.astype(np.float64) ** 2).mean(), rel=1e-6)
    # In one piece the running sums would be so large that they round off parts of what is added.
    assert abs(float(np.dot(values.ravel(), values.ravel())) / values.size / mean_square(values) - 1) > 1e-7


def test_the_space_that_is_given_is_used() -> None:
    space = np.empty((256, 128), np.float32)
    assert moments_of(draw(), space) == moments_of(draw())
    assert space.any()
