"""The book on paper: printed by a real browser, read back page by page."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter
from reportgen.errors import EnvironmentFault, UsageError
from reportgen.report.book import Book, render_book
from reportgen.report.figures import Mapper
from reportgen.report.imprint import Imprint
from reportgen.report.products import PRODUCTS, chromium, pdf
from reportgen.report.products.pdf import numbered, printed_book
from tests.browsers.starting import PROGRAMS
from tests.report.conftest import INDEX

AnyChapter = Chapter[Any, Any]

LONG = "## fan_in\n\nInputs.\n\n" + "A line of the glossary.\n\n" * 60 + "## Mean field\n\nThe limit.\n"
TITLE = "A & B, measured"


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Return the Chromium of this machine."""
    path = next(filter(None, map(shutil.which, PROGRAMS["Chromium"])), None)
    return path or pytest.skip("no Chromium on this machine")


@pytest.fixture
def files(chapters: list[AnyChapter], results: Results, prose: Callable[..., Path], drawn: Mapper) -> dict[str, bytes]:
    folder = prose(INDEX)
    (folder / "chapters/glossary.md.jinja").write_text(LONG)
    imprint = Imprint(title=TITLE, author="Ada")
    return render_book(Book.read(chapters, results), ["html"], imprint=imprint, overrides=folder, mapper=drawn)


def test_the_pdf_has_cover_contents_with_numbers_bookmarks_running_titles_and_says_what_it_is(
    files: dict[str, bytes], browser_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(chromium.VARIABLE, browser_path)
    content = printed_book(files)
    book = pypdf.PdfReader(io.BytesIO(content))
    texts = [page.extract_text() for page in book.pages]
    assert TITLE in " ".join(texts[0].split())
    contents = " ".join(texts[1].split())
    found = re.search(r"Which start for which activation\? (\d+) 1 What do the words mean\? (\d+)$", contents)
    assert found, contents
    for number, title in zip(
        found.groups(), ("Which start for which activation?", "What do the words mean?"), strict=True
    ):
        assert title in " ".join(texts[int(number) - 1].split())
    assert all("What do the words mean?" in text for text in texts[int(found[2]) - 1 :]), "above each of its sheets"
    assert len(texts) > int(found[2]), "the second chapter takes more than one sheet"
    assert [re.search(rf"(?<!\d){at}(?!\d)", text) is not None for at, text in enumerate(texts[1:], 2)] == [True] * (
        len(texts) - 1
    )
    assert all("It is 1.0, that is 50% of two." not in text for text in texts[:2])
    assert any("50% of two" in text for text in texts), "answers are open"
    bookmarks = list(titles(book.outline))
    assert {"Which start for which activation?", "What we measured", "1 What do the words mean?"} <= set(bookmarks)
    assert book.metadata is not None
    assert (book.metadata.title, book.metadata.author) == (TITLE, "Ada")
    assert "/CreationDate" not in book.metadata
    assert "/StructTreeRoot" in book.root_object, "it is tagged"
    assert printed_book(files) == content, "bytes do not depend on the time"


def titles(outline: Any) -> Any:
    for one in outline:
        if isinstance(one, list):
            yield from titles(one)
        else:
            yield one.title.strip()


def test_numbers_stand_in_the_contents_only_and_are_not_written_twice() -> None:
    page = '<nav class="book-contents" id="c"><a href="#a">A</a> <a href="#b">B</a></nav><a href="#a">A</a>'
    once = numbered(numbered(page, {"a": 3}), {"a": 4, "b": 12})
    assert once == (
        '<nav class="book-contents" id="c"><a href="#a">A<span class="page">4</span></a> '
        '<a href="#b">B<span class="page">12</span></a></nav><a href="#a">A</a>'
    )


def test_a_pdf_is_refused_before_anything_is_measured_where_there_is_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.pipeline import build
    from reportgen.settings import Settings

    monkeypatch.setenv(chromium.VARIABLE, str(tmp_path / "gone"))
    with pytest.raises(EnvironmentFault, match=f"^{chromium.VARIABLE}: there is no program"):
        build(Settings(out=tmp_path / "site", formats=("html", "pdf"), cache=tmp_path / "cache"))
    assert not (tmp_path / "site").exists()


def test_single_chapters_make_no_pdf(chapters: list[AnyChapter], results: Results) -> None:
    with pytest.raises(UsageError, match="format pdf is made of the whole book"):
        render_book(Book.read(chapters, results, ["glossary"]), ["pdf"])


def test_a_product_is_made_of_the_whole_site_and_told_while_it_is_made(
    chapters: list[AnyChapter],
    results: Results,
    prose: Callable[..., Path],
    drawn: Mapper,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from contextlib import contextmanager

    told = []

    @contextmanager
    def making(name: str) -> Any:
        told.append(f"begin {name}")
        yield
        told.append(f"end {name}")

    def printed(files: dict[str, bytes]) -> bytes:
        told.append("print")
        return files["report.html"][:15]

    monkeypatch.setattr(pdf, "printed_book", printed)
    book = Book.read(chapters, results)
    files = render_book(book, ["pdf"], overrides=prose(), mapper=drawn, making=making)
    assert files == {PRODUCTS["pdf"].path: b"<!doctype html>"}
    assert told == ["begin pdf", "print", "end pdf"]
