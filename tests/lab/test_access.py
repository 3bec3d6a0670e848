"""Pages for everybody: axe-core, less motion, paper, no scripts; in Chromium, which can be made to believe in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.chapters import CHAPTERS
from tests.browsers.axe import barriers
from tests.browsers.chromium import Chromium
from tests.browsers.inspecting import restless, words
from tests.lab.test_pages import PAGES, WIDGETS, open_page

PLAIN = "() => [...document.querySelectorAll('figure img')].every(image => image.checkVisibility())"
"""Tells whether every figure of the page is seen."""


@pytest.mark.parametrize("page", [chapter.slug for chapter in CHAPTERS])
def test_a_page_has_no_barrier(page: str, quick_site: Path, chromium: Chromium) -> None:
    with chromium.tab() as tab:
        open_page(tab, quick_site, page)
        assert barriers(tab) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_a_widget_has_no_barrier_in_the_dark_nor_on_telephones(
    page: str, quick_site: Path, chromium: Chromium
) -> None:
    with chromium.tab() as tab:
        tab.emulate(scheme="dark")
        tab.resize(320)
        open_page(tab, quick_site, page)
        assert barriers(tab) == []
        tab.emulate()
        tab.resize(360)
        assert barriers(tab) == []


@pytest.mark.parametrize(("page", "widget"), WIDGETS)
def test_a_widget_comes_to_rest_where_less_motion_is_asked_for(
    page: str, widget: str, quick_site: Path, chromium: Chromium
) -> None:
    with chromium.tab() as tab:
        tab.emulate(motion="reduce")
        open_page(tab, quick_site, page)
        assert restless(tab, widget) == []
        assert tab.faults == []


@pytest.mark.parametrize("scripts", [True, False], ids=["on paper", "without scripts"])
@pytest.mark.parametrize(("page", "widget"), WIDGETS)
def test_words_and_figures_stand_in_the_place_of_a_widget(
    scripts: bool, page: str, widget: str, quick_site: Path, chromium: Chromium
) -> None:
    with chromium.tab(scripts=scripts) as tab:
        tab.emulate(medium="print" if scripts else "screen")
        open_page(tab, quick_site, page)
        assert words(tab, widget) == []
        assert tab.run(PLAIN)
