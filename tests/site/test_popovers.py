"""What a term means beside its link, and the list of the glossary."""

from __future__ import annotations

from pathlib import Path

from tests.browsers.axe import barriers
from tests.browsers.tab import Tab
from tests.site.arriving import arrived
from tests.site.conftest import Opened

TERM = "#figure-layers figcaption > p a.term"
SHOWN = "() => document.querySelector('.pop')?.getBoundingClientRect().width > 0"
HIDDEN = "() => !document.querySelector('.pop')"

POINT = """([selector, kind]) => {
    const target = document.querySelector(selector);
    target.scrollIntoView({block: "center", behavior: "instant"});
    const {left, top} = target.getBoundingClientRect();
    const at = {bubbles: true, cancelable: true, clientX: left + 2, clientY: top + 2};
    const said = type => target.dispatchEvent(new PointerEvent(type, {...at, pointerType: kind}));
    if (kind === "mouse") return said("pointerover");
    said("pointerdown");
    return target.dispatchEvent(new MouseEvent("click", at));
}"""
"""Points at an element with a mouse, or taps it; tells whether what was said may take its course."""


def rested(tab: Tab) -> None:
    tab.run("() => new Promise(done => setTimeout(done, 450))")


def test_the_focus_shows_what_a_term_means_and_escape_takes_it_away(opened: Opened) -> None:
    tab = opened("he")
    tab.press("Tab")  # from here on it is the keys that move the focus
    heights = [tab.run("() => document.documentElement.scrollHeight")]
    tab.run("selector => document.querySelector(selector).focus()", TERM)
    tab.wait(SHOWN)
    heights.append(tab.run("() => document.documentElement.scrollHeight"))
    assert "square" in tab.run("() => document.querySelector('.pop').textContent")
    assert tab.run("selector => document.querySelector(selector).getAttribute('aria-describedby')", TERM) == "pop"
    assert heights[0] == heights[1]
    tab.press("Escape")
    assert tab.run(HIDDEN)
    assert tab.run("selector => document.activeElement === document.querySelector(selector)", TERM)


def test_the_pointer_may_move_onto_the_box_and_stay_there(opened: Opened) -> None:
    tab = opened("he")
    tab.run(POINT, [TERM, "mouse"])
    tab.wait(SHOWN)
    tab.run(POINT, [".pop", "mouse"])
    rested(tab)
    assert tab.run(SHOWN)
    tab.run(POINT, ["h1", "mouse"])
    tab.wait(HIDDEN)


def test_the_first_tap_shows_and_the_next_one_follows(opened: Opened) -> None:
    tab = opened("he")
    assert not tab.run(POINT, [TERM, "touch"])
    tab.wait(SHOWN)
    assert "Tap again" in tab.run("() => document.querySelector('.pop').textContent")
    tab.run(POINT, [TERM, "touch"])
    arrived(tab, "() => location.href.endsWith('glossary.html#rms')")


def test_a_citation_shows_the_line_of_its_source(opened: Opened) -> None:
    tab = opened("he")
    tab.run(POINT, ["article a.cite", "mouse"])
    tab.wait(SHOWN)
    assert "rectifiers" in tab.run("() => document.querySelector('.pop').textContent")


def test_the_box_stands_in_a_narrow_window(opened: Opened) -> None:
    tab = opened("he")
    tab.resize(320, 640)
    tab.run(POINT, [TERM, "touch"])
    tab.wait(SHOWN)
    left, right = tab.run("""() => {
        const {left, right} = document.querySelector(".pop").getBoundingClientRect();
        return [left, right];
    }""")
    assert left >= 0
    assert right <= 320
    assert tab.run("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_term_in_the_words_of_an_enlarged_figure_shows_too_and_escape_leaves_the_figure_open(opened: Opened) -> None:
    tab = opened("he")
    tab.click("#figure-layers a.picture")
    tab.wait("() => document.querySelector('.viewer[open] details[open] a.term') !== null")
    tab.run(POINT, [".viewer a.term", "mouse"])
    tab.wait(SHOWN)
    tab.press("Escape")
    assert tab.run(HIDDEN)
    assert tab.run("() => document.querySelector('.viewer').open")


def test_the_glossary_is_filtered_and_has_a_row_of_letters(opened: Opened) -> None:
    tab = opened("glossary")
    tab.wait("() => document.querySelector('#filter') !== null")
    letters = tab.run("() => [...document.querySelectorAll('.letters > *')].map(one => one.textContent).join('')")
    assert letters == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    tab.run("() => document.querySelector('#filter').focus()")
    tab.press(*"fan-in")
    shown = "() => [...document.querySelectorAll('.entry')].filter(one => !one.hidden).map(one => one.firstChild.id)"
    found = tab.run(shown)
    assert "fan-in" in found
    assert "adam" not in found
    assert f"{len(found)} of " in tab.run("() => document.querySelector('.filter [role=status]').textContent")
    tab.run("() => { location.hash = '#adam'; }")  # a link to an entry that is left out
    tab.wait("() => document.querySelector('#adam').checkVisibility()")


def test_an_address_that_nobody_can_read_is_no_fault(opened: Opened, quick_site: Path) -> None:
    tab = opened("he")
    tab.run("() => sessionStorage.setItem('reportgen.origin', JSON.stringify({from: '', title: '', to: ''}))")
    tab.open(f"{(quick_site / 'glossary.html').as_uri()}#%E0%A4%A")
    tab.wait("() => Boolean(document.querySelector('.letters'))")
    tab.run("() => { location.hash = '%FF'; }")
    rested(tab)
    assert tab.run("() => document.querySelectorAll('.way-back').length") == 0


def test_the_glossary_leads_back_to_where_a_reader_came_from(opened: Opened) -> None:
    tab = opened("he")
    tab.click("#figure-layers figcaption > p a.term")
    arrived(tab, "() => document.querySelector('.entry .way-back a') !== null")
    assert "He" in tab.run("() => document.querySelector('.way-back').textContent")
    tab.click(".way-back a")
    arrived(tab, "() => location.href.endsWith('he.html#figure-layers')")


def test_boxes_and_list_bar_nobody(in_chromium: Tab, quick_site: object) -> None:
    in_chromium.open(quick_site / "glossary.html")  # type: ignore[operator]
    in_chromium.wait("() => document.querySelector('#filter') !== null")
    in_chromium.run(POINT, ["article a.term", "mouse"])
    in_chromium.wait(SHOWN)
    assert barriers(in_chromium) == []
