"""One figure of the book: drawn from the tables that are published beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from html import escape
from typing import Any, NamedTuple

from reportgen.presets import DPI
from reportgen.report.data import data_files, data_names, table_file, whole_table
from reportgen.report.live import Drawing, live_script

__all__ = ["IMAGES", "Job", "render_figure", "size", "titled"]

IMAGES: Mapping[str, str] = {
    "svg": "figures/{}.svg",
    "narrow": "figures/{}-narrow.svg",
    "live": "figures/live/{}.js",
    "png": "figures/{}.png",
}
"""The kinds of image of a figure, and where they lie: for the web, for a telephone, to be read off, for paper."""


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
    dpi
        Pixels per inch of the one for paper.
    """

    stem: str
    draw: Callable[..., Any] | None
    frames: Mapping[str, Any]
    images: Collection[str] = tuple(IMAGES)
    dpi: int = DPI

    def paths(self) -> list[str]:
        """Return the paths of the files within the site."""
        if self.draw is None:
            return [f"data/{table_file(self.stem)}"]
        images = [path.format(self.stem) for image, path in IMAGES.items() if image in self.images]
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
        images = _images(job, job.draw)
    return {**images, **data_files(job.stem, job.frames)}


def _images(job: Job, draw: Callable[..., Any]) -> dict[str, bytes]:
    """Draw a figure once on each sheet, and return it as every kind of image that is wanted."""
    from reportgen.chapters.images import to_png

    wanted, made, sheets = set(job.images), {}, {}
    if wanted - {"narrow"}:
        canvas, sheets["svg"] = _drawn(job, draw, narrow=False)
        if "png" in wanted:
            made["png"] = to_png(canvas, job.dpi)
    if wanted & {"narrow", "live"}:
        _, sheets["narrow"] = _drawn(job, draw, narrow=True)
    made |= {image: drawing.svg.encode() for image, drawing in sheets.items()}
    if "live" in wanted:
        made["live"] = live_script(job.stem, sheets["svg"], sheets["narrow"])
    return {IMAGES[image].format(job.stem): content for image, content in made.items() if image in wanted}


def _drawn(job: Job, draw: Callable[..., Any], *, narrow: bool) -> tuple[Any, Drawing]:
    """Draw a figure on a sheet; return it with its SVG and its values."""
    from reportgen.chapters.images import to_svg
    from reportgen.chapters.style import figure_style
    from reportgen.chapters.values import panels

    with figure_style(narrow=narrow):
        canvas = draw(*job.frames.values())
    svg = to_svg(canvas, job.stem)
    return canvas, Drawing(svg, panels(canvas) if "live" in job.images else ())


def titled(svg: bytes, title: str) -> bytes:
    """Return an SVG with a title: what it is called where it is opened or heard of on its own."""
    return svg.replace(b' role="img">', f' role="img"><title>{escape(title)}</title>'.encode(), 1)


def size(svg: bytes) -> tuple[int, int]:
    """Return width and height of one of our SVGs in CSS pixels; its view box is in points, 3 of which are 4 pixels."""
    box = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if box is None:
        raise ValueError("an SVG without a view box")
    return round(float(box[1]) * 4 / 3), round(float(box[2]) * 4 / 3)
