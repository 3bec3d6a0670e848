"""The figures of the chapter on training that show how trainings ended, and how they went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PatchCollection
from matplotlib.colors import Normalize, to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from reportgen.chapters.maps import label_columns, label_rows, row_width
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.style import (
    CELL_INK,
    FOREGROUND,
    OUTCOME_COLORS,
    OUTCOME_EDGE,
    canvas,
    figure_name,
    look,
    ramp,
)
from reportgen.chapters.training.tables import OPTIMIZERS
from reportgen.judgments.frames import only, where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["FILLS", "LINES", "add_legend", "draw_added", "draw_deep", "draw_guess", "draw_map", "draw_plane", "entitle"]

_HATCHES: Mapping[str, Mapping[str, str]] = {"diverged": {"hatch": "xxxx", "edgecolor": OUTCOME_EDGE}}
FILLS: Mapping[str, Mapping[str, Any]] = {
    outcome: {"facecolor": color, **_HATCHES.get(outcome, {})} for outcome, color in OUTCOME_COLORS.items()
}
"""Outcome -> how its patches are filled; they differ in lightness and hatch, and so without color too."""

_GLYPHS = {"diverged": "x", "stalled": "_"}
"""Outcome -> the marker on its tile."""

_GREENS = ramp("right answers")
_RIGHT = Normalize(0.2, 1.0)
_PANELS = 2
_HALF = 0.5

LINES = {"zeros": (6.5, "-"), SMALL: (3.6, "-"), LARGE: (2.2, (0, (2.5, 1.5)))}
"""Initializer -> width and dash of its line: several of these often lie on one another, and all are to be seen."""


def entitle(figure: Canvas, message: str) -> None:
    """Put the message of a figure with several panels above them."""
    figure.suptitle(message, x=0.01, ha="left", size=12)


# The map -------------------------------------------------------------------------------------------------------------


def draw_map(cells: pd.DataFrame) -> Canvas:
    """Draw what became of every start, one row of panels per depth and one column per optimizer."""
    return _draw_map(cells, _RIGHT, "Green learned: fewer starts do with every layer, and more with Adam")


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the same on one data set."""
    return _draw_map(
        added, Normalize(float(only(added["guess"])), 1), "What became of every start on this data: green learned"
    )


