"""Runs of other processes, timed, with the greatest memory of each process that they start."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep
from typing import NamedTuple

__all__ = ["Ran", "watched"]

_PAUSE = 0.1
"""Seconds between two looks; each finds the greatest memory so far, so that only the very last moment is missed."""


class Ran(NamedTuple):
    """A run that has ended.

    Attributes
    ----------
    seconds
        Wall time.
    output
        What it printed.
    parent_mb, worker_mb
        Greatest resident memory of the process itself, and of the largest that it started; None where the system does
        not tell.
    """

    seconds: float
    output: str
    parent_mb: float | None
    worker_mb: float | None


def watched(command: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None) -> Ran:
    """Run a command.

    Raises
    ------
    RuntimeError
        If it fails, with what it printed.
    """
    start = perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peaks: dict[int, float] = {}
    watcher = Thread(target=_watch, args=(process, peaks), daemon=True)
    watcher.start()
    output, _ = process.communicate()
    seconds = perf_counter() - start
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} failed:\n{output}")
    parent = peaks.pop(process.pid, None)
    return Ran(seconds, output, parent, max(peaks.values(), default=None))


def _watch(process: subprocess.Popen[str], peaks: dict[int, float]) -> None:
    while process.poll() is None:
        for pid in _family(process.pid):
            if peak := _peak(pid):
                peaks[pid] = peak
        sleep(_PAUSE)


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all that descend from it."""
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = path.read_text(encoding="ascii").split()
        except OSError:  # it has just ended
            continue
        for child in children:
            yield from _family(int(child))


def _peak(pid: int) -> float | None:
    """Return the greatest resident memory that a process has had, in MB."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:")), None)
