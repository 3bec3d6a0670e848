"""A figure as an SVG of few elements: letters as text, marks of one look as one path, nothing that a page forbids.

Looks are attributes and no styles, so that the same SVG can stand inside of a page whose policy refuses inline styles.
Names of elements begin with that of the figure, so that several figures can stand in one page.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from reportgen.chapters.lettering import aligned, letters
from reportgen.chapters.outlines import at_places, is_segment, number, outline
from reportgen.chapters.style import BETWEEN, FONT_STACK, FOREGROUND, START, starts_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_svg"]

_POINTS = 72
"""Of an inch: the unit of the SVG, and dots per inch while it is drawn."""

_SIZE = 10
"""Points of the letters that do not say their size."""

_HATCH = 72
"""Width and height of a pattern."""

_CAPS = {"projecting": "square"}

_NAME = " ?"
"""Stands for the id of what is defined, until all is drawn."""


def draw_svg(figure: Canvas, name: str, image_dpi: float) -> str:
    """Return a figure that is laid out as an SVG, its letters and lines in ``currentColor`` where they are of ink.

    Parameters
    ----------
    figure
        With its final layout.
    name
        What the names of its elements begin with.
    image_dpi
        Of images inside of it that are not drawn cell by cell.
    """
    width, height = figure.get_size_inches() * _POINTS
    paper = _Paper(width, height, name, image_dpi)
    resolution = figure.dpi
    figure.dpi = _POINTS
    try:
        with _lines_know_their_side(figure):
            figure.draw(paper)
    finally:
        figure.dpi = resolution
    return paper.text()


class _Group(str):
    """The id of a text of several lines, which matplotlib draws one by one without telling on which side they meet."""

    __slots__ = ("side",)
    side: str


@contextmanager
def _lines_know_their_side(figure: Canvas) -> Iterator[None]:
    """Let texts of several lines carry their alignment while they are drawn."""
    texts = [text for text in figure.findobj(Text) if "\n" in text.get_text()]
    ids = [text.get_gid() for text in texts]
    for text, gid in zip(texts, ids, strict=True):
        group = _Group(gid or "")
        group.side = getattr(text, "_multialignment", None) or text.get_horizontalalignment()
        text.set_gid(group)
    try:
        yield
    finally:
        for text, gid in zip(texts, ids, strict=True):
            text.set_gid(gid)


class _Paper(RendererBase):
    """What matplotlib draws on; its y axis points down, as in an SVG."""

    def __init__(self, width: float, height: float, name: str, image_dpi: float) -> None:
        super().__init__()
        self._width, self._height, self._name, self._image_dpi = width, height, name, image_dpi
        self._flip = Affine2D().scale(1, -1).translate(0, height)
        self._parts: list[str] = []
        self._defined: dict[str, str] = {}
        self._groups: list[Any] = []
        self._last: tuple[str, list[str]] = ("", [])
        self._count = 0

    def text(self) -> str:
        """Return the SVG."""
        self._end_path()
        width, height = number(self._width), number(self._height)
        pieces = "".join(one.replace(_NAME, f" id={quoteattr(name)}", 1) for one, name in self._defined.items())
        defined = f"<defs>{pieces}</defs>\n" if pieces else ""
        xlink = ' xmlns:xlink="http://www.w3.org/1999/xlink"' if any("xlink:" in part for part in self._parts) else ""
        look = f'fill="currentColor" stroke-linejoin="round" font-family={quoteattr(FONT_STACK)} font-size="{_SIZE}"'
        size = f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg"{xlink} {size} {look} role="img">\n'
        return f"{head}{defined}{''.join(self._parts)}</svg>\n"

    # What matplotlib asks about the paper.

    def flipy(self) -> bool:
        """Tell that y points down."""
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size in points."""
        return self._width, self._height

    def points_to_pixels(self, points: Any) -> Any:
        """Return points, which are our units."""
        return points

    def get_image_magnification(self) -> float:
        """Return how many pixels an image has for a point."""
        return self._image_dpi / _POINTS

    def option_scale_image(self) -> bool:
        """Tell that images may be drawn cell by cell and scaled by who shows them."""
        return True

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Begin an artist; what shows one initializer is marked."""
        self._end_path()
        self._groups.append(gid)

    def close_group(self, s: str) -> None:
        """End an artist."""
        self._groups.pop()

    # What matplotlib draws.

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        """Draw a path; paths of one look become one."""
        is_open = rgbFace is None and gc.get_hatch() is None
        clip = (0.0, 0.0, self._width, self._height) if is_open else None
        simplify = is_open and path.should_simplify
        shape = path.cleaned(transform + self._flip, remove_nans=True, clip=clip, simplify=simplify, curves=True)
        self._add_path(outline(shape), self._look(gc, rgbFace))

    def draw_markers(
        self, gc: Any, marker_path: Path, marker_trans: Any, path: Path, trans: Any, rgbFace: Any = None
    ) -> None:
        """Draw a marker at every point of a path, as one path."""
        marker = marker_path.cleaned(marker_trans + Affine2D().scale(1, -1), curves=True)
        places = (trans + self._flip).transform(np.asarray(path.vertices)[_ends_of_segments(path)])
        margin = 10 * max(self._width, self._height)
        seen = places[(np.isfinite(places) & (np.abs(places) < margin)).all(axis=1)]
        self._add_path(at_places(marker, seen), self._look(gc, rgbFace))

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        """Draw an image: scaled by who shows it, where a transform is given, and else as large as it is shown."""
        self._end_path()
        height, width = im.shape[:2]
        if not height or not width:
            return
        scale = Affine2D().scale(_POINTS / self._image_dpi)
        cells = None if transform is None else Affine2D().scale(1 / width, 1 / height) + transform
        placed = (cells or scale) + Affine2D().translate(x, y) + self._flip
        matrix = " ".join(number(value, 5) for value in Affine2D(placed.get_affine().get_matrix()).to_values())
        look = ' image-rendering="optimizeSpeed"' if cells else ""  # as SVG 1.1 calls it; `_THEME` says it to browsers
        look += "" if gc.get_alpha() == 1 else f' opacity="{number(gc.get_alpha())}"'
        size = f'width="{width}" height="{height}" preserveAspectRatio="none" transform="matrix({matrix})"'
        address = f'xlink:href="data:image/png;base64,{_png(im)}"'
        self._parts.append(f"<g{self._clip(gc)}{self._mark()}><image {size}{look} {address}/></g>\n")

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """Write one line of text, held where its alignment holds it: fonts differ in width."""
        self._end_path()
        wide, *_ = self.get_text_width_height_descent(s, prop, ismath)
        share, side = aligned(mtext, angle, getattr(self._groups[-1], "side", "left") if self._groups else "left")
        along = np.deg2rad(angle)
        at = x + share * wide * np.cos(along), y - share * wide * np.sin(along)
        left, top = map(number, at)
        size = prop.get_size_in_points()
        look = "" if size == _SIZE else f' font-size="{number(size)}"'
        look += ' font-weight="bold"' if prop.get_weight() in ("bold", "semibold", "heavy", 600, 700) else ""
        look += f' font-style="{prop.get_style()}"' if prop.get_style() != "normal" else ""
        look += side + self._ink(gc) + self._mark()
        look += f' transform="rotate({number(-angle)} {left} {top})"' if angle else ""
        self._parts.append(f'<text x="{left}" y="{top}"{look}>{letters(s, prop, ismath)}</text>\n')

    # How it is written.

    def _add_path(self, data: str, look: str) -> None:
        if not data or (' fill="none"' in look and "stroke=" not in look):
            return
        mark = self._mark()
        may_join = "opacity" not in look or is_segment(data)  # where nothing shines through, it makes no difference
        if mark or look != self._last[0] or not may_join:
            self._end_path()
            self._last = (look + mark, [data])
        else:
            self._last[1].append(data)

    def _end_path(self) -> None:
        look, data = self._last
        if data:
            self._parts.append(f'<path d="{"".join(data)}"{look}/>\n')
        self._last = ("", [])

    def _mark(self) -> str:
        """Return the attributes of what shows one initializer."""
        start = next((gid for gid in reversed(self._groups) if gid and gid.startswith(START)), None)
        if start is None:
            return ""
        self._count += 1
        names = BETWEEN.join(starts_of(start.removeprefix(START)))
        return f" data-start={quoteattr(names)} id={quoteattr(f'{self._name}-{self._count}')}"

    def _look(self, gc: Any, face: Any) -> str:
        """Return how a path is filled and drawn, as attributes."""
        forced = gc.get_alpha() if gc.get_forced_alpha() else None
        look = self._clip(gc) + self._fill(gc, face, forced)
        if gc.get_linewidth():
            look += self._stroke(gc, forced)
        return look + (_opacity("opacity", forced) if forced is not None else "")

    def _fill(self, gc: Any, face: Any, forced: float | None) -> str:
        if gc.get_hatch():
            return f' fill="url(#{self._pattern(gc, face)})"'
        if face is None or (len(face) == 4 and face[3] == 0 and forced is None):
            return ' fill="none"'
        return _color("fill", face) + (_opacity("fill-opacity", face[3]) if forced is None and len(face) == 4 else "")

    def _stroke(self, gc: Any, forced: float | None) -> str:
        color, wide, (offset, dashes) = gc.get_rgb(), gc.get_linewidth(), gc.get_dashes()
        look = _color("stroke", color) + (_opacity("stroke-opacity", color[3]) if forced is None else "")
        look += "" if wide == 1 else f' stroke-width="{number(wide)}"'
        look += "" if gc.get_joinstyle() == "round" else f' stroke-linejoin="{gc.get_joinstyle()}"'
        cap = gc.get_capstyle()
        look += "" if cap == "butt" else f' stroke-linecap="{_CAPS.get(cap, cap)}"'
        if dashes is not None:
            look += f' stroke-dasharray="{" ".join(map(number, dashes))}"'
            look += f' stroke-dashoffset="{number(offset)}"' if offset else ""
        return look

    def _ink(self, gc: Any) -> str:
        """Return the colour of a text, which is that of the page where it is not said."""
        alpha = gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        return _color("fill", gc.get_rgb()) + _opacity("opacity", alpha)

    def _clip(self, gc: Any) -> str:
        """Return the attribute that cuts at the frame of the axes."""
        rectangle, (path, transform) = gc.get_clip_rectangle(), gc.get_clip_path()
        if path is not None:
            shape = path.cleaned(transform + self._flip, curves=True)
            return f' clip-path="url(#{self._define("clipPath", f"<path d={quoteattr(outline(shape))}/>")})"'
        if rectangle is None:
            return ""
        x, y, wide, high = rectangle.bounds
        box = [x, self._height - y - high, wide, high]
        sides = " ".join(
            f'{side}="{number(value)}"' for side, value in zip(("x", "y", "width", "height"), box, strict=True)
        )
        return f' clip-path="url(#{self._define("clipPath", f"<rect {sides}/>")})"'

    def _pattern(self, gc: Any, face: Any) -> str:
        """Return the name of a hatching."""
        turned = Affine2D().scale(_HATCH).scale(1, -1).translate(0, _HATCH)
        lines = outline(gc.get_hatch_path().cleaned(turned, curves=True))
        color = gc.get_hatch_color()
        look = _color("stroke", color) + f' stroke-width="{number(gc.get_hatch_linewidth())}" stroke-linejoin="miter"'
        back = f'<rect width="{_HATCH}" height="{_HATCH}"{_color("fill", face)}/>' if face is not None else ""
        inner = f'{back}<path d="{lines}"{_color("fill", color)}{look}/>'
        return self._define("pattern", inner, f' patternUnits="userSpaceOnUse" width="{_HATCH}" height="{_HATCH}"')

    def _define(self, kind: str, inner: str, more: str = "") -> str:
        """Return the name of a definition, which stands once however often it is used."""
        content = f"<{kind}{_NAME}{more}>{inner}</{kind}>"
        return self._defined.setdefault(content, f"{self._name}-{kind.lower()}-{len(self._defined) + 1}")


def _png(image: Any) -> str:
    """Return an image as base64."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


def _ends_of_segments(path: Path) -> Any:
    """Return which vertices of a path are places for a marker: all but the control points of curves."""
    if path.codes is None:
        return slice(None)
    return [at for at, code in enumerate(np.asarray(path.codes)) if code in (Path.MOVETO, Path.LINETO)]


def _color(name: str, color: Any) -> str:
    written = to_hex(color[:3])
    is_ink = written == FOREGROUND
    if is_ink and name == "fill":
        return ""
    return f' {name}="{"currentColor" if is_ink else written}"'


def _opacity(name: str, value: float | None) -> str:
    return "" if value is None or value == 1 else f' {name}="{number(value)}"'
