"""The head of every page and its contents: where a reader is, how far, and how keys alone get everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browsers.chromium import Chromium
from tests.browsers.tab import Tab
from tests.site.conftest import Opened

CURRENT = "() => [...document.querySelectorAll('.side nav a[aria-current=location]')].map(link => link.hash)"

PROGRESS = "() => new DOMMatrix(getComputedStyle(document.querySelector('.progress')).transform).a"

SCROLL = """([selector, block]) => document.querySelector(selector).scrollIntoView({block, behavior: "instant"})"""

WALK = """() => {
    const seen = [];
    addEventListener("focusin", ({target}) => {
        const {outlineStyle, outlineWidth} = getComputedStyle(target);
        const {top, bottom} = target.getBoundingClientRect();
        const head = document.querySelector("body > header");
        const edge = head.contains(target) || target.closest(".skip") ? 0 : head.getBoundingClientRect().bottom;
        const faults = [
            outlineStyle === "none" || parseFloat(outlineWidth) < 1 ? "no ring" : "",
            bottom <= edge || top >= innerHeight ? "out of sight" : "",
        ].filter(Boolean);
        seen.push([target.getAttribute("href") || target.localName, faults]);
    });
    window.seen = seen;
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    return [...document.querySelectorAll(kinds)].filter(element => element.tabIndex >= 0 && element.checkVisibility()
        && !(element.type === "radio" && !element.checked)).length;
}"""
"""Takes down what gets the focus from now on, and gives how many elements may."""


def test_keys_alone_walk_through_a_page_and_see_where_they_are(opened: Opened) -> None:
    tab = opened("gains")
    tab.run("() => { document.documentElement.style.scrollBehavior = 'auto'; }")
    places = tab.run(WALK)
    tab.press(*["Tab"] * places)
    seen = tab.run("() => seen")
    assert seen[0][0] == "#main-text", "the way past the contents comes first"
    assert [one for one in seen if one[1]] == []
    assert len({one[0] for one in seen if one[0].startswith("#")}) > 5
    assert len(seen) == places


def test_the_contents_mark_the_section_that_is_read_and_the_head_how_far_one_is(opened: Opened) -> None:
    tab = opened("he")
    assert tab.run(CURRENT) == []
    assert tab.run(PROGRESS) == pytest.approx(0, abs=0.01)
    tab.run(SCROLL, ["#check-yourself", "start"])
    tab.wait(f"() => ({CURRENT})()[0] === '#check-yourself'")
    tab.run(SCROLL, ["article h2", "start"])
    first = tab.run("() => `#${document.querySelector('article h2').id}`")
    tab.wait(f"first => ({CURRENT})().join() === first", first)
    tab.run(SCROLL, ["footer", "end"])
    tab.wait(f"() => ({PROGRESS})() > 0.99")


def test_the_contents_of_a_telephone_open_above_the_text_and_close_by_escape(opened: Opened) -> None:
    tab = opened("he")
    tab.resize(360, 740)
    place = "() => document.querySelector('h1').getBoundingClientRect().top"
    before = tab.run(place)
    tab.click(".menu summary")
    assert tab.run(place) == before, "the text stays where it is"
    assert tab.run("() => document.querySelector('.menu nav').checkVisibility()")
    tab.press("Tab", "Tab", "Escape")
    assert not tab.run("() => document.querySelector('.menu').open")
    assert tab.run("() => document.activeElement.localName") == "summary"


def test_a_section_and_a_figure_have_an_address_that_is_copied_by_a_click(opened: Opened) -> None:
    tab = opened("he")
    anchors = tab.run("() => [...document.querySelectorAll('article .anchor')].map(link => link.hash)")
    assert "#check-yourself" in anchors
    assert "#figure-layers" in anchors
    tab.click("h2 .anchor")
    tab.wait("() => /address/.test(document.querySelector('[role=status]').textContent)")
    assert tab.run("() => location.hash === document.querySelector('h2 .anchor').hash")


@pytest.mark.parametrize("width", [1280, 320])
def test_without_scripts_all_is_there_but_what_needs_one(width: int, quick_site: Path, chromium: Chromium) -> None:
    with chromium.tab(scripts=False) as tab:
        tab.resize(width)
        tab.open(quick_site / "he.html")
        assert tab.run(SEEN) == []


SEEN = """() => {
    const shown = selector => [...document.querySelectorAll(selector)].some(element => element.checkVisibility());
    const contents = innerWidth > 1120 ? ".side nav" : ".menu";
    const wanted = ["h1", "article p", "article img", "math", "table", ".turn a", contents];
    const unwanted = [".tools", ".anchor", ".progress"];
    return [...wanted.filter(one => !shown(one)), ...unwanted.filter(shown)];
}"""
"""Gives what should be seen and is not, and what should not and is."""


def test_sections_of_this_page_are_links_of_its_contents(opened: Opened) -> None:
    tab: Tab = opened("index")
    titles = tab.run("() => [...document.querySelectorAll('article h2')].map(heading => heading.id)")
    linked = tab.run("() => [...document.querySelectorAll('.side nav ul a')].map(link => link.hash.slice(1))")
    assert [title for title in titles if title not in linked] == ["page-sources"]
