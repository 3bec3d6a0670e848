"""The figures of the chapter on gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import LogNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from reportgen.chapters.maps import label_columns, label_rows, row_width
from reportgen.chapters.style import FOREGROUND, LOST, Look, canvas, figure_name, ink_on, look, ramp

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_added", "draw_agreement", "draw_deltas", "draw_depths", "draw_factors", "draw_weights"]

_COLUMNS = 3
_DECADES, _WEIGHT_DECADES = 8, 32
"""Powers of ten on either side of one that are shown; a line that goes on leaves the frame."""

_HIDDEN = 40
"""The part of those powers of ten that is as wide as a line: a band so narrow lies behind it."""

_STEEPEST = 1e3
_NARROW, _ROWS = 16, 4
"""Letters of a name that has a quarter of the width, and rows of a legend that a figure has room for."""
_DEPTH_PANELS = ("sigmoid", "tanh", "relu")


# The map of factors -------------------------------------------------------------------------------------------------


def draw_factors(cells: pd.DataFrame) -> Canvas:
    """Draw the factor of the gradient per layer, start × activation."""
    rows, activations = cells["row"].unique(), cells["activation"].unique()
    table = cells.pivot(index="row", columns="activation", values="factor_per_layer").loc[rows, activations]
    figure = canvas(1.6 + 0.36 * len(rows), row_width(1, cells, 0.6))
    axes: Axes = figure.subplots()
    shown = np.ma.masked_equal(table.to_numpy().clip(0, _STEEPEST), 0)
    image = axes.imshow(shown, cmap=ramp("kept").with_extremes(bad=LOST), norm=LogNorm(0.5, 2), aspect="auto")
    colors = image.to_rgba(shown)
    for cell, factor in np.ndenumerate(table.to_numpy()):
        row, column = cell
        style: Any = {"ha": "center", "va": "center", "fontsize": 9, "color": ink_on(colors[cell]), "in_layout": False}
        axes.text(column, row, _written(factor), **style)
    label_columns(axes, list(activations))
    label_rows(axes, cells)
    bar = figure.colorbar(image, extend="both", ticks=[0.5, 0.7, 1, 1.4, 2], format="%.1f", pad=0.02)
    bar.ax.minorticks_off()
    axes.set_title("Gradient per layer: white is kept, blue shrinks, red grows", loc="left", pad=6)
    return figure


def _written(factor: float) -> str:
    if factor == 0 or not np.isfinite(factor):
        return "0" if factor == 0 else "∞"
    return f"{factor:.2f}" if factor < 10 else f"{factor:.0f}"


# Gradients by layer and by depth ------------------------------------------------------------------------------------


def draw_deltas(deltas: pd.DataFrame, flattest: pd.DataFrame, theory: pd.DataFrame) -> Canvas:
    """Draw delta by layer, and dotted what theory predicts."""
    figure = _draw_profiles(deltas, flattest, "rms of delta", _DECADES)
    for axes, activation in zip(figure.axes, deltas["activation"].unique(), strict=False):
        _draw_predictions(axes, theory[theory["activation"] == activation], _DECADES)
    return figure


def draw_weights(weights: pd.DataFrame, flattest: pd.DataFrame) -> Canvas:
    """Draw the norm of the weight gradient by layer."""
    return _draw_profiles(weights, flattest, "norm of the weight gradient", _WEIGHT_DECADES)


def _draw_profiles(profiles: pd.DataFrame, flattest: pd.DataFrame, label: str, decades: int) -> Canvas:
    """Draw a gradient by layer, one panel per activation, one line per initializer."""
    table = profiles.rename(columns={"layer": "x", "gradient": "value"})
    activations = list(table["activation"].unique())
    rows = -(-len(activations) // _COLUMNS)
    figure = canvas(1.4 + 1.9 * rows)
    panels = figure.subplots(rows, _COLUMNS, sharex=True, sharey=True).ravel()
    for axes, activation in zip(panels, activations, strict=False):
        _draw_panel(axes, table, flattest, activation, decades)
    for axes in panels[len(activations) - _COLUMNS : len(activations)]:
        axes.tick_params(labelbottom=True)
    for axes in panels[-_COLUMNS:]:
        axes.set_xlabel("layer")
    for axes in panels[len(activations) :]:
        axes.set_axis_off()
    figure.supylabel(label, fontsize=11)
    _add_legend(figure, table)
    return figure


def draw_depths(depths: pd.DataFrame, flattest: pd.DataFrame) -> Canvas:
    """Draw the gradient of the first layer over that of the last, by depth."""
    table = depths[depths["data"] == "gaussian"].rename(columns={"depth": "x", "ratio": "value"})
    figure = canvas(4.8)
    panels = figure.subplots(1, len(_DEPTH_PANELS), sharex=True, sharey=True)
    for axes, activation in zip(panels, _DEPTH_PANELS, strict=True):
        _draw_panel(axes, table, flattest, activation, _DECADES)
        axes.set_xlabel("depth (layers)")
    panels[0].set_ylabel("first layer's delta / last layer's")
    _add_legend(figure, table)
    return figure


def _draw_panel(axes: Axes, table: pd.DataFrame, flattest: pd.DataFrame, activation: str, decades: int) -> None:
    """Draw the lines of one activation, with its flattest initializer thick and named above."""
    best = str(flattest.set_index("activation")["initializer"][activation])
    zero, overflow, frame = _draw_frame(axes, decades)
    for name, line in table[table["activation"] == activation].groupby("initializer", sort=False):
        style, width, order = look(str(name)), *((2.8, 3) if name == best else (1.1, 2))
        inside = line[(line["value"] > 0) & np.isfinite(line["value"])]
        x, low, high = inside["x"], inside["lowest"], inside["highest"]
        axes.plot(x, inside["value"], style.dash, color=style.color, linewidth=width, zorder=order)[0].set_clip_path(
            frame
        )
        if np.log10(high / low).max() > decades / _HIDDEN:
            axes.fill_between(x, low, high, color=style.color, alpha=0.15, linewidth=0).set_clip_path(frame)
        for height, beyond in ((zero, line["value"] == 0), (overflow, np.isinf(line["value"]))):
            marks = line.loc[beyond, "x"]
            if len(marks):
                axes.plot(marks, [height] * len(marks), style.marker, color=style.color, markersize=3.5)
    axes.set_title(figure_name(activation, 12), loc="left")
    axes.set_title(figure_name(best, _NARROW), loc="right", color=look(best).color, fontsize=10)


def _draw_frame(axes: Axes, decades: int) -> tuple[float, float, Rectangle]:
    """Draw a band at the top for overflow and one at the bottom for exact zeros; return their heights and the frame."""
    top, bottom, margin = 10.0**decades, 10.0**-decades, 10 ** (0.3 * decades)
    frame = Rectangle((0, bottom), 1, top - bottom, transform=axes.get_yaxis_transform())
    overflow, zero = top * np.sqrt(margin), bottom / np.sqrt(margin)
    axes.set(yscale="log", ylim=(bottom / margin, top * margin))
    for band in ((top, top * margin), (bottom / margin, bottom)):
        axes.axhspan(*band, color=FOREGROUND, alpha=0.07, linewidth=0)
    powers = [power for power in range(-decades, decades) if power % (3 * decades // 8) == 0]
    axes.set_yticks(
        [zero, *(10.0**power for power in powers), overflow],
        ["exactly 0", *(f"$10^{{{power}}}$" if power else "1" for power in powers), "overflow"],
    )
    axes.minorticks_off()
    return zero, overflow, frame


def _draw_predictions(axes: Axes, theory: pd.DataFrame, decades: int) -> None:
    """Draw the theory's line, dotted, for every initializer that has a limit, as far as it is in the frame."""
    for _, line in theory.groupby("initializer"):
        seen = line[(line["delta_rms"] > 10.0**-decades) & (line["delta_rms"] < 10.0**decades)]
        axes.plot(seen["layer"], seen["delta_rms"], ":", color=FOREGROUND, linewidth=1.3, zorder=4)


