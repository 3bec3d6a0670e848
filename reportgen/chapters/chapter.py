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
from reportgen.judgments.estimates import Estimate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = ["Chapter", "Check", "Figure"]

Tables = TypeVar("Tables")
Findings = TypeVar("Findings")

ERRORS = 6
"""Standard errors that a measured mean may be off: with a few networks, five would fail too often by chance."""


@dataclass(frozen=True, slots=True)
class Check:
    """A sentence of the chapter, and whether the measured numbers bear it out.

    Attributes
    ----------
    name
        How the prose refers to it.
    statement
        The sentence in plain words.
    holds
        Whether it is true of these results.
    evidence
        The numbers that decided, for the error line.
    """

    name: str
    statement: str
    holds: bool
    evidence: str

    @classmethod
    def of(cls, name: str, statement: str, holds: object, *evidence: object) -> Check:
        """Make a check of a sentence without its full stop, a truth value, and what decided it."""
        return cls(name, f"{statement}.", bool(holds), ", ".join(map(_told, evidence)))

    @classmethod
    def near(cls, name: str, statement: str, estimate: Estimate, value: float) -> Check:
        """Check a mean against its value, within the standard errors that chance explains."""
        evidence = f"{estimate.value:.5g} ± {estimate.error:.2g} against {value:.5g}"
        return cls(name, f"{statement}.", abs(estimate.value - value) < ERRORS * estimate.error, evidence)


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


def _told(evidence: object) -> str:
    return f"{evidence:.4g}" if isinstance(evidence, float) else str(evidence)
