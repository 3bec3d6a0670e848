"""The figures of the chapter on gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import LogNorm

from reportgen.chapters.change import change_axis, change_text, seen, travel_arrow
from reportgen.chapters.maps import label_columns, label_rows, row_width
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.style import FOREGROUND, canvas, figure_name, ink_on, look, ramp

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_added", "draw_deltas", "draw_depths", "draw_factors", "draw_weights"]

_STEEPEST = 1e3
_PANELS = ("relu", "tanh", "sigmoid")
_STARTS = (LARGE, "he_normal", "glorot_normal", "torch_default", SMALL)
"""The starts that are drawn; one that is advised and is none of them takes the place of He's."""

_LOWEST, _HIGHEST = -9, 9
"""Powers of ten that are shown; a line that goes on leaves the frame."""


# The map of factors -------------------------------------------------------------------------------------------------


def draw_factors(cells: pd.DataFrame) -> Canvas:
    """Draw the factor of the gradient per layer, start × activation."""
    rows, activations = cells["row"].unique(), cells["activation"].unique()
    table = cells.pivot(index="row", columns="activation", values="factor_per_layer").loc[rows, activations]
    figure = canvas(1.6 + 0.36 * len(rows), row_width(1, cells, 0.6))
    axes: Axes = figure.subplots()
    shown = np.ma.masked_equal(table.to_numpy().clip(0, _STEEPEST), 0)
    image = axes.imshow(shown, cmap=ramp("kept"), norm=LogNorm(0.5, 2), aspect="auto")
    colors = image.to_rgba(shown)
    for cell, factor in np.ndenumerate(table.to_numpy()):
        row, column = cell
        style: Any = {"ha": "center", "va": "center", "fontsize": 9, "color": ink_on(colors[cell]), "in_layout": False}
        axes.text(column, row, _written(factor), **style)
    label_columns(axes, list(activations))
    label_rows(axes, cells)
    bar = figure.colorbar(image, extend="both", pad=0.02)
    bar.set_ticks([0.5, np.sqrt(0.5), 1, np.sqrt(2), 2], labels=["÷ 2", "÷ √2", "kept", "× √2", "× 2"])
    bar.ax.minorticks_off()
    axes.set_title("Factor of the gradient per layer", loc="left", pad=6)
    return figure


def _written(factor: float) -> str:
    if factor == 0 or not np.isfinite(factor):
        return "0" if factor == 0 else "∞"
    return f"{factor:.2f}" if factor < 10 else f"{factor:.0f}"


# Gradients by depth and by layer ------------------------------------------------------------------------------------


def draw_depths(depths: pd.DataFrame, advised: pd.DataFrame) -> Canvas:
    """Draw the gradient of the first layer over that of the last, by depth."""
    figure = canvas(4.2)
    panels = figure.subplots(1, len(_PANELS), sharex=True, sharey=True)
    random = depths[depths["data"] == "gaussian"]
    for axes, activation in zip(panels, _PANELS, strict=True):
        change_axis(axes, _LOWEST, _HIGHEST)
        _draw_starts(axes, random[random["activation"] == activation], advised, ("depth", "ratio"))
        axes.set_title(figure_name(activation), loc="left")
        axes.set_xticks([2, 20, 50])
    panels[0].set_ylabel("gradient at the first layer")
    panels[1].set_xlabel("hidden layers of the net")
    return figure


def draw_deltas(deltas: pd.DataFrame, advised: pd.DataFrame) -> Canvas:
    """Draw delta by layer, over that of the last layer."""
    figure = canvas(4.2)
    panels = figure.subplots(1, len(_PANELS), sharex=True, sharey=True)
    for axes, activation in zip(panels, _PANELS, strict=True):
        change_axis(axes, _LOWEST, _HIGHEST)
        own = deltas[deltas["activation"] == activation]
        _draw_starts(axes, own, advised, ("layer", "delta"))
        axes.set_title(figure_name(activation), loc="left")
        axes.set_xticks([1, int(own["layer"].max())])
        travel_arrow(axes, "way of the gradient")
    panels[0].set_ylabel("gradient, over the last layer's")
    panels[1].set_xlabel("layer")
    return figure


def _draw_starts(axes: Axes, own: pd.DataFrame, advised: pd.DataFrame, columns: tuple[str, str]) -> None:
    """Draw one line per start, the advised one thick, as far as they are in the frame, and name them at their ends."""
    activation = str(own["activation"].iloc[0])
    best = str(advised.set_index("activation")["initializer"][activation])
    names = _STARTS if best in _STARTS else tuple(best if name == "he_normal" else name for name in _STARTS)
    ends = []
    for name in names:
        x, y = seen(own[own["initializer"] == name], *columns, _LOWEST, _HIGHEST)
        style, width = look(name), 3.0 if name == best else 1.4
        axes.plot(x, y, style.dash, color=style.color, linewidth=width, zorder=3 if name == best else 2)
        if len(x):
            ends.append((name, x, y, name == best))
    _label(axes, ends)


def _label(axes, ends):
    for name, x, y, best in ends:
        axes.annotate(figure_name(name), (x[-1], y[-1]), (4, 0), textcoords="offset points", va="center", fontsize=9, fontweight="bold" if best else "normal")


# The gradient of the weights ----------------------------------------------------------------------------------------


def draw_weights(weights: pd.DataFrame) -> Canvas:
    """Draw the norm of the weight gradient of tanh nets by layer, over the typical one of Glorot's."""
    own = weights[weights["activation"] == "tanh"]
    lines = own.pivot(index="layer", columns="initializer", values="gradient")[[LARGE, "glorot_normal", SMALL]]
    levels = lines / lines["glorot_normal"].median()
    figure = canvas(4.2)
    axes: Axes = figure.subplots()
    change_axis(axes, -21, 12)
    return figure


# Data that a user adds against random inputs ------------------------------------------------------------------------


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the factors on one data set against those on random inputs, where both are positive numbers."""
    factors = added[["on_random_inputs", "on_this_data"]]
    table = added[(factors.min(axis="columns") > 0) & (factors.max(axis="columns") < np.inf)]
    figure = canvas(max(4.6, 0.8 + 0.24 * table["initializer"].nunique()))
    axes: Axes = figure.subplots()
    values = table[factors.columns].to_numpy()
    ends = [values.min(initial=1), values.max(initial=1)]
    axes.plot(ends, ends, color=FOREGROUND, linewidth=1)
    for name, rows in table.groupby("initializer", sort=False):
        style, label = look(str(name)), figure_name(str(name))
        axes.plot(rows["on_random_inputs"], rows["on_this_data"], style.marker, color=style.color, label=label)
    labels = {"xlabel": "gradient per layer, random inputs", "ylabel": "gradient per layer, this data"}
    axes.set(xscale="log", yscale="log", **labels)
    axes.set_title("On the line: the same factor as on random inputs", loc="left")
    figure.legend(loc="outside right upper")
    return figure
