"""The figures of the chapter on training that show every start at once: the map, and that of added data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_rgba
from matplotlib.patches import Patch
from numpy.typing import NDArray

from reportgen.chapters.maps import label_columns, label_rows, row_width
from reportgen.chapters.style import CELL_INK, FOREGROUND, OUTCOME_COLORS, canvas, ramp
from reportgen.chapters.training.tables import OPTIMIZERS
from reportgen.judgments.frames import only, where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_added", "draw_map"]

_GREENS = ramp("right answers")
_PANELS = 2
_LOW = 0.35
"""A guess that gets less than this leaves room for ticks on the color bar."""


def draw_map(cells: pd.DataFrame, sizes: pd.DataFrame) -> Canvas:
    """Draw what became of every start, one row of panels per depth and one column per optimizer."""
    return _draw_map(cells, float(only(where(sizes, study="map")["guess"])))


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the same on one data set."""
    return _draw_map(added, float(only(added["guess"])))


def _draw_map(cells: pd.DataFrame, guess: float) -> Canvas:
    several, right = cells["optimizer"].nunique() > 1, Normalize(guess, 1.0)
    groups = cells.sort_values("depth", kind="stable").groupby(["depth", "optimizer"], sort=False)
    lines = -(-len(groups) // _PANELS)
    figure = canvas((0.22 * cells["row"].nunique() + 1.1) * lines + 1.5, row_width(_PANELS, cells, 0.23))
    slots = figure.subplots(lines, _PANELS, sharey=True, squeeze=False).ravel()
    for ((depth, optimizer), group), axes in zip(groups, slots, strict=False):
        _draw_cells(axes, group, list(cells["row"].unique()), list(cells["activation"].unique()), right)
        layers = f"{depth} hidden {'layer' if depth == 1 else 'layers'}"
        title = layers + (f", {OPTIMIZERS[str(optimizer)]}" if several else "")
        axes.set_title(title, loc="left", pad=6)
    label_rows(slots[0], cells)
    for axes in slots[len(groups) :]:
        axes.set_axis_off()
    _explain(figure, slots, guess)
    return figure


def _draw_cells(axes: Axes, cells: pd.DataFrame, starts: list[str], activations: list[str], right: Normalize) -> None:
    """Draw one tile per start: those that learned are the darker, the more answers are right; those that stalled empty.

    Starts that diverged are flat, and have a cross.
    """
    tiles = np.zeros((len(starts), len(activations), 4))
    places = {name: number for names in (starts, activations) for number, name in enumerate(names)}
    for outcome, here in cells.groupby("outcome"):
        columns, rows = (here[name].map(places.get).to_numpy() for name in ("activation", "row"))
        if outcome == "learned":
            tiles[rows, columns] = _GREENS(right(here["test_accuracy"].to_numpy(float)))
        if outcome == "diverged":
            tiles[rows, columns] = to_rgba(OUTCOME_COLORS["diverged"])
            axes.plot(columns, rows, "x", color=CELL_INK, markersize=5, markeredgewidth=1.4)
    axes.imshow(tiles, aspect="auto")
    axes.set(xlim=(-0.5, len(activations) - 0.5), ylim=(len(starts) - 0.5, -0.5))
    label_columns(axes, activations)


def _explain(figure: Canvas, slots: NDArray[np.object_], guess: float) -> None:
    """Draw the color bar, which begins at a guess, and say what the other tiles are."""
    scale = ScalarMappable(Normalize(guess, 1.0), _GREENS)
    bar = figure.colorbar(scale, ax=slots, location="bottom", aspect=50, shrink=0.7, pad=0.01)
    bar.set_label("learned: right answers on test examples")
    ticks = [0.4, 0.6, 0.8, 1.0] if guess < _LOW else [1.0]
    bar.set_ticks([guess, *ticks], labels=[f"a guess, {guess:.0%}", *(f"{tick:.0%}" for tick in ticks)])
    handles = [
        Patch(facecolor="none", edgecolor=FOREGROUND, linewidth=0.6, label="empty: stalled"),
        Patch(facecolor=OUTCOME_COLORS["diverged"], label="×  diverged"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, handlelength=1.6, handleheight=1.1)
