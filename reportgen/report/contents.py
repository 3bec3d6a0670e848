"""The table of contents: every page with its number, its group, and how long it takes to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from math import ceil
from typing import Any, NamedTuple

from jinja2 import Environment, TemplateNotFound

from reportgen.chapters.chapter import Chapter
from reportgen.report.formats import Format

__all__ = ["Entry", "Part", "contents", "minutes", "numbers", "parts"]

_WORDS, _FIGURES = 200, 2
"""Words of prose, and figures, that are read in a minute."""

_MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|\$[^$]*\$|^```.*?^```$", re.DOTALL | re.MULTILINE)

_BLOCK = re.compile(r"\{%-?\s*call (\w+)(?:(?!%\}).)*%\}((?:(?!\{%-?\s*call ).)*?)\{%-?\s*endcall\s*-?%\}", re.DOTALL)
"""A block of the prose with no other one in it: what it is, and its content."""

_HIDDEN, _FIGURE = ("answer", "fold", "lab"), "\0"

_OF_ADDED = re.compile(r"^## On your own data$.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
"""The section on what a user has added, which most runs do not have."""


class Entry(NamedTuple):
    """A page as the others list it and link to it.

    Attributes
    ----------
    slug, title, file
        Of the chapter, and of its page as seen from the others.
    number
        Its place in the book; the front page has 0.
    part, level
        The group that it belongs to, and whom it is for; "" where there is none.
    minutes
        How long it takes to read, without what is folded away.
    picture
        The stem of the images of its first figure, or "".
    """

    slug: str
    title: str
    file: str
    number: int
    part: str
    level: str
    minutes: int
    picture: str


class Part(NamedTuple):
    """A group of pages that follow each other."""

    title: str
    entries: Sequence[Entry]


def contents(chapters: Sequence[Chapter[Any, Any]], form: Format, jinja: Environment) -> list[Entry]:
    """Return the pages of a format in their order."""
    return [
        Entry(
            slug=one.slug,
            title=one.title,
            file=f"{one.slug}{form.suffix}",
            number=number,
            part=one.part,
            level=one.level,
            minutes=minutes(_source(jinja, one.slug)),
            picture=f"{one.slug}-{one.figures[0].slug}" if one.figures and not one.figures[0].each else "",
        )
        for number, one in enumerate(chapters)
    ]


def parts(entries: Sequence[Entry]) -> list[Part]:
    """Return the pages in their groups, in order."""
    return [Part(title, tuple(own)) for title, own in groupby(entries, key=lambda entry: entry.part)]


def numbers(chapters: Sequence[Chapter[Any, Any]]) -> dict[tuple[str, str], str]:
    """Return the number of every figure: (chapter, figure) -> ``5.2``.

    Of one that is drawn once for everything that a user added, it is that of the first; they come last.
    """
    return {
        (chapter.slug, figure.slug): f"{number}.{place}"
        for number, chapter in enumerate(chapters)
        for place, figure in enumerate(chapter.figures, 1)
    }


@cache
def minutes(source: str) -> int:
    """Return how many minutes a page takes to read, from its template.

    Parameters
    ----------
    source
        Prose with its numbers and macros. What is not seen at once is left out: folds, answers,
        alternative texts, words for readers without a script, and the section on what a user has added.

    Examples
    --------
    >>> minutes("word " * 500), minutes('word {% call fold("100 %") %}' + "word " * 500 + "{% endcall %}")
    (3, 1)
    >>> minutes(3 * '{% call figure("a") %}Three words here{% endcall %}')
    2
    """
    source = _OF_ADDED.sub("", source)
    while (opened := _BLOCK.sub(_open_part, source)) != source:
        source = opened
    words = len(re.findall(r"[^\W\d_]+", _MARKUP.sub(" word ", source)))
    figures = source.count(_FIGURE)
    return max(1, ceil(words / _WORDS + figures / _FIGURES))


def _open_part(block: re.Match[str]) -> str:
    """Return what a reader sees of a block at once, with a mark for a figure."""
    if block[1] in _HIDDEN:
        return " "
    if block[1] != "figure":
        return f" {block[2]} "
    *seen, _alternative = re.split(r"\n\s*\n", block[2].strip())
    return f" {' '.join(seen)} {_FIGURE} "


def _source(jinja: Environment, slug: str) -> str:
    """Return the template of a chapter; where there is none, its page says so."""
    try:
        return jinja.loader.get_source(jinja, f"chapters/{slug}.md.jinja")[0] if jinja.loader else ""
    except TemplateNotFound:
        return ""