def _draw_map(cells: pd.DataFrame, right: Normalize, message: str) -> Canvas:
    several = cells["optimizer"].nunique() > 1
    groups = cells.sort_values("depth", kind="stable").groupby(["depth", "optimizer"], sort=False)
    lines = -(-len(groups) // _PANELS)
    figure = canvas((0.22 * cells["row"].nunique() + 1.15) * lines + 1.9, row_width(_PANELS, cells, 0.23))
    slots = figure.subplots(lines, _PANELS, sharey=True, squeeze=False).ravel()
    for ((depth, optimizer), group), axes in zip(groups, slots, strict=False):
        _draw_cells(axes, group, list(cells["row"].unique()), list(cells["activation"].unique()), right)
        title = f"{depth} hidden layers" + (f", {OPTIMIZERS[str(optimizer)]}" if several else "")
        axes.set_title(title, loc="left", pad=6)
    label_rows(slots[0], cells)
    for axes in slots[len(groups) :]:
        axes.set_axis_off()
    bar = figure.colorbar(ScalarMappable(right, _GREENS), ax=slots, location="bottom", aspect=50, shrink=0.7, pad=0.01)
    bar.set_label("learned: share of the test examples that are classified rightly")
    bar.ax.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    _explain_fills(figure, ("stalled", "diverged"))
    entitle(figure, message)
    return figure


def _draw_cells(axes: Axes, cells: pd.DataFrame, starts: list[str], activations: list[str], right: Normalize) -> None:
    """Draw one tile per start; those that learned are the darker, the more answers are right."""
    tiles = np.zeros((len(starts), len(activations), 4))
    for outcome, here in cells.groupby("outcome"):
        columns = [activations.index(name) for name in here["activation"]]
        rows = [starts.index(name) for name in here["row"]]
        fill = FILLS[str(outcome)]
        tiles[rows, columns] = to_rgba(fill["facecolor"])
        if outcome == "learned":
            tiles[rows, columns] = _GREENS(right(here["test_accuracy"].to_numpy(float)))
        if "hatch" in fill:
            hatched = [Rectangle((x - 0.5, y - 0.5), 1, 1) for x, y in zip(columns, rows, strict=True)]
            axes.add_collection(PatchCollection(hatched, linewidth=0, **fill))
        sign = _GLYPHS.get(str(outcome), "none")
        axes.plot(columns, rows, marker=sign, color=CELL_INK, markersize=5, markeredgewidth=1.4, linestyle="none")
    axes.imshow(tiles, aspect="auto")
    axes.set(xlim=(-0.5, len(activations) - 0.5), ylim=(len(starts) - 0.5, -0.5))
    label_columns(axes, activations)


def _explain_fills(figure: Canvas, outcomes: Iterable[str]) -> None:
    signs = {"x": "×", "_": "–"}
    patches = [Patch(**FILLS[name], linewidth=0, label=f"{signs[_GLYPHS[name]]}  {name}") for name in outcomes]
    figure.legend(handles=patches, loc="outside lower center", ncols=len(patches), handlelength=2.2, handleheight=1.1)


# Curves --------------------------------------------------------------------------------------------------------------


def draw_deep(curves: pd.DataFrame, sizes: pd.DataFrame) -> Canvas:
    """Draw loss and accuracy of the deep ReLU nets over the updates, under Glorot and He."""
    own = where(sizes, study="deep")
    classes, depth = int(only(own["classes"])), int(only(own["depth"]))
    figure = canvas(3.9)
    loss, right = figure.subplots(1, 2, sharex=True)
    for name, lines in curves.groupby("initializer", sort=False):
        _draw_replicates(loss, lines, "test_loss", str(name))
        _draw_replicates(right, lines, "test_accuracy", str(name))
    draw_guess(loss, np.log(classes), f"ln {classes}: a guess")
    for name, place in (("he_normal", (0.04, 0.88)), ("glorot_normal", (0.6, 0.12))):
        right.text(*place, name, transform=right.transAxes, color=look(name).color, fontweight="bold")
    loss.set(ylim=(0, 1.15 * np.log(classes)), xlabel="updates", ylabel="test loss (nats)")
    right.set(ylim=(0, 1), xlabel="updates", ylabel="right answers")
    right.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    entitle(figure, f"ReLU, {depth} layers, SGD: He learns, Glorot stalls")
    return figure


def _draw_replicates(axes: Axes, lines: pd.DataFrame, column: str, name: str) -> None:
    """Draw every network as a thin line, and their median as a thick one where at least half have a number."""
    style = look(name)
    width, dash = LINES.get(name, (2.2, style.dash))
    wide = lines.pivot(index="step", columns="replicate", values=column)
    wide = wide.where(np.isfinite(wide))
    axes.plot(wide.index, wide, color=style.color, linewidth=0.8, alpha=0.5)
    typical = wide.median(axis=1).where(wide.notna().mean(axis=1) >= _HALF)
    axes.plot(wide.index, typical, color=style.color, linestyle=dash, linewidth=width)


def draw_guess(axes: Axes, level: float, label: str) -> None:
    """Draw a dashed line at what a guess gets."""
    axes.axhline(level, color=FOREGROUND, linestyle="--", linewidth=1.2, zorder=1)
    axes.annotate(label, (0.02, level), (0, 5), xycoords=axes.get_yaxis_transform(), textcoords="offset points")


def draw_plane(curves: pd.DataFrame) -> Canvas:
    """Draw the loss on the problems in the plane over the updates, one panel per problem and activation."""
    problems, activations = curves["data"].unique(), curves["activation"].unique()
    figure = canvas(6.0)
    panels = figure.subplots(len(problems), len(activations), sharex=True, sharey=True, squeeze=False)
    for row, problem in zip(panels, problems, strict=True):
        for axes, activation in zip(row, activations, strict=True):
            here = where(curves, data=problem, activation=activation)
            for name, lines in here.groupby("initializer", sort=False):
                _draw_replicates(axes, lines, "test_loss", str(name))
            _name_diverged(axes, here)
            axes.set_title(f"{problem}, {activation}", loc="left")
        row[0].set_ylabel("test loss (nats)")
    draw_guess(panels[0, 0], float(np.log(2)), "ln 2: a guess")
    for axes in panels.ravel()[1:]:
        axes.axhline(np.log(2), color=FOREGROUND, linestyle="--", linewidth=1.2, zorder=1)
    panels[0, 0].set_ylim(0, 1.5)
    for axes in panels[-1]:
        axes.set_xlabel("updates")
    add_legend(figure, [str(name) for name in curves["initializer"].unique()])
    entitle(figure, "Two inputs, the same story: starts without a signal stay at ln 2")
    return figure


def _name_diverged(axes: Axes, curves: pd.DataFrame) -> None:
    """Write at the top which starts have no curve, because most of their networks have diverged."""
    last = where(curves, step=curves["step"].max())
    lost = last["test_loss"].isna().groupby(last["initializer"], sort=False).mean()
    names = [figure_name(str(name)) for name in lost.index[lost > 1 - _HALF]]
    if names:
        axes.text(0.98, 0.96, f"× diverged: {', '.join(names)}", transform=axes.transAxes, ha="right", va="top")


def add_legend(figure: Canvas, names: list[str]) -> None:
    """Name the starts below the panels."""
    handles = [Line2D([], [], color=look(name).color, marker=look(name).marker, markersize=5) for name in names]
    figure.legend(handles, [figure_name(name) for name in names], loc="outside lower center", ncols=3)
