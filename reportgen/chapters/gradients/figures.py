"""The figures of the chapter on gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import LogNorm
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from reportgen.chapters.change import change_axis, change_text, right_axis, seen, travel_arrow
from reportgen.chapters.labels import spread
from reportgen.chapters.maps import row_width
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.strips import LINE, at_rows, color_bar, laid_out, name_columns, name_rows
from reportgen.chapters.style import (
    FOREGROUND,
    GREY,
    RECOMMENDED,
    canvas,
    figure_name,
    ink_on,
    look,
    on_sheet,
    ramp,
    start_id,
)
from reportgen.chapters.swatches import Named, name_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_added", "draw_deltas", "draw_depths", "draw_factors", "draw_weights"]

_STEEPEST = 1e3
_PANELS = ("relu", "tanh", "sigmoid")
_GLOROT = "glorot_normal"
_STARTS = (LARGE, "he_normal", _GLOROT, "torch_default", SMALL)
"""The starts that are drawn; one that is advised and is none of them takes the place of He's."""

_THIN = 1.4
_LINE = 16
"""Letters of a name that a panel has room for beside it."""

_NAMED = 3
"""Pairs that are named where all are drawn."""

_LOWEST, _HIGHEST = -9, 9
"""Powers of ten that are shown; a line that goes on leaves the frame."""


_ROUGH = 2
"""From here on a narrow sheet has room for one decimal place."""

_NOTHING: dict[str, Any] = {"fill": False, "hatch": "//", "edgecolor": GREY, "linewidth": 0}


# The map of factors -------------------------------------------------------------------------------------------------


def draw_factors(cells: pd.DataFrame) -> Canvas:
    """Draw the factor of the gradient per layer, start × activation."""
    rows, activations = cells["row"].unique(), cells["activation"].unique()
    table = cells.pivot(index="row", columns="activation", values="factor_per_layer").loc[rows, activations]
    factors = table.to_numpy()
    figure = canvas(1.6 + 0.36 * len(rows), row_width(1, cells, 0.6), narrow=2 * LINE * len(rows) + 2.0)
    axes: Axes = figure.subplots()
    shown = np.ma.masked_equal(factors.clip(0, _STEEPEST), 0)
    image = axes.imshow(laid_out(shown), cmap=ramp("kept"), norm=LogNorm(0.5, 2), aspect="auto")
    colors, lines = image.to_rgba(shown), at_rows(len(rows))
    for cell, factor in np.ndenumerate(factors):
        row, column = cell
        style: Any = {"ha": "center", "va": "center", "fontsize": on_sheet(9, 9.5), "in_layout": False}
        axes.text(column, lines[row], _written(factor), color=ink_on(colors[cell]), **style)
    _hatch_nothing(axes, factors == 0)
    name_columns(axes, list(activations))
    name_rows(axes, cells)
    ticks = {0.5: "÷ 2", 0.5**0.5: "÷ √2", 1.0: "kept", 2**0.5: "× √2", 2.0: "× 2"}
    color_bar(figure, image, [axes], ticks, extend="both")
    axes.set_title("factor of the gradient per layer", pad=6)
    return figure


def _hatch_nothing(axes: Axes, nothing: NDArray[np.bool_]) -> None:
    """Hatch the cells in which no gradient arrives: without color they would look as if it were kept."""
    lines = at_rows(len(nothing))
    for row, column in np.argwhere(nothing):
        axes.add_patch(Rectangle((column - 0.5, lines[row] - 0.5), 1, 1, **_NOTHING))


def _written(factor: float) -> str:
    if factor == 0 or not np.isfinite(factor):
        return "0" if factor == 0 else "∞"
    digits = 0 if factor >= 10 else on_sheet(2, 1) if factor >= _ROUGH else 2
    written = f"{factor:.{digits}f}"
    return on_sheet(written, written.removeprefix("0"))


# Gradients by depth and by layer ------------------------------------------------------------------------------------


def draw_depths(depths: pd.DataFrame, advised: pd.DataFrame) -> Canvas:
    """Draw the gradient of the first layer over that of the last, by depth."""
    figure, panels = _panels()
    random = depths[depths["data"] == "gaussian"]
    for axes, activation in zip(panels, _PANELS, strict=True):
        _draw_starts(axes, random[random["activation"] == activation], advised, ("depth", "ratio"))
        axes.set_xticks([2, 20, 50])
    figure.supylabel("gradient, first layer over last", fontsize=11)
    figure.supxlabel("hidden layers of the net", fontsize=11)
    return figure


def draw_deltas(deltas: pd.DataFrame, advised: pd.DataFrame) -> Canvas:
    """Draw delta by layer, over that of the last layer."""
    figure, panels = _panels()
    for axes, activation in zip(panels, _PANELS, strict=True):
        own = deltas[deltas["activation"] == activation]
        _draw_starts(axes, own, advised, ("layer", "delta"), on_left=True)
        axes.set_xticks([1, int(own["layer"].max())])
        travel_arrow(axes)
    right_axis(panels, "gradient, over the last layer's")
    figure.supxlabel(
        on_sheet("layer (the arrow is the way of the gradient)", "layer (arrow: way of the gradient)"), fontsize=11
    )
    return figure


def _panels() -> tuple[Canvas, Sequence[Axes]]:
    figure = canvas(3.9, 9.2, narrow=7.4)
    panels = figure.subplots(*on_sheet((1, len(_PANELS)), (len(_PANELS), 1)), sharex=True, sharey=True)
    for axes, activation in zip(panels, _PANELS, strict=True):
        change_axis(axes, _LOWEST, _HIGHEST)
        axes.set_title(figure_name(activation))
    return figure, panels


