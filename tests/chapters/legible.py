"""Finds texts of a figure that cannot be read: too pale, too small, on top of one another, or cut off by the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import same_color, to_rgba
from matplotlib.text import Text
from numpy.typing import NDArray

from reportgen.chapters.style import FOREGROUND, FOREGROUND_ON_DARK, PAPERS, READABLE, contrast, figure_style

Corners = NDArray[np.float64]
Pixels = NDArray[np.float64]

_DPI = 100
_SLACK = 0.02 * _DPI
"""Pixels that a text's box, which has room for g and Å, may overlap another's or leave the sheet."""

_SHOWN, _LEAST = 328, 10.4
"""CSS pixels of a narrow figure on a telephone, and of the smallest text there."""

_NARROW = 4.0
"""Inches: no wider sheet is for a telephone."""


class Written(NamedTuple):
    """A text as it stands on the sheet: its corners, in order, in pixels from the lower left of the sheet."""

    text: Text
    corners: Corners

    def __str__(self) -> str:
        return repr(self.text.get_text())


def faults(figure: Any) -> list[str]:
    """Return what is wrong with the texts of a figure, a line each."""
    with figure_style():
        figure.set_dpi(_DPI)
        canvas: Any = FigureCanvasAgg(figure)
        if figure.get_layout_engine() is not None:
            figure.get_layout_engine().execute(figure)
        figure.set_layout_engine(None)
        sheets = []
        for paper in PAPERS:
            with _without_texts() as texts:
                figure.set_facecolor(paper)
                canvas.draw()
            sheets.append(np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255)
        written = [Written(text, _corners(text, canvas.get_renderer())) for text in texts]
    return [*_cut_off(written, sheets[0]), *_on_top(written), *_too_pale(written, sheets), *_too_small(figure, written)]


@contextmanager
def _without_texts() -> Iterator[list[Text]]:
    """Note every text that would be drawn, and draw none."""
    texts: list[Text] = []

    def note(text: Text, _: object) -> None:
        if text.get_visible() and text.get_text().strip():
            texts.append(text)

    with patch.object(Text, "draw", note):
        yield texts


def _corners(text: Text, renderer: Any) -> Corners:
    """Return the corners of the box in which a text stands, which may be turned."""
    box, angle = Text.get_window_extent(text, renderer), np.deg2rad(text.get_rotation())
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle: Corners = np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
    return _upright(text, renderer) @ turn.T + middle


def _upright(text: Text, renderer: Any) -> Corners:
    """Return the corners of the box that a text would have if it were not turned, from its middle."""
    angle = text.get_rotation()
    text.set_rotation(0)
    box = Text.get_window_extent(text, renderer)
    text.set_rotation(angle)
    return np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.array([box.width, box.height]) / 2


def _cut_off(written: list[Written], sheet: Pixels) -> Iterator[str]:
    height, width, _ = sheet.shape
    for one in written:
        if (one.corners < -_SLACK).any() or (one.corners > np.array([width, height]) + _SLACK).any():
            yield f"{one} leaves the sheet"


def _on_top(written: list[Written]) -> Iterator[str]:
    for one, other in combinations(written, 2):
        if _depth(one.corners, other.corners) > _SLACK:
            yield f"{one} and {other} overlap"


def _depth(one: Corners, other: Corners) -> float:
    """Return by how many pixels two boxes overlap: the least over the directions of their sides."""
    overlaps = []
    for corners in (one, other):
        for side in np.diff(corners[:3], axis=0):
            normal = side / np.hypot(*side)
            ends = [(box @ normal).min() for box in (one, other)], [(box @ normal).max() for box in (one, other)]
            overlaps.append(min(ends[1]) - max(ends[0]))
    return float(min(overlaps))


def _too_pale(written: list[Written], sheets: list[Pixels]) -> Iterator[str]:
    """Compare every text on both papers with what is behind most of it."""
    for one in written:
        for ink, paper, sheet in zip((FOREGROUND, FOREGROUND_ON_DARK), PAPERS, sheets, strict=True):
            color = ink if same_color(one.text.get_color(), FOREGROUND) else one.text.get_color()
            behind = _behind(one, sheet)
            share = to_rgba(color)[3] * (one.text.get_alpha() or 1)
            seen = share * np.array(to_rgba(color)[:3]) + (1 - share) * behind
            if (found := contrast(tuple(seen), tuple(behind))) < READABLE:
                yield f"{one} has a contrast of {found:.1f} on {paper}"


def _behind(one: Written, sheet: Pixels) -> Corners:
    """Return the color behind most of a text, or behind all of it if it has a box of its own."""
    corners, (height, width, _) = one.corners, sheet.shape
    left, bottom = np.clip(corners.min(0).astype(int), 0, (width - 1, height - 1))
    right, top = np.clip(corners.max(0).astype(int) + 1, (left + 1, bottom + 1), None)
    behind: Corners = np.median(sheet[bottom:top, left:right].reshape(-1, 3), axis=0)
    if (box := one.text.get_bbox_patch()) is None:
        return behind
    face = np.array(to_rgba(box.get_facecolor()))
    return face[3] * face[:3] + (1 - face[3]) * behind


def _too_small(figure: Any, written: list[Written]) -> Iterator[str]:
    if figure.get_figwidth() > _NARROW:
        return
    for one in written:
        shown = float(one.text.get_fontsize()) / 72 / figure.get_figwidth() * _SHOWN
        if shown < _LEAST:
            yield f"{one} is {shown:.1f} pixels high on a telephone"
