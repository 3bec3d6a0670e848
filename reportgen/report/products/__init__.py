"""What is made of the finished site as HTML: one file that holds all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reportgen.report.formats import FORMATS

__all__ = ["NAMES", "PRODUCTS", "WHOLE", "Product", "place_of"]


@dataclass(frozen=True, slots=True)
class Product:
    """A file made of the pages of a whole book.

    Attributes
    ----------
    name
        As on the command line.
    path
        Where it lies in the site.
    make
        Called with the files of the site as HTML, path -> content; returns the content of the product.
    ensure
        Called before anything is measured; raises a `ReportgenError` where the product cannot be made on this machine.
    """

    name: str
    path: str
    make: Callable[[Mapping[str, bytes]], bytes]
    ensure: Callable[[], None] = lambda: None


def _zip(files: Mapping[str, bytes]) -> bytes:
    from reportgen.report.products.packing import packed

    return packed(files)


def _pdf(files: Mapping[str, bytes]) -> bytes:
    from reportgen.report.products.pdf import printed_book

    return printed_book(files)


def _ensure_pdf() -> None:
    from reportgen.report.products.pdf import ensure_pdf

    ensure_pdf()


PRODUCTS: Mapping[str, Product] = {
    "zip": Product("zip", "reportgen.zip", _zip),
    "pdf": Product("pdf", "report.pdf", _pdf, _ensure_pdf),
}
"""The products by name."""

WHOLE = ("report.html", *(product.path for product in PRODUCTS.values()))
"""Files that hold the whole book."""

NAMES = (*FORMATS, *PRODUCTS)
"""Everything that `--format` takes."""


def place_of(name: str, slug: str = "index") -> str:
    """Return where the page of a chapter lies in the site in a format, or where a product does."""
    return PRODUCTS[name].path if name in PRODUCTS else FORMATS[name].path(slug)
