"""The figures of the chapter on how well theory and measurement agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, LogNorm, Normalize
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.overlay import NO_LIMIT, draw_theory, theory_line
from reportgen.chapters.style import FOREGROUND, canvas, look
from reportgen.chapters.theory.tables import deviations, examples, scatter, student
from reportgen.judgments.comparison import LIMIT, in_range, judged

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_errors", "draw_lines", "draw_relative", "draw_scatter", "draw_spread"]

_DARK_INK, _LIGHT_INK = "#111111", "#ffffff"
_APART = LinearSegmentedColormap.from_list("apart", ["#eef4ee", "#9cc7a8", "#e6b566", "#c2453a", "#6d1f2f"])
_BLUE = look("he_normal").color
_MARKERS = {"relu": "o", "tanh": "s", "sigmoid": "^"}


def draw_lines(results: Results) -> Canvas:
    """Draw measured dots over the theory's lines: the signal on its way up, the gradient on its way down."""
    table = examples(results)
    figure = canvas(5.0)
    panels = figure.subplots(1, 2)
    words = (
        ("pre_activation_second_moment", "second moment E[z²]", "Forward: dots on the lines ..."),
        ("delta_rms", "rms of delta", "... and backward too"),
    )
    for axes, (column, label, title) in zip(panels, words, strict=True):
        for (initializer, activation), cell in table.groupby(["initializer", "activation"], sort=False):
            _draw_cell(axes, results, str(initializer), str(activation), cell[cell["quantity"] == column])
        axes.set_yscale("log")
        axes.set_xticks([1, *range(5, int(table["layer"].max()) + 1, 5)])
        axes.set_xlabel("layer")
        axes.set_ylabel(label)
        axes.set_title(title, loc="left")
    handles = [*panels[0].get_legend_handles_labels()[0], Line2D([], [], color=FOREGROUND, linewidth=1.2)]
    labels = [*panels[0].get_legend_handles_labels()[1], "mean field theory"]
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


def _draw_cell(axes: Axes, results: Results, initializer: str, activation: str, rows: pd.DataFrame) -> None:
    """Draw what was measured of one cell as dots, and the theory's line where there is one."""
    if rows.empty:
        return
    column, depth = str(rows["quantity"].iloc[0]), int(rows["layer"].max())
    line = theory_line(results, initializer, activation, column, depth=depth)
    label = f"{short_name(initializer)}, {activation}" + ("" if line is not None else f": {NO_LIMIT}")
    color, marker = look(initializer).color, _MARKERS[activation]
    axes.errorbar(
        rows["layer"], rows["measured"], rows["standard_error"], fmt=marker, color=color, markersize=4, label=label
    )
    if line is not None:
        draw_theory(axes, line)


# Maps of how far they are apart -------------------------------------------------------------------------------------


def draw_errors(results: Results) -> Canvas:
    """Draw the typical deviation in standard errors, initializer × activation."""
    figure = _draw_map(
        deviations(judged(results), results.settings, "deviation_in_standard_errors"),
        Normalize(0, 2 * LIMIT),
        "{:.1f}".format,
    )
    figure.axes[0].set_title("In most pairs the typical layer agrees with theory", loc="left")
    return figure


def draw_relative(results: Results) -> Canvas:
    """Draw the typical relative deviation, initializer × activation."""
    figure = _draw_map(
        deviations(judged(results), results.settings, "relative_deviation"),
        LogNorm(0.01, 1, clip=True),
        "{:.0%}".format,
    )
    figure.axes[0].set_title("In most pairs the typical layer is a few percent off", loc="left")
    return figure


def _draw_map(table: pd.DataFrame, norm: Normalize, written: Callable[[float], str]) -> Canvas:
    """Draw one colored, labelled field per pair; a row without a limit says so instead."""
    figure = canvas(1.3 + 0.31 * len(table), width=max(8.0, 1.8 + 0.56 * table.shape[1]))
    axes = figure.subplots()
    values = table.to_numpy(float)
    image = axes.imshow(np.ma.masked_invalid(values), cmap=_APART, norm=norm, aspect="auto")
    colors = image.to_rgba(np.nan_to_num(values))
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            ink = _DARK_INK if colors[row, column, :3] @ [0.299, 0.587, 0.114] > 0.5 else _LIGHT_INK
            axes.text(column, row, written(value), ha="center", va="center", fontsize=9, color=ink)
    for row in np.flatnonzero(np.isnan(values).all(axis=1)):
        axes.text(-0.4, float(row), "no limit: theory does not say", va="center", fontsize=9, style="italic")
    axes.set_xticks(range(table.shape[1]), list(table.columns), rotation=35, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(table)), [short_name(name) for name in table.index])
    axes.set_xlabel("activation")
    axes.set_ylabel("initializer")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return figure


# The law of the deviations ------------------------------------------------------------------------------------------


def draw_spread(results: Results) -> Canvas:
    """Draw how often a deviation is how many standard errors, beside Student's law."""
    t = in_range(judged(results))["deviation_in_standard_errors"].dropna()
    freedom = int(results.settings["replicates"]) - 1
    figure = canvas(4.0)
    axes = figure.subplots()
    reach = 2 * LIMIT
    axes.hist(t.clip(-reach, reach), list(np.arange(-reach, reach + 0.25, 0.25)), density=True, color=_BLUE, alpha=0.6)
    grid = np.linspace(-reach, reach, 301)
    axes.plot(grid, student(grid, freedom), color=FOREGROUND, linewidth=1.6)
    axes.annotate(
        f"Student's law for\n{freedom + 1} networks",
        (1.2, student(np.array(1.2), freedom)),
        (3.3, 0.25),
        va="center",
        arrowprops={"arrowstyle": "-", "color": FOREGROUND},
    )
    for side in (-LIMIT, LIMIT):
        axes.axvline(side, color=FOREGROUND, linewidth=1, linestyle="--")
    axes.set_xlabel("deviation in standard errors (what lies further out is counted in the last bar)")
    axes.set_ylabel("density")
    axes.set_title("With so few networks, wide tails are to be expected", loc="left")
    return figure


def draw_scatter(results: Results) -> Canvas:
    """Draw how far networks scatter, measured against predicted, one dot per pair and layer."""
    table = scatter(judged(results), results.settings)
    figure = canvas(4.8, width=6.8)
    axes = figure.subplots()
    seen = table[(table["predicted"] > 0) & (table["measured"] > 0)]
    lowest = float(seen["predicted"].min())
    ends = np.array([lowest, float(seen["predicted"].max())])
    axes.plot(ends, ends, color=FOREGROUND, linewidth=1.2)
    layers = sorted(table["layer"].unique())
    for layer, shade in zip(layers, np.linspace(0.2, 1.0, len(layers)), strict=True):
        rows = seen[seen["layer"] == layer]
        axes.plot(rows["predicted"], rows["measured"], "o", color=_BLUE, alpha=float(shade), label=f"layer {layer}")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(lowest / 10, 3 * float(seen["measured"].max()))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:g}")
    axes.set_xlabel("std of ln E[z²] over networks, predicted")
    axes.set_ylabel("measured")
    axes.set_title("Few networks scatter further than theory expects of their width", loc="left")
    axes.legend(loc="upper left")
    return figure
