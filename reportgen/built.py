"""The record of a build: where the site is, how long each stage took, and how much was stored already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.battery.results import Results

__all__ = ["Built"]


@dataclass(slots=True)
class Built:
    """What was done.

    Attributes
    ----------
    page
        The front page, or None where nothing was published.
    seconds
        Stage -> wall time.
    cells, cached
        Number of cells, and how many of them were stored already.
    results
        The tables that the site was made from, or None where nothing was published.
    """

    page: Path | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    cells: int = 0
    cached: int = 0
    results: Results | None = None

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Note the wall time of a stage."""
        start = perf_counter()
        yield
        self.seconds[stage] = round(perf_counter() - start, 3)

    def summary(self) -> list[str]:
        """Return lines for the end of a run: where the site is, times, share from the cache."""
        times = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in self.seconds.items())
        share = f"{self.cached} of {self.cells} cells came from the cache"
        return [*([f"The site is at {self.page}"] if self.page else []), f"{times}; {share}"]
