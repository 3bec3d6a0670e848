"""The record of a build: where the site is, how long it took, what was stored already, what is not borne out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.battery.results import Results
    from reportgen.report.page import Unmet

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
    figures, drawn_before
        Number of figures, and how many of them were stored already.
    unmet
        The sentences that the numbers do not bear out; each is marked where it stands.
    made_from
        Returns the tables that the site was made from; None where nothing was published.
    whole
        Files that hold the whole book -> their sizes in bytes.
    next_step
        What is to be done with what was published, or "".
    is_unchanged
        Whether there was nothing to do, since the site is up to date.
    """

    page: Path | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    cells: int = 0
    cached: int = 0
    figures: int = 0
    drawn_before: int = 0
    unmet: list[Unmet] = field(default_factory=list)
    made_from: Callable[[], Results] | None = None
    whole: dict[str, int] = field(default_factory=dict)
    next_step: str = ""
    is_unchanged: bool = False

    @property
    def results(self) -> Results | None:
        """The tables that the site was made from, or None where nothing was published.

        After a build that had nothing to do they are read from the cache when they are asked for.
        """
        return self.made_from() if self.made_from else None

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Note the wall time of a stage."""
        start = perf_counter()
        yield
        self.seconds[stage] = round(perf_counter() - start, 3)

    def summary(self) -> list[str]:
        """Return lines for the end of a run: where the site is, times, share from the cache."""
        times = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in self.seconds.items())
        share = f"{self.cached} of {self.cells} cells"
        if self.figures:
            share += f" and {self.drawn_before} of {self.figures} figures"
        count = "1 sentence" if len(self.unmet) == 1 else f"{len(self.unmet)} sentences"
        sizes = [f"{name} ({size / 1e6:.1f} MB)" for name, size in self.whole.items()]
        where = "The site is at" if self.page and self.page.suffix == ".html" else "Begin with"
        return [
            *([f"This run does not bear out {count} of the site; each is marked there"] if self.unmet else []),
            *(["Nothing has changed since the site was published"] if self.is_unchanged else []),
            *([f"{where} {self.page}"] if self.page else []),
            *([f"The whole book in one file: {', '.join(sizes)}"] if sizes else []),
            f"{times}; {share} came from the cache",
            *([self.next_step] if self.next_step else []),
        ]
