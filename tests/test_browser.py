"""Every page of the published site in a real browser: it loads, it shows its figures, it asks nobody for anything."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, TELEPHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}

IMAGES = """() => Promise.all([...document.images].map(async image => {
    image.loading = 'eager';
    await image.decode().catch(() => null);
    return [image.getAttribute('src'), image.naturalWidth * image.naturalHeight];
}))"""
"""Gives (address, area) of every image, also of those that would load only when they are scrolled to."""

EXCESS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""Gives by how many pixels the page is wider than its window."""


@pytest.fixture(scope="module")
def chromium() -> str:
    """Return the path of an installed Chromium; where CI=true it must be there."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("no Chromium, although CI=true promises one: see .ci/run")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    return path


def browse(pages: Iterable[Path], chromium: str) -> list[str]:
    """Open each page on a desktop and on a telephone, and return what is wrong with it."""
    sync_api = pytest.importorskip("playwright.sync_api")
    faults: list[str] = []
    with (
        sync_api.sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser,
    ):
        tab = browser.new_page()
        tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: faults.append(f"script: {error}"))
        tab.on("request", lambda request: None if is_local(request.url) else faults.append(f"request: {request.url}"))
        for page in pages:
            tab.set_viewport_size(DESKTOP)
            tab.goto(page.as_uri(), wait_until="load")
            faults += [f"{page.name}: no figure: {address}" for address, area in tab.evaluate(IMAGES) if not area]
            tab.set_viewport_size(TELEPHONE)
            if (excess := tab.evaluate(EXCESS)) > 0:
                faults.append(f"{page.name}: {excess} px wider than a telephone")
    return faults


def is_local(url: str) -> bool:
    return urlsplit(url).scheme in {"file", "data", "blob"}


def test_every_page_loads_shows_its_figures_fits_a_telephone_and_asks_nobody(quick_site: Path, chromium: str) -> None:
    assert browse(sorted(quick_site.rglob("*.html")), chromium) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<script>console.error('planted')</script>", "planted"),
        ("<script>undefined.planted</script>", "script: "),
        ("<img src='gone.svg' alt='x'>", "no figure: gone.svg"),
        ("<img src='http://127.0.0.1:9/x.png' alt='x'>", "request: http://127.0.0.1:9/x.png"),
        ("<div style='width: 500px'>wide</div>", "px wider than a telephone"),
    ],
)
def test_a_planted_fault_is_seen_by_the_browser(body: str, fault: str, tmp_path: Path, chromium: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><meta name=viewport content='width=device-width'><title>x</title>{body}")
    assert any(fault in line for line in browse([page], chromium))


def test_a_sound_page_has_no_fault_in_the_browser(tmp_path: Path, chromium: str) -> None:
    (tmp_path / "x.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>x</title><img src='x.svg' alt='x' loading='lazy'>")
    assert browse([page], chromium) == []
