"""How a figure becomes images: laid out once, and then drawn as an SVG for the web and as a PNG for paper.

Figures are drawn in a sentinel foreground on no background. In the SVG the sentinel is ``currentColor``, and the figure
follows the reader's light or dark scheme on a paper of its own; the PNG is drawn for white paper.
"""

from __future__ import annotations

import gc
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from PIL import Image

from reportgen.chapters.style import FOREGROUND, FOREGROUND_ON_DARK, PAPERS, figure_style
from reportgen.chapters.svg import draw_svg
from reportgen.presets import DPI

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = ["to_png", "to_svg", "undisturbed"]

Colors = NDArray[np.uint8]

_STRAIGHT = 0.25
"""Points of a line that are less than this off (points in an SVG, pixels in a PNG) are left out."""

_PALETTE = 256


@contextmanager
def undisturbed() -> Iterator[None]:
    """Draw without Python's search for cycles, which looks at many thousand artists and finds none to delete.

    The figure is to be forgotten by the end: then what it was made of is deleted, and nothing else is looked at.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        if was_enabled:
            gc.enable()


_THEME = (  # color-scheme: opened on its own, the figure gets a dark page too
    f"<style>svg{{color-scheme:light dark;color:{FOREGROUND};background:{PAPERS[0]}}}"
    f"@media(prefers-color-scheme:dark){{svg{{color:{FOREGROUND_ON_DARK};background:{PAPERS[1]}}}}}"
    "image[image-rendering]{image-rendering:pixelated}</style>"
)


def to_svg(figure: Canvas, name: str = "figure") -> str:
    """Return the figure as an SVG that follows the light or dark scheme; the same bytes every time.

    Parameters
    ----------
    figure
        Is laid out by this.
    name
        Begins the names of the elements, so that several figures can stand in one page.
    """
    _lay_out(figure)
    with figure_style():
        text = draw_svg(figure, name, DPI)
    return re.sub(r"(<svg\b[^>]*>)", lambda match: match[1] + _THEME, text, count=1)


def to_png(figure: Canvas, dpi: int = DPI) -> bytes:
    """Return the figure as a PNG of 256 colours on white paper; the same bytes every time.

    Parameters
    ----------
    figure
        Is laid out by this.
    dpi
        Pixels per inch.
    """
    _lay_out(figure)
    with figure_style():
        figure.set(dpi=dpi, facecolor="white")
        paper: Any = FigureCanvasAgg(figure)
        paper.draw()
        figure.set_facecolor("none")
    pixels = Image.fromarray(np.asarray(paper.buffer_rgba())[..., :3])
    buffer = io.BytesIO()
    _with_palette(pixels).save(buffer, "png", dpi=(dpi, dpi))
    return buffer.getvalue()


def _lay_out(figure: Canvas) -> None:
    """Arrange the figure once, for all its images, as constrained layout would for each of them."""
    engine = figure.get_layout_engine()
    if engine is None or not figure.axes:
        return
    with figure_style():
        figure.set_dpi(DPI)
        FigureCanvasAgg(figure)
        engine.execute(figure)
    figure.set_layout_engine(None)
    for line in figure.findobj(Line2D):
        path = line.get_path()
        path.should_simplify, path.simplify_threshold = True, _STRAIGHT


def _with_palette(pixels: Image.Image) -> Image.Image:
    """Return an image of 256 colours.

    They are chosen from all colours by the cube root of how often each occurs, so that a colour bar keeps its steps
    beside large areas. Each is the most frequent one of those that it stands for, so that areas and paper keep theirs.
    """
    counted: Any = pixels.getcolors(pixels.width * pixels.height)
    counts, colors = zip(*sorted(counted), strict=True)
    distinct = np.array(colors, np.uint8)
    often = np.repeat(distinct, np.cbrt(counts).astype(int), axis=0)
    chosen = _line(often).quantize(_PALETTE, Image.Quantize.MEDIANCUT)
    palette = np.array(chosen.getpalette(), np.uint8).reshape(-1, 3)
    palette[_standing_in(distinct, chosen)] = distinct  # in ascending order: the most frequent one is written last
    reduced = pixels.quantize(palette=chosen, dither=Image.Dither.NONE)
    reduced.putpalette(palette.tobytes())
    return reduced


def _line(colors: Colors) -> Image.Image:
    """Return an image of one line, from colours of shape (pixels, 3)."""
    return Image.fromarray(colors[None])


def _standing_in(colors: Colors, chosen: Image.Image) -> Colors:
    """Return the index in the palette of an image that each colour gets."""
    indices: Colors = np.asarray(_line(colors).quantize(palette=chosen, dither=Image.Dither.NONE))[0]
    return indices
