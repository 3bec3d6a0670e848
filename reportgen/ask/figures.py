"""The figures of the report one by one, for notebooks: measure what a chapter needs, and draw it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters import CHAPTERS
from reportgen.chapters.chapter import Chapter, Copy, Figure
from reportgen.chapters.images import to_png, to_svg
from reportgen.chapters.style import figure_style
from reportgen.errors import UsageError, named
from reportgen.pipeline import results as measured
from reportgen.settings import Settings

__all__ = ["Drawing", "draw", "measure"]

_CHAPTERS = {chapter.slug: chapter for chapter in CHAPTERS}


@dataclass(frozen=True)
class Drawing:
    """A figure of the report, drawn again; a notebook shows it.

    Attributes
    ----------
    name
        Stem of its files in the site: ``he-layers``.
    tables
        The data frames that it shows, by name.
    narrow
        Whether it is drawn for a telephone.
    """

    name: str
    tables: dict[str, pd.DataFrame] = field(repr=False)
    narrow: bool = False
    _draw: Any = field(default=None, repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """The first of its tables, which is the CSV file beside it in the site."""
        return next(iter(self.tables.values()))

    @cached_property
    def figure(self) -> Any:
        """The ``matplotlib.figure.Figure``, to change or to save."""
        with figure_style(narrow=self.narrow):
            return self._draw(*self.tables.values())

    def _repr_png_(self) -> bytes:
        """Return the figure as a PNG on white paper; Jupyter calls this."""
        return to_png(self.figure)

    def _repr_svg_(self) -> str:
        """Return the figure as an SVG, as on the page of its chapter; Jupyter calls this."""
        return to_svg(self.figure, self.name)


def measure(settings: Settings | None = None, *, chapter: str) -> Results:
    """Measure what a chapter needs, or read what is stored of it, and return its tables.

    Parameters
    ----------
    settings
        What to measure; without any, the preset standard.
    chapter
        Slug of the chapter, as ``reportgen list chapters`` has it.

    Raises
    ------
    ReportgenError
        For a chapter that there is not, and for settings that cannot be used.
    """
    named("chapter", chapter, _CHAPTERS)
    return measured(settings or Settings(), chapters=[chapter])


def draw(chapter: str, figure: str, results: Results, *, of: str = "", narrow: bool = False) -> Drawing:
    """Draw a figure of a chapter from results.

    Parameters
    ----------
    chapter, figure
        Slugs, as in the names of the files: ``figures/he-layers.svg`` is figure ``layers`` of chapter ``he``.
    results
        From `measure`, or of a `build`.
    of
        Name of the data set, for a figure that is drawn once for each one that was added.
    narrow
        Whether to draw it for a telephone.

    Raises
    ------
    UsageError
        For a chapter, figure or data set that there is not, and for results of another chapter.
    """
    known = named("chapter", chapter, _CHAPTERS)
    if not known.figures:
        raise UsageError(f"chapter {chapter} has no figures")
    drawn = named(f"figure of chapter {chapter}", figure, {one.slug: one for one in known.figures})
    copy = _copy(drawn, of, _tables(known, results))
    return Drawing(f"{chapter}-{copy.slug}", copy.frames, narrow, drawn.draw)


def _tables(chapter: Chapter[Any, Any], results: Results) -> Any:
    """Return the tables of a chapter."""
    try:
        return chapter.read(results)
    except KeyError as error:
        there = f'measure(settings, chapter="{chapter.slug}")'
        raise UsageError(
            f"the results hold no table {error} of chapter {chapter.slug}: it is made by {there}"
        ) from None


def _copy(figure: Figure, of: str, tables: Any) -> Copy:
    """Return a figure as it is drawn of one data set, or of none."""
    copies = {copy.of: copy for copy in figure.copies(tables)}
    if not copies:
        raise UsageError(f"figure {figure.slug} is of data that were added, and none were")
    return named(f"data set in figure {figure.slug}", of, copies)
