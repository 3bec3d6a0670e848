"""Every figure as a page of its own, small enough for a frame in somebody else's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from reportgen.report.contents import Entry
from reportgen.report.extras.inlining import stylesheets
from reportgen.report.extras.rewriting import Element, Fate, rewritten

if TYPE_CHECKING:
    from reportgen.report.extras import Extra

__all__ = ["FOLDER", "embed_files"]

FOLDER = "embed/"
"""Where the pages lie in the site."""

_FIGURE = re.compile(r'<figure id="([^"]+)" data-figure="([^"]+)"[^>]*>(.*?)</figure>', re.DOTALL)
_MESSAGE = re.compile(r'<div class="message">\s*(?:<p>)?(.*?)(?:</p>)?\s*</div>', re.DOTALL)
_PICTURE = re.compile(r"<picture>.*?</picture>", re.DOTALL)
_CAPTION = re.compile(r"<figcaption>(.*)</figcaption>", re.DOTALL)
_NUMBER = re.compile(r'\s*<a class="number"[^>]*>(.*?)</a>\s*')
_ALREADY = re.compile(r"<strong>How to read it\.</strong>\s*")
_TAG = re.compile(r"<annotation\b.*?</annotation>|<[^>]+>", re.DOTALL)

_FRAME = "static/page.css", "static/print.css", "static/reader.css", "static/lab/lab.css"
"""Style sheets of what is not in a frame: menus, paper, search, widgets."""


class _Shown(NamedTuple):
    """A figure as the template shows it."""

    stem: str
    number: str
    place: str
    message: str
    plain: str
    picture: str
    caption: str


def embed_files(extra: Extra) -> dict[str, bytes]:
    """Return a page for every figure of the book, by its path in the site."""
    edition = extra.edition
    template = edition.jinja.get_template("products/embed.html.jinja")
    front = extra.files[edition.entries()[0].file].decode()
    return {
        f"{FOLDER}{shown.stem}.html": template.render(
            shown=shown,
            **edition.shared(),
            sheets=[path for path in stylesheets(front) if path not in _FRAME],
        ).encode(errors="backslashreplace")
        for entry in edition.entries()
        for shown in _figures(extra.files[entry.file].decode(), entry)
    }


def _figures(page: str, entry: Entry) -> Iterator[_Shown]:
    """Yield the figures of a page, with links that lead from a folder of the site into new windows."""

    def visit(tag: str, attributes: dict[str, str | None]) -> Element | Fate:
        if "files" in (attributes.get("class") or "").split():
            return Fate.DROPPED
        moved = {key: _from_folder(value or "", entry) for key, value in attributes.items() if key in _ADDRESSES}
        kept = {key: value for key, value in attributes.items() if key not in ("id", "loading")}
        if tag == "a":
            return Element(tag, {**kept, **moved, "target": "_blank"})
        return Element(tag, {**kept, **moved}) if moved or kept != attributes else Fate.KEPT

    for anchor, stem, content in _FIGURE.findall(page):
        parts = [pattern.search(content) for pattern in (_MESSAGE, _PICTURE, _CAPTION)]
        if not all(parts):  # a user's own template shows it in another way
            continue
        message, picture, caption = (
            rewritten(part[0] if pattern is _PICTURE else part[1], visit)
            for part, pattern in zip(parts, (_MESSAGE, _PICTURE, _CAPTION), strict=True)
            if part
        )
        number = _NUMBER.search(message)
        words = _NUMBER.sub("", message)
        yield _Shown(
            stem=stem,
            number=number[1] if number else "Figure",
            place=f"{entry.file}#{anchor}",
            message=words,
            plain=" ".join(_TAG.sub("", words).split()),
            picture=picture,
            caption=_ALREADY.sub("", caption, count=1).strip(),
        )


_ADDRESSES = frozenset({"href", "src", "srcset"})


def _from_folder(address: str, entry: Entry) -> str:
    """Return an address of a page as it is from a folder beside the page."""
    if re.match(r"[a-z]+:", address):
        return address
    return f"../{entry.file}{address}" if address.startswith("#") else f"../{address}"
