"""Widgets for everybody: less motion, paper, no scripts; in Chromium, which can be made to believe in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browsers.chromium import Chromium
from tests.browsers.inspecting import restless, words
from tests.lab.test_pages import WIDGETS, come_alive, open_page

HIDDEN = """() => [...document.querySelectorAll('figure img')]
    .filter(image => !image.closest('details') && !image.checkVisibility()).map(image => image.src)"""
"""Gives the figures that are not seen, apart from those that are folded away."""


@pytest.mark.parametrize(("page", "widget"), WIDGETS)
def test_a_widget_comes_to_rest_where_less_motion_is_asked_for(
    page: str, widget: str, quick_site: Path, chromium: Chromium
) -> None:
    with chromium.tab() as tab:
        tab.emulate(motion="reduce")
        open_page(tab, quick_site, page)
        come_alive(tab, widget)
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
        assert tab.run(HIDDEN) == []
