"""What a site needs where it is published, on the small book."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from reportgen.battery.results import Results
from reportgen.report.book import Book, render_book
from reportgen.report.imprint import Imprint

BASE = "https://example.org/repo/sub/"

Render = Callable[[Imprint], dict[str, bytes]]


@pytest.fixture
def render(results: Results, chapters: Sequence[Any], prose: Callable[[], Path], drawn: Any) -> Render:
    book, folder = Book.read(chapters, results), prose()
    return lambda imprint: render_book(book, tables=["forward"], imprint=imprint, overrides=folder, mapper=drawn)


def marked(page: bytes, name: str) -> list[str]:
    """Return what a page says of itself under a name."""
    return re.findall(rf'<(?:meta|link) [a-z]+="{name}" (?:content|href)="(.*?)"', page.decode())


def test_without_an_address_nothing_names_one(render: Render) -> None:
    site = render(Imprint())
    assert {".nojekyll", "404.html", "robots.txt"} <= set(site)
    assert not {"sitemap.xml", "static/card.png"} & set(site)
    for name in ("canonical", "og:url", "og:image", "twitter:card"):
        assert marked(site["index.html"], name) == []
    assert marked(site["index.html"], "og:title") == ["Weight initialization, measured"]
    assert b"Sitemap" not in site["robots.txt"]


def test_with_an_address_pages_name_theirs_and_show_a_picture(render: Render) -> None:
    site = render(Imprint(base_url=BASE))
    assert marked(site["index.html"], "canonical") == marked(site["index.html"], "og:url") == [BASE]
    assert marked(site["glossary.html"], "canonical") == [f"{BASE}glossary.html"]
    assert marked(site["index.html"], "og:image") == [f"{BASE}static/card.png"]
    assert marked(site["glossary.html"], "og:image") == [f"{BASE}static/card.png"]
    with Image.open(io.BytesIO(site["static/card.png"])) as card:
        assert card.size == (1200, 630)
    assert f"Sitemap: {BASE}sitemap.xml" in site["robots.txt"].decode()


def test_the_sitemap_lists_every_page_once(render: Render) -> None:
    site = render(Imprint(base_url=BASE))
    listed = [one.text for one in ElementTree.fromstring(site["sitemap.xml"]).iter() if one.tag.endswith("loc")]
    assert listed == [BASE, f"{BASE}glossary.html"]


def test_the_page_for_what_is_missing_links_from_any_depth_where_the_address_is_known(render: Render) -> None:
    found = re.findall(r'(?:href|src)="([^"#]+)', render(Imprint(base_url=BASE))["404.html"].decode())
    assert found
    assert [address for address in found if not address.startswith("/repo/sub/")] == []
    beside = re.findall(r'(?:href|src)="([^"#]+)', render(Imprint())["404.html"].decode())
    assert {"index.html", "glossary.html"} <= set(beside)
    assert [address for address in beside if address.startswith("/")] == []


def test_the_page_for_what_is_missing_is_not_to_be_found(render: Render) -> None:
    site = render(Imprint(base_url=BASE))
    assert marked(site["404.html"], "robots") == ["noindex"]
    assert marked(site["404.html"], "canonical") == []
    assert marked(site["index.html"], "robots") == []


def test_title_author_and_course_stand_on_every_page_letter_by_letter(render: Render) -> None:
    site = render(Imprint(title="A <b> & *c*", author="D. <i>", course="E & _F_"))
    for path in ("index.html", "glossary.html", "404.html"):
        page = site[path].decode()
        assert "A &lt;b&gt; &amp; *c*" in page
        assert "<p>D. &lt;i&gt; · E &amp; _F_</p>" in page
        assert "<b>" not in page
    assert "Cite it</p><code>D. &lt;i&gt;, <cite>A &lt;b&gt; &amp; *c*</cite>" in site["index.html"].decode()
    assert "[A &lt;b&gt; &amp; \\*c\\*](index.md)" in site["markdown/glossary.md"].decode()
    assert "D. &lt;i&gt; · E &amp; \\_F\\_" in site["markdown/glossary.md"].decode()


def test_logo_and_style_sheet_are_on_every_page_and_the_style_sheet_is_last(render: Render) -> None:
    site = render(Imprint(logo=("logo.svg", b"<svg/>"), style=b"a {}"))
    assert (site["static/logo.svg"], site["static/own.css"]) == (b"<svg/>", b"a {}")
    for path in ("index.html", "404.html"):
        page = site[path].decode()
        assert re.findall(r'rel="stylesheet" href="(.*?)"', page)[-1] == "static/own.css"
        assert 'src="static/logo.svg"' in page
    assert b"own.css" not in render(Imprint())["index.html"]
