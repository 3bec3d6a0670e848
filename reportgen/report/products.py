"""What is made of the finished site as HTML: one file that holds all of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from reportgen.report.formats import FORMATS

__all__ = ["NAMES", "PRODUCTS", "Product", "place_of"]


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
    """

    name: str
    path: str
    make: Callable[[Mapping[str, bytes]], bytes]


def _zip(files: Mapping[str, bytes]) -> bytes:
    """Pack a site as a learning platform takes it: no dot files, and the same bytes for the same site."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for path in sorted(files):
            if not any(part.startswith(".") for part in path.split("/")):
                archive.writestr(ZipInfo(path), files[path], ZIP_DEFLATED)
    return packed.getvalue()


PRODUCTS: Mapping[str, Product] = {
    "zip": Product("zip", "reportgen.zip", _zip),
}
"""The products by name."""

NAMES = (*FORMATS, *PRODUCTS)
"""Everything that `--format` takes."""


def place_of(name: str, slug: str = "index") -> str:
    """Return where the page of a chapter lies in the site in a format, or where a product does."""
    return PRODUCTS[name].path if name in PRODUCTS else FORMATS[name].path(slug)
