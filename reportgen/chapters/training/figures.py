"""The figures of the chapter on training that show every start at once: the map, and that of added data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_rgba
from matplotlib.patches import Patch
from numpy.typing import NDArray

from reportgen.chapters.maps import row_width
from reportgen.chapters.strips import CLEAR, at_rows, color_bar, laid_out, name_columns, name_rows
from reportgen.chapters.style import CELL_INK, FOREGROUND, OUTCOME_COLORS, canvas, is_narrow, ramp
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
    rows, lines = cells["row"].nunique(), -(-len(groups) // _PANELS)
    height, narrow = (0.22 * rows + 1.1) * lines + 1.5, (0.35 * rows + 0.35) * lines + 2.0
    figure = canvas(height, row_width(_PANELS, cells, 0.23), narrow=narrow)
    slots = figure.subplots(lines, _PANELS, sharey=True, squeeze=False)
    for number, ((depth, optimizer), group) in enumerate(groups):
        axes = slots[divmod(number, _PANELS)]
        _draw_cells(axes, group, list(cells["row"].unique()), list(cells["activation"].unique()), right)
        name_columns(axes, list(cells["activation"].unique()), is_first=number < _PANELS)
        layers = f"{depth} hidden {'layer' if depth == 1 else 'layers'}"
        title = layers + (f", {OPTIMIZERS[str(optimizer)]}" if several else "")
        axes.set_title(title if not several or not is_narrow() else _close(title), loc="left", pad=6)
    for axes in slots[:, 0] if is_narrow() else slots[0, :1]:
        name_rows(axes, cells)
    for axes in slots.ravel()[len(groups) :]:
        axes.set_axis_off()
    _explain(figure, slots.ravel(), guess)
    return figure


def _close(title: str) -> str:
    """Return the title of one of two narrow panels."""
    return title.replace(" hidden", "")


def _draw_cells(axes: Axes, cells: pd.DataFrame, starts: list[str], activations: list[str], right: Normalize) -> None:
    """Draw one tile per start: those that learned are the darker, the more answers are right; those that stalled empty.

    Starts that diverged are flat, and have a cross.
    """
    shape = len(starts), len(activations)
    learned, others = np.ma.MaskedArray(np.zeros(shape), mask=True), np.zeros((*shape, 4))
    places = {name: number for names in (starts, activations) for number, name in enumerate(names)}
    for outcome, here in cells.groupby("outcome"):
        columns, rows = (here[name].map(places.get).to_numpy() for name in ("activation", "row"))
        if outcome == "learned":
            learned[rows, columns] = here["test_accuracy"].to_numpy(float)
            others[rows, columns] = CLEAR
        if outcome == "diverged":
            others[rows, columns] = to_rgba(OUTCOME_COLORS["diverged"])
            lines = np.array(at_rows(len(starts)))[rows]
            axes.plot(columns, lines, "x", color=CELL_INK, markersize=5, markeredgewidth=1.4)
    axes.imshow(laid_out(learned), _GREENS, right, aspect="auto")
    axes.imshow(laid_out(others), aspect="auto")
    axes.set(xlim=(-0.5, len(activations) - 0.5), ylim=(at_rows(len(starts))[-1] + 0.5, -0.5))


def _explain(figure: Canvas, slots: NDArray[np.object_], guess: float) -> None:
    """Draw the color bar, which begins at a guess, and say what the other tiles are."""
    scale = ScalarMappable(Normalize(guess, 1.0), _GREENS)
    ticks = {tick: f"{tick:.0%}" for tick in ((0.4, 0.6, 0.8, 1.0) if guess < _LOW else (1.0,))}
    look: Any = {"location": "bottom", "aspect": 50, "shrink": 0.7, "pad": 0.01}
    bar = color_bar(figure, scale, list(slots), {guess: f"a guess, {guess:.0%}", **ticks}, **look)
    bar.set_label("learned: right answers on test examples")
    handles = [
        Patch(facecolor="none", edgecolor=FOREGROUND, linewidth=0.6, label="empty: stalled"),
        Patch(facecolor=OUTCOME_COLORS["diverged"], label="×  diverged"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, handlelength=1.6, handleheight=1.1)
