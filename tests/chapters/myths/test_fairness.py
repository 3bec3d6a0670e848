"""Every myth is told with where it is right and where it is not; every published sentence names who published it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROSE = (Path(__file__).parents[3] / "templates" / "chapters" / "myths.md.jinja").read_text(encoding="utf-8")
COMMON, _, PUBLISHED = PROSE.partition("\n## Published")
MYTHS, SENTENCES = (
    dict(zip(blocks[::2], blocks[1::2], strict=True))
    for blocks in (re.split(r"^### (.+)$", part, flags=re.MULTILINE)[1:] for part in (COMMON, PUBLISHED))
)


def test_there_are_myths_and_published_sentences() -> None:
    assert len(MYTHS) >= 12
    assert len(SENTENCES) >= 3


@pytest.mark.parametrize("myth", MYTHS)
def test_a_myth_is_right_somewhere_and_a_figure_shows_where_it_is_not(myth: str) -> None:
    right, wrong = MYTHS[myth].split("**Where it is not.**")
    assert "**Where it is right.**" in right
    assert len(right.split()) > 10
    assert len(wrong.split()) > 10
    assert "{{ ref(" in wrong


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_published_sentence_has_evidence_of_ours(sentence: str) -> None:
    assert "{{ holds(" in SENTENCES[sentence]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_published_sentence_names_its_source_unless_it_has_many(sentence: str) -> None:
    assert "{{ cite(" in SENTENCES[sentence] or "Many introductions" in SENTENCES[sentence]
