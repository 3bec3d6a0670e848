"""The values that a figure shows, read from its axes: points of lines, dots and bars, and cells of maps.

A page puts them beside the figure for readers who ask: "panel, line, x, y" of a point, "row, column, value" of a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation, Text
from numpy.typing import ArrayLike, NDArray

from reportgen.chapters.lettering import plain_letters
from reportgen.chapters.style import START, starts_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["panels"]

_POINTS = 72
"""Of an inch: the unit of an SVG."""

_MOST, _CLOUD, _CELLS = 100, 250, 2500
"""Points of a line that are kept; dots that are still told one by one, and cells of a map."""

_DIGITS = 4
_BEYOND = 0.01
"""Shares of a panel that a point may lie outside of it."""

_SCALES = ("linear", "log")

Panel = dict[str, Any]


def panels(figure: Canvas) -> list[Panel]:
    """Return what each panel shows, as plain data without nan; panels with nothing to read are left out.

    Parameters
    ----------
    figure
        After it was drawn, so that everything has its place.

    Returns
    -------
    list of dict
        ``box`` in the units of the SVG (left, top, right, bottom); ``title``; ``x`` and ``y``, each with ``label``,
        ``scale``, ``limits`` and perhaps ``names`` of places; and ``lines`` or ``cells``.
    """
    words = _legend_words(figure)
    words = {**_names_elsewhere(figure, words), **words}
    made = [_panel(axes, figure, words) for axes in figure.axes if axes.get_visible()]
    _name_columns([panel["cells"] for panel in made if "cells" in panel])
    return [panel for panel in made if panel.get("lines") or panel.get("cells")]


def _panel(axes: Axes, figure: Canvas, words: Mapping[str, str]) -> Panel:
    titles = (axes.get_title(loc) for loc in ("left", "center", "right"))
    panel: Panel = {"box": _box(axes, figure), "title": plain_letters(next(filter(None, titles), ""))}
    if cells := _cells(axes, words):
        return {**panel, "cells": cells}
    if {axes.get_xscale(), axes.get_yscale()} <= set(_SCALES) and axes.name == "rectilinear":
        sides = {"x": _side(axes, figure, "x"), "y": _side(axes, figure, "y")}
        return {**panel, **sides, "lines": [line for line in _lines(axes, words) if line["x"]]}
    return panel


def _name_columns(maps: Sequence[dict[str, Any]]) -> None:
    """Let maps below each other, of which only the first one names its columns, all have these names."""
    for above, below in pairwise(maps):
        if "columns" in above and above["shape"][1] == below["shape"][1]:
            below.setdefault("columns", above["columns"])


def _box(axes: Axes, figure: Canvas) -> list[float]:
    left, bottom, right, top = np.asarray(axes.bbox.extents) * _POINTS / figure.dpi
    height = figure.get_figheight() * _POINTS
    return [round(float(value), 1) for value in (left, height - top, right, height - bottom)]


def _side(axes: Axes, figure: Canvas, side: str) -> dict[str, Any]:
    """Return label, scale, limits and names of places of an axis."""
    axis = axes.xaxis if side == "x" else axes.yaxis
    names = {place: name for place, name in _ticks(axis).items() if any(map(str.isalpha, name.replace("e", "")))}
    low, high = axes.get_xlim() if side == "x" else axes.get_ylim()
    told = {"label": _label(axes, figure, side), "scale": axis.get_scale(), "limits": [_short(low), _short(high)]}
    return {**told, "names": [[_short(place), name] for place, name in names.items()]} if names else told


def _label(axes: Axes, figure: Canvas, side: str) -> str:
    """Return the label of an axis: its own, or that of the panels which share it."""
    shared = axes.get_shared_x_axes() if side == "x" else axes.get_shared_y_axes()
    siblings = [axes, *shared.get_siblings(axes)]
    labels = [getattr(one, f"get_{side}label")() for one in siblings]
    whole = figure.get_supxlabel() if side == "x" else figure.get_supylabel()
    return plain_letters(next(filter(None, [*labels, whole]), ""))


def _names_of(axes: Axes, side: str) -> dict[float, str]:
    """Return what stands at the places of an axis: its own names, or those of the panels which share it."""
    shared = axes.get_shared_x_axes() if side == "x" else axes.get_shared_y_axes()
    found = (_ticks(getattr(one, f"{side}axis")) for one in [axes, *shared.get_siblings(axes)])
    return next(filter(None, found), {})


def _ticks(axis: Any) -> dict[float, str]:
    labels = (plain_letters(label.get_text()) for label in axis.get_ticklabels())
    return {float(place): text for place, text in zip(axis.get_ticklocs(), labels, strict=False) if text}


# Points ---------------------------------------------------------------------------------------------------------------


def _lines(axes: Axes, words: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield every line of points with its name: first lines and their dots, then clouds of dots, then bars."""
    labels = {id(one.lines[0]): one.get_label() for one in axes.containers if isinstance(one, ErrorbarContainer)}
    names = _names_beside(axes)
    for line in axes.lines:
        if line.get_visible() and line.get_transform() == axes.transData and _is_seen(line):
            own = _own(labels.get(id(line), line.get_label()))
            name = own or names(line) or _known(words, _look(line))
            yield _row(axes, line, name, *line.get_data(orig=False))
    for dots in axes.collections:
        if isinstance(dots, PathCollection) and dots.get_offset_transform() == axes.transData:
            places = np.ma.getdata(dots.get_offsets())
            if len(places) <= _CLOUD and len(colors := dots.get_facecolor()):
                name = _own(dots.get_label()) or (words.get(_hex(colors[0]), "") if len(colors) == 1 else "")
                yield _row(axes, dots, name, *np.asarray(places, float).T)
    for bars in axes.containers:
        if isinstance(bars, BarContainer) and len(bars):
            yield _row(axes, bars[0], _own(bars.get_label()), *_ends(bars))


