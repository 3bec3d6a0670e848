"""The figures of the front page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import BoundaryNorm, ListedColormap, to_rgb
from matplotlib.patches import Patch, Rectangle

from reportgen.chapters.style import (
    CELL_INK,
    LIGHT_INK,
    NONE_AT_ALL,
    RAMPS,
    VERDICT_COLORS,
    bare,
    canvas,
    map_width,
    name_ticks,
)
from reportgen.judgments.verdicts import VERDICTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_added", "draw_carried", "draw_verdicts"]

_GLYPHS = {
    "healthy": "✓",
    "vanishes": "↓",
    "explodes": "↑",
    "saturates": "S",
    "dies": "†",
    "symmetric": "=",
    "overflows": "∞",
}
_LIGHT_CELLS = ("vanishes", "explodes", "symmetric")


def draw_carried(carried: pd.DataFrame, depths: pd.DataFrame) -> Canvas:
    """Draw how deep each start carries: one number per initializer and activation."""
    grid, levels = carried.set_index("initializer"), [0, *depths["depth"]]
    steps = np.searchsorted(levels, grid.to_numpy())
    figure = canvas(1.6 + 0.34 * len(grid))
    axes = figure.subplots()
    pale, dark = map(to_rgb, RAMPS["carried"])
    shades = ListedColormap([NONE_AT_ALL, *np.linspace(pale, dark, len(levels) - 1)])
    axes.imshow(steps, cmap=shades, norm=BoundaryNorm(np.arange(len(levels) + 1) - 0.5, len(levels)), aspect="auto")
    for (row, column), step in np.ndenumerate(steps):
        ink = LIGHT_INK if step > len(levels) / 2 else CELL_INK
        axes.text(column, row, str(levels[step]), ha="center", va="center", color=ink, fontsize=10.5)
    _label_grid(axes, list(grid.index), list(grid.columns))
    axes.set_title("Hidden layers that each start carries (0: not even the shallowest net)", loc="left")
    return figure


def draw_verdicts(verdicts: pd.DataFrame) -> Canvas:
    """Draw the verdict map: one panel per depth, the legend in a slot of its own."""
    panels = verdicts.groupby("depth")
    rows = (len(panels) + 2) // 2
    starts, activations = list(verdicts["initializer"].unique()), list(verdicts["activation"].unique())
    figure = canvas((0.21 * len(starts) + 1.1) * rows, map_width(2, starts, activations))
    slots = figure.subplots(rows, 2, sharey=True).ravel()
    for (depth, cells), axes in zip(panels, slots, strict=False):
        _draw_panel(axes, cells)
        axes.set_title(f"{depth} hidden layers", loc="left")
    for axes in slots[len(panels) :]:
        axes.set_axis_off()
    slots[len(panels)].legend(handles=_legend(), loc="center", fontsize=11, handlelength=1.4, labelspacing=0.7)
    return figure


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the verdicts in the deepest nets on one data set, framed where they are others on random inputs."""
    cells = added[added["depth"] == added["depth"].max()]
    starts, activations = list(cells["initializer"].unique()), list(cells["activation"].unique())
    figure = canvas(1.5 + 0.3 * len(starts))
    axes = figure.subplots()
    _draw_panel(axes, cells, fontsize=10.5)
    for cell in cells[cells["verdict"] != cells["on_random_inputs"]].itertuples():
        corner = activations.index(cell.activation) - 0.44, starts.index(cell.initializer) - 0.44
        axes.add_patch(Rectangle(corner, 0.88, 0.88, fill=False, edgecolor=_ink(cell.verdict), linewidth=2.2))
    axes.set_title(f"{cells['depth'].iloc[0]} hidden layers; framed: another verdict than on random inputs", loc="left")
    figure.legend(handles=_legend(), loc="outside right center", handlelength=1.4)
    return figure


def _legend() -> list[Patch]:
    return [Patch(color=VERDICT_COLORS[name], label=f"{_GLYPHS[name]}  {name}") for name in VERDICTS]


def _draw_panel(axes: Axes, cells: pd.DataFrame, fontsize: float = 8) -> None:
    names, starts, activations = list(VERDICTS), cells["initializer"].unique(), cells["activation"].unique()
    grid = cells.pivot(index="initializer", columns="activation", values="verdict").loc[starts, activations]
    colors = ListedColormap([VERDICT_COLORS[name] for name in names])
    axes.imshow(grid.map(names.index).to_numpy(), cmap=colors, vmin=0, vmax=len(names) - 1, aspect="auto")
    for (row, column), verdict in np.ndenumerate(grid.to_numpy()):
        axes.text(column, row, _GLYPHS[verdict], ha="center", va="center", color=_ink(verdict), fontsize=fontsize)
    _label_grid(axes, list(starts), list(activations))


def _ink(verdict: str) -> str:
    return CELL_INK if verdict in _LIGHT_CELLS else LIGHT_INK


def _label_grid(axes: Axes, starts: list[str], activations: list[str]) -> None:
    name_ticks(axes.xaxis, activations, 18, rotation=40, ha="right", rotation_mode="anchor")
    name_ticks(axes.yaxis, starts)
    bare(axes)
