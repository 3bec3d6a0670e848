"""The figures of the chapter on gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from reportgen.battery.results import Results
from reportgen.chapters.gradients.tables import DEPTH, agreement, factors, flattest, profiles, ratios
from reportgen.chapters.names import short_name
from reportgen.chapters.overlay import theory_lines
from reportgen.chapters.style import FOREGROUND, Look, canvas, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_agreement", "draw_depths", "draw_factors", "draw_profiles"]

_COLUMNS = 3
_DECADES = 8
_STEEPEST = 1e3
_DARK_INK, _LIGHT_INK = "#111111", "#ffffff"
_COLORS = ["#2b6cb0", "#8db9e2", "#f7f7f5", "#f0a58a", "#c2453a"]
_KEPT_IS_WHITE = LinearSegmentedColormap.from_list("kept", _COLORS).with_extremes(bad="#8a8f98")
_DEPTH_PANELS = ("sigmoid", "tanh", "relu")


# The map of factors -------------------------------------------------------------------------------------------------


def draw_factors(results: Results) -> Canvas:
    """Draw the factor of the gradient per layer, initializer × activation."""
    table = factors(results)
    figure = canvas(1.2 + 0.32 * len(table), width=max(8.0, 1.6 + 0.6 * table.shape[1]))
    axes: Axes = figure.subplots()
    shown = np.ma.masked_equal(table.to_numpy().clip(0, _STEEPEST), 0)
    image = axes.imshow(shown, cmap=_KEPT_IS_WHITE, norm=LogNorm(0.5, 2), aspect="auto")
    colors = image.to_rgba(shown)
    for cell, factor in np.ndenumerate(table.to_numpy()):
        row, column = cell
        axes.text(column, row, _written(factor), ha="center", va="center", fontsize=9, color=_ink(colors[cell]))
    axes.set_xticks(range(table.shape[1]), table.columns, rotation=35, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(table)), [short_name(name) for name in table.index])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    bar = figure.colorbar(image, extend="both", ticks=[0.5, 0.7, 1, 1.4, 2], format="%.1f", pad=0.02)
    bar.ax.minorticks_off()
    axes.set_title("Gradient per layer: white is kept, blue vanishes, red explodes")
    return figure


def _written(factor: float) -> str:
    if factor == 0 or not np.isfinite(factor):
        return "0" if factor == 0 else "∞"
    return f"{factor:.2f}" if factor < 10 else f"{factor:.0f}"


def _ink(background: NDArray[np.float64]) -> str:
    """Return the color of a text that can be read on a background (red, green, blue, alpha), by its luminance."""
    return _DARK_INK if background[:3] @ [0.299, 0.587, 0.114] > 0.5 else _LIGHT_INK


# Gradients by layer and by depth ------------------------------------------------------------------------------------


def draw_profiles(results: Results, column: str, label: str, decades: int) -> Canvas:
    """Draw a gradient by layer, one panel per activation, one line per initializer.

    Parameters
    ----------
    results
        With the tables of the experiment ``propagation``.
    column, label
        Which gradient of the table ``gradients``, and what the axis calls it.
    decades
        Powers of ten on either side of one that are shown; a line that goes on leaves the frame.
    """
    table, best = profiles(results, column).rename(columns={"gradient": "value"}), flattest(results)
    predicted = theory_lines(results, "delta_rms", depth=DEPTH)
    activations = list(table["activation"].unique())
    rows = -(-len(activations) // _COLUMNS)
    figure = canvas(1.4 + 1.9 * rows)
    panels = figure.subplots(rows, _COLUMNS, sharex=True, sharey=True).ravel()
    for axes, activation in zip(panels, activations, strict=False):
        _draw_lines(axes, table[table["activation"] == activation], "layer", decades, best[activation])
        _entitle(axes, activation, best[activation])
        if column == "delta_rms":
            _draw_predictions(axes, predicted.xs(activation, level="activation"), decades)
    for axes in panels[len(activations) - _COLUMNS : len(activations)]:
        axes.tick_params(labelbottom=True)
    for axes in panels[-_COLUMNS:]:
        axes.set_xlabel("layer")
    for axes in panels[len(activations) :]:
        axes.set_axis_off()
    figure.supylabel(label, fontsize=11)
    _add_legend(figure, table)
    return figure


def draw_depths(results: Results) -> Canvas:
    """Draw the gradient of the first layer over that of the last, by depth."""
    table, best = ratios(results).rename(columns={"ratio": "value"}), flattest(results)
    table = table[table["data"] == "gaussian"]
    figure = canvas(4.8)
    panels = figure.subplots(1, len(_DEPTH_PANELS), sharex=True, sharey=True)
    for axes, activation in zip(panels, _DEPTH_PANELS, strict=True):
        _draw_lines(axes, table[table["activation"] == activation], "depth", _DECADES, best[activation])
        _entitle(axes, activation, best[activation])
        axes.set_xlabel("depth (layers)")
    panels[0].set_ylabel("first layer's delta / last layer's")
    _add_legend(figure, table)
    return figure


def _entitle(axes: Axes, activation: str, best: str) -> None:
    axes.set_title(activation, loc="left")
    axes.set_title(short_name(best), loc="right", color=look(best).color, fontsize=10)


def _draw_lines(axes: Axes, rows: pd.DataFrame, x: str, decades: int, best: str) -> None:
    """Draw one line per initializer, with a band at the top for overflow and one at the bottom for exact zeros."""
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
    for name, line in rows.groupby("initializer", sort=False):
        style, is_best = look(str(name)), name == best
        inside = line[(line["value"] > 0) & np.isfinite(line["value"])]
        drawn = axes.plot(
            inside[x],
            inside["value"],
            color=style.color,
            linestyle=style.dash,
            linewidth=2.8 if is_best else 1.1,
            zorder=3 if is_best else 2,
        )
        spread = axes.fill_between(
            inside[x], inside["lowest"], inside["highest"], color=style.color, alpha=0.15, linewidth=0
        )
        for artist in (*drawn, spread):
            artist.set_clip_path(frame)
        for height, beyond in ((zero, line["value"] == 0), (overflow, np.isinf(line["value"]))):
            marks = line.loc[beyond, x]
            axes.plot(marks, [height] * len(marks), style.marker, color=style.color, markersize=3.5)


def _draw_predictions(axes: Axes, lines: pd.Series[float], decades: int) -> None:
    """Draw the theory's line, dotted, for every initializer that has a limit, as far as it is in the frame."""
    for _, line in lines.groupby(level="initializer"):
        seen = line[(line > 10.0**-decades) & (line < 10.0**decades)].droplevel("initializer")
        axes.plot(seen.index, seen, ":", color=FOREGROUND, linewidth=1.3, zorder=4)


