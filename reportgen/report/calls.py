"""What the prose of one page may ask for through its macros, and what it has asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from reportgen.chapters.bibliography import SOURCES, Source
from reportgen.chapters.chapter import Chapter, Copy
from reportgen.errors import ReportgenError, did_you_mean
from reportgen.report.contents import numbers, parts
from reportgen.report.data import table_file
from reportgen.report.filters import anchor, plain
from reportgen.report.formats.body import NOTHING

if TYPE_CHECKING:
    from reportgen.report.page import Edition, Reading, Unmet

__all__ = ["FRAME", "SIZE", "Page", "figure_stem"]

SIZE = "\ue000{} {}\ue001"
"""Stands on a page for a size of a figure that is not drawn yet: its stem, and width, height or `FRAME`."""

FRAME = "frame"
"""The height that a figure needs in somebody else's page, with its words."""

_TABS = 4
"""Codes that tabs can have: the style sheet shows no more."""

T = TypeVar("T")


class Link(NamedTuple):
    """Where something is, as seen from a page, and what it is called."""

    file: str
    anchor: str
    text: str


class Size(NamedTuple):
    """Width and height of a drawing in CSS pixels, or what stands for them until it is drawn."""

    width: str
    height: str


class Shown(NamedTuple):
    """A figure as the macros show it: where it is, the stem of its images, its table, its sizes and its words.

    Attributes
    ----------
    wide, narrow
        Sizes of its two drawings, for a page and for a telephone.
    frame
        How high a frame is that shows it with its words.
    starts, has_values
        The initializers that it shows, as JSON, and whether values can be read, or what stands for them.
    is_first
        Whether no other figure stands before it on the page: it is then loaded at once.
    alt
        Plain text; the other words are Markdown.
    """

    anchor: str
    number: str
    stem: str
    table: str
    wide: Size
    narrow: Size
    frame: str
    is_first: bool
    starts: str
    has_values: str
    caption: str
    how_to_read: str
    alt: str


