"""Numbers that go into a page and come back: how near, and what comes back exactly."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest

from reportgen.chapters.packing import PRECISION, pack_counts, pack_sizes, unpack_counts, unpack_sizes

SMALLEST, GREATEST = 5e-324, float(np.finfo(np.float64).max)


@pytest.mark.parametrize("shape", [(1,), (3,), (1, 1), (7, 50), (154, 87)])
def test_sizes_come_back_within_the_stated_precision_whatever_their_power_of_ten(shape: tuple[int, ...]) -> None:
    values = 10 ** np.random.default_rng(0).uniform(-300, 300, shape)
    back = unpack_sizes(pack_sizes(values), shape)
    assert back.shape == shape
    assert np.abs(back / values - 1).max() <= PRECISION < 0.012


def test_the_precision_is_no_better_than_stated() -> None:
    values = 10 ** np.linspace(0, 0.01, 101)
    assert np.abs(unpack_sizes(pack_sizes(values), values.shape) / values - 1).max() > 0.98 * PRECISION


def test_zero_infinity_and_nan_come_back_as_they_are_and_a_negative_number_as_minus_one() -> None:
    values = [0.0, -0.0, np.inf, np.nan, -3.0, -np.inf, 1.0]
    np.testing.assert_array_equal(unpack_sizes(pack_sizes(values), (7,)), [0, 0, np.inf, np.nan, -1, -1, 1])


def test_the_ends_of_what_a_number_can_be_are_still_sizes() -> None:
    back = unpack_sizes(pack_sizes([SMALLEST, GREATEST]), (2,))
    assert 0 < back[0] < 1e-322
    assert 1e308 < back[1] < np.inf


def test_counts_come_back_exactly_and_no_greater_than_fits() -> None:
    values = np.random.default_rng(0).integers(0, 2**16, (9, 30))
    np.testing.assert_array_equal(unpack_counts(pack_counts(values), values.shape), values)
    assert unpack_counts(pack_counts([70000, 3]), (2,)).tolist() == [65535, 3]


def test_what_was_packed_is_base64_of_two_planes_of_bytes_as_the_documentation_says() -> None:
    planes = zlib.decompress(base64.b64decode(pack_counts([[1, 300], [5, 4]])))
    assert list(planes) == [1, 299 & 255, 5, 255, 0, 299 >> 8, 0, 255]


def test_layers_that_are_alike_take_little_room() -> None:
    smooth = 0.7 ** np.arange(50) * np.ones((154, 1))
    rough = 10 ** np.random.default_rng(0).uniform(-10, 10, (154, 50))
    assert len(pack_sizes(smooth)) < len(pack_sizes(rough)) / 20


def test_a_wrong_order_of_bytes_would_be_noticed() -> None:
    values = np.geomspace(1e-3, 1e3, 40)
    text = pack_sizes(values)
    planes = zlib.decompress(base64.b64decode(text))
    swapped = base64.b64encode(zlib.compress(planes[40:] + planes[:40])).decode()
    assert not np.allclose(unpack_sizes(swapped, (40,)), values, rtol=PRECISION)
