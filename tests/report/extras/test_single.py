"""The whole book in one file: nothing collides, everything is inside, nobody is asked for anything."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter
from reportgen.report.book import Book, render_book
from reportgen.report.contents import Entry
from reportgen.report.extras import single
from reportgen.report.extras.inlining import inlined_style
from reportgen.report.extras.rewriting import ids
from reportgen.report.figures import Mapper
from reportgen.report.imprint import PLAIN, Imprint
from tests.report.conftest import INDEX

AnyChapter = Chapter[Any, Any]
Make = Callable[..., str]

TABS = '{{ tabs({"PyTorch": "a", "JAX": "b"}) }}\n\n[files](data/index-curve.csv) [paper](https://example.org/x)\n'


@pytest.fixture
def make(chapters: list[AnyChapter], results: Results, prose: Callable[..., Path], drawn: Mapper) -> Make:
    """Return a function that makes the file of a small book."""

    def made(imprint: Imprint = PLAIN, text: str = INDEX + TABS, glossary: str = "") -> str:
        folder = prose(text)
        if glossary:
            (folder / "chapters/glossary.md.jinja").write_text(glossary)
        book = Book.read(chapters, results)
        return render_book(book, ["html"], imprint=imprint, overrides=folder, mapper=drawn)["report.html"].decode()

    return made


def test_every_chapter_is_inside_and_listed_in_front(make: Make) -> None:
    page = make()
    front = page[page.index('class="book-contents"') : page.index('<article class="chapter"')]
    for slug, title in {"index": "Which start for which activation?", "glossary": "What do the words mean?"}.items():
        assert f'<article class="chapter" id="{slug}"' in page
        assert re.search(rf'<a href="#{slug}">.*{re.escape(title)}', front)
    assert "He keeps the variance at 1.001" in page


def test_no_two_elements_have_one_id_and_every_link_inside_leads_to_one(make: Make) -> None:
    page = make(glossary="## Check yourself\n\nA.\n\n## fan_in\n\nB.\n\n## Mean field\n\nC.\n")
    counts = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert {"index-check-yourself", "glossary-check-yourself"} <= set(counts)
    assert [name for name, count in counts.items() if count > 1] == []
    links = re.findall(r'href="#([^"]+)"', page)
    assert "glossary-fan-in" in links
    assert set(links) <= ids(page)
    assert set(re.findall(r'\sfor="([^"]+)"', page)) <= ids(page)


def test_one_heading_is_the_title_and_chapters_are_one_level_lower_in_text_and_style(make: Make) -> None:
    page = make()
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == ["Weight initialization, measured"]
    assert '<h3 id="index-what-we-measured">' in page
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    assert re.search(r"\bh2 \{[^}]*clamp\(1\.75rem", style[1]), "what was written for h1"


def test_links_to_files_of_the_site_become_words_and_those_elsewhere_stay(make: Make) -> None:
    page = make()
    assert '<a href="https://example.org/x">paper</a>' in page
    assert ">files</a>" not in page
    assert "files" in page
    addresses = re.findall(r'(?:href|src|srcset)="([^"]+)"', page)
    assert [one[:30] for one in addresses if not re.match(r"#|data:|https://example\.org/", one)] == []


def test_where_the_address_of_the_site_is_known_files_are_linked_there(make: Make) -> None:
    page = make(Imprint(title="A & B", author="Ada", base_url="https://example.org/c/"))
    assert '<a href="https://example.org/c/data/index-curve.csv">files</a>' in page
    assert "<h1>A &amp; B</h1>" in page
    assert '<meta name="author" content="Ada">' in page


def test_the_policy_allows_the_style_that_is_there_and_nothing_else(make: Make) -> None:
    page = make()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:;")
    assert "<script" not in page
    assert not re.search(r"<[^>]* style=", page)


def test_figures_and_fonts_are_inside(make: Make) -> None:
    page = make()
    images = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert len(images) == 1
    assert b"<svg" in base64.b64decode(images[0])
    assert 'url("data:font/woff2;base64,' in page


def test_drawings_for_telephones_are_left_out_where_the_file_would_grow_too_large(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert '<source media="screen and (max-width: 43rem)" srcset="data:image/svg+xml;base64,' in make()
    monkeypatch.setattr(single, "_LIMIT", 1000)
    assert "<source" not in make()


def test_a_title_above_its_sheets_cannot_break_out_of_the_style(make: Make) -> None:
    style = "\n".join(single._running_titles([_entry('A "b" \\ </style><b>')]))
    assert "</style" not in style
    assert r'content: "3 A \"b\" \\ \3c /style>\3c b>";' in style


def test_the_style_of_the_user_is_last(make: Make) -> None:
    page = make(Imprint(style=b".cover { color: red"))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    assert style[1].endswith(".cover { color: red")
    assert style[1].count(".cover { color: red") == 1


def _entry(title: str) -> Entry:
    return Entry("he", title, "he.html", 3, "", "", 1, "")


def test_style_sheets_are_joined_with_what_they_load_and_each_once() -> None:
    files = {
        "static/a.css": b"/* no */ @font-face { src: url('fonts/x.woff2') } b { background: url(gone.png) }",
        "static/fonts/x.woff2": b"woff",
        "static/print.css": b"p { color: red }",
    }
    page = '<link rel="stylesheet" href="static/a.css">\n<link rel="stylesheet" href="static/print.css" media="print">'
    style = inlined_style([page, page], files)
    assert style.count("@font-face") == 1
    assert 'url("data:font/woff2;base64,d29mZg==")' in style
    assert "url(gone.png)" in style
    assert "@media print {\np { color: red }\n}" in style
    assert "/*" not in style
