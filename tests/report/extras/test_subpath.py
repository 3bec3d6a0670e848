"""The site as a server of pages shows it: under a path of its host, with a page for what is missing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urldefrag
from urllib.request import Request, urlopen

import pytest

from reportgen.battery.results import Results
from reportgen.report.book import Book, render_book
from reportgen.report.imprint import Imprint
from tests.browsers.chromium import Chromium
from tests.browsers.tab import Tab

PLACE = "/repo/sub/"

ADDRESSES = """async () => {
    const images = [...document.images];
    images.forEach(image => { image.loading = "eager"; });
    await Promise.all(images.map(image => image.decode().catch(() => null)));
    const of = key => [...document.querySelectorAll(`[${key}]`)].map(one => one.getAttribute(key));
    const inside = set => set.startsWith("data:");
    const addresses = set => inside(set) ? [] : set.split(",").map(one => one.trim().split(" ")[0]);
    const sets = of("srcset").flatMap(addresses);
    const named = [...of("href"), ...of("src"), ...sets];
    const empty = images.filter(image => !image.naturalWidth).map(image => image.getAttribute("src"));
    return {named: named.map(address => [address, new URL(address, document.baseURI).href]), empty};
}"""
"""Gives every address that a page names, as written and as the browser reads it, and the images that did not load."""


class _Pages(SimpleHTTPRequestHandler):
    """Shows a folder under a path, and its 404.html for what is not there, as GitHub Pages does."""

    def send_head(self) -> Any:
        if not self.path.startswith(PLACE):
            return self.send_error(404)
        self.path = f"/{self.path.removeprefix(PLACE)}"
        return super().send_head()

    def send_error(self, code: int, *_: Any) -> None:
        content = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder, and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pages, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PLACE}"
    finally:
        server.shutdown()
        server.server_close()


def status(address: str) -> int:
    try:
        with urlopen(Request(address, method="HEAD"), timeout=60) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def faults_of(tab: Tab, site: str) -> list[str]:
    """Return what went wrong in a tab beside that it asked the site for its own files, and forget it."""
    faults = [fault for fault in tab.faults if not fault.startswith(f"request: {site}")]
    tab.faults.clear()
    return faults


def walk(site: str, pages: Sequence[str], tab: Tab) -> list[str]:
    """Open pages of a site in a browser, and return what is wrong with them and with what they name."""
    faults: list[str] = []
    named: dict[str, str] = {}
    for page in pages:
        tab.open(f"{site}{page}")
        found = tab.run(ADDRESSES)
        faults += [f"{page}: {fault}" for fault in faults_of(tab, site)]
        faults += [f"{page}: no image {address}" for address in found["empty"]]
        faults += [f"{page}: absolute path {written}" for written, _ in found["named"] if written.startswith("/")]
        named |= {urldefrag(read)[0]: f"{page}: {written}" for written, read in found["named"]}
    here = {address: who for address, who in named.items() if address.startswith(site.removesuffix(PLACE[1:]))}
    faults += [f"leaves the site: {who}" for address, who in here.items() if not address.startswith(site)]
    return faults + [f"broken: {who}" for address, who in here.items() if status(address) != 200]


def test_every_page_works_under_a_path_of_its_host(quick_site: Path, chromium: Chromium) -> None:
    pages = ["", *sorted({path.name for path in quick_site.glob("*.html")} - {"report.html"})]  # which stands alone
    with served(quick_site) as site, chromium.tab() as tab:
        assert walk(site, pages, tab) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<a href='gone.html'>x</a>", "broken: index.html: gone.html"),
        ("<a href='/repo/sub/index.html'>x</a>", "index.html: absolute path /repo/sub/index.html"),
        ("<a href='../../other.html'>x</a>", "leaves the site: index.html: ../../other.html"),
        ("<img src='gone.png' alt='x'>", "index.html: no image gone.png"),
        ("<script>console.error('planted')</script>", "planted"),
    ],
)
def test_a_planted_fault_is_found_on_the_walk(body: str, said: str, tmp_path: Path, chromium: Chromium) -> None:
    for name, text in (("index.html", body), ("404.html", "")):
        (tmp_path / name).write_text(f"<!doctype html><title>x</title><link rel=icon href='data:,'>{text}")
    with served(tmp_path) as site, chromium.tab() as tab:
        assert any(said in fault for fault in walk(site, ["index.html"], tab))


@pytest.mark.parametrize("path", ["gone.html", "figures/deep/er/gone.html"])
def test_what_is_missing_is_answered_at_any_depth(
    path: str,
    results: Results,
    chapters: Sequence[Any],
    prose: Callable[[], Path],
    drawn: Any,
    tmp_path: Path,
    chromium: Chromium,
) -> None:
    folder, book = tmp_path / "site", Book.read(chapters, results)
    with served(folder) as site, chromium.tab() as tab:
        files = render_book(
            book, ["html"], tables=["forward"], imprint=Imprint(base_url=site), overrides=prose(), mapper=drawn
        )
        for name, content in {**files, "manifest.json": b"{}"}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        assert status(f"{site}{path}") == 404
        tab.open(f"{site}{path}")
        assert [fault for fault in faults_of(tab, site) if "404" not in fault] == []
        assert tab.run("() => document.querySelector('h1').textContent") == "There is no such page"
        links = {read for _, read in tab.run(ADDRESSES)["named"]}
        own = {urldefrag(link)[0] for link in links if link.startswith(site)} - {f"{site}{path}"}
        assert [link for link in own if status(link) != 200] == []
        tab.click("main a[href$='glossary.html']")
        tab.wait("() => document.querySelector('h1')?.textContent === 'What do the words mean?'")
