"""Every question has a short answer that can be said aloud, a reason, and a way to the figure or page that shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROSE = (Path(__file__).parents[3] / "templates" / "chapters" / "interview.md.jinja").read_text(encoding="utf-8")
BLOCKS = re.split(r"^### (.+)$", re.sub(r"^## .+$", "", PROSE, flags=re.MULTILINE), flags=re.MULTILINE)[1:]
ANSWERS = dict(zip(BLOCKS[::2], BLOCKS[1::2], strict=True))

EACH = pytest.mark.parametrize("question", ANSWERS)


def paragraphs(question: str) -> list[str]:
    return [one for one in ANSWERS[question].strip().split("\n\n") if one.strip()]


def test_there_are_many_questions() -> None:
    assert len(ANSWERS) >= 25


@EACH
def test_the_short_answer_stands_alone_and_has_no_formula(question: str) -> None:
    short = paragraphs(question)[0]
    assert re.fullmatch(r"\*\*[^*{$`]+\*\*(?: \{\{ holds\(.*\) \}\})?", short)
    assert len(re.findall(r"[.?!:](?= |\*)", short)) <= 4
    assert len(short.split()) <= 50


@EACH
def test_the_reason_follows_and_then_where_to_see_it(question: str) -> None:
    reasons = paragraphs(question)[1:]
    assert reasons
    assert re.search(r"\{\{ (?:ref|link|cite)\(", ANSWERS[question])
    assert len(" ".join(reasons).split()) <= 150


def test_most_questions_lead_to_a_figure() -> None:
    shown = [question for question, answer in ANSWERS.items() if "{{ ref(" in answer]
    assert len(shown) >= 0.85 * len(ANSWERS)
