"""One page: the prose of a chapter with its numbers and macros, in the frame of one format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from jinja2 import Environment

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter
from reportgen.chapters.check import Check
from reportgen.errors import ReportgenError, shortened
from reportgen.report.calls import FRAME, SIZE, Page
from reportgen.report.contents import Entry, contents
from reportgen.report.data import table_file
from reportgen.report.drawing import size
from reportgen.report.formats import MACROS, Format
from reportgen.report.imprint import PLAIN, Imprint
from reportgen.report.live import has_values, starts_in
from reportgen.report.scripts import scripts
from reportgen.report.templating import explained

__all__ = ["Edition", "Reading", "Unmet", "render_page", "with_sizes"]

_TOLD: Mapping[str, Callable[[str, Mapping[str, bytes]], str]] = {
    "starts": lambda stem, files: json.dumps(starts_in(files[f"figures/{stem}.svg"])),
    "values": lambda stem, files: str(has_values(files[f"figures/live/{stem}.js"])).lower(),
}
"""What a page tells of a figure besides its size: the initializers that it shows, and whether values can be read."""

_SIZE = re.compile(SIZE.format("(.+?)", "(width|height|starts|values|" + FRAME + ")"))

_WORDS = 180
"""CSS pixels that message and credit take in a frame of some 700 of width."""


class Reading(NamedTuple):
    """A chapter with everything that it makes of the results."""

    chapter: Chapter[Any, Any]
    tables: Any
    findings: Any
    checks: Sequence[Check]

    @classmethod
    def of(cls, chapter: Chapter[Any, Any], results: Results) -> Reading:
        """Read the results, find the numbers and check the sentences: once per book."""
        tables = chapter.read(results)
        findings = chapter.find(tables)
        return cls(chapter, tables, findings, tuple(chapter.check(findings)))

    def unmet(self, settings: Mapping[str, Any]) -> list[Unmet]:
        """Return the sentences that the numbers do not bear out."""
        return [
            Unmet(
                self.chapter.slug,
                check.name,
                _sentence(check.statement),
                check.evidence,
                check.meant_for.outside(settings),
            )
            for check in self.checks
            if not check.holds
        ]


class Unmet(NamedTuple):
    """A sentence that the numbers do not bear out.

    Attributes
    ----------
    chapter, check
        Where it stands, and how the prose refers to it.
    sentence
        The sentence in plain words.
    evidence
        What was measured, and what was expected.
    outside
        Which of the settings are outside of those that the sentence was tried for; empty if none is.
    """

    chapter: str
    check: str
    sentence: str
    evidence: str
    outside: str

    def __str__(self) -> str:
        """Tell it in one line."""
        meant = f" (tried for the presets; this run has {self.outside})" if self.outside else ""
        told = f"{shortened(self.sentence, 120)} {shortened(self.evidence, 80)}"
        return f"{self.chapter}/{self.check} is not borne out by this run: {told}{meant}"


@dataclass(frozen=True, slots=True)
class Edition:
    """The book in one format: what all of its pages share.

    Attributes
    ----------
    format
        The format.
    chapters
        In the order of the book.
    settings, tables
        Settings of the run, and names of the result tables that are published whole.
    jinja
        The environment of the templates.
    generator
        What made the book, with its version.
    imprint
        Whose report it is, and where it will stand.
    """

    format: Format
    chapters: Sequence[Chapter[Any, Any]]
    settings: Mapping[str, Any]
    tables: Sequence[str]
    jinja: Environment
    generator: str = "reportgen"
    imprint: Imprint = PLAIN

    def entries(self) -> list[Entry]:
        """Return the pages in their order."""
        return contents(self.chapters, self.format, self.jinja)

    def shared(self) -> dict[str, Any]:
        """Return what every template of the format knows."""
        return {
            "root": self.format.root,
            "report": self.imprint.title,
            "imprint": self.imprint,
            "generator": self.generator,
            "settings": self.settings,
        }


def render_page(reading: Reading, edition: Edition, titles: dict[str, str] | None = None) -> str:
    """Render the page of a chapter; `with_sizes` completes it when its figures are drawn.

    Parameters
    ----------
    reading, edition
        The chapter and the format.
    titles
        Gets the titles of the figures by their stems: number and caption.

    Raises
    ------
    ReportgenError
        If a template is missing or wrong, or names a finding, figure, check or page that there is not.
    """
    chapter = reading.chapter
    where, templates = f"page {chapter.slug}", edition.format.templates
    page = Page(reading, edition)
    with explained(where):
        shared = edition.shared()
        macros = edition.jinja.get_template(f"{templates}/macros.jinja").make_module({"page": page, **shared})
        if absent := [name for name in MACROS if not hasattr(macros, name)]:
            raise ReportgenError(f"{templates}/macros.jinja: lacks the macro {', '.join(absent)}")
        prose = edition.jinja.get_template(f"chapters/{chapter.slug}.md.jinja").render(
            {name: getattr(macros, name) for name in MACROS}, f=reading.findings, **shared
        )
        page.require_all_used()
        if titles is not None:
            titles |= page.titles
        return edition.jinja.get_template(f"{templates}/page{edition.format.suffix}.jinja").render(
            **shared,
            page_path=edition.format.path(chapter.slug),
            chapter=chapter,
            body=edition.format.finish(prose, where),
            tables=[table_file(table) for table in edition.tables],
            unmet=page.unmet,
            sources=page.sources,
            scripts=scripts(chapter),
            parts=page.parts,
            **_neighbors(chapter.slug, page.entries),
        )


def _sentence(statement: str) -> str:
    return statement[:1].upper() + statement[1:]


def _neighbors(slug: str, entries: Sequence[Entry]) -> dict[str, Any]:
    at = [entry.slug for entry in entries].index(slug)
    before, after = entries[:at], entries[at + 1 :]
    return {
        "entries": entries,
        "entry": entries[at],
        "previous": before[-1] if before else None,
        "next": after[0] if after else None,
    }


def with_sizes(page: str, files: Mapping[str, bytes]) -> str:
    """Fill in what is known of the figures when they are drawn, as their sizes: so no page jumps while it loads.

    Parameters
    ----------
    page
        From `render_page`.
    files
        Path within the site -> content; every figure of the page is among them.
    """

    def written(match: re.Match[str]) -> str:
        if match[2] in _TOLD:
            return escape(_TOLD[match[2]](match[1], files))
        width, height = size(files[f"figures/{match[1]}.svg"])
        return str({"width": width, "height": height, FRAME: height + _WORDS}[match[2]])

    return _SIZE.sub(written, page)