def _add_legend(figure: Canvas, table: pd.DataFrame) -> None:
    names = [str(name) for name in table["initializer"].unique()]
    handles, labels = [_handle(look(name)) for name in names], [figure_name(name, 22) for name in names]
    columns = 4 if max(map(len, labels)) <= _NARROW else 3
    figure.set_figheight(figure.get_figheight() + 0.2 * max(0, -(-len(names) // columns) - _ROWS))
    figure.legend(handles, labels, loc="outside lower center", ncols=columns)


def _handle(style: Look) -> Line2D:
    handle = Line2D([], [], color=style.color, marker=style.marker, markersize=4)
    handle.set(linestyle=style.dash)
    return handle


# Real images against random inputs ----------------------------------------------------------------------------------


def draw_agreement(agreement: pd.DataFrame) -> Canvas:
    """Draw the factors on images of digits against those on random inputs."""
    words = "gradient per layer, images of digits", "Most pairs have the same factor on digits as on random inputs"
    return _draw_agreement(agreement, "gaussian", "digits", words)


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the factors on one data set against those on random inputs, where both are positive numbers."""
    factors = added[["on_random_inputs", "on_this_data"]]
    is_number = (factors.min(axis="columns") > 0) & (factors.max(axis="columns") < np.inf)
    words = "gradient per layer, this data", "On the line: the same factor as on random inputs"
    return _draw_agreement(added[is_number], "on_random_inputs", "on_this_data", words)


def _draw_agreement(table: pd.DataFrame, random: str, other: str, words: tuple[str, str]) -> Canvas:
    """Draw one mark per pair of initializer and activation, and the line where both factors are the same."""
    figure = canvas(max(4.6, 0.8 + 0.24 * table["initializer"].nunique()))
    axes: Axes = figure.subplots()
    factors = table[[random, other]].to_numpy()
    ends = [factors.min(initial=1), factors.max(initial=1)]
    axes.plot(ends, ends, color=FOREGROUND, linewidth=1)
    for name, rows in table.groupby("initializer", sort=False):
        style, label = look(str(name)), figure_name(str(name))
        axes.plot(rows[random], rows[other], style.marker, color=style.color, label=label)
    label, title = words
    axes.set(xscale="log", yscale="log", xlabel="gradient per layer, random inputs", ylabel=label, title=title)
    figure.legend(loc="outside right upper")
    return figure
