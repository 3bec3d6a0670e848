"""Pages of the published site, opened in a browser as a reader would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browsers.chromium import Chromium, ChromiumTab
from tests.browsers.tab import Browser, Tab

Opened = Callable[[str], Tab]


@pytest.fixture
def tab(browser: Browser, quick_site: Path) -> Iterator[Tab]:
    """Return a tab, in one browser after the other, that must be without a fault when the test is over."""
    with browser.tab() as tab:
        yield tab
        assert tab.faults == []


@pytest.fixture
def opened(tab: Tab, quick_site: Path) -> Opened:
    """Return a function that opens a page by the name of its chapter: from the disk, with nothing kept."""

    def open_page(slug: str) -> Tab:
        tab.open(quick_site / f"{slug}.html")
        if tab.run("() => localStorage.length"):
            tab.run("() => localStorage.clear()")
            tab.open(quick_site / f"{slug}.html")
        return tab

    return open_page


@pytest.fixture
def in_chromium(chromium: Chromium) -> Iterator[ChromiumTab]:
    """Return a tab of Chromium, which can be made to believe in other colors and in paper."""
    with chromium.tab() as tab:
        yield tab
        assert tab.faults == []
