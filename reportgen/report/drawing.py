"""The figures of the book: each drawn from the tables that are published beside it, in this process or in others."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

__all__ = ["IMAGES", "Job", "Mapper", "counted", "csv", "render_figure", "render_figures", "shared", "size"]

Mapper = Callable[..., Iterable[Mapping[str, bytes]]]
"""Called as ``mapper(render_figure, jobs)``: `map`, or what `shared` returns."""


IMAGES = ("svg", "png")
"""The kinds of image of a figure: one for the web, one for paper."""


class Job(NamedTuple):
    """One figure that is to be drawn.

    Attributes
    ----------
    stem
        The name that its files share.
    draw
        Makes the matplotlib figure; a function of a module, so that it can be sent to another process.
    frames
        The tables that it gets, by name.
    images
        Which kinds of image are wanted.
    """

    stem: str
    draw: Callable[..., Any]
    frames: Mapping[str, Any]
    images: Collection[str] = IMAGES


def render_figures(jobs: Sequence[Job], mapper: Mapper = map) -> dict[str, bytes]:
    """Draw figures, called as ``mapper(render_figure, jobs)``; see `render_figure` for what comes out."""
    return {path: content for files in mapper(render_figure, jobs) for path, content in files.items()}


def render_figure(job: Job) -> dict[str, bytes]:
    """Draw one figure; the same bytes for the same tables.

    Returns
    -------
    dict
        Path within the site -> the images that are wanted, and the tables as CSV.
    """
    main, *more = job.frames.items()
    names = {job.stem: main[1], **{f"{job.stem}-{name.replace('_', '-')}": frame for name, frame in more}}
    return {
        **{f"figures/{job.stem}.{image}": content for image, content in _draw(job).items()},
        **{f"data/{name}.csv": csv(frame) for name, frame in names.items()},
    }


def _draw(job: Job) -> dict[str, bytes]:
    """Draw a figure once, and return it as every kind of image that is wanted."""
    from reportgen.chapters.images import to_png, to_svg, undisturbed
    from reportgen.chapters.style import figure_style

    save = {"svg": lambda canvas: to_svg(canvas).encode(), "png": to_png}
    with undisturbed():
        with figure_style():
            canvas = job.draw(*job.frames.values())
        return {image: save[image](canvas) for image in IMAGES if image in job.images}


def shared(executor: Executor) -> Mapper:
    """Return a mapper that shares the figures with the workers of an executor: they begin in front, we at the end."""

    def mapped(function: Callable[..., Any], jobs: Sequence[Job]) -> Iterator[Mapping[str, bytes]]:
        waiting = deque((job, executor.submit(function, job)) for job in jobs)
        while waiting:
            job, future = waiting.pop()
            yield function(job) if future.cancel() else future.result()
            while waiting and waiting[0][1].done():
                yield waiting.popleft()[1].result()

    return mapped


def counted(mapper: Mapper, begin: Callable[[int], None], advance: Callable[[int], None]) -> Mapper:
    """Return a mapper that tells how many figures there are, and how many are drawn."""

    def mapped(function: Callable[..., Any], jobs: Sequence[Job]) -> Iterator[Mapping[str, bytes]]:
        begin(len(jobs))
        for done, drawn in enumerate(mapper(function, jobs), 1):
            yield drawn
            advance(done)

    return mapped


def csv(frame: Any) -> bytes:
    """Write a data frame with nine significant digits, enough to give every float32 back, and names as they are.

    Only a byte of a file name that is not UTF-8 is escaped.
    """
    text: str = frame.to_csv(index=False, float_format="%.9g", na_rep="nan", lineterminator="\n")
    return text.encode(errors="backslashreplace")


def size(svg: bytes) -> tuple[int, int]:
    """Return width and height of one of our SVGs in CSS pixels; its view box is in points, 3 of which are 4 pixels."""
    box = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if box is None:
        raise ValueError("an SVG without a view box")
    return round(float(box[1]) * 4 / 3), round(float(box[2]) * 4 / 3)
