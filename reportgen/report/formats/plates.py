"""The figures of a chapter with their words in plain letters: what slides and notebooks are made of.

The macros of these formats leave a mark for each figure; `finish_plates` reads the marks, and drops the prose between.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reportgen.report.filters import plain
from reportgen.report.formats.body import Body, Plate

__all__ = ["UNMET", "finish_plates", "notes", "slide_files"]

_MARK = re.compile("\ue010([^\ue010]*)\ue010")
_PARTS = "\ue011"
"""Stand around a figure, and between its parts, in what the macros write."""

UNMET = "\ue012"
"""Stands behind a sentence that the numbers do not bear out."""

_WARNING = " (not borne out by this run)"

_PICTURE = re.compile(r"\((pictures/[\w-]+/\d+-([\w-]+)\.png)\)")
_SLIDE = re.compile(r"^## (?P<title>.*?)\n.*?\((?P<path>pictures/\S+\.png)\).*?<!-- (?P<notes>.*?) -->", re.M | re.S)


def finish_plates(text: str, where: str) -> Body:
    """Return the figures that the prose of a chapter shows, and its description.

    Parameters
    ----------
    text
        Rendered prose with the marks of figures in it.
    where
        The name of the page, for error lines.
    """
    from reportgen.report.formats.html import finish_html

    plates = tuple(_plate(mark[1].split(_PARTS)) for mark in _MARK.finditer(text))
    prose = _MARK.sub("", text).replace(UNMET, "")
    return Body("", finish_html(prose, where).summary, (), plates)


def _plate(parts: list[str]) -> Plate:
    number, slug, of, stem, caption, reading = parts
    message, more = _split(caption)
    return Plate(number, slug, of, stem, message, f"{more} {_plain(reading)}".strip())


def _split(caption: str) -> tuple[str, str]:
    """Return the first sentence of a caption, which says it, and the rest; a false one is marked in front."""
    plain = _plain(caption)
    first, *rest = re.split(r"(?<=[.!?])\s+(?=[^a-z])", " ".join(plain.replace(UNMET, "").split()), maxsplit=1)
    return first.rstrip(".") + (_WARNING if UNMET in plain else ""), "".join(rest)


def _plain(markdown: str) -> str:
    from reportgen.report.formats.html import plain_text

    return plain_text(markdown)


def slide_files(pages: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what decks of slides show: each figure on paper in the shape of a slide, and a text with all notes.

    Parameters
    ----------
    pages
        Path in the site -> deck.
    files
        Path in the site -> content; the figures are among them.
    """
    from reportgen.chapters.paper import on_slide

    made: dict[str, bytes] = {}
    for path, deck in pages.items():
        folder, chapter = path.rpartition("/")[0], path.rpartition("/")[2].removesuffix(".md")
        for place, slug in _PICTURE.findall(deck):
            made[f"{folder}/{place}"] = on_slide(files[f"figures/{chapter}-{slug}.png"])
        made[f"{folder}/pictures/{chapter}/notes.txt"] = notes(deck).encode()
    return made


def notes(deck: str) -> str:
    """Return titles and speaker notes of a deck, under the names of the pictures that they belong to."""
    slides = [
        f"{one['path'].rpartition('/')[2]}\n{plain(one['title'])}\n\n{one['notes']}\n" for one in _SLIDE.finditer(deck)
    ]
    return "\n\n".join(slides)
