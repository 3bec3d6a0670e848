"""A page without its frame, as every format makes it of the rendered Markdown of a chapter."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["NOTHING", "Body", "Section", "finish_markdown"]

NOTHING = "\0"
"""What a macro leaves that shows nothing: `finish` takes it away, with the space before it or the line it is on."""


class Section(NamedTuple):
    """A heading of the second level: where it is, and what it says."""

    anchor: str
    title: str


class Body(NamedTuple):
    """A page without its frame: the text, its first sentence as plain text, and its sections."""

    text: str
    summary: str = ""
    sections: tuple[Section, ...] = ()


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
