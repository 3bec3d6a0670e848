"""Figures over the window, and the same to a class."""

from __future__ import annotations

import pytest

from tests.browsers.axe import barriers
from tests.browsers.tab import Browser, Tab
from tests.site.arriving import arrived
from tests.site.conftest import Opened

PICTURE = "#figure-layers a.picture"
OPEN = "() => document.querySelector('dialog.viewer')?.open"
PLACE = "() => document.querySelector('.viewer-place').textContent"
FIGURES = "() => [...document.querySelectorAll('article figure[id]')].map(figure => figure.id)"

ROOM = """() => {
    const box = selector => document.querySelector(selector).getBoundingClientRect();
    const [image, sheet] = [box(".viewer-stage img"), box(".viewer-sheet")];
    const sheetElement = document.querySelector(".viewer-sheet");
    const size = selector => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize);
    const {scrollWidth, clientWidth, scrollHeight, clientHeight} = sheetElement;
    return {
        isInside: image.left >= sheet.left && image.right <= sheet.right
            && image.top >= 0 && image.bottom <= sheet.bottom,
        share: image.width * image.height / innerWidth / innerHeight,
        title: size(".viewer-title"),
        words: size(".viewer-caption"),
        excess: [scrollWidth - clientWidth, scrollHeight - clientHeight],
    };
}"""
"""How a figure stands in the window, and how large its words are."""


def enlarged(opened: Opened) -> Tab:
    tab = opened("he")
    tab.click(PICTURE)
    tab.wait(OPEN)
    return tab


def presented(tab: Tab, hash_: str) -> None:
    tab.wait("wanted => location.hash === wanted && Boolean(document.querySelector('.presenting'))", hash_)


def test_a_click_opens_a_figure_with_its_words_and_escape_leads_back_to_its_link(opened: Opened) -> None:
    tab = enlarged(opened)
    number = len(tab.run(FIGURES))
    assert tab.run(PLACE) == f"Figure 5.1 · 1 of {number}"
    title, message = tab.run("""() => [".viewer-title", "#figure-layers .message p"]
        .map(selector => document.querySelector(selector).textContent.trim())""")
    assert title
    assert title in message
    assert "Figure" not in title
    links = tab.run("() => [...document.querySelectorAll('.viewer-files a')].map(link => link.getAttribute('href'))")
    assert [link.rpartition(".")[2] for link in links] == ["svg", "png", "csv"]
    tab.press("Escape")
    assert not tab.run(OPEN)
    assert tab.run("() => document.activeElement.closest('figure')?.id") == "figure-layers"


def test_keys_go_through_the_figures_and_the_focus_ends_at_the_last_one(opened: Opened) -> None:
    tab = opened("he")
    figures = tab.run(FIGURES)
    tab.run("selector => document.querySelector(selector).focus()", PICTURE)
    tab.press("Enter")
    tab.wait(OPEN)
    tab.press("ArrowRight", "PageDown", "PageUp")
    assert f"2 of {len(figures)}" in tab.run(PLACE)
    tab.press("End", "ArrowRight")
    assert f"{len(figures)} of {len(figures)}" in tab.run(PLACE)  # it does not go beyond
    assert tab.run("() => document.querySelector('.viewer-turn[aria-label^=Next]').disabled")
    tab.press("Escape")
    assert tab.run("() => document.activeElement.closest('figure')?.id") == figures[-1]


def test_a_larger_picture_is_scrolled_by_arrows_and_the_figure_stays(opened: Opened) -> None:
    tab = enlarged(opened)
    before = tab.run("() => document.querySelector('.viewer-stage img').width")
    tab.press("+", "+")
    assert tab.run("() => document.querySelector('.viewer-stage img').width") >= 1.9 * before
    tab.press("ArrowRight")
    assert "1 of" in tab.run(PLACE)
    tab.press("0", "ArrowRight")
    assert "2 of" in tab.run(PLACE)


