"""How numbers, lists and tables are written."""

from __future__ import annotations

import html
import math
import re

import numpy as np
import pandas as pd
import pytest

from reportgen.judgments.estimates import Estimate
from reportgen.report.filters import anchor, num, percent, plain, pm, table, text, whole, words
from reportgen.report.formats.html import finish_html


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.00"),
        (0.89348, "0.893"),
        (6929.7, "6,930"),
        (12345.0, "12,300"),
        (99940.0, "99,900"),
        (99960.0, "1.00×10⁵"),
        (0.001, "0.00100"),
        (0.0009994, "9.99×10⁻⁴"),
        (0.0009996, "0.00100"),
        (999.6, "1,000"),
        (1.9073486328125e-06, "1.91×10⁻⁶"),
        (-2.5e12, "−2.50×10¹²"),
        (-0.25, "−0.250"),
        (-0.0, "0"),
        (math.inf, "overflow"),
        (-math.inf, "overflow"),
        (math.nan, "not a number"),
        (np.float32(0.5), "0.500"),
        (np.int64(1024), "1,024"),
        (5e-324, "4.94×10⁻³²⁴"),
    ],
)
def test_a_number_has_three_digits_and_a_count_has_all(value: float, text: str) -> None:
    assert num(value, 3) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.89348, "0.89"), (1.0, "1.0"), (6929.7, "6,900"), (99600.0, "1.0×10⁵"), (0.0009996, "0.0010"), (128, "128")],
)
def test_a_sentence_has_two_digits(value: float, text: str) -> None:
    assert num(value) == text


def test_a_number_reads_back_within_half_a_unit_of_its_third_digit() -> None:
    values = np.exp(np.random.default_rng(0).uniform(-30, 30, 500))
    back = {"⁻": "-", **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))}
    for value in values:
        read = float("".join(back.get(letter, letter) for letter in num(value, 3).replace("×10", "e").replace(",", "")))
        assert read == pytest.approx(value, rel=0.0051)  # 1.005 -> 1.00 or 1.01: at most 0.5 % off


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (1.0023, 0.0041, "1.002 ± 0.004"),
        (1.0023, 0.0096, "1.00 ± 0.01"),
        (0.12, 3.4, "0 ± 3"),
        (-0.0001, 0.02, "0.00 ± 0.02"),
        (6930.0, 120.0, "6,900 ± 100"),
        (2.5e9, 1e8, "(2.5 ± 0.1)×10⁹"),
        (1.0, 0.0, "1.0 ± 0"),
        (math.inf, math.nan, "overflow ± not a number"),
    ],
)
def test_value_and_standard_error_end_at_the_same_decimal(value: float, error: float, text: str) -> None:
    assert pm(Estimate(value, error)) == text


def test_two_values_have_no_standard_error_to_tell() -> None:
    assert pm(Estimate(1.0023, 0.0041, number=2)) == "1.0"
    assert pm(Estimate(1.0023, 0.0041, number=3)) == "1.002 ± 0.004"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.8934, "89%"),
        (1.0, "100%"),
        (0.5, "50%"),
        (0.0213, "2.1%"),
        (0.00042, "0.042%"),
        (0.9971, "over 99%"),
        (0.0, "0%"),
        (math.inf, "overflow"),
    ],
)
def test_a_share_is_written_as_a_percentage(share: float, text: str) -> None:
    assert percent(share) == text


def test_counts_have_no_decimals() -> None:
    assert [whole(value) for value in (1797, 2.0, -3, math.nan)] == ["1,797", "2", "−3", "not a number"]


def test_lists_read_as_one_would_say_them() -> None:
    assert words(["relu"]) == "relu"
    assert words([2, 5, 1000]) == "2, 5 and 1,000"
    assert words([0.1, 0.02, 0.31831]) == "0.1, 0.02 and 0.32"
    assert words([]) == "none"


def test_a_table_aligns_numbers_escapes_pipes_and_writes_every_kind_of_cell() -> None:
    frame = pd.DataFrame(
        {
            "a|b": ["x\ny", "$|x|$"],
            "number": [0.5, np.inf],
            "count": [1, 2048],
            "estimate": [Estimate(1.0, 0.1), Estimate(2.0, 0.1)],
            "healthy": [True, False],
        }
    )
    assert table(frame).splitlines() == [
        r"| a\|b | number | count | estimate | healthy |",
        "| --- | ---: | ---: | ---: | --- |",
        "| x y | 0.500 | 1 | 1.0 ± 0.1 | yes |",
        r"| \$\|x\|\$ | overflow | 2,048 | 2.0 ± 0.1 | no |",
    ]


def test_a_table_without_rows_keeps_its_head() -> None:
    assert table(pd.DataFrame({"x": []})) == "| x |\n| --- |"


def test_anchors_are_those_of_github_for_headings_without_underscores() -> None:
    assert [anchor(text) for text in ("Check yourself", "fan_in", "Where 6 comes from: a²/3?")] == [
        "check-yourself",
        "fan-in",
        "where-6-comes-from-a²3",
    ]


NASTY = [
    "Ba$$in",
    "my_<b>$x_1$|data&co*`~[a](b)*.csv",
    "{{ x }} {% raw %} \\frac{1}{2} \\\\ &amp; &lt;",
    "_a_ __init__ a_b *c* **d** ~~e~~ ^f^ @g [h]: [^i] <!-- j --> </td>",
    "数据 بيانات 😀",
]


def read(markdown: str) -> str:
    """Return what a reader of the page sees."""
    return html.unescape(re.sub(r"<[^>]*>", "", finish_html(markdown, "page").text)).strip()


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_read_as_it_was_typed_in_a_sentence_a_heading_a_table_and_an_alternative_text(name: str) -> None:
    assert read(f"A {text(name)} z") == f"A {name} z"
    assert read(f"## A {text(name)}") == f"A {name}"
    assert name in read(table(pd.DataFrame({"name": [name], "other": ["x"]})))
    assert read(words([name, name])) == f"{name} and {name}"
    assert plain(f"A {text(name)}.") == f"A {name}."


def test_what_cannot_be_seen_or_written_is_escaped() -> None:
    assert read(text("a\udcff\u202eb\0\ue000")) == r"a\udcff\u202eb\x00\ue000"
