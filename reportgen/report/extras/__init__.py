"""What a whole site has beside its pages: files that are made of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reportgen.report.extras.embedding import embed_files
from reportgen.report.extras.hosting import publishing_files
from reportgen.report.extras.searching import search_files
from reportgen.report.extras.single import report_file
from reportgen.report.extras.terms import terms_files

if TYPE_CHECKING:
    from reportgen.report.book import Book
    from reportgen.report.page import Edition

__all__ = ["EXTRAS", "Extra", "extra_files"]


class Extra(NamedTuple):
    """What an extra file is made of.

    Attributes
    ----------
    book
        All chapters, as they were read.
    edition
        The edition as HTML.
    files
        Path within the site -> content, of all pages, figures, data and static files.
    """

    book: Book
    edition: Edition
    files: Mapping[str, bytes]


EXTRAS: Sequence[Callable[[Extra], Mapping[str, bytes]]] = (
    search_files,
    terms_files,
    embed_files,
    report_file,
    publishing_files,
)
"""Each returns files by their path in the site, and sees those of the ones before it."""


def extra_files(extra: Extra) -> dict[str, bytes]:
    """Return everything that a whole site as HTML has beside its pages."""
    made: dict[str, bytes] = {}
    for make in EXTRAS:
        made |= make(extra._replace(files={**extra.files, **made}))
    return made
