"""The figures of the chapter on how well theory and measurement agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import LogNorm, Normalize
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter

from reportgen.chapters.maps import label_columns, label_rows, row_width
from reportgen.chapters.overlay import NO_LIMIT, draw_theory
from reportgen.chapters.style import BLUE, FOREGROUND, canvas, figure_name, ink_on, look, ramp
from reportgen.chapters.theory.tables import REACH
from reportgen.judgments.comparison import LIMIT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_added", "draw_errors", "draw_lines", "draw_relative", "draw_scatter", "draw_spread"]

_MARKERS = {"relu": "o", "tanh": "s", "sigmoid": "^"}


def draw_lines(lines: pd.DataFrame) -> Canvas:
    """Draw measured dots over the theory's lines: the signal on its way up, the gradient on its way down."""
    figure = canvas(5.0)
    panels = figure.subplots(1, 2)
    words = (
        ("pre_activation_second_moment", "second moment E[z²]", "Forward: dots follow the lines ..."),
        ("delta_rms", "rms of delta", "... and backward too"),
    )
    for axes, (quantity, label, title) in zip(panels, words, strict=True):
        shown = lines[lines["quantity"] == quantity]
        for (initializer, activation), rows in shown.groupby(["initializer", "activation"], sort=False):
            _draw_pair(axes, str(initializer), str(activation), rows)
        axes.set(yscale="log", xlabel="layer", ylabel=label)
        axes.set_xticks([1, *range(5, int(lines["layer"].max()) + 1, 5)])
        axes.set_title(title, loc="left")
    handles, labels = panels[0].get_legend_handles_labels()
    theory = Line2D([], [], color=FOREGROUND, linewidth=1.2)
    figure.legend([*handles, theory], [*labels, "mean field theory"], loc="outside lower center", ncols=2)
    return figure


def _draw_pair(axes: Axes, initializer: str, activation: str, rows: pd.DataFrame) -> None:
    """Draw what was measured of one pair as dots, and the theory's line where there is one."""
    line = rows.set_index("layer")["predicted"].dropna()
    label = f"{figure_name(initializer)}, {activation}" + (f": {NO_LIMIT}" if line.empty else "")
    dots = rows["layer"], rows["measured"], rows["standard_error"]
    axes.errorbar(*dots, fmt=_MARKERS[activation], color=look(initializer).color, markersize=4, label=label)
    if not line.empty:
        draw_theory(axes, line)


# Maps of how far they are apart -------------------------------------------------------------------------------------


def draw_errors(errors: pd.DataFrame) -> Canvas:
    """Draw the typical deviation in standard errors, start × activation."""
    title = "How many standard errors the typical layer of a pair is off"
    return _draw_map(errors, Normalize(0, REACH), "{:.1f}".format, title)


def draw_relative(relative: pd.DataFrame) -> Canvas:
    """Draw the typical relative deviation, start × activation."""
    title = "By how much of its prediction the typical layer of a pair is off"
    return _draw_map(relative, LogNorm(0.01, 1, clip=True), "{:.0%}".format, title)


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the typical relative deviation on one data set, start × activation."""
    title = "Typical deviation from theory, as a share of the predicted value"
    return _draw_map(added, LogNorm(0.01, 1, clip=True), "{:.0%}".format, title)


def _draw_map(cells: pd.DataFrame, norm: Normalize, written: Callable[[float], str], title: str) -> Canvas:
    """Draw one colored, labelled field per pair; a row without a limit says so instead."""
    rows, activations = cells["row"].unique(), cells["activation"].unique()
    values = cells.pivot(index="row", columns="activation", values="deviation").loc[rows, activations].to_numpy(float)
    figure = canvas(1.7 + 0.34 * len(rows), row_width(1, cells, 0.56))
    axes = figure.subplots()
    image = axes.imshow(np.ma.masked_invalid(values), cmap=ramp("apart"), norm=norm, aspect="auto")
    colors = image.to_rgba(np.nan_to_num(values))
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            ink = ink_on(colors[row, column])
            axes.text(column, row, written(value), ha="center", va="center", fontsize=9, color=ink, in_layout=False)
    for row in np.flatnonzero(np.isnan(values).all(axis=1)):
        axes.text(-0.4, float(row), "no limit: theory does not say", va="center", fontsize=9, style="italic")
    label_columns(axes, list(activations))
    label_rows(axes, cells)
    axes.set_title(title, loc="left", pad=6)
    return figure


# How they are spread --------------------------------------------------------------------------------------------------


def draw_spread(spread: pd.DataFrame, student: pd.DataFrame) -> Canvas:
    """Draw how often a deviation is how many standard errors, beside Student's distribution."""
    figure = canvas(4.0)
    axes = figure.subplots()
    width = spread["deviation_to"] - spread["deviation_from"]
    axes.bar(spread["deviation_from"], spread["density"], width, align="edge", color=BLUE, alpha=0.6)
    axes.plot(student["deviation"], student["density"], color=FOREGROUND, linewidth=1.6)
    named = student.iloc[(student["deviation"] - 1.2).abs().argmin()]
    axes.annotate(
        f"Student's law for\n{named['networks']:g} networks",
        (named["deviation"], named["density"]),
        (3.3, 0.25),
        va="center",
        arrowprops={"arrowstyle": "-", "color": FOREGROUND},
    )
    for side in (-LIMIT, LIMIT):
        axes.axvline(side, color=FOREGROUND, linewidth=1, linestyle="--")
    axes.set(xlabel="deviation in standard errors (what lies further out is counted in the last bar)", ylabel="density")
    axes.set_title("With so few networks, wide tails are to be expected", loc="left")
    return figure


def draw_scatter(scatter: pd.DataFrame) -> Canvas:
    """Draw how far networks scatter, measured against predicted, one dot per pair and layer."""
    figure = canvas(4.8, width=6.8)
    axes = figure.subplots()
    seen = scatter[(scatter["predicted"] > 0) & (scatter["measured"] > 0)]
    lowest = float(seen["predicted"].min())
    ends = np.array([lowest, float(seen["predicted"].max())])
    axes.plot(ends, ends, color=FOREGROUND, linewidth=1.2)
    layers = sorted(scatter["layer"].unique())
    for layer, shade in zip(layers, np.linspace(0.2, 1.0, len(layers)), strict=True):
        rows = seen[seen["layer"] == layer]
        axes.plot(rows["predicted"], rows["measured"], "o", color=BLUE, alpha=float(shade), label=f"layer {layer}")
    axes.set(xscale="log", yscale="log", ylim=(lowest / 10, 3 * float(seen["measured"].max())))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:g}")
    axes.set(xlabel="std of ln E[z²] over networks, predicted", ylabel="measured")
    axes.set_title("Most networks scatter about as far as theory expects of a batch", loc="left")
    axes.legend(loc="upper left")
    return figure
