"""What a chapter is: tables read once from the results, figures drawn from them, and findings that are checked.

A chapter is a small pipeline, ``read -> find -> check``; each of the three runs once per book::

    results -> tables -> findings -> checks
                  |
                  +----> figures: each draws the tables that it publishes, and nothing else
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.check import Check

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = ["Chapter", "Figure"]

Tables = TypeVar("Tables")
Findings = TypeVar("Findings")


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
    """

    slug: str
    draw: Callable[..., Canvas]
    shows: tuple[str, ...]

    def frames(self, tables: object) -> dict[str, pd.DataFrame]:
        """Return the tables that the figure shows, by name."""
        return {name: getattr(tables, name) for name in self.shows}


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
        In the order of the page.
    """

    slug: str
    title: str
    needs: tuple[str, ...]
    read: Callable[[Results], Tables]
    find: Callable[[Tables], Findings]
    check: Callable[[Findings], Iterable[Check]]
    figures: tuple[Figure, ...] = ()