class Page:
    """What the macros of one page may ask for; it remembers what they did."""

    nothing = NOTHING
    """What a macro returns that shows nothing."""

    def __init__(self, reading: Reading, edition: Edition) -> None:
        self._chapter = reading.chapter
        self._where = f"page {reading.chapter.slug}"
        self._figures = {
            _key(figure.slug, copy.of): copy
            for figure in reading.chapter.figures
            for copy in figure.copies(reading.tables)
        }
        self._checks = {check.name: check for check in reading.checks}
        self.unmet = {one.check: one for one in reading.unmet(edition.settings)}
        """The sentences of this page that the numbers do not bear out, by the names of their checks."""
        self.entries = edition.entries()
        self.parts = parts(self.entries)
        self._files = {entry.slug: entry.file for entry in self.entries}
        self._numbers = numbers(edition.chapters)
        self._fixed = [(one.slug, figure.slug) for one in edition.chapters for figure in one.figures if not figure.each]
        self._widgets = {widget.name: widget for widget in reading.chapter.widgets}
        self._shown: list[str] = []
        self._numbered: set[str] = set()
        self._used: set[tuple[str, str]] = set()
        self._groups = self._figures_shown = 0
        self.titles: dict[str, str] = {}
        """What the figures are called, by the stems of their files: number and caption."""

    def figure(self, slug: str, words: str, of: str = "") -> Shown:
        """Return a figure of this chapter with its words: caption, how to read it, and alternative text.

        Parameters
        ----------
        slug, of
            Which figure; and where it is drawn several times, of what, such as the name of a data set.
        words
            Three paragraphs of Markdown.
        """
        copy = self._find("figure", _key(slug, of), self._figures)
        stem = figure_stem(self._chapter, copy)
        paragraphs = [" ".join(text.split()) for text in re.split(r"\n\s*\n", words.strip())]
        if len(paragraphs) != 3 or not all(paragraphs):
            raise ReportgenError(
                f"{self._where}, words of figure {slug}: three paragraphs are needed (caption, how to read it, "
                f"alternative text), not {len(list(filter(None, paragraphs)))}"
            )
        caption, how_to_read, alt = paragraphs
        wide, narrow = (Size(*(SIZE.format(file, side) for side in Size._fields)) for file in (stem, f"{stem}-narrow"))
        number, is_first = self._number(slug, copy), not self._figures_shown
        self._figures_shown += 1
        self.titles[stem] = f"Figure {number}. {_spoken(caption)}"
        table, anchor = table_file(stem), _anchor(copy.slug)
        frame, starts, values = (SIZE.format(stem, told) for told in (FRAME, "starts", "values"))
        said = caption, how_to_read, plain(alt)
        return Shown(anchor, number, stem, table, wide, narrow, frame, is_first, starts, values, *said)

    def ref(self, chapter: str, slug: str) -> Link:
        """Return where a figure of any chapter is, and its number: ``Figure 5.2``."""
        file = self.link(chapter)
        figures = {figure: self._numbers[of, figure] for of, figure in self._fixed if of == chapter}
        return Link(file, _anchor(slug), f"Figure {self._find('figure of ' + chapter, slug, figures)}")

    def cite(self, key: str) -> Link:
        """Return where a source is on the page of references, and how the prose calls it; the page lists it."""
        source = self._find("source", key, SOURCES)
        return Link(self.link("references"), source.anchor, source.short)

    @property
    def file(self) -> str:
        """The file of this page, as seen from itself."""
        return self._files[self._chapter.slug]

    @property
    def sources(self) -> list[Source]:
        """The sources that the page has cited so far, in the order of the list."""
        return [source for key, source in SOURCES.items() if ("source", key) in self._used]

    def group(self, codes: Mapping[str, object]) -> int:
        """Return a number that no other group of tabs on this page has."""
        if not 0 < len(codes) <= _TABS or not all(isinstance(code, str) for code in codes.values()):
            raise ReportgenError(f"{self._where}: tabs need one to {_TABS} texts by their names")
        self._groups += 1
        return self._groups

    def holds(self, name: str) -> Unmet | None:
        """Note that a sentence of the prose carries a check; return it if it is not borne out."""
        self._find("check", name, self._checks)
        return self.unmet.get(name)

    def lab(self, name: str) -> str:
        """Return the name of a widget of this chapter; each stands once."""
        if ("widget", name) in self._used:
            raise ReportgenError(f"{self._where}: widget {name!r} stands twice")
        return self._find("widget", name, self._widgets).name

    def link(self, slug: str) -> str:
        """Return the file of a chapter, as seen from this page."""
        return self._find("chapter", slug, self._files)

    def require_all_used(self) -> None:
        """Raise an error if the prose leaves out a figure, a check or a widget of its chapter."""
        own: dict[str, Mapping[str, object]] = {"figure": self._figures, "check": self._checks, "widget": self._widgets}
        have = {(kind, name) for kind, names in own.items() for name in names}
        if unused := sorted(have - self._used):
            raise ReportgenError(f"{self._where}: the prose leaves out {', '.join(map(' '.join, unused))}")

    def _number(self, slug: str, copy: Copy) -> str:
        """Return the number of a figure, and see that the prose shows figures in the order of their numbers."""
        order = [figure.slug for figure in self._chapter.figures]
        chapter, place = self._numbers[self._chapter.slug, slug].split(".")
        if (shown := _key(slug, copy.of)) in self._numbered:
            raise ReportgenError(f"{self._where}: figure {shown!r} stands twice")
        self._numbered.add(shown)
        self._shown.append(slug)
        if [order.index(one) for one in self._shown] != sorted(order.index(one) for one in self._shown):
            raise ReportgenError(f"{self._where}: figure {slug!r} stands behind one that the chapter lists after it")
        copies = [one.of for one in self._figures.values() if _stands_for(one, slug)] if copy.of else [""]
        return f"{chapter}.{int(place) + copies.index(copy.of)}"

    def _find(self, kind: str, name: str, known: Mapping[str, T]) -> T:
        if name not in known:
            raise ReportgenError(f"{self._where}: there is no {kind} {name!r}: {did_you_mean(name, known)}")
        self._used.add((kind, name))
        return known[name]


def figure_stem(chapter: Chapter[Any, Any], figure: Copy) -> str:
    """Return the name that the files of a figure share."""
    return f"{chapter.slug}-{figure.slug}"


def _spoken(caption: str) -> str:
    """Return a caption as plain text: without elements, marks of Markdown and addresses of links."""
    words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"<[^>]*>", "", caption.replace(NOTHING, "")))
    return " ".join(plain(re.sub(r"(?<!\\)[*`$]", "", words)).split())


def _anchor(slug: str) -> str:
    return f"figure-{anchor(slug)}"


def _stands_for(copy: Copy, slug: str) -> bool:
    return bool(copy.of) and copy.slug.startswith(f"{slug}-")


def _key(slug: str, of: str) -> str:
    return f"{slug} of {of}" if of else slug
