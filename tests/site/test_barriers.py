"""Every page for everybody: axe-core in light and dark, on desktops and telephones, with all folds and answers open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.chapters import CHAPTERS
from reportgen.chapters.chapter import Chapter
from tests.browsers.axe import barriers
from tests.browsers.chromium import ChromiumTab
from tests.browsers.inspecting import excess, misplaced_stops, nameless, small
from tests.browsers.planting import plant
from tests.browsers.tab import Tab
from tests.lab.test_pages import come_alive

OPEN = "() => document.querySelectorAll('article details').forEach(fold => { fold.open = true; })"

LAID_OUT = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
"""Waits until boxes have been told their new size, and have taken or left the focus."""

COLORS = ["color-contrast", "link-in-text-block"]
"""Rules that the theme decides."""

PLACES = ["color-contrast", "scrollable-region-focusable", "target-size", "link-in-text-block"]
"""Rules that the width decides."""


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_a_page_has_no_barrier_in_light_and_dark_nor_on_telephones(
    chapter: Chapter[Any, Any], quick_site: Path, in_chromium: ChromiumTab
) -> None:
    tab = in_chromium
    tab.open(quick_site / f"{chapter.slug}.html")
    for widget in chapter.widgets:
        come_alive(tab, widget.name)
    tab.run(OPEN)
    assert barriers(tab) == []
    assert nameless(tab) == []
    assert small(tab) == []
    assert misplaced_stops(tab) == []
    tab.emulate(scheme="dark")
    assert barriers(tab, rules=COLORS) == []
    tab.resize(320)
    tab.run(LAID_OUT)
    assert barriers(tab) == []
    assert small(tab) == []
    assert misplaced_stops(tab) == []
    assert excess(tab) <= 0
    tab.emulate()
    tab.resize(360)
    tab.run(LAID_OUT)
    assert barriers(tab, rules=PLACES) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<div class="scroll" tabindex="0"><p>It fits.</p></div>', "stops for nothing"),
        ('<div class="scroll"><div class="wide">It does not fit.</div></div>', "is not reached"),
    ],
)
def test_a_box_that_takes_the_focus_for_nothing_or_not_at_all_is_seen(
    body: str, fault: str, tmp_path: Path, in_chromium: ChromiumTab
) -> None:
    page = plant(tmp_path, f"<main><article>{body}</article></main>", styles=("style.css",))
    in_chromium.open(page)
    in_chromium.run("() => { const wide = document.querySelector('.wide'); if (wide) wide.style.width = '3000px'; }")
    assert any(fault in line for line in misplaced_stops(in_chromium))


@pytest.mark.parametrize(
    ("body", "look", "fault"),
    [
        ("<label>Layers <output>20</output><input type='range' name='depth'></label>", nameless, "input depth"),
        ("<label>Layers <span>20</span><input type='range' name='depth'></label>", nameless, ""),
        ("<figure id='one'><p>A message</p></figure>", nameless, "figure one"),
        ("<p><button class='low'>Press</button></p>", small, "button Press"),
        ("<p>A text with <a href='#one'>a link</a> and <button>Press</button></p>", small, ""),
    ],
)
def test_what_has_no_name_or_is_too_small_to_press_is_seen(
    body: str, look: Callable[[Tab], list[str]], fault: str, tmp_path: Path, in_chromium: ChromiumTab
) -> None:
    in_chromium.open(plant(tmp_path, f"<main><article>{body}</article></main>"))
    in_chromium.run(
        """() => document.querySelectorAll("button").forEach(({className, style}) => {
            Object.assign(style, {width: "80px", height: className === "low" ? "20px" : "30px"}); })"""
    )
    assert look(in_chromium) == ([fault] if fault else [])


def test_words_stay_whole_where_a_reader_sets_more_space(quick_site: Path, in_chromium: ChromiumTab) -> None:
    in_chromium.resize(360)
    in_chromium.run(LAID_OUT)
    in_chromium.open(quick_site / "gains.html")
    space(in_chromium)
    assert excess(in_chromium) <= 0


def space(tab: Tab) -> None:
    """Set the text as WCAG 2.2, 1.4.12 says that a reader may."""
    tab.run(
        """() => document.querySelectorAll("body *").forEach(({style}) => Object.assign(style, {
            lineHeight: "1.5", letterSpacing: "0.12em", wordSpacing: "0.16em"}))"""
    )
