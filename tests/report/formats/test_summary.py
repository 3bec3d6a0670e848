"""Descriptions of pages: whole sentences of a length that search engines show, in plain words."""

from __future__ import annotations

import pytest

from reportgen.report.formats.html import finish_html
from reportgen.report.formats.summary import LONGEST, SHORTEST, plain_formula


def description(prose: str) -> str:
    return finish_html(prose, "page x").summary


@pytest.mark.parametrize(
    ("prose", "said"),
    [
        (
            "Yes. It holds for nearly everything that was measured here.",
            "Yes. It holds for nearly everything that was measured here.",
        ),
        (
            "**Start with $\\sqrt{2}$ for ReLU**, and with *one* for [tanh](x.md), and so on.",
            "Start with √2 for ReLU, and with one for tanh, and so on.",
        ),
        (
            "Each of them is listed:\n\n- one\n\nIt is about as simple as that, and there is no more to it.",
            "It is about as simple as that, and there is no more to it.",
        ),
        (
            'A short one. <span class="unmet">Not borne out: <b>x</b></span> And one that is long enough now.',
            "A short one. And one that is long enough now.",
        ),
    ],
)
def test_a_description_is_made_of_the_first_sentences(prose: str, said: str) -> None:
    assert description(prose) == said


def test_a_long_sentence_is_cut_between_words() -> None:
    cut = description("word " * 60)
    assert SHORTEST < len(cut) <= LONGEST
    assert cut.endswith("word…")


def test_a_sentence_that_would_be_cut_is_left_out_where_there_is_enough_without_it() -> None:
    first = "This sentence says enough about the page to stand alone."
    assert description(f"{first} Word{' word' * 60}.") == first


@pytest.mark.parametrize(
    ("latex", "typed"),
    [
        (r"\mathrm{Var}(w) = \frac{2}{n}", "Var(w) = 2/n"),
        (r"\frac{1+x}{2n}", "(1 + x)/2n"),
        (r"q^* \approx 0.3", "q* ≈ 0.3"),
        (r"\chi_1^{l-1}", "χ₁^(l−1)"),
        (r"\hat{x}_i", "x_i"),
        (r"\no\such", r"\no\such"),
    ],
)
def test_a_formula_is_written_as_one_would_type_it(latex: str, typed: str) -> None:
    assert plain_formula(latex) == typed
