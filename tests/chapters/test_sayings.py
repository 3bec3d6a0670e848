"""Sayings: each is a sentence about facts that there are, some page says it, and it can fail."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getdoc, signature
from typing import Any

import pytest

from reportgen.chapters import interview, myths, sayings
from reportgen.chapters.interview import checks as of_interview
from reportgen.chapters.myths import checks as of_myths
from reportgen.chapters.sayings import SAYINGS, said
from reportgen.judgments.facts import FACTS
from reportgen.report.page import Reading
from tests.chapters.contradicting import CONTRADICTING

Read = Callable[..., Reading]

EACH = pytest.mark.parametrize("name", SAYINGS)


@EACH
def test_a_saying_is_a_sentence_about_facts_that_there_are(name: str) -> None:
    parameters = set(signature(SAYINGS[name]).parameters)
    assert parameters
    assert parameters <= set(FACTS)
    doc = getdoc(SAYINGS[name]) or ""
    assert doc.startswith("Say that ")
    assert doc.endswith(".")


@EACH
def test_a_saying_is_said_on_a_page(name: str) -> None:
    assert name in {*of_interview.SAID, *of_myths.SAID}


@EACH
def test_a_saying_has_facts_that_refute_it_and_all_are_its_own(name: str) -> None:
    assert CONTRADICTING[name]
    assert {fact for facts in CONTRADICTING[name] for fact in facts} <= set(signature(SAYINGS[name]).parameters)


def test_every_fact_decides_a_saying() -> None:
    assert set(FACTS) == {fact for saying in SAYINGS.values() for fact in signature(saying).parameters}


def test_a_check_has_the_sentence_without_its_prefix_and_one_full_stop() -> None:
    (check,) = said({"equal_units_behind_norms": 1.0}, ["norm_keeps_equal"])
    assert check.holds
    assert check.statement == "no norm and no branch tells equal units apart."


@pytest.mark.parametrize("chapter", [interview.CHAPTER, myths.CHAPTER], ids=lambda chapter: chapter.slug)
def test_what_a_user_adds_changes_no_fact(chapter: Any, read: Read, read_added: Read) -> None:
    assert read_added(chapter).findings == read(chapter).findings


def test_the_pages_need_what_the_facts_are_read_from() -> None:
    assert interview.CHAPTER.needs == myths.CHAPTER.needs == sayings.NEEDS
