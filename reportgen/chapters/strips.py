"""Maps of starts on both sheets: on a narrow one the name of a row stands above its cells and not beside them.

There a map has two lines per row, the name's and the cells', and its columns are as wide as the sheet lets them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

from reportgen.chapters.maps import label_columns, label_rows, row_id, row_texts, rule_cells
from reportgen.chapters.scale import edges
from reportgen.chapters.style import FOREGROUND, bare, figure_name, is_narrow, name_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.colorbar import Colorbar
    from matplotlib.figure import Figure as Canvas

__all__ = ["CLEAR", "LINE", "at_rows", "color_bar", "laid_out", "name_columns", "name_rows", "rule_rows"]

LINE = 0.21
"""Height (inches) of a line of a map on a narrow sheet: a row has two of them."""

CLEAR = 1.0, 1.0, 1.0, 0.0
"""Another color than that of an empty cell, which is clear too."""

_END = 0.05
"""Part of a bar's length: words that are nearer to an end than this stand within it."""

_ROW_ROOM = 44
"""Letters of a row's name that a narrow sheet has room for."""


def at_rows(count: int) -> list[int]:
    """Return the places of the cells of so many rows on the upright axis."""
    return [2 * row + 1 if is_narrow() else row for row in range(count)]


def laid_out(values: Any) -> Any:
    """Return the rows of a map as they stand on its sheet: masked where a name is to stand.

    Parameters
    ----------
    values
        Numbers of shape (rows, columns), or colors of shape (rows, columns, 4), which are clear there.
    """
    numbers = np.ma.asarray(values)
    if not is_narrow():
        return numbers
    lines = np.ma.MaskedArray(np.zeros((2 * len(numbers), *numbers.shape[1:]), numbers.dtype), mask=True)
    lines[1::2] = numbers
    if numbers.ndim == 2:
        return lines
    lines[::2] = CLEAR
    return lines.data


def name_rows(axes: Axes, cells: pd.DataFrame) -> None:
    """Write every row of a map with its scale, beside or above it.

    Parameters
    ----------
    axes
        The first of the panels that share the rows.
    cells
        In the order of the map: `row` and `sigma_w2`.

    Notes
    -----
    Call it last: whatever changes the size of ticks moves the names.
    """
    if not is_narrow():
        label_rows(axes, cells)
        return
    axes.tick_params(axis="y", length=0, pad=0)
    names = [figure_name(text, _ROW_ROOM) for text in row_texts(cells)]
    axes.set_yticks(at_rows(len(names)), names, ha="left", in_layout=False)
    for row, label in zip(cells["row"].unique(), axes.get_yticklabels(), strict=True):
        label.set_transform(Affine2D().translate(0, -1) + label.get_transform())
        label.set_gid(row_id(row))


def name_columns(axes: Axes, activations: Sequence[str], *, is_first: bool = True) -> None:
    """Write the names of the activations on top of a map, and rule its cells; groups of activations are set apart.

    Parameters
    ----------
    axes
        With its final limits: half a line beyond the outer ones.
    activations
        In the order of the columns.
    is_first
        On a narrow sheet only the first of the maps that stand below each other has names.
    """
    if not is_narrow():
        label_columns(axes, activations)
        return
    rule_rows(axes, len(activations))
    count = round(sum(np.abs(axes.get_ylim()))) // 2
    between = np.repeat(np.array(edges(activations)) - 0.5, count)
    tops = np.tile(_tops(count), len(edges(activations)))
    axes.vlines(between, tops, tops + 1, color=FOREGROUND, alpha=0.5, linewidth=0.9)
    name_ticks(axes.xaxis, activations if is_first else [], 18, rotation=90)
    axes.xaxis.tick_top()
    bare(axes)


def rule_rows(axes: Axes, columns: int) -> None:
    """Draw hairlines between the cells of a map and around its rows."""
    if not is_narrow():
        rule_cells(axes, columns)
        return
    count = round(sum(np.abs(axes.get_ylim()))) // 2
    look: Any = {"color": FOREGROUND, "alpha": 0.2, "linewidth": 0.6}
    tops = _tops(count)
    axes.hlines(np.concatenate([tops, tops + 1]), -0.5, columns - 0.5, **look)
    places = np.arange(-0.5, columns)
    axes.vlines(np.tile(places, count), np.repeat(tops, len(places)), np.repeat(tops + 1, len(places)), **look)


def _tops(count: int) -> NDArray[np.float64]:
    """Return the upper edges of the cells of so many rows."""
    return np.array(at_rows(count)) - 0.5


def color_bar(
    figure: Canvas, scale: ScalarMappable, panels: Sequence[Axes], ticks: Mapping[float, str], **look: Any
) -> Colorbar:
    """Draw the bar of a map: on a narrow sheet below it, where the outer words stay within its ends.

    Parameters
    ----------
    figure, scale, panels
        The figure, what turns numbers into colors, and whose bar it is.
    ticks
        Value -> words.
    look
        Of the bar on a wide sheet.
    """
    below = {"extend": look.get("extend", "neither"), "location": "bottom", "pad": 0.01, "aspect": 30}
    bar = figure.colorbar(scale, ax=[*panels], **(below if is_narrow() else {"pad": 0.02, **look}))
    bar.set_ticks([*ticks], labels=[*ticks.values()])
    bar.ax.minorticks_off()
    if is_narrow():
        shares = np.asarray(scale.norm(np.array([*ticks])), float)
        for share, label in zip(shares, bar.ax.get_xticklabels(), strict=True):
            label.set_horizontalalignment("left" if share < _END else "right" if share > 1 - _END else "center")
    return bar
