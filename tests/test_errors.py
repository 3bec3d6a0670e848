"""Error lines stay short, whatever a user wrote."""

from __future__ import annotations

import pytest

from reportgen.errors import did_you_mean, shortened


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("glorot_normal", "glorot_normal"),
        ("a\nb\0c\x1b[31m", r"a\nb\x00c\x1b[31m"),
        ("x\ud800", r"x\ud800"),
        ("a" * 500 + "b" * 500, "a" * 30 + "…" + "b" * 29),
    ],
)
def test_a_users_text_is_told_on_one_short_line(text: str, told: str) -> None:
    assert shortened(text) == told


def test_the_closest_match_is_told_even_where_not_all_names_have_room() -> None:
    names = [f"name_{number}" for number in range(100)]
    told = did_you_mean("nname_99", names)
    assert told.startswith("did you mean name_99? Allowed: name_0, name_1, ")
    assert told.endswith(" more")
    assert len(told) < 220


def test_a_very_long_name_is_compared_by_its_start() -> None:
    assert did_you_mean("x" * 10**6, ["relu"]) == "Allowed: relu"
