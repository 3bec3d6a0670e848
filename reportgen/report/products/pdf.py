"""The whole book as a PDF: the one file of HTML, printed, with the numbers of its pages in the contents."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Mapping
from html import unescape
from typing import TYPE_CHECKING

from reportgen.report.extras.single import SINGLE
from reportgen.report.products.chromium import find_browser, print_to_pdf

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["ensure_pdf", "printed_book"]

_PASSES = 3
"""How often the book is printed at most until the numbers in its contents are those of its pages."""

_CONTENTS = re.compile(r'<nav class="book-contents".*?</nav>', re.DOTALL)
_LINE = re.compile(r'(<a href="#([^"]+)">.*?)(?:<span class="page">\d*</span>)?</a>', re.DOTALL)
_META = '<meta name="{}" content="([^"]*)">'


def ensure_pdf() -> None:
    """Check that a PDF can be made, before anything is measured.

    Raises
    ------
    EnvironmentFault
        If there is no browser that prints.
    """
    find_browser()


def printed_book(files: Mapping[str, bytes]) -> bytes:
    """Print the book.

    Parameters
    ----------
    files
        The site as HTML, path -> content, with the book as one file of HTML.

    Returns
    -------
    bytes
        A tagged PDF with bookmarks. The same browser prints the same bytes, whenever it does.
    """
    browser, page = find_browser(), files[SINGLE].decode()
    page, numbers = numbered(page, {}), dict[str, int]()
    for _ in range(_PASSES):
        printed = _read(print_to_pdf(page.encode(), browser))
        if numbers == (found := _page_numbers(printed)):
            break
        numbers, page = found, numbered(page, found)
    return _described(printed, page)


def numbered(page: str, numbers: Mapping[str, int]) -> str:
    """Write into the contents on which page every chapter begins; room for a number is there even without one.

    Examples
    --------
    >>> numbered('<nav class="book-contents"><a href="#he">He</a></nav> <a href="#he">He</a>', {"he": 52})
    '<nav class="book-contents"><a href="#he">He<span class="page">52</span></a></nav> <a href="#he">He</a>'
    """

    def write(line: re.Match[str]) -> str:
        return f'{line[1]}<span class="page">{numbers.get(line[2], "")}</span></a>'

    return _CONTENTS.sub(lambda contents: _LINE.sub(write, contents[0]), page, count=1)


def _read(printed: bytes) -> PdfReader:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # which says of every Chromium that it counts its objects wrong
    return PdfReader(io.BytesIO(printed))


def _page_numbers(printed: PdfReader) -> dict[str, int]:
    """Return on which page every place that something leads to is, the first being 1."""
    pages = {name: printed.get_destination_page_number(place) for name, place in printed.named_destinations.items()}
    return {name.removeprefix("/"): page + 1 for name, page in pages.items() if page is not None}


def _described(printed: PdfReader, page: str) -> bytes:
    """Say in the file what it is, instead of when it was printed, and have its bookmarks shown."""
    from pypdf import PdfWriter
    from pypdf.generic import NameObject

    author, description, generator = (_meta(page, name) for name in ("author", "description", "generator"))
    title = re.search(r"<title>(.*?)</title>", page)
    writer = PdfWriter(clone_from=printed)
    writer.metadata = {
        "/Title": unescape(title[1]) if title else "",
        "/Author": author,
        "/Subject": description,
        "/Creator": generator,
        "/Producer": (printed.metadata and printed.metadata.producer) or "Chromium",
    }
    writer.root_object[NameObject("/PageMode")] = NameObject("/UseOutlines")
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def _meta(page: str, name: str) -> str:
    found = re.search(_META.format(name), page)
    return unescape(found[1]) if found else ""
