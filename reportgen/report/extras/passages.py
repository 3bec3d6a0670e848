"""What stands on a finished page: its text by sections and figures, with formulas as one would type them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple

__all__ = ["Passage", "passages"]

_SILENT = frozenset({"annotation", "button", "script", "style"})
"""Elements whose content nobody reads."""

_ASIDE = frozenset({"files", "kicker", "number", "sources"})
"""Classes of what says the same everywhere."""

_LISTED = frozenset({"pre", "td", "th"})
"""Elements that are looked through for names; their numbers are left out, and what the text says already."""

_APART = frozenset({"dd", "div", "dt", "label", "li", "p", "pre", "summary", "td", "th"})
"""Elements whose content is no part of the word before."""

_EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})

_JOINS = {"mfrac": ("", "/"), "msub": ("", "_"), "msup": ("", "^"), "msubsup": ("", "_", "^"), "msqrt": ("√",)}
"""What stands before the first, second and third part of a formula's element."""

_RELATIONS = frozenset("=<>≤≥≈→∝≠")

_POWER = re.compile(r"\^([0-9]+)")
_LOOSE = re.compile(r"([_^(\[]) +")
_WORD = re.compile(r"\w+")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HIDDEN = re.compile("[\u200b\u2061-\u2064]")


class Passage(NamedTuple):
    """A stretch of a page that can be linked to.

    Attributes
    ----------
    anchor
        Of its heading or figure; "" for what stands before the first of them.
    title
        Its heading, or the message of its figure.
    text
        What it says.
    """

    anchor: str
    title: str
    text: str


def passages(html: str) -> list[Passage]:
    """Return what stands on a page, in order; what stands behind a figure belongs to the heading above it.

    Parameters
    ----------
    html
        The body of a page, or a whole one, of which the article counts.

    Examples
    --------
    >>> for one in passages('<p>So.</p><h2 id="a">Why <math><msup><mi>x</mi><mn>2</mn></msup></math>?</h2><p>As.</p>'):
    ...     print(one)
    Passage(anchor='', title='', text='So.')
    Passage(anchor='a', title='Why x²?', text='As.')
    """
    article = re.search(r"<article\b.*?</article>", html, re.DOTALL)
    reader = _Reader()
    reader.feed(article[0] if article else html)
    reader.close()
    return [drafted.passage() for drafted in reader.drafts]


class _Draft:
    """A passage while it is read."""

    def __init__(self, anchor: str) -> None:
        self.anchor = anchor
        self.title: list[str] = []
        self.text: list[str] = []
        self.listed: list[str] = []

    def passage(self) -> Passage:
        text = _said(self.text).removeprefix("How to read it. ")
        return Passage(self.anchor, _said(self.title), " ".join([text, *_names(_said(self.listed), text)]).strip())


class _Reader(HTMLParser):
    """Goes through a page and tells apart headings, figures, lists of names and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.drafts = [_Draft("")]
        self._headed = self.drafts[0]
        self._figure: _Draft | None = None
        self._open: list[tuple[str, frozenset[str]]] = []
        self._parts: list[int] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self._join()
        if tag in _EMPTY:
            self.handle_data(" ")
            return
        if tag in ("h2", "h3") and "id" in given:
            self._headed = self._begin(given["id"])
        elif tag == "figure" and "id" in given:
            self._figure = self._begin(given["id"])
        self._open.append((tag, frozenset(given.get("class", "").split())))
        self._parts.append(0)
        if tag in _APART:
            self.handle_data(" ")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._join()

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            last, _ = self._open.pop()
            self._parts.pop()
            if last == tag:
                break
        if tag == "figure":
            self._figure = None

    def handle_data(self, data: str) -> None:
        tags, classes = {tag for tag, _ in self._open}, frozenset[str]().union(*(of for _, of in self._open))
        draft = self._figure or self._headed
        if tags & _SILENT or classes & _ASIDE:
            return
        if tags & {"h1", "h2", "h3"} or "message" in classes:
            draft.title.append(data)
        elif tags & _LISTED:
            draft.listed.append(" " if "math" in tags else data)
        else:
            draft.text.append(self._spaced(data))

    def _spaced(self, data: str) -> str:
        """Return a piece of a formula as one would type it: with room around relations and before names."""
        tag = self._open[-1][0] if self._open else ""
        if data.isspace() and any(of == "math" for of, _ in self._open):
            return ""
        if tag == "mo" and data in _RELATIONS:
            return f" {data} "
        return f" {data}" if tag == "mi" and len(data) > 1 else data

    def _begin(self, anchor: str) -> _Draft:
        self.drafts.append(_Draft(anchor))
        return self.drafts[-1]

    def _join(self) -> None:
        """Say how a part of a formula hangs on what stands before it."""
        if not self._open or (joins := _JOINS.get(self._open[-1][0])) is None:
            return
        if (part := self._parts[-1]) < len(joins):
            self.handle_data(joins[part])
        self._parts[-1] += 1


def _said(pieces: Iterable[str]) -> str:
    """Join what was read, with powers as small digits."""
    text = _HIDDEN.sub("", unicodedata.normalize("NFC", "".join(pieces))).replace("^′", "′")
    text = _POWER.sub(lambda found: found[1].translate(_RAISED), text)
    return " ".join(_LOOSE.sub(r"\1", text).split())


def _names(listed: str, text: str) -> Iterator[str]:
    """Return the words of a table or a piece of code that are no numbers and that a text does not have, each once."""
    known = set(_WORD.findall(text))
    for word in dict.fromkeys(_WORD.findall(listed)):
        if word not in known and len(word) > 2 and not word[0].isdigit():
            yield word
