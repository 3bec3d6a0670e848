"""The figures of the book: each drawn from the tables that are published beside it, in this process or in others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["Job", "Mapper", "counted", "csv", "render_figure", "render_figures", "size"]

Mapper = Callable[..., Iterable[Mapping[str, bytes]]]
"""Called as ``mapper(render_figure, jobs)``: `map`, or the method of that name of a `concurrent.futures.Executor`."""


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
    """

    stem: str
    draw: Callable[..., Any]
    frames: Mapping[str, Any]


def render_figures(jobs: Sequence[Job], mapper: Mapper = map) -> dict[str, bytes]:
    """Draw figures, called as ``mapper(render_figure, jobs)``; see `render_figure` for what comes out."""
    return {path: content for files in mapper(render_figure, jobs) for path, content in files.items()}


def render_figure(job: Job) -> dict[str, bytes]:
    """Draw one figure; the same bytes for the same tables.

    Returns
    -------
    dict
        Path within the site -> SVG, PNG and the tables as CSV.
    """
    from reportgen.chapters.style import figure_style, to_png, to_svg

    with figure_style():
        canvas = job.draw(*job.frames.values())
    main, *more = job.frames.items()
    names = {job.stem: main[1], **{f"{job.stem}-{name.replace('_', '-')}": frame for name, frame in more}}
    return {
        f"figures/{job.stem}.svg": to_svg(canvas).encode(),
        f"figures/{job.stem}.png": to_png(canvas),
        **{f"data/{name}.csv": csv(frame) for name, frame in names.items()},
    }


def counted(mapper: Mapper, advance: Callable[[int], None]) -> Mapper:
    """Return a mapper that tells how many figures are drawn."""

    def mapped(function: Callable[..., Any], jobs: Sequence[Job]) -> Iterator[Mapping[str, bytes]]:
        for done, drawn in enumerate(mapper(function, jobs), 1):
            yield drawn
            advance(done)

    return mapped


def csv(frame: Any) -> bytes:
    """Write a data frame with nine significant digits, enough to give every float32 back."""
    text: str = frame.to_csv(index=False, float_format="%.9g", na_rep="nan", lineterminator="\n")
    return text.encode()


def size(svg: bytes) -> tuple[int, int]:
    """Return width and height of one of our SVGs in CSS pixels; its view box is in points, 3 of which are 4 pixels."""
    box = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if box is None:
        raise ValueError("an SVG without a view box")
    return round(float(box[1]) * 4 / 3), round(float(box[2]) * 4 / 3)