def _add_legend(figure: Canvas, table: pd.DataFrame) -> None:
    names = [str(name) for name in table["initializer"].unique()]
    figure.legend(
        [_handle(look(name)) for name in names],
        [short_name(name) for name in names],
        loc="outside lower center",
        ncols=4,
    )


def _handle(style: Look) -> Line2D:
    handle = Line2D([], [], color=style.color, marker=style.marker, markersize=4)
    handle.set(linestyle=style.dash)
    return handle


# Real images against random inputs ----------------------------------------------------------------------------------


def draw_agreement(results: Results) -> Canvas:
    """Draw the factors on images of digits against those on random inputs."""
    table = agreement(results)
    figure = canvas(4.6)
    axes: Axes = figure.subplots()
    limits = table[["gaussian", "digits"]].to_numpy()
    axes.plot([limits.min(), limits.max()], [limits.min(), limits.max()], color=FOREGROUND, linewidth=1)
    for name, rows in table.groupby("initializer", sort=False):
        style = look(str(name))
        axes.plot(
            rows["gaussian"],
            rows["digits"],
            color=style.color,
            marker=style.marker,
            linestyle="none",
            label=short_name(str(name)),
        )
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="gradient per layer, random inputs",
        ylabel="gradient per layer, images of digits",
    )
    axes.set_title("Digits and random inputs give the same factors")
    figure.legend(loc="outside right upper")
    return figure
