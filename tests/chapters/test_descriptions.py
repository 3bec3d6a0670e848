"""What every page says of itself where it is found or shared."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from reportgen.chapters import CHAPTERS
from reportgen.chapters.chapter import Chapter
from reportgen.report.formats import FORMATS
from reportgen.report.formats.summary import LONGEST, SHORTEST
from reportgen.report.page import Edition, render_page
from reportgen.report.templating import environment
from tests.chapters.conftest import Measure, Read


def faults(said: str) -> list[str]:
    """Return what is wrong with a description."""
    wrong = {
        "length": not SHORTEST <= len(said) <= LONGEST,
        "markup": re.search(r"[\\$`{}<>|]|\*\*|\]\(", said) is not None,
        "no sentence": not said.endswith((".", "!", "?", "…")) or not said[0].isalnum(),
        "a mark": "orne out" in said,
    }
    return [f"{fault}: {said}" for fault, holds in wrong.items() if holds]


def described(page: str) -> str:
    (said,) = re.findall(r'<meta name="description" content="(.*?)">', page)
    return html.unescape(said)


@pytest.mark.parametrize("with_added", [False, True], ids=["canonical", "with added data"])
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_a_page_is_described_by_whole_sentences_in_plain_letters(
    chapter: Chapter[Any, Any], with_added: bool, read: Read, read_added: Read, measured: Measure
) -> None:
    reading = (read_added if with_added else read)(chapter)
    edition = Edition(FORMATS["html"], CHAPTERS, measured(chapter.needs).settings, (), environment())
    assert faults(described(render_page(reading, edition))) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("Yes.", "length"),
        ("word " * 40 + ".", "length"),
        (r"ReLU needs a gain of \sqrt{2}, and all is well with it, we think.", "markup"),
        ("These are the things that we have measured, each with its card:", "no sentence"),
    ],
)
def test_a_poor_description_is_seen(said: str, fault: str) -> None:
    assert any(one.startswith(fault) for one in faults(said))