def _row(axes: Axes, artist: Any, name: str, x: ArrayLike, y: ArrayLike) -> dict[str, Any]:
    xs, ys = np.asarray(x, float), np.asarray(y, float)
    kept = _thinned(_inside(axes, xs, ys))
    row: dict[str, Any] = {"name": name, "x": [_short(one) for one in xs[kept]], "y": [_short(one) for one in ys[kept]]}
    return {**row, "start": start} if (start := _start(artist)) else row


def _inside(axes: Axes, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[Any]:
    """Return which points are in the panel."""
    with np.errstate(all="ignore"):
        places = axes.transAxes.inverted().transform(axes.transData.transform(np.column_stack([x, y])))
        is_there = np.isfinite(places) & (places > -_BEYOND) & (places < 1 + _BEYOND)
    return np.asarray(np.flatnonzero(is_there.all(axis=1) & np.isfinite(x) & np.isfinite(y)))


def _thinned(places: NDArray[Any]) -> NDArray[Any]:
    if len(places) <= _MOST:
        return places
    chosen: NDArray[Any] = np.unique(np.linspace(0, len(places) - 1, _MOST).round().astype(int))
    return np.asarray(places[chosen])


def _ends(bars: BarContainer) -> tuple[list[float], list[float]]:
    """Return where the bars end, in the middle of their width."""
    boxes = [(bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()) for bar in bars]
    if bars.orientation == "horizontal":
        return [x + width for x, _, width, _ in boxes], [y + height / 2 for _, y, _, height in boxes]
    return [x + width / 2 for x, _, width, _ in boxes], [y + height for _, y, _, height in boxes]


def _is_seen(line: Line2D) -> bool:
    return line.get_linestyle() not in ("None", "") or line.get_marker() not in ("None", "", None)


# What is called how ---------------------------------------------------------------------------------------------------


def _own(label: object) -> str:
    text = str(label or "")
    return "" if text.startswith("_") else plain_letters(text)


def _start(artist: Any) -> str:
    """Return the initializer that an artist shows."""
    gid = artist.get_gid() or ""
    return gid.removeprefix(START).replace("|", ", ") if gid.startswith(START) else ""


def _look(line: Line2D) -> str:
    return f"{_hex(line.get_color())} {line.get_linestyle()} {line.get_marker()}"


def _known(words: Mapping[str, str], look: str) -> str:
    """Return what a legend calls a look, with or without the marker."""
    return words.get(look) or words.get(f"{look.rpartition(' ')[0]} None", "")


def _legend_words(figure: Canvas) -> dict[str, str]:
    """Return what the legends call each look, and each colour."""
    legends = [*figure.legends, *filter(None, (axes.get_legend() for axes in figure.axes))]
    words: dict[str, str] = {}
    for legend in legends:
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=False):
            name = plain_letters(text.get_text())
            if isinstance(handle, Line2D):
                words.setdefault(_look(handle), name)
            elif isinstance(handle, Patch):
                words.setdefault(_hex(handle.get_facecolor()), name)
            elif isinstance(handle, PathCollection) and len(handle.get_facecolor()):
                words.setdefault(_hex(handle.get_facecolor()[0]), name)
    return words


def _names_elsewhere(figure: Canvas, words: Mapping[str, str]) -> dict[str, str]:
    """Return what lines of one look are called in the panels where they are named, if that is the same in all."""
    found: dict[str, set[str]] = {}
    for axes in figure.axes:
        names = _names_beside(axes)
        for line in axes.lines:
            if line.get_transform() == axes.transData and (name := _own(line.get_label()) or names(line)):
                found.setdefault(_look(line), set()).add(name)
    return {look: name for look, (name, *others) in found.items() if not others and look not in words}