@pytest.mark.parametrize("size", [(1440, 900), (768, 1024), (360, 740), (740, 360)])
def test_a_figure_fits_every_window(opened: Opened, size: tuple[int, int]) -> None:
    tab = opened("he")
    tab.resize(*size)
    tab.run("selector => document.querySelector(selector).click()", PICTURE)
    tab.wait("() => document.querySelector('.viewer-stage img')?.width > 100")
    room = tab.run(ROOM)
    assert room["isInside"]
    assert room["excess"] == [0, 0]


@pytest.mark.parametrize(("size", "title", "words"), [((1024, 768), 24, 16), ((1920, 1080), 40, 26)])
def test_a_class_reads_the_figure_from_afar(opened: Opened, size: tuple[int, int], title: int, words: int) -> None:
    tab = opened("he")
    tab.resize(*size)
    tab.run("() => { location.hash = '#present-figure-fans'; }")
    tab.wait("() => document.querySelector('.presenting .viewer-stage img')?.width > 100")
    room = tab.run(ROOM)
    assert room["isInside"]
    assert room["excess"] == [0, 0]
    assert room["title"] >= title
    assert room["words"] >= words
    assert room["share"] > 0.35


def test_presenting_has_an_address_and_goes_on_in_the_next_chapter(opened: Opened) -> None:
    tab = opened("he")
    figures = tab.run(FIGURES)
    tab.press("p")
    presented(tab, f"#present-{figures[0]}")
    tab.press("Space", "PageDown")
    presented(tab, f"#present-{figures[2]}")
    tab.press("b", "ArrowRight")  # dark, and back to the same figure
    presented(tab, f"#present-{figures[2]}")
    tab.press("End", "ArrowRight")
    presented(tab, "#present-end")
    following = tab.run("() => document.querySelector('.turn a[rel=next]').getAttribute('href')")
    tab.press("ArrowRight")
    arrived(tab, "file => location.pathname.endsWith(file) && location.hash.startsWith('#present-figure')", following)
    tab.press("Escape")
    tab.wait("() => location.hash.startsWith('#figure-')")
    assert not tab.run(OPEN)


def test_a_link_opens_the_figure_that_it_names(tab: Tab, opened: Opened) -> None:
    opened("he")
    tab.open(tab.run("() => location.href.split('#')[0]") + "#present-figure-dead")
    presented(tab, "#present-figure-dead")
    assert "5 of 5" in tab.run(PLACE)


def test_the_keys_are_told_and_escape_closes_what_tells_them_first(opened: Opened) -> None:
    tab = opened("he")
    tab.run("() => { location.hash = '#present'; }")
    tab.wait(OPEN)
    tab.press("?")
    assert "PageDown" in tab.run("() => document.querySelector('.viewer-help:not([hidden])').textContent")
    tab.press("Escape")
    assert tab.run(OPEN)
    tab.press("Escape")
    assert not tab.run(OPEN)


def test_a_page_without_figures_offers_no_presenting(opened: Opened) -> None:
    tab = opened("glossary")
    assert tab.run(
        "() => document.querySelector('.tools .search') !== null && document.querySelector('.tools .present') === null"
    )
    tab.press("p")
    assert not tab.run(OPEN)


def test_what_is_over_the_window_bars_nobody(in_chromium: Tab, quick_site: object) -> None:
    in_chromium.open(quick_site / "he.html")  # type: ignore[operator]
    in_chromium.click(PICTURE)
    in_chromium.wait(OPEN)
    assert barriers(in_chromium, "dialog.viewer") == []
    in_chromium.press("p", "?")
    in_chromium.wait("() => location.hash.startsWith('#present-')")
    assert barriers(in_chromium, "dialog.viewer") == []


def test_without_a_script_a_picture_is_a_link_to_its_drawing(chromium: Browser, quick_site: object) -> None:
    with chromium.tab(scripts=False) as tab:  # type: ignore[call-arg]
        tab.open(quick_site / "he.html")  # type: ignore[operator]
        tab.click(PICTURE)
        tab.do(lambda page: page.wait_for_url("**/he-layers.svg"))  # type: ignore[attr-defined]
