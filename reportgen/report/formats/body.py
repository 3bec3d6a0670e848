"""A page without its frame, as every format makes it of the rendered Markdown of a chapter."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["NOTHING", "Body", "Plate", "Section", "finish_markdown"]

NOTHING = "\0"
"""What a macro leaves that shows nothing: `finish` takes it away, with the space before it or the line it is on."""


class Section(NamedTuple):
    """A heading of the second level: where it is, and what it says."""

    anchor: str
    title: str


class Plate(NamedTuple):
    """A figure with its words in plain letters, as slides and notebooks show it.

    Attributes
    ----------
    number, slug, of, stem
        As on its page; what it is drawn of, where it is drawn several times; and what its files are called.
    message, reading
        What it says in one sentence; what else its caption says, and how to read it.
    """

    number: str
    slug: str
    of: str
    stem: str
    message: str
    reading: str


class Body(NamedTuple):
    """A page without its frame: the text, its first sentences as plain text, its sections and its figures."""

    text: str
    summary: str = ""
    sections: tuple[Section, ...] = ()
    plates: tuple[Plate, ...] = ()


def finish_markdown(text: str, where: str = "") -> Body:
    r"""Tidy the white space of rendered Markdown: one blank line at most, and none at the ends of lines or text.

    Examples
    --------
    >>> finish_markdown("One. \n\n\n\nTwo.\n\n").text
    'One.\n\nTwo.'
    """
    line, word = rf"\n[ \t{NOTHING}]*{NOTHING}[ \t]*(?=\n)", rf"[ \t]*{NOTHING}"
    text = re.sub(f"{line}|{word}", "", text)
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return Body(re.sub(r"\n{3,}", "\n\n", text).strip("\n"))
