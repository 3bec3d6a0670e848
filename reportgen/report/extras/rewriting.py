"""A rendered page written again: element by element as it is, but for what is to become of some of them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from enum import Enum
from html.parser import HTMLParser
from typing import NamedTuple

__all__ = ["Element", "Fate", "article", "ids", "rewritten"]

_ARTICLES = [re.compile(rf"<{tag}\b[^>]*>(.*)</{tag}>", re.DOTALL) for tag in ("article", "main", "body")]
"""What a page says, without its frame: its article, or what comes nearest where a user's template has none."""

_ID = re.compile(r'<[^>]*?\sid="([^"]+)"')

_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
"""Elements of HTML that have no end tag."""


class Element(NamedTuple):
    """An element to write.

    Attributes
    ----------
    tag, attributes
        Its start tag; an attribute without a value has None.
    first, last
        HTML that is put in front of its content, and after it.
    """

    tag: str
    attributes: Mapping[str, str | None]
    first: str = ""
    last: str = ""

    def __str__(self) -> str:
        """Write the start tag."""
        written = (key if value is None else f'{key}="{html.escape(value)}"' for key, value in self.attributes.items())
        return f"<{' '.join([self.tag, *written])}>{self.first}"


class Fate(Enum):
    """What may become of an element beside being written in another way."""

    KEPT = "as it is"
    OPENED = "only what is in it stays"
    DROPPED = "goes with everything in it"


Visit = Callable[[str, dict[str, str | None]], Element | Fate]


def rewritten(text: str, visit: Visit) -> str:
    """Write HTML again.

    Parameters
    ----------
    text
        Well-formed HTML, or a part of it.
    visit
        Called with tag and attributes of every element, in their order; returns what becomes of it.

    Examples
    --------
    >>> rewritten('<p>A <b>x</b> &amp; <i>y</i></p>', lambda tag, _: Fate.OPENED if tag == "b" else Fate.KEPT)
    '<p>A x &amp; <i>y</i></p>'
    """
    writer = _Writer(visit)
    writer.feed(text)
    writer.close()
    return "".join(writer.written)


def article(page: str) -> str:
    """Return what a page says, without head, contents and foot."""
    found = filter(None, (pattern.search(page) for pattern in _ARTICLES))
    return next((match[1] for match in found), page)


def ids(text: str) -> set[str]:
    """Return the ids of some HTML that the build has written.

    Examples
    --------
    >>> sorted(ids('<p id="a" class="x"><a href="#c" id="b">1</a></p>'))
    ['a', 'b']
    """
    return set(_ID.findall(text))


class _Writer(HTMLParser):
    """Keeps what has been written, and what to write where the open elements end."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self._visit = visit
        self._open: list[tuple[str, str]] = []
        self._dropped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start, end, is_dropped = self._fate(tag, dict(attrs))
        self._write(start)
        if tag not in _VOID:
            self._open.append((tag, end))
            self._dropped += bool(self._dropped or is_dropped)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start, end, _ = self._fate(tag, dict(attrs))
        self._write(start if start.endswith("/>") or tag in _VOID else start + end)

    def handle_endtag(self, tag: str) -> None:
        if any(one == tag for one, _ in self._open):
            while self._close_last() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        """Leave a comment out."""

    def _fate(self, tag: str, attributes: dict[str, str | None]) -> tuple[str, str, bool]:
        """Return start and end of an element, and whether it is dropped."""
        fate = Fate.DROPPED if self._dropped else self._visit(tag, attributes)
        if isinstance(fate, Element):
            return str(fate), f"{fate.last}</{fate.tag}>", False
        if fate is Fate.KEPT:
            return self.get_starttag_text() or "", f"</{tag}>", False
        return "", "", fate is Fate.DROPPED

    def _close_last(self) -> str:
        tag, end = self._open.pop()
        if self._dropped:
            self._dropped -= 1
        else:
            self._write(end)
        return tag

    def _write(self, text: str) -> None:
        if not self._dropped:
            self.written.append(text)
