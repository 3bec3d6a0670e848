"""What all maps of starts by activations share: rows with their scale, names of columns on top, groups set apart."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from numpy.typing import ArrayLike

from reportgen.chapters.names import short_name
from reportgen.chapters.scale import Row, edges
from reportgen.chapters.style import (
    FONT,
    FOREGROUND,
    bare,
    figure_name,
    is_narrow,
    name_ticks,
    on_sheet,
    start_id,
)
from reportgen.judgments.choice import family_of
from reportgen.presets import INITIALIZERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["label_columns", "label_rows", "row_id", "row_texts", "row_width", "rule_cells", "write_sign"]

_SIGN_SIZE, _MIDDLE = 9, 0.32
"""Points, and how far above its baseline the middle of a line is, in parts of them."""

_ROW_ROOM, _LINE_ROOM = 40, 22
"""Letters of a row's label, which may name several families, that a map has room for, and a line on a narrow sheet."""


def row_texts(cells: pd.DataFrame) -> list[str]:
    """Return the labels of the rows of a map, each with its scale behind it: from its columns `row` and `sigma_w2`."""
    shown = cells.drop_duplicates("row")[["row", "sigma_w2"]]
    return [Row(label, scale, ()).text for label, scale in shown.itertuples(index=False)]


def row_id(label: str) -> str:
    """Return the id of a row of a map, for an artist's `gid`: that of all starts of our own that it stands for.

    Examples
    --------
    >>> row_id("lecun, orthogonal"), row_id("normal(1)"), row_id("mine")
    ('start:lecun_normal|lecun_uniform|orthogonal', 'start:random_normal(stddev=1)', 'start:mine')
    """
    parts = label.split(", ")
    ours = [name for name in INITIALIZERS if short_name(name) in parts or family_of(name) in parts]
    return start_id(*(ours or [label]))


def write_sign(axes: Axes, columns: ArrayLike, rows: ArrayLike, sign: str, color: str) -> None:
    """Write one sign into many cells of a map: as a marker, which takes less time and room than as many texts."""
    outline = TextPath((0, 0), sign, _SIGN_SIZE, prop=FontProperties(family=FONT))
    middle = (outline.get_extents().x0 + outline.get_extents().x1) / 2, _MIDDLE * _SIGN_SIZE
    marker = Path(outline.vertices - middle, outline.codes)
    size = 2 * float(np.abs(marker.vertices).max())  # a marker is scaled to this
    look: Any = {"linestyle": "none", "marker": marker, "markersize": size, "markeredgewidth": 0, "color": color}
    axes.plot(columns, rows, label=sign, scalex=False, scaley=False, **look)


def label_rows(axes: Axes, cells: pd.DataFrame) -> None:
    """Write every row of a map with its scale.

    Parameters
    ----------
    cells
        In the order of the map: `row` and `sigma_w2`.
    """
    written = [figure_name(text, _ROW_ROOM) for text in row_texts(cells)]
    if is_narrow():
        written = ["\n".join(wrap(text, _LINE_ROOM)) for text in written]
    axes.yaxis.set_ticks(range(len(written)), written, linespacing=1.0)
    for row, label in zip(cells["row"].unique(), axes.yaxis.get_ticklabels(), strict=True):
        label.set_gid(row_id(row))


def label_columns(axes: Axes, activations: Sequence[str], *, is_named: bool = True) -> None:
    """Write the names of the activations on top of a map, rule its cells, and leave nothing else.

    Hairlines are between cells, stronger ones between groups of activations: they are all that is seen of a cell with
    nothing in it.
    """
    rule_cells(axes, len(activations))
    for place in edges(activations):
        axes.axvline(place - 0.5, color=FOREGROUND, alpha=0.55, linewidth=1.0)
    turned: Any = on_sheet({"rotation": 55, "ha": "left", "rotation_mode": "anchor"}, {"rotation": 90})
    name_ticks(axes.xaxis, activations if is_named else [], 18, **turned)
    axes.xaxis.tick_top()
    bare(axes)


def rule_cells(axes: Axes, columns: int) -> None:
    """Draw hairlines between the cells of a map whose rows are at whole numbers of the y axis, and around it."""
    low, high = sorted(axes.get_ylim())
    look: Any = {"color": FOREGROUND, "alpha": 0.2, "linewidth": 0.6}
    axes.hlines(np.arange(low, high + 0.5), -0.5, columns - 0.5, **look)
    axes.vlines(np.arange(-0.5, columns), low, high, **look)


def row_width(panels: int, cells: pd.DataFrame, step: float) -> float:
    """Return the width (inches) of a line of maps, which share the labels of the rows, in which no two names overlap.

    Parameters
    ----------
    panels
        Maps side by side.
    cells
        `row`, `sigma_w2` and `activation`.
    step
        Width of a column: what it holds, and at least 0.2 for the names.
    """
    longest = max(len(figure_name(text, _ROW_ROOM)) for text in row_texts(cells))
    return max(8.0, 0.4 + 0.085 * longest + panels * (0.2 + step * cells["activation"].nunique()))
