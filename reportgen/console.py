"""What a build says while it runs: progress bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from reportgen.reporter import Reporter, SilentReporter
from reportgen.terminal import line_for

__all__ = ["PlainReporter", "TerminalReporter", "reporter"]


class PlainReporter:
    """One line when a stage starts and at most one every few seconds while it runs."""

    interval = 5.0
    """Seconds between two lines of one stage."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = ""
        self._total = 0
        self._said = 0.0

    def stage(self, name: str, total: int) -> None:
        """Announce a stage of `total` steps."""
        self._stage, self._total, self._said = name, total, monotonic()
        self._say(f"{name} ({total})")

    def advance(self, done: int) -> None:
        """Report that `done` steps of the stage are finished."""
        if monotonic() - self._said >= self.interval and done < self._total:
            self._said = monotonic()
            self._say(f"{self._stage}: {done} of {self._total}")

    def note(self, message: str) -> None:
        """Print what is good to know."""
        self._say(message)

    def warn(self, message: str) -> None:
        """Print a warning."""
        self._say(f"warning: {message}")

    def _say(self, line: str) -> None:
        print(line_for(line), file=self._stream, flush=True)


class TerminalReporter:
    """A progress bar per stage, with the remaining time."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", visible=False)

    def stage(self, name: str, total: int) -> None:
        """Start the bar of a stage of `total` steps."""
        self._task = self._progress.add_task(name, total=total)

    def advance(self, done: int) -> None:
        """Move the bar to `done` steps."""
        self._progress.update(self._task, completed=done)

    def note(self, message: str) -> None:
        """Print what is good to know above the bars."""
        self._progress.console.print(message, markup=False, highlight=False)

    def warn(self, message: str) -> None:
        """Print a warning above the bars."""
        self._progress.console.print(line_for(f"warning: {message}"), style="yellow", markup=False, highlight=False)


@contextmanager
def reporter(*, quiet: bool) -> Iterator[Reporter]:
    """Give the reporter that fits where standard error goes."""
    if quiet or not sys.stderr.isatty():
        yield SilentReporter(sys.stderr) if quiet else PlainReporter(sys.stderr)
        return
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield TerminalReporter(progress)
