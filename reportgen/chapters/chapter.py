"""What a chapter is: figures, findings and checks, all made from result tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.estimates import Estimate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = ["Chapter", "Check", "Estimate", "Figure", "Findings", "Results"]

Findings = Mapping[str, Any]
"""Name -> number, `Estimate`, word or data frame. Whatever the prose quotes is one of these."""


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


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its words and its data.

    Attributes
    ----------
    slug
        Unique within the chapter; the files are named ``<chapter>-<slug>``.
    caption, how_to_read, alt
        Jinja texts over the findings (as ``f``): the message; one line on how to read it; a description for those
        who cannot see it, made from the data.
    data
        The table behind the figure, written as CSV.
    draw
        Makes the matplotlib figure.
    """

    slug: str
    caption: str
    how_to_read: str
    alt: str
    data: Callable[[Results], pd.DataFrame]
    draw: Callable[[Results], Canvas]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page of the report.

    Attributes
    ----------
    slug
        Stem of the page and of its template.
    title
        A question.
    needs
        Names of the experiments whose tables it reads.
    figures
        In the order of the page.
    findings
        Every number and verdict that the prose quotes.
    checks
        Every sentence that could turn out wrong.
    """

    slug: str
    title: str
    needs: tuple[str, ...]
    figures: tuple[Figure, ...]
    findings: Callable[[Results], Findings]
    checks: Callable[[Results], list[Check]]
