"""The chapters that have not moved to `chapter.Chapter` yet; goes with the last of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters import chapter
from reportgen.chapters.chapter import Check
from reportgen.judgments.estimates import Estimate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = ["Chapter", "Check", "Estimate", "Figure", "Findings", "Results"]

Findings = Mapping[str, Any]


class Shown(Results):
    """Results that are written as the table behind a figure."""

    data: Callable[[Results], pd.DataFrame]

    def to_csv(self, **named: Any) -> str:
        """Write the table behind the figure."""
        return str(self.data(self).to_csv(**named))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its data."""

    slug: str
    data: Callable[[Results], pd.DataFrame]
    draw: Callable[[Results], Canvas]

    def frames(self, tables: Any) -> dict[str, Any]:
        """Return the results, once."""
        all_of_it = tables.results
        shown = Shown(all_of_it.tables, all_of_it.columns, all_of_it.settings, all_of_it.provenance)
        object.__setattr__(shown, "data", self.data)
        return {"": shown}


class OldTables(NamedTuple):
    """All results."""

    results: Results


class Chapter(chapter.Chapter[Any, Any]):
    """A chapter of functions of the raw results."""

    def __init__(
        self,
        slug: str,
        title: str,
        needs: tuple[str, ...],
        figures: tuple[Figure, ...],
        findings: Callable[[Results], Findings],
        checks: Callable[[Results], list[Check]],
    ) -> None:
        def find(tables: OldTables) -> dict[str, Any]:
            return {**findings(tables.results), "_results": tables.results}

        def check(found: Mapping[str, Any]) -> list[Check]:
            return checks(found["_results"])

        super().__init__(slug, title, needs, OldTables, find, check, figures)  # type: ignore[arg-type]
        object.__setattr__(self, "findings", findings)
        object.__setattr__(self, "checks", checks)
