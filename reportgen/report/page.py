"""One page: the prose of a chapter with its numbers and macros, in the frame of one format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from jinja2 import Environment

from reportgen.chapters.chapter import Chapter, Check, Figure, Findings
from reportgen.errors import ReportgenError, did_you_mean
from reportgen.report.formats import MACROS, NOTHING, Format
from reportgen.report.templating import explained

__all__ = ["REPORT", "Edition", "Page", "Study", "figure_stem", "render_page"]

REPORT = "Weight initialization, measured"
"""The name of the report."""

T = TypeVar("T")


class Study(NamedTuple):
    """A chapter with what it found."""

    chapter: Chapter
    findings: Findings
    checks: Sequence[Check]


class Entry(NamedTuple):
    """A page as the others list it and link to it."""

    slug: str
    title: str
    file: str


class Shown(NamedTuple):
    """A figure as the macros show it: the stem of its files, its size in CSS pixels, and its words."""

    stem: str
    width: int
    height: int
    caption: str
    how_to_read: str
    alt: str


@dataclass(frozen=True, slots=True)
class Edition:
    """The book in one format: what all of its pages share.

    Attributes
    ----------
    format
        The format.
    chapters
        In the order of the book.
    files
        The files of the site so far, by path: every figure is among them.
    settings, tables
        Settings of the run, and names of the result tables that are published whole.
    jinja
        The environment of the templates.
    """

    format: Format
    chapters: Sequence[Chapter]
    files: Mapping[str, bytes]
    settings: Mapping[str, Any]
    tables: Sequence[str]
    jinja: Environment

    def entries(self) -> list[Entry]:
        """Return the pages in their order."""
        return [Entry(one.slug, one.title, f"{one.slug}{self.format.suffix}") for one in self.chapters]


class Page:
    """What the macros of one page may ask for; it remembers what they did."""

    def __init__(self, study: Study, edition: Edition) -> None:
        self._study, self._edition = study, edition
        self._where = f"page {study.chapter.slug}"
        self._figures = {figure.slug: figure for figure in study.chapter.figures}
        self._checks = {check.name: check for check in study.checks}
        self._files = {entry.slug: entry.file for entry in edition.entries()}
        self._used: set[tuple[str, str]] = set()

    def figure(self, slug: str) -> Shown:
        """Return a figure of this chapter with its words filled in."""
        figure = self._find("figure", slug, self._figures)
        stem = figure_stem(self._study.chapter, figure)
        texts = [self._fill(slug, text) for text in (figure.caption, figure.how_to_read, figure.alt)]
        return Shown(stem, *_size(self._edition.files[f"figures/{stem}.svg"]), *texts)

    def holds(self, name: str) -> str:
        """Note that a sentence of the prose carries a check; it shows nothing."""
        self._find("check", name, self._checks)
        return NOTHING

    def link(self, slug: str) -> str:
        """Return the file of a chapter, as seen from this page."""
        return self._find("chapter", slug, self._files)

    def require_all_used(self) -> None:
        """Raise an error if the prose leaves out a figure or a check of its chapter."""
        have = {("figure", slug) for slug in self._figures} | {("check", name) for name in self._checks}
        if unused := sorted(have - self._used):
            raise ReportgenError(f"{self._where}: the prose leaves out {', '.join(map(' '.join, unused))}")

    def _find(self, kind: str, name: str, known: Mapping[str, T]) -> T:
        if name not in known:
            raise ReportgenError(f"{self._where}: there is no {kind} {name!r}: {did_you_mean(name, known)}")
        self._used.add((kind, name))
        return known[name]

    def _fill(self, slug: str, text: str) -> str:
        with explained(f"{self._where}, words of figure {slug}"):
            words = self._edition.jinja.from_string(text).render(
                f=self._study.findings, settings=self._edition.settings
            )
        return " ".join(words.split())


def render_page(study: Study, edition: Edition) -> str:
    """Render the page of a chapter.

    Raises
    ------
    ReportgenError
        If a template is missing or wrong, or names a finding, figure, check or page that there is not.
    """
    chapter, root = study.chapter, edition.format.root
    where, templates = f"page {chapter.slug}", f"formats/{edition.format.name}"
    page = Page(study, edition)
    with explained(where):
        macros = edition.jinja.get_template(f"{templates}/macros.jinja").make_module({"page": page, "root": root})
        prose = edition.jinja.get_template(f"chapters/{chapter.slug}.md.jinja").render(
            {name: getattr(macros, name) for name in MACROS}, f=study.findings, settings=edition.settings
        )
        page.require_all_used()
        return edition.jinja.get_template(f"{templates}/page{edition.format.suffix}.jinja").render(
            report=REPORT,
            chapter=chapter,
            body=edition.format.finish(prose, where),
            root=root,
            settings=edition.settings,
            tables=edition.tables,
            **_neighbors(chapter.slug, edition.entries()),
        )


def figure_stem(chapter: Chapter, figure: Figure) -> str:
    """Return the name that the files of a figure share."""
    return f"{chapter.slug}-{figure.slug}"


def _neighbors(slug: str, entries: Sequence[Entry]) -> dict[str, Any]:
    at = [entry.slug for entry in entries].index(slug)
    before, after = entries[:at], entries[at + 1 :]
    return {"entries": entries, "previous": before[-1] if before else None, "next": after[0] if after else None}


def _size(svg: bytes) -> tuple[int, int]:
    """Return width and height of one of our SVGs in CSS pixels; its view box is in points, 3 of which are 4 pixels."""
    box = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if box is None:
        raise ValueError("an SVG without a view box")
    return round(float(box[1]) * 4 / 3), round(float(box[2]) * 4 / 3)
