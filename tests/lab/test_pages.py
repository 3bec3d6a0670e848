"""Every page with a widget, in every browser: from a disk, by keys alone, on a small telephone, in a frame."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from reportgen.chapters import CHAPTERS
from tests.browsers.inspecting import beside, cut, excess, settings, unreached
from tests.browsers.tab import Browser, Tab

WIDGETS = [(chapter.slug, widget.name) for chapter in CHAPTERS for widget in chapter.widgets]
PAGES = sorted({page for page, _ in WIDGETS})

SCRIPTS, DATA = 25_000, 200_000
"""So many bytes may the scripts of one page's widgets take, compressed, and so many its data, as they are."""

FIRST = ":is(select, input:not([type=radio], [type=checkbox]), input, [aria-selected]):not(:disabled)"
"""Controls that are set by keys; the first of them stands for all."""


def open_page(tab: Tab, site: Path, page: str, rest: str = "") -> None:
    """Open a page of the site from the disk."""
    tab.open((site / f"{page}.html").as_uri() + rest)


def come_alive(tab: Tab, widget: str) -> None:
    """Wait until a widget has controls: one that gets much data unpacks them first."""
    tab.wait(
        "name => document.querySelector(`[data-lab=${name}] .lab-live :is(button, input, select)`) !== null", widget
    )


@pytest.mark.parametrize("page", PAGES)
def test_the_scripts_of_a_page_are_small_and_so_are_its_data(page: str, quick_site: Path) -> None:
    loaded = re.findall(r'<script defer src="([^"]+)"', (quick_site / f"{page}.html").read_text())
    sizes = {path: (quick_site / path).read_bytes() for path in loaded}
    scripts = sum(len(gzip.compress(text)) for path, text in sizes.items() if path.startswith("static/lab/"))
    data = sum(len(text) for path, text in sizes.items() if path.startswith("lab/"))
    assert 0 < scripts <= SCRIPTS
    assert data <= DATA


@pytest.mark.parametrize(("page", "widget"), WIDGETS)
def test_keys_alone_reach_all_of_a_widget_and_a_small_telephone_holds_it(
    page: str, widget: str, quick_site: Path, browser: Browser
) -> None:
    with browser.tab() as tab:
        open_page(tab, quick_site, page)
        come_alive(tab, widget)
        assert unreached(tab, widget) == []
        tab.resize(320)
        assert excess(tab) <= 0
        assert cut(tab, widget) == []
        assert tab.faults == []


@pytest.mark.parametrize(("page", "widget"), WIDGETS)
def test_an_embedded_widget_stands_alone_and_its_address_brings_its_state_back(
    page: str, widget: str, quick_site: Path, browser: Browser
) -> None:
    with browser.tab() as tab:
        open_page(tab, quick_site, page, f"?embed={widget}")
        come_alive(tab, widget)
        assert beside(tab, widget) == []
        before = settings(tab, widget)
        tab.run("selector => document.querySelector(selector).focus()", f"[data-lab={widget}] .lab-live {FIRST}")
        tab.press("ArrowDown")
        address = tab.wait("name => location.hash.startsWith(`#${name}:`) && location.hash", widget)
        changed = settings(tab, widget)
        assert changed != before
        for state, told in (("", before), (address, changed)):
            open_page(tab, quick_site, page, f"?again&embed={widget}{state}")
            come_alive(tab, widget)
            assert settings(tab, widget) == told
        assert tab.faults == []


def test_a_page_stays_where_it_is_while_the_widget_in_its_frame_loads(
    quick_site: Path, browser: Browser, tmp_path: Path
) -> None:
    playground = (quick_site / "playground.html").as_uri()
    with browser.tab() as tab:
        for number, address in enumerate(("?embed=playground#playground:preset=large", "#playground:preset=large")):
            page = tmp_path / f"{number}.html"
            page.write_text(
                "<!doctype html><html lang='en'><title>waits</title><p style='height: 2000px'>Words</p>"
                f"<iframe src='{playground}{address}' title='x' height='700' onload='document.title = 1'></iframe>"
            )
            tab.open(page)
            tab.wait("() => document.title === '1'")
            assert (tab.run("() => scrollY") == 0) == (number == 0), "a whole page goes to the widget of its address"