def _draw_starts(
    axes: Axes, own: pd.DataFrame, advised: pd.DataFrame, columns: tuple[str, str], *, on_left: bool = False
) -> None:
    """Draw one line per start, the advised one thick, as far as they are in the frame, and name them at their ends."""
    best = str(advised.set_index("activation")["initializer"][own["activation"].iloc[0]])
    names = _STARTS if best in _STARTS else tuple(best if name == "he_normal" else name for name in _STARTS)
    lines = []
    for name in names:
        x, y = seen(own[own["initializer"] == name], *columns, _LOWEST, _HIGHEST)
        style, end = look(name), 0 if on_left else -1
        width, order = (RECOMMENDED, 3) if name == best else (_THIN, 2)
        axes.plot(x, y, style.dash, color=style.color, linewidth=width, zorder=order, gid=start_id(name))
        if len(x):
            lines.append(Named(_broken(figure_name(name)), style, width, x[end], y[end], name == best, start_id(name)))
    name_lines(axes, lines, on_left=on_left, gap=0.085)


def _broken(name: str) -> str:
    """Return a long name with its parameters on a second line."""
    return name if len(name) <= _LINE else name.replace("(", "\n(", 1)


# The gradient of the weights ----------------------------------------------------------------------------------------


def draw_weights(weights: pd.DataFrame) -> Canvas:
    """Draw the norm of the weight gradient of tanh nets by layer, over the typical one of Glorot's."""
    own = weights[weights["activation"] == "tanh"].pivot(index="layer", columns="initializer", values="gradient")
    lines = own / own[_GLOROT].median()
    figure = canvas(3.6, narrow=3.8)
    axes: Axes = figure.subplots()
    lowest, highest = -24, 12
    change_axis(axes, lowest, highest, step=6, same="as Glorot's")
    ends = []
    for name in (LARGE, _GLOROT, SMALL):
        x, y = seen(lines[name].reset_index(), "layer", name, lowest, highest)
        style, width = look(name), RECOMMENDED if name == _GLOROT else _THIN
        axes.plot(x, y, style.dash, color=style.color, linewidth=width, gid=start_id(name))
        if len(x):
            ends.append(Named(figure_name(name), style, width, x[0], y[0], name == _GLOROT, start_id(name)))
    name_lines(axes, ends, on_left=True)
    right_axis([axes], "norm of the weight gradient")
    _draw_bracket(axes, float(lines[SMALL].median()))
    axes.set_xticks([1, *range(5, int(own.index.max()) + 1, 5)])
    axes.set_xlabel("layer")
    axes.set_title("tanh")
    return figure


def _draw_bracket(axes: Axes, level: float) -> None:
    """Mark how far a flat line is below the one at 1; nothing where it is exactly zero or lost."""
    if not 0 < level < np.inf:
        return
    middle = float(np.mean(axes.get_xlim()))
    arrow = {"arrowstyle": "<->", "color": FOREGROUND, "linewidth": 1.2, "shrinkA": 2, "shrinkB": 2}
    axes.annotate("", (middle, level), (middle, 1.0), arrowprops=arrow)
    text = change_text(round(np.log10(level)))
    axes.annotate(text, (middle, np.sqrt(level)), (6, 0), textcoords="offset points", va="center", fontsize=11)


# Data that a user adds against random inputs ------------------------------------------------------------------------


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the factors on one data set against those on random inputs, and name the pairs that differ most."""
    factors = added[["on_random_inputs", "on_this_data"]]
    table = added[(factors.min(axis="columns") > 0) & (factors.max(axis="columns") < np.inf)]
    figure = canvas(4.6, narrow=5.2)
    axes: Axes = figure.subplots()
    random, own = table["on_random_inputs"].to_numpy(float), table["on_this_data"].to_numpy(float)
    ends = [min(random.min(initial=1), own.min(initial=1)), max(random.max(initial=1), own.max(initial=1))]
    axes.plot(ends, ends, color=FOREGROUND, linewidth=1)
    axes.plot(random, own, "o", color=GREY, markersize=4)
    label = f"factor per layer,{on_sheet(' ', chr(10))}random inputs"
    axes.set(xscale="log", yscale="log", xlabel=label, ylabel="factor per layer, this data")
    figure.suptitle("on the line: the same as on random inputs", x=0.02, ha="left", fontsize=11, fontweight="bold")
    _name_furthest(axes, table, np.abs(np.log(own / random)))
    return figure


def _name_furthest(axes: Axes, table: pd.DataFrame, apart: NDArray[np.float64]) -> None:
    """Name the pairs that are furthest apart, to the right of the axes, each with a thread to its mark."""
    furthest = table.iloc[np.argsort(-apart, kind="stable")[:_NAMED]]
    places = furthest[["on_random_inputs", "on_this_data"]].to_numpy(float)
    axes.get_xlim()  # asked for, limits are final
    heights = axes.transAxes.inverted().transform(axes.transData.transform(places))[:, 1]
    thread: Any = {"arrowstyle": "-", "color": FOREGROUND, "alpha": 0.4, "linewidth": 0.6, "shrinkA": 2, "shrinkB": 2}
    names, room = furthest[["activation", "initializer"]].to_numpy(str), on_sheet(28, 18)
    for (activation, start), (x, y), height in zip(names, places, spread(list(heights), 0.13), strict=True):
        axes.plot([x], [y], look(start).marker, color=look(start).color, markersize=6)
        text = f"{figure_name(activation, room)},\n{figure_name(start, room)}"
        axes.annotate(
            text, (x, y), (1.04, height), textcoords="axes fraction", va="center", fontsize=10, arrowprops=thread
        )
