"""What a sentence asks of the numbers, how much room it leaves, and the settings that it is meant for."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isnan, log, nan

import pytest

from reportgen.chapters.check import Check, Condition, Scope, above, below, near, same, within
from reportgen.judgments.estimates import Estimate


@pytest.mark.parametrize(
    ("condition", "holds", "room", "log_room"),
    [
        (below(1.0, 4.0), True, 3.0, log(4)),
        (below(4.0, 1.0), False, -3.0, -log(4)),
        (above(4.0, 1.0), True, 3.0, log(4)),
        (above(0.0, -1.0), True, 1.0, nan),
        (below(inf, 1.0), False, -inf, nan),
        (near(Estimate(1.5, 0.25), 1.0), True, 4.0, nan),
        (near(Estimate(3.0, 0.25), 1.0), False, -2.0, nan),
        (near(Estimate(1.0, 0.0), 1.0), True, nan, nan),
        # With eight values, 6 known standard errors are 38.8 estimated ones.
        (near(Estimate(3.0, 0.25, number=8), 1.0), True, 30.78102713440625, nan),
        (near(Estimate(1.1, 0.0), 1.0), False, nan, nan),
        (same("dies", "healthy"), False, nan, nan),
    ],
)
def test_a_condition_says_how_much_room_is_left(
    condition: Condition, holds: bool, room: float, log_room: float
) -> None:
    assert condition.holds is holds
    assert condition.room == pytest.approx(room, nan_ok=True)
    assert condition.log_room == pytest.approx(log_room, nan_ok=True)


@pytest.mark.parametrize("value", [0.0, 1e-12, 1e-3])
def test_what_is_far_below_a_bound_has_the_room_of_a_twentieth_and_is_told_as_it_is(value: float) -> None:
    condition = below(value, 0.1)
    assert (condition.room, condition.log_room) == pytest.approx((0.095, log(20)))
    assert condition.measured == f"{value:.4g}"


@pytest.mark.parametrize("value", [nan, 0.5, 3.0])
def test_what_is_no_number_or_beyond_a_bound_does_not_hold(value: float) -> None:
    assert not Check.of("inside", "It is inside", within(1, value, 2)).holds


def test_the_evidence_names_what_failed_or_everything_where_nothing_did() -> None:
    good, bad = below(1.0, 2), same("dies", "healthy")
    assert Check.of("a", "A", good, bad).evidence == "Measured dies, expected healthy"
    assert (
        Check.of("a", "A", good, above(5, 4)).evidence == "Measured 1, expected below 2; measured 5, expected above 4"
    )


TRIED = {"width": 128, "replicates": 5, "batch": 256, "depths": [2, 50]}


@pytest.mark.parametrize(
    ("scope", "outside"),
    [
        (Scope(), ""),
        (Scope(width=(64, 256), depth=(50, 100)), ""),
        (Scope(width=(200, inf), depth=(60, inf)), "width 128, depth 50"),
        (Scope(replicates=(0, 4)), "replicates 5"),
    ],
)
def test_a_scope_names_the_settings_that_are_outside(scope: Scope, outside: str) -> None:
    assert scope.outside(TRIED) == outside
    assert Check.of("a", "A").only_for(scope).meant_for is scope


@pytest.mark.parametrize("conditions", [(), (same(1, 1),)])
def test_a_check_holds_where_none_of_its_conditions_fails(conditions: Sequence[Condition]) -> None:
    assert Check.of("a", "A", *conditions).holds
    assert isnan(same(1, 1).room)


def test_what_was_measured_is_told_in_one_order_and_sets_in_that_of_the_alphabet() -> None:
    words = ["tanh", "elu", "relu", "gelu", "selu", "linear"]
    assert same(set(words), frozenset(words)).measured == "elu, gelu, linear, relu, selu, tanh"
    assert same(words, words).measured == ", ".join(words)
    assert same({2.5, 1.0}, set()) == same({1.0, 2.5}, set())
