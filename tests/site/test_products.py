"""The book in one file and the frames of figures, in a reader's browser and in somebody else's page."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.browsers.axe import barriers
from tests.browsers.chromium import Chromium
from tests.browsers.inspecting import excess
from tests.browsers.tab import Browser, Tab
from tests.test_browser import IMAGES

FRAMED = ("derivation-growth", "index-verdicts", "symmetry-starts")
"""A figure of lines, a map, and one of pictures."""

WIDTHS = (320, 360, 600, 768, 900)

WHOLE = [
    *("bypass", "document-title", "duplicate-id-aria", "heading-order", "label", "landmark-no-duplicate-main"),
    *("landmark-one-main", "landmark-unique", "link-name", "page-has-heading-one", "skip-link"),
]
"""Rules on a page as a whole. The others hold for its chapters, which are tested as pages of their own."""

OPEN = "() => document.querySelectorAll('details').forEach(fold => { fold.open = true; })"

HEIGHT = "() => document.documentElement.scrollHeight"

SEEN = """() => [...document.querySelectorAll('h1, figure, nav a')].filter(one => one.checkVisibility()).length"""


def test_the_book_in_one_file_fits_shows_its_figures_and_asks_nobody(quick_site: Path, browser: Browser) -> None:
    assert (quick_site / "report.html").stat().st_size <= 10e6
    with browser.tab() as tab:
        for width in (1280, 320):
            tab.resize(width)
            tab.open(quick_site / "report.html")
            assert excess(tab) <= 0
        assert [address[:60] for address, area in tab.run(IMAGES) if not area] == []
        assert tab.run(SEEN) > 70
        assert tab.faults == []


def test_the_book_in_one_file_stands_alone(quick_site: Path, tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "alone.html").write_bytes((quick_site / "report.html").read_bytes())
    with browser.tab() as tab:
        tab.open(tmp_path / "alone.html")
        tab.click('.book-contents a[href="#he"]')
        assert tab.wait("() => Math.abs(document.querySelector('#he').getBoundingClientRect().top) < innerHeight / 2")
        assert tab.faults == []


def test_the_book_in_one_file_has_no_barrier(quick_site: Path, chromium: Chromium) -> None:
    with chromium.tab() as tab:
        tab.open(quick_site / "report.html")
        tab.run(OPEN)
        assert barriers(tab, rules=WHOLE) == []
        for part in ("body > header", "#cover", "#contents", "#symmetry"):
            assert barriers(tab, part) == []
        assert tab.faults == []


def test_a_frame_has_no_barrier(quick_site: Path, chromium: Chromium) -> None:
    with chromium.tab() as tab:
        for stem in FRAMED:
            for width in (1280, 320):
                tab.resize(width)
                theme = "dark" if width == min(WIDTHS) else "light"
                tab.open(f"{(quick_site / f'embed/{stem}.html').as_uri()}?theme={theme}")
                tab.run(OPEN)
                assert barriers(tab) == []
        assert tab.faults == []


def test_every_figure_has_a_frame_that_is_high_enough_for_its_code(quick_site: Path, chromium: Chromium) -> None:
    pages = "".join(path.read_text() for path in sorted(quick_site.glob("*.html")) if path.name != "report.html")
    codes = re.findall(r"iframe src=&#34;embed/([\w-]+)\.html&#34;.*?height=&#34;(\d+)&#34;", pages)
    assert {stem for stem, _ in codes} == {path.stem for path in (quick_site / "embed").glob("*.html")}
    assert set(FRAMED) <= {stem for stem, _ in codes}
    with chromium.tab() as tab:
        for stem, height in codes:
            tab.resize(740, int(height))
            tab.open(quick_site / f"embed/{stem}.html")
            assert tab.run(HEIGHT) <= int(height), stem
        assert tab.faults == []


@pytest.mark.parametrize("stem", FRAMED)
def test_a_frame_is_never_wider_than_its_window_and_has_the_drawing_for_it(
    stem: str, quick_site: Path, browser: Browser
) -> None:
    with browser.tab() as tab:
        for width in WIDTHS:
            tab.resize(width)
            tab.open(quick_site / f"embed/{stem}.html")
            tab.run(OPEN)
            assert excess(tab) <= 0
            shown = tab.run("() => document.querySelector('img').currentSrc")
            assert shown.endswith("-narrow.svg") == (width < 689)
            assert tab.run("() => document.querySelector('img').naturalWidth") > 0
        assert tab.faults == []


@pytest.mark.parametrize(("page", "theme", "is_dark"), [("#fff", "dark", True), ("#000", "light", False)])
def test_a_frame_in_a_foreign_page_has_the_theme_of_its_address(
    page: str, theme: str, is_dark: bool, quick_site: Path, tmp_path: Path, browser: Browser
) -> None:
    frame = (quick_site / "embed/derivation-growth.html").as_uri()
    (tmp_path / "foreign.html").write_text(
        f"<!doctype html><title>Foreign</title><body style='margin:0;background:{page}'>"
        f"<iframe src='{frame}?theme={theme}' title='x' width='740' height='560' style='border:0'></iframe>"
    )
    with browser.tab() as tab:
        tab.open(tmp_path / "foreign.html")
        paper, ink = wait_for_picture(tab, tmp_path / "shot.png")
        assert (paper < 60) == is_dark
        assert (ink > 180) == is_dark
        assert tab.faults == []


def wait_for_picture(tab: Tab, file: Path) -> tuple[int, int]:
    """Return how bright paper and ink of the frame are, between 0 and 255, when its figure is there."""
    for _ in range(100):
        tab.shoot(file)
        with Image.open(file) as shot:
            gray = np.asarray(shot.convert("L"), dtype=int)
        paper, figure = int(gray[3, 3]), gray[100:400, 16:724]
        ink = int(figure.max() if paper < 128 else figure.min())
        if abs(ink - paper) > 120:
            return paper, ink
    raise AssertionError("the figure never came")
