"""The words of the glossary: no page links to one that it does not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.judgments.verdicts import VERDICTS
from reportgen.report.filters import anchor

CHAPTERS = Path(__file__).parents[3] / "templates" / "chapters"
PROSE = (CHAPTERS / "glossary.md.jinja").read_text(encoding="utf-8")
WORDS = re.findall(r"^### (.+)$", PROSE, flags=re.MULTILINE)
ANCHORS = {anchor(word) for word in WORDS}
TERM = re.compile(r"""\bterm\(\s*["']([^"']+)["']""")


def test_a_call_of_term_is_found_with_and_without_its_own_text() -> None:
    assert TERM.findall("""{{ term("fan_in") }} and {{ term('dead', "born dead") }}""") == ["fan_in", "dead"]


@pytest.mark.parametrize("template", sorted(CHAPTERS.glob("*.md.jinja")), ids=lambda path: path.name.partition(".")[0])
def test_every_term_of_a_page_is_explained(template: Path) -> None:
    used = TERM.findall(template.read_text(encoding="utf-8"))
    assert {anchor(word) for word in used} <= ANCHORS


def test_every_word_is_explained_once_and_has_a_text() -> None:
    assert len(ANCHORS) == len(WORDS)
    texts = re.split(r"^##+ .*$", PROSE, flags=re.MULTILINE)[1:]
    headings = re.findall(r"^(##+) ", PROSE, flags=re.MULTILINE)
    assert all(text.strip() for marks, text in zip(headings, texts, strict=True) if marks == "###")


def test_the_words_of_the_field_are_there() -> None:
    network = {"fan_in", "fan_out", "fan_avg", "gain", "scale", "weights", "delta", "depth", "layer", "width"}
    mean_field = {"sigma_w2", "sigma_b2", "q", "q_star", "chi_1", "xi_c"}
    measured = {
        "distribution",
        "training run",
        "output layer",
        "nat",
        "rms",
        "geometric mean",
        "median",
        "standard error",
    }
    assert {anchor(word) for word in network | mean_field | measured} <= ANCHORS


def test_every_verdict_is_explained() -> None:
    assert set(VERDICTS) <= ANCHORS
    assert all(f'f.verdicts["{verdict}"]' in PROSE for verdict in VERDICTS)


def test_words_stand_in_the_order_of_the_alphabet_under_their_letters() -> None:
    assert [word.casefold() for word in WORDS] == sorted(word.casefold() for word in WORDS)
    letters = ""
    for marks, title in re.findall(r"^(##+) (.+)$", PROSE, flags=re.MULTILINE):
        if marks == "##":
            letters = title
        assert letters[0] <= title[0].upper() <= letters[-1]


def test_a_heading_has_no_underscore_which_some_readers_drop_from_anchors() -> None:
    assert [word for word in WORDS if "_" in word] == []


def test_every_word_says_where_it_is_needed_first() -> None:
    entries = re.split(r"^### .+$", PROSE, flags=re.MULTILINE)[1:]
    assert [word for word, entry in zip(WORDS, entries, strict=True) if entry.count('first("') != 1] == []


def test_the_line_of_letters_leads_to_all_of_them() -> None:
    letters = re.findall(r"^## (.+)$", PROSE, flags=re.MULTILINE)
    assert re.findall(r"\[([^]]+)\]\(#([^)]+)\)", PROSE) == [(title, anchor(title)) for title in letters]
