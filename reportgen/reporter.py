"""Whom the pipeline reports to while it works. Light: what a terminal needs is in `reportgen.console`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TextIO

from reportgen.terminal import line_for

__all__ = ["Reporter", "SilentReporter"]


class Reporter(Protocol):
    """Hears how far the pipeline is."""

    def stage(self, name: str, total: int) -> None:
        """Announce a stage of `total` steps."""

    def advance(self, done: int) -> None:
        """Report that `done` steps of the stage are finished."""

    def note(self, message: str) -> None:
        """Pass on what is good to know."""

    def warn(self, message: str) -> None:
        """Pass on a warning."""


@dataclass(frozen=True, slots=True)
class SilentReporter:
    """Says nothing but warnings, and these only where it has a stream to write them to."""

    stream: TextIO | None = None

    def stage(self, name: str, total: int) -> None:
        """Say nothing."""

    def advance(self, done: int) -> None:
        """Say nothing."""

    def note(self, message: str) -> None:
        """Say nothing."""

    def warn(self, message: str) -> None:
        """Write the warning as a line."""
        if self.stream is not None:
            print(line_for(f"warning: {message}"), file=self.stream, flush=True)
