"""One figure of the book: drawn from the tables that are published beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from reportgen.report.data import data_files, data_names, table_file, whole_table

__all__ = ["IMAGES", "Job", "render_figure", "size"]

IMAGES: Mapping[str, str] = {"svg": ".svg", "narrow": "-narrow.svg", "png": ".png"}
"""The kinds of image of a figure, and how their files end: for the web, for a telephone, for paper."""


class Job(NamedTuple):
    """One figure that is to be drawn, or a table that is only written.

    Attributes
    ----------
    stem
        The name that its files share.
    draw
        Makes the matplotlib figure; a function of a module, so that it can be sent to another process. None draws
        nothing: the job is a whole result table, named by the stem.
    frames
        The tables that it gets, by name.
    images
        Which kinds of image are wanted.
    """

    stem: str
    draw: Callable[..., Any] | None
    frames: Mapping[str, Any]
    images: Collection[str] = tuple(IMAGES)

    def paths(self) -> list[str]:
        """Return the paths of the files within the site."""
        if self.draw is None:
            return [f"data/{table_file(self.stem)}"]
        images = [f"figures/{self.stem}{end}" for image, end in IMAGES.items() if image in self.images]
        return [*images, *(f"data/{table_file(name)}" for name in data_names(self.stem, self.frames))]


def render_figure(job: Job) -> dict[str, bytes]:
    """Draw one figure; the same bytes for the same tables.

    Returns
    -------
    dict
        Path within the site -> the images that are wanted, and the tables as CSV.
    """
    if job.draw is None:
        return whole_table(job.stem, job.frames[job.stem])
    from reportgen.chapters.images import undisturbed

    with undisturbed():
        drawn = {**_draw(job, job.draw, narrow=False), **_draw(job, job.draw, narrow=True)}
    images = {f"figures/{job.stem}{IMAGES[image]}": content for image, content in drawn.items()}
    return {**images, **data_files(job.stem, job.frames)}


def _draw(job: Job, draw: Callable[..., Any], *, narrow: bool) -> dict[str, bytes]:
    """Draw a figure once on a sheet, and return it as every kind of image that is wanted of this sheet."""
    from reportgen.chapters.images import to_png, to_svg
    from reportgen.chapters.style import figure_style

    kinds: dict[str, Callable[..., bytes]] = (
        {"narrow": lambda canvas: to_svg(canvas).encode()}
        if narrow
        else {"svg": lambda canvas: to_svg(canvas).encode(), "png": to_png}
    )
    wanted = {image: save for image, save in kinds.items() if image in job.images}
    if not wanted:
        return {}
    with figure_style(narrow=narrow):
        canvas = draw(*job.frames.values())
    return {image: save(canvas) for image, save in wanted.items()}


def size(svg: bytes) -> tuple[int, int]:
    """Return width and height of one of our SVGs in CSS pixels; its view box is in points, 3 of which are 4 pixels."""
    box = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if box is None:
        raise ValueError("an SVG without a view box")
    return round(float(box[1]) * 4 / 3), round(float(box[2]) * 4 / 3)
