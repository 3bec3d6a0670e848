"""The figures of the front page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon, Rectangle

from reportgen.chapters.maps import label_columns, label_rows, row_width, write_sign
from reportgen.chapters.style import (
    CELL_INK,
    FOREGROUND,
    LIGHT_INK,
    VERDICT_COLORS,
    canvas,
)
from reportgen.judgments.verdicts import RULES, occurring

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_added", "draw_verdicts"]

_SIGNS = {rule.verdict: rule.sign for rule in RULES}
_WORDS = list(_SIGNS)
_DARK = ("healthy", "saturates", "dies", "overflows")
"""Verdicts whose cells are dark."""

_PANELS = 3


def draw_verdicts(cells: pd.DataFrame, used: pd.DataFrame) -> Canvas:
    """Draw the verdict map: one panel per depth, starts by scale, and a frame around the start that goes first."""
    rows, activations = list(cells["row"].unique()), list(cells["activation"].unique())
    panels = cells.groupby("depth")
    lines = -(-(len(panels) + 1) // _PANELS)
    figure = canvas((0.31 * len(rows) + 1.3) * lines, row_width(_PANELS, cells, 0.26))
    slots = figure.subplots(lines, _PANELS, sharey=True, squeeze=False).ravel()
    for (depth, here), axes in zip(panels, slots, strict=False):
        _draw_panel(axes, here, rows, activations)
        _frame(axes, [(activations.index(a), rows.index(r)) for r, a in used.itertuples(index=False)], FOREGROUND)
        axes.set_title(f"{depth} hidden layers", loc="left", pad=6)
    label_rows(slots[0], cells)
    for axes in slots[len(panels) :]:
        axes.set_axis_off()
    slots[len(panels)].legend(handles=_legend(cells), loc="center", fontsize=11, handlelength=1.4, labelspacing=0.6)
    return figure


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the verdicts in the deepest nets on one data set, framed where they are others on random inputs."""
    cells = added[added["depth"] == added["depth"].max()]
    rows, activations = list(cells["row"].unique()), list(cells["activation"].unique())
    figure = canvas(1.9 + 0.33 * len(rows), row_width(1, cells, 0.3) + 1.0)
    axes = figure.subplots()
    _draw_panel(axes, cells, rows, activations)
    label_rows(axes, cells)
    differ = cells[cells["verdict"] != cells["on_random_inputs"]]
    places = [(activations.index(cell.activation), rows.index(str(cell.row))) for cell in differ.itertuples()]
    _frame(axes, places, FOREGROUND)
    axes.set_title(f"{cells['depth'].iloc[0]} hidden layers; framed: another verdict than on random inputs", loc="left")
    figure.legend(handles=_legend(cells, used=False), loc="outside right center", handlelength=1.4)
    return figure


def _legend(cells: pd.DataFrame, *, used: bool = True) -> list[Artist]:
    handles: list[Artist] = [
        Patch(color=VERDICT_COLORS[rule.verdict], label=f"{rule.sign}  {rule.verdict}") for rule in occurring(cells)
    ]
    if (cells["other"] != "").any():
        handles.append(
            Line2D([], [], marker="v", linestyle="none", color=FOREGROUND, label="corner: networks disagree")
        )
    if used:
        handles.append(Patch(fill=False, edgecolor=FOREGROUND, linewidth=1.8, label="frame: start with this"))
    return handles


def _draw_panel(axes: Axes, cells: pd.DataFrame, rows: Sequence[str], activations: Sequence[str]) -> None:
    """Draw one cell per start and activation: its color and sign; a corner has the other verdict of some networks."""
    grid = cells.pivot(index="row", columns="activation", values="verdict").loc[list(rows), list(activations)]
    colors = ListedColormap([VERDICT_COLORS[word] for word in _WORDS])
    axes.imshow(grid.map(_WORDS.index).to_numpy(), cmap=colors, vmin=0, vmax=len(_WORDS) - 1, aspect="auto")
    for verdict in sorted(set(cells["verdict"])):
        places = np.argwhere((grid == verdict).to_numpy())
        write_sign(axes, places[:, 1], places[:, 0], _SIGNS[verdict], _ink(verdict))
    for cell in cells[cells["other"] != ""].itertuples():
        x, y = activations.index(cell.activation), rows.index(cell.row)
        corner = [(x + 0.5, y - 0.5), (x + 0.5, y + 0.05), (x - 0.05, y - 0.5)]
        axes.add_patch(Polygon(corner, color=VERDICT_COLORS[str(cell.other)], linewidth=0))
    label_columns(axes, activations)


def _frame(axes: Axes, places: Sequence[tuple[int, int]], color: str) -> None:
    for x, y in places:
        axes.add_patch(
            Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, fill=False, edgecolor=color, linewidth=1.8, zorder=3)
        )


def _ink(verdict: str) -> str:
    return LIGHT_INK if verdict in _DARK else CELL_INK
