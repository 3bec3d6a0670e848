"""Pages on paper: light, with answers open, figures whole and with their words, links with addresses."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdf
import pytest

from tests.browsers.chromium import ChromiumTab

SHEETS = {"A4": (210, 297), "Letter": (216, 279)}
MARGINS, MILLIMETER = 38, 96 / 25.4

UNFIT = """([width, height]) => {
    const name = element => element.id || element.className || element.localName;
    const tall = [...document.querySelectorAll("figure")]
        .filter(figure => figure.getBoundingClientRect().height > height)
        .map(figure => `taller than a sheet: ${name(figure)}`);
    const wide = [...document.querySelectorAll("article :is(img, table, pre, math)")]
        .filter(one => one.checkVisibility() && one.scrollWidth > width + 1)
        .map(one => `wider than a sheet: ${name(one)}`);
    const seen = [...document.querySelectorAll(".tools, .side, .menu, .turn, .anchor, .progress, .files")]
        .filter(element => element.checkVisibility()).map(element => `of no use on paper: ${name(element)}`);
    const closed = [...document.querySelectorAll("article details:not(.files) > :not(summary)")]
        .filter(element => !element.closest(".files, .lab-live, .lab-share") && !element.getBoundingClientRect().height)
        .map(element => `closed: ${element.textContent.slice(0, 30)}`);
    return [...tall, ...wide, ...seen, ...closed];
}"""
"""Gives what is wrong with a page on a sheet that has room for so many pixels."""


@pytest.mark.parametrize("sheet", SHEETS)
def test_on_paper_a_page_is_light_and_open_and_its_figures_fit_with_their_words(
    sheet: str, quick_site: Path, in_chromium: ChromiumTab
) -> None:
    room = [int((side - MARGINS) * MILLIMETER) for side in SHEETS[sheet]]
    in_chromium.resize(*room)
    in_chromium.emulate(scheme="dark", medium="print")
    for slug in ("index", "training", "exercises"):
        in_chromium.open(quick_site / f"{slug}.html")
        in_chromium.run("() => document.querySelectorAll('img').forEach(image => { image.loading = 'eager'; })")
        in_chromium.run("() => Promise.all([...document.images].map(image => image.decode().catch(() => null)))")
        assert in_chromium.run(UNFIT, room) == [], slug
        assert in_chromium.run("() => getComputedStyle(document.documentElement).colorScheme") == "light"
        wide = in_chromium.run("() => [...document.images].filter(image => /narrow/.test(image.currentSrc)).length")
        assert wide == 0, "telephones get the narrow drawings, paper the wide ones"


def test_a_link_that_leaves_the_site_shows_where_it_leads(quick_site: Path, in_chromium: ChromiumTab) -> None:
    in_chromium.emulate(medium="print")
    in_chromium.open(quick_site / "colophon.html")
    links = """() => [...document.querySelectorAll("article a")].map(link =>
        [link.getAttribute("href"), link.textContent, getComputedStyle(link, "::after").content])"""
    for address, words, added in in_chromium.run(links):
        said = address.removeprefix("https://") in words or address in added
        assert said == address.startswith("http"), address


def test_each_exercise_has_a_sheet_and_the_answers_another(quick_site: Path, in_chromium: ChromiumTab) -> None:
    in_chromium.open(quick_site / "exercises.html")
    for sheet in SHEETS:
        made = in_chromium.do(lambda page, sheet=sheet: page.pdf(format=sheet))  # type: ignore[misc]
        sheets = [" ".join(one.extract_text().split()) for one in pypdf.PdfReader(io.BytesIO(made)).pages]
        first = [re.match(r"(Weight initialization|Exercise on \w+|Check yourself)", text) for text in sheets]
        assert all(first), [text[:40] for text in sheets]
        assert len(sheets) == 5
