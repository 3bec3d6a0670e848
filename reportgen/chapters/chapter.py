"""What a chapter is: tables read once from the results, figures drawn from them, and findings that are checked.

A chapter is a small pipeline, ``read -> find -> check``; each of the three runs once per book::

    results -> tables -> findings -> checks
                  |
                  +----> figures: each draws the tables that it publishes, and nothing else
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.check import Check
from reportgen.chapters.names import file_names

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = ["LEVELS", "Chapter", "Copy", "Figure", "Widget"]

LEVELS = ("first steps", "core", "further")
"""Whom a chapter is for: everybody, who trains deep networks, and the curious."""

Tables = TypeVar("Tables")
Findings = TypeVar("Findings")


class Copy(NamedTuple):
    """A figure as it is drawn: its slug, what it is drawn of (nothing for one that stands alone), and its tables."""

    slug: str
    of: str
    frames: dict[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; its words stand in the prose, between ``call figure(slug)`` and ``endcall``.

    Attributes
    ----------
    slug
        Unique within the chapter; the files are named ``<chapter>-<slug>``.
    draw
        Makes the matplotlib figure from the tables that are shown, in their order.
    shows
        Names of the chapter's tables. They are all that `draw` gets, and are published as CSV: the first one as
        ``<chapter>-<slug>.csv``, others as ``<chapter>-<slug>-<table>.csv``.
    each
        Name of a column of the first table, where the figure is drawn once for every value in it (as for every data set
        that was added), with the rows of that value; the prose calls ``figure(slug, value)``. The slugs of these copies
        end with the value as `file_names` writes it.
    """

    slug: str
    draw: Callable[..., Canvas]
    shows: tuple[str, ...]
    each: str = ""

    def copies(self, tables: object) -> list[Copy]:
        """Return the figure as it is drawn: once, or once for each value; none where there are no values."""
        frames = {name: getattr(tables, name) for name in self.shows}
        if not self.each:
            return [Copy(self.slug, "", frames)]
        values = frames[self.shows[0]][self.each].unique()
        return [
            Copy(f"{self.slug}-{file}", value, {name: self._of(value, frame) for name, frame in frames.items()})
            for value, file in file_names(values).items()
        ]

    def _of(self, value: str, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame[self.each] == value] if self.each in frame.columns else frame


@dataclass(frozen=True, slots=True)
class Widget:
    """Something that a reader can work with; for readers without a script, the prose has words in its place.

    They stand between ``call lab(name, title)`` and ``endcall``.

    Attributes
    ----------
    name
        As its script registers itself; the files are ``static/lab/<script>.js`` and, with data, ``lab/<name>.js``.
    scripts
        Stems of the scripts that it needs, in the order in which they are loaded.
    shows
        Names of the chapter's tables that `pack` gets, in their order.
    pack
        Makes the data of the widget from these tables: plain data without nan and infinity. None means that it needs
        none. Chapters that show the same widget pack the same data.
    """

    name: str
    scripts: tuple[str, ...]
    shows: tuple[str, ...] = ()
    pack: Callable[..., Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Chapter(Generic[Tables, Findings]):
    """One page of the report.

    Attributes
    ----------
    slug
        Stem of the page and of its template, and name of the folder.
    title
        A question.
    needs
        Names of the experiments whose tables it reads.
    read
        Makes the chapter's tables from the results: a NamedTuple of data frames.
    find
        Makes every number and verdict that the prose quotes from the tables: a frozen dataclass. The prose knows it
        as ``f``.
    check
        Yields every sentence that could turn out wrong, from the findings.
    figures
        In the order of the page; those that are drawn for what a user added come last. They are numbered in this order.
    widgets
        What a reader can work with on the page, each once.
    part
        The group of chapters that it belongs to.
    level
        Whom it is for: one of `LEVELS`, or "" for a page that is looked up.
    """

    slug: str
    title: str
    needs: tuple[str, ...]
    read: Callable[[Results], Tables]
    find: Callable[[Tables], Findings]
    check: Callable[[Findings], Iterable[Check]]
    figures: tuple[Figure, ...] = ()
    widgets: tuple[Widget, ...] = ()
    part: str = ""
    level: str = ""