def _names_beside(axes: Axes) -> Callable[[Line2D], str]:
    """Return what names a line that has no label: a piece of it beside the panel, or a text where it ends."""
    notes = [text for text in axes.texts if isinstance(text, Annotation)]
    pieces = {
        (_hex(piece.arrow_patch.get_edgecolor()), piece.arrow_patch.get_linestyle()): text.get_text()
        for piece, text in pairwise(notes)
        if piece.arrow_patch and not piece.get_text() and text.get_text()
    }
    ends = [(text.xy[1], text.get_text()) for text in notes if text.xycoords == "axes fraction" and text.xy[0] == 1]

    def name(line: Line2D) -> str:
        if piece := pieces.get((_hex(line.get_color()), line.get_linestyle())):
            return plain_letters(piece)
        x, y = (np.asarray(one, float) for one in line.get_data(orig=False))
        if not ends or not len(kept := _inside(axes, x, y)):
            return ""
        last = axes.transAxes.inverted().transform(axes.transData.transform((x[kept[-1]], y[kept[-1]])))
        height, text = min(ends, key=lambda end: abs(end[0] - last[1]))
        return plain_letters(text) if last[0] > 0.9 and abs(height - last[1]) < 0.02 else ""

    return name


# Cells ----------------------------------------------------------------------------------------------------------------


def _cells(axes: Axes, words: Mapping[str, str]) -> dict[str, Any] | None:
    """Return rows, columns and values of a map whose cells stand at whole numbers."""
    maps = [image for image in axes.images if _is_map(image)]
    if not maps:
        return None
    shape = maps[-1].get_size()
    told = [_told_by(image, words) for image in maps]
    texts = _texts_in(axes, shape)
    places = [(row, column) for row in range(shape[0]) for column in range(shape[1])]
    values = [_value_of([one[place] for one in told], texts.get(place)) for place in places]
    cells: dict[str, Any] = {"shape": list(map(int, shape)), "values": values, "flip": not axes.yaxis_inverted()}
    for side, axis, count in (("rows", "y", shape[0]), ("columns", "x", shape[1])):
        ticks = _names_of(axes, axis)
        if any(place in ticks for place in range(count)):
            cells[side] = [ticks.get(float(place), "") for place in range(count)]
    starts = {round(place): starts_of(start) for place, start in _starts_of(axes) if -0.5 < place < shape[0]}
    return {**cells, "starts": starts} if starts else cells


def _is_map(image: AxesImage) -> bool:
    left, right, bottom, top = image.get_extent()
    rows, columns = image.get_size()
    return (
        (abs(right - left), abs(top - bottom)) == (columns, rows)
        and min(left, right) == -0.5
        and rows * columns <= _CELLS
    )


def _texts_in(axes: Axes, shape: Sequence[int]) -> dict[tuple[int, int], str]:
    """Return what is written into the cells."""
    found: dict[tuple[int, int], str] = {}
    for text in axes.texts:
        x, y = text.get_position()
        if type(text) is Text and text.get_transform() == axes.transData and text.get_text().strip():
            row, column = round(float(y)), round(float(x))
            if 0 <= row < shape[0] and 0 <= column < shape[1]:
                found[row, column] = plain_letters(text.get_text())
    return found


def _told_by(image: AxesImage, words: Mapping[str, str]) -> Any:
    """Return what an image tells of each cell: what a legend calls its color, else its number, or None for nothing."""
    values: Any = np.ma.asarray(image.get_array())
    colors = (
        image.to_rgba(values) if values.ndim == 2 else np.ma.getdata(values) / (255 if values.dtype == np.uint8 else 1)
    )
    told = np.full(image.get_size(), None, object)
    for place in np.ndindex(told.shape):
        value = values[place]
        if values.ndim != 2:
            told[place] = words.get(_hex(colors[place]))
        elif not np.ma.is_masked(value) and np.isfinite(value):
            told[place] = (words and words.get(_hex(colors[place]))) or _short(value)
    return told


def _value_of(told: Sequence[str | float | None], text: str | None) -> Any:
    """Return the value of a cell: what is told of it in words, what is written in it, or else its number."""
    parts = [one for one in told if isinstance(one, str) or (one is not None and text is None)]
    parts += [text] if text else []
    return parts[0] if len(parts) == 1 else ", ".join(map(str, parts)) or None


def _starts_of(axes: Axes) -> Iterator[tuple[float, str]]:
    """Yield the rows that show one initializer."""
    for label, place in zip(axes.get_yticklabels(), axes.get_yticks(), strict=False):
        if start := _start(label):
            yield float(place), start


def _hex(color: Any) -> str:
    return to_hex(color)


def _short(value: Any) -> float | int:
    number = float(f"{float(value):.{_DIGITS}g}")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
