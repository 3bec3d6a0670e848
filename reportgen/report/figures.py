"""All figures of the book: taken from the shelf, or drawn in this process and in others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

from reportgen.battery.entries import Entries
from reportgen.errors import EnvironmentFault
from reportgen.report.drawing import Job, render_figure
from reportgen.report.shelf import Shelf, code_of

__all__ = ["NO_SHELF", "Mapper", "Progress", "Task", "render_figures", "render_task", "shared"]

NO_SHELF = Shelf(Entries(None))
"""Keeps nothing."""

Progress = Callable[[int, int, int], None]
"""Called as ``progress(done, total, stored)`` with numbers of figures."""


class Task(NamedTuple):
    """A figure to draw, and the digest of the code that is to draw it."""

    job: Job
    code: str


Mapper = Callable[..., Iterable[tuple[str, Mapping[str, bytes]]]]
"""Called as ``mapper(render_task, tasks)``: `map`, or what `shared` returns."""


def render_figures(
    jobs: Sequence[Job],
    mapper: Mapper = map,
    shelf: Shelf = NO_SHELF,
    progress: Progress = lambda *_: None,
) -> dict[str, bytes]:
    """Draw what is not on the shelf, and put it there.

    Parameters
    ----------
    jobs
        The figures; no two have the same stem.
    mapper
        Draws, in any order.
    shelf
        What was drawn before.
    progress
        Called once after the shelf was looked through, then after every figure.

    Returns
    -------
    dict
        Path within the site -> content.
    """
    found = {job.stem: shelf.get(job) for job in jobs}
    files = {path: content for there in found.values() if there for path, content in there.items()}
    missing = {job.stem: job for job in jobs if found[job.stem] is None}
    total = sum(job.draw is not None for job in jobs)
    done = stored = total - sum(job.draw is not None for job in missing.values())
    progress(done, total, stored)
    for stem, drawn in mapper(render_task, [Task(job, code_of(job.draw)) for job in missing.values()]):
        shelf.put(missing[stem], drawn)
        files.update(drawn)
        done += missing[stem].draw is not None
        progress(done, total, stored)
    return files


def render_task(task: Task) -> tuple[str, Mapping[str, bytes]]:
    """Draw one figure, in whichever process; return its stem and its files.

    Raises
    ------
    EnvironmentFault
        If this process would run other code than the one that asks.
    """
    if code_of(task.job.draw) != task.code:
        raise EnvironmentFault("a worker has other code than this process: run again if the code was just changed")
    return task.job.stem, render_figure(task.job)


def shared(executor: Executor) -> Mapper:
    """Return a mapper that shares the figures with the workers of an executor: they begin in front, we at the end."""

    def mapped(function: Callable[..., Any], tasks: Sequence[Task]) -> Iterator[Any]:
        waiting = deque((task, executor.submit(function, task)) for task in tasks)
        while waiting:
            task, future = waiting.pop()
            yield function(task) if future.cancel() else future.result()
            while waiting and waiting[0][1].done():
                yield waiting.popleft()[1].result()

    return mapped
