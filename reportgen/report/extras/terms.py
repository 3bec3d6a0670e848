"""What a term means in one sentence, and what a citation is: one script for the boxes beside their links."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.report.extras import Extra

__all__ = ["first_sentence", "terms_files", "terms_script"]

_ENTRY = re.compile(r'<h3 id="([^"]+)"[^>]*>(.*?)</h3>\s*(?:<p>(.*?)</p>)?', re.DOTALL)
_LINK = re.compile(r"</?a\b[^>]*>")
_SOURCE = re.compile(r"<annotation\b.*?</annotation>", re.DOTALL)
_OF_FORMULA = re.compile(r'<span class="math[^"]*">.*?</span>|<math\b.*?</math>', re.DOTALL)
_PIECE = re.compile(r"(<[^>]+>)|(?<!\b[A-Z])([.!?][\"”’)]*)(?=\s|$)")
"""A tag, or the end of a sentence, which an initial is not."""

_SHORT = 60
"""Characters that a first sentence should have at least; else the next one is taken too."""


def terms_files(extra: Extra) -> dict[str, bytes]:
    """Return what the links of a site to terms and sources say: path -> script."""
    files = {entry.slug: entry.file for entry in extra.edition.entries()}
    glossary, references = (
        {file: extra.files[file].decode() for slug, file in files.items() if slug == wanted}
        for wanted in ("glossary", "references")
    )
    return {"static/terms.js": terms_script(glossary, references)}


def terms_script(glossary: Mapping[str, str], references: Mapping[str, str]) -> bytes:
    """Return the script that hands over what the links to terms and sources lead to.

    Parameters
    ----------
    glossary
        File -> HTML of the pages whose headings of the third level are terms: their first sentence is taken.
    references
        The same of those whose headings are sources: their first paragraph is taken whole.
    """
    found = {
        f"{file}#{anchor}": words
        for pages, shorten in ((glossary, first_sentence), (references, _unlinked))
        for file, html in pages.items()
        for anchor, words in _entries(html, shorten)
    }
    packed = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return f"(window.Site = window.Site || {{}}).terms = {packed};\n".encode()


def _entries(html: str, shorten: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yield the anchor of every heading of the third level, and what the paragraph below it says."""
    for anchor, title, text in _ENTRY.findall(html):
        if text:
            yield anchor, f"<p><strong>{_unlinked(title)}</strong> {shorten(text)}</p>"


def _unlinked(html: str) -> str:
    """Return HTML on one line, without links and what only programs read, up to the arrow that leads to a page."""
    return " ".join(_LINK.sub("", _SOURCE.sub("", html.split("→", maxsplit=1)[0])).split())


def first_sentence(html: str) -> str:
    """Return the first sentence of a paragraph, and the next ones as long as it stays very short; without links.

    Examples
    --------
    >>> first_sentence("One <code>a. b</code> is a word that is long enough to stand alone in a box. Two.")
    'One <code>a. b</code> is a word that is long enough to stand alone in a box.'
    >>> first_sentence("The number <math><mn>1. </mn></math> alone. And so on for a while.")
    'The number <math><mn>1. </mn></math> alone. And so on for a while.'
    """
    text = _unlinked(html)
    formulas = [found.span() for found in _OF_FORMULA.finditer(text)]
    depth = 0
    for piece in _PIECE.finditer(text):
        if any(start <= piece.start() < end for start, end in formulas):
            continue
        if piece[1]:
            depth += -1 if piece[1].startswith("</") else 0 if piece[1].endswith("/>") else 1
        elif depth == 0 and len(re.sub(r"<[^>]+>", "", text[: piece.end()])) >= _SHORT:
            return text[: piece.end()]
    return text
