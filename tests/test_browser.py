"""Every page of the published site in a real browser: it loads, it shows its figures, it asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.browsers.inspecting import excess
from tests.browsers.planting import plant
from tests.browsers.tab import Browser

DESKTOP, TELEPHONE = (1280, 800), (360, 740)

IMAGES = """() => Promise.all([...document.images].map(async image => {
    image.loading = 'eager';
    await image.decode().catch(() => null);
    return [image.getAttribute('src'), image.naturalWidth * image.naturalHeight];
}))"""
"""Gives (address, area) of every image, also of those that would load only when they are scrolled to."""


def browse(pages: Iterable[Path], browser: Browser) -> list[str]:
    """Open each page on a desktop and on a telephone, and return what is wrong with it."""
    faults: list[str] = []
    with browser.tab() as tab:
        for page in pages:
            tab.resize(*DESKTOP)
            tab.open(page)
            faults += [f"{page.name}: no figure: {address}" for address, area in tab.run(IMAGES) if not area]
            tab.resize(*TELEPHONE)
            if (wider := excess(tab)) > 0:
                faults.append(f"{page.name}: {wider} px wider than a telephone")
            faults += [f"{page.name}: {fault}" for fault in tab.faults]
            tab.faults.clear()
    return faults


def test_every_page_loads_shows_its_figures_fits_a_telephone_and_asks_nobody(
    quick_site: Path, browser: Browser
) -> None:
    pages = [page for page in sorted(quick_site.glob("*.html")) if page.name != "report.html"]  # see tests/site
    assert browse(pages, browser) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<script>console.error('planted')</script>", "planted"),
        ("<script>undefined.planted</script>", "script: "),
        ("<img src='gone.svg' alt='x'>", "no figure: gone.svg"),
        ("<img src='http://127.0.0.1:65534/x.png' alt='x'>", "request: http://127.0.0.1:65534/x.png"),
        ("<div style='width: 500px'>wide</div>", "px wider than a telephone"),
    ],
)
def test_a_planted_fault_is_seen_by_the_browser(body: str, fault: str, tmp_path: Path, browser: Browser) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><meta name=viewport content='width=device-width'><title>x</title>{body}")
    assert any(fault in line for line in browse([page], browser))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p style='text-align: right'>x</p>", "policy: style-src-attr inline"),
        ("<style>p { color: red }</style>", "policy: style-src-elem inline"),
        ("<script>document.title = 'x'</script>", "policy: script-src-elem inline"),
        ("<button onclick='close()'>x</button>", "policy: script-src-attr inline"),
        ("<img src='http://127.0.0.1:65534/x.png' alt='x'>", "policy: img-src http://127.0.0.1:65534/x.png"),
        ("<iframe src='data:text/html,x' title='x'></iframe>", "policy: frame-src"),
    ],
)
def test_what_the_policy_refuses_is_seen_by_the_browser(
    body: str, fault: str, tmp_path: Path, browser: Browser
) -> None:
    assert any(fault in line for line in browse([plant(tmp_path, body)], browser))


def test_a_sound_page_has_no_fault_in_the_browser(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "x.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>x</title><img src='x.svg' alt='x' loading='lazy'>")
    assert browse([page], browser) == []
