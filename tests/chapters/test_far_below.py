"""What may well be nothing has room up to its bound, and no more room the nearer it is to nothing."""

from __future__ import annotations

from math import log, nan

import pytest

from reportgen.chapters.check import below, far_below


@pytest.mark.parametrize("value", [0.0, 1e-12, 1e-3])
def test_what_is_gone_has_the_room_of_a_twentieth(value: float) -> None:
    condition = far_below(value, 0.1)
    assert condition.holds
    assert (condition.room, condition.log_room) == pytest.approx((0.095, log(20)))


@pytest.mark.parametrize("value", [0.01, 0.1, 0.3, nan])
def test_what_is_not_gone_is_asked_as_any_number(value: float) -> None:
    condition, plain = far_below(value, 0.1), below(value, 0.1)
    assert (condition.holds, condition.expected) == (plain.holds, plain.expected)
    assert (condition.room, condition.log_room) == pytest.approx((plain.room, plain.log_room), nan_ok=True)


def test_what_was_measured_is_told_as_it_was() -> None:
    assert far_below(1e-12, 0.1).measured == "1e-12"
