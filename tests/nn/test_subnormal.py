"""Subnormal numbers are zero within, numbers again behind, and nothing else changes."""

from __future__ import annotations

import platform
import sys

import numpy as np
import pytest

from reportgen.nn.subnormal import taken_as_zero

SMALL = np.full(100, 1e-39, np.float32)
"""Below the normal range of single precision, which ends at 1.2e-38."""

can_be_told = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="this processor is not told anything"
)


def halved() -> float:
    return float((SMALL * np.float32(0.5)).max())


@can_be_told
def test_subnormal_numbers_are_zero_within_and_only_there() -> None:
    assert halved() > 0
    with taken_as_zero():
        assert halved() == 0
    assert halved() > 0


@can_be_told
def test_what_fails_within_leaves_the_processor_as_it_was() -> None:
    with pytest.raises(KeyError), taken_as_zero():
        raise KeyError
    assert halved() > 0


def test_normal_numbers_are_computed_as_ever() -> None:
    rng = np.random.default_rng(0)
    one, other = (rng.standard_normal((50, 50)).astype(np.float32) for _ in range(2))
    outside = [one @ other, np.exp(one), np.tanh(one), one / other, np.sqrt(np.abs(one))]
    with taken_as_zero():
        within = [one @ other, np.exp(one), np.tanh(one), one / other, np.sqrt(np.abs(one))]
    assert all(np.array_equal(*pair) for pair in zip(outside, within, strict=True))
