"""The figures of the chapter on rescues."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import Colormap, LinearSegmentedColormap, LogNorm, Normalize
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.rescue.tables import curves, growth, starts, trained
from reportgen.chapters.style import FOREGROUND, canvas, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_curves", "draw_growth", "draw_training"]

_DECADES, _STEP = 8, 4
"""Powers of ten on either side of one that are shown, and those between two ticks."""

_LINE_WIDTHS = (5.5, 3.6, 2.0, 0.8)
_MARK_EVERY = 6

_DARK_INK, _LIGHT_INK = "#111111", "#ffffff"
_LOST = "#8a8f98"
_LEARNS = LinearSegmentedColormap.from_list("learns", ["#f3f1ec", "#9cc9c0", "#1f7a6d"]).with_extremes(bad=_LOST)
_KEPT_IS_WHITE = LinearSegmentedColormap.from_list(
    "kept", ["#2b6cb0", "#8db9e2", "#f7f7f5", "#f0a58a", "#c2453a"]
).with_extremes(bad=_LOST)
_LABELS = {"scaled residual": "scaled\nresidual", "residual + batch norm": "residual +\nbatch norm"}


# Start × form -------------------------------------------------------------------------------------------------------


def draw_training(results: Results) -> Canvas:
    """Draw what is learned from every start in every form."""
    table = trained(results)
    return _draw_maps(
        results,
        "Residual branches with batch norm learn from every start",
        table.assign(value=table["test_accuracy"]),
        f"{{}}: test accuracy after {table['steps'].iloc[0]} updates",
        lambda row: "diverged" if row["outcome"] == "diverged" else f"{100 * row['test_accuracy']:.0f}%",
        (_LEARNS, Normalize(table["guess"].iloc[0], 1)),
    )


def draw_growth(results: Results) -> Canvas:
    """Draw by how much the gradient grows on its way through the whole net, for every start in every form."""
    table = growth(results)
    return _draw_maps(
        results,
        "Behind batch norm the gradient grows with depth, from every start",
        table.assign(value=table["gradient"]),
        "{}: size of the gradient at the first layer, relative to the last",
        lambda row: _written(row["gradient"]),
        (_KEPT_IS_WHITE, LogNorm(1e-4, 1e4)),
    )


def _draw_maps(
    results: Results,
    message: str,
    table: pd.DataFrame,
    title: str,
    write: Callable[[pd.Series[Any]], str],
    colors: tuple[Colormap, Normalize],
) -> Canvas:
    """Draw one map of starts × forms per activation; what is not finite, or is 0, has a color of its own."""
    figure = canvas(6.0)
    figure.suptitle(message, fontsize=11, x=0.02, ha="left")
    panels = figure.subplots(2, 1, sharex=True)
    forms, names = list(table["form"].unique()), starts(results)
    table = table.assign(text=table.apply(write, axis=1))
    for axes, (activation, rows) in zip(panels, table.groupby("activation", sort=False), strict=True):
        values, texts = (
            rows.pivot(index="initializer", columns="form", values=column).loc[names, forms]
            for column in ("value", "text")
        )
        shown = np.ma.masked_where(~(np.isfinite(values) & (values > 0)), values)
        image = axes.imshow(shown, cmap=colors[0], norm=colors[1], aspect="auto")
        filled = image.to_rgba(shown)
        for (row, column), text in np.ndenumerate(texts.to_numpy()):
            axes.text(column, row, text, ha="center", va="center", fontsize=10, color=_ink(filled[row, column]))
        axes.set_yticks(range(len(names)), [short_name(name) for name in names])
        axes.set_xticks(range(len(forms)), [_LABELS.get(form, form) for form in forms])
        axes.set_title(title.format(activation), loc="left")
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
    return figure


def _written(factor: float) -> str:
    if factor == 0 or not np.isfinite(factor):
        return "exactly 0" if factor == 0 else "overflow"
    if 0.01 <= factor < 1000:
        return f"{factor:.2g}" if factor < 100 else f"{factor:.0f}"
    return f"$10^{{{np.log10(factor):.0f}}}$"


def _ink(background: NDArray[np.float64]) -> str:
    """Return the color of a text that can be read on a background (red, green, blue, alpha), by its luminance."""
    return _DARK_INK if background[:3] @ [0.299, 0.587, 0.114] > 0.5 else _LIGHT_INK


# Layer by layer -----------------------------------------------------------------------------------------------------


def draw_curves(results: Results, activation: str, title: str) -> Canvas:
    """Draw signal and gradient by layer, one column per form, one line per start.

    Parameters
    ----------
    results
        With the tables of the experiment ``rescue``.
    activation
        Registry name of the activation.
    title
        The message of the figure.
    """
    table = curves(results, activation)
    forms, names = list(table["form"].unique()), starts(results)
    figure = canvas(5.2)
    panels = figure.subplots(2, len(forms), sharex=True, sharey=True)
    for column, form in enumerate(forms):
        rows = table[table["form"] == form]
        _draw_lines(panels[0, column], rows, "signal")
        _draw_lines(panels[1, column], rows, "gradient")
        panels[0, column].set_title(_LABELS.get(form, form), fontsize=10)
    panels[0, 0].set_ylabel("signal / first layer's")
    panels[1, 0].set_ylabel("gradient / last layer's")
    panels[1, len(forms) // 2].set_xlabel("layer")
    figure.suptitle(title, fontsize=11, x=0.02, ha="left")
    figure.legend(
        [Line2D([], [], color=look(name).color, marker=look(name).marker, markersize=4) for name in names],
        [short_name(name) for name in names],
        loc="outside lower center",
        ncols=len(names),
    )
    return figure


def _draw_lines(axes: Axes, rows: pd.DataFrame, column: str) -> None:
    """Draw one line per start, each thinner than the one below it; marks at the edge stand for what lies beyond."""
    top, bottom = 10.0**_DECADES, 10.0**-_DECADES
    axes.set(yscale="log", ylim=(bottom, top))
    axes.axhline(1, color=FOREGROUND, linewidth=0.8, alpha=0.6)
    powers = range(-_DECADES, _DECADES + 1, _STEP)
    axes.set_yticks([10.0**power for power in powers], [f"$10^{{{power}}}$" if power else "1" for power in powers])
    axes.set_xticks([1, int(rows["layer"].max())])
    axes.minorticks_off()
    for width, (name, line) in zip(_LINE_WIDTHS, rows.groupby("initializer", sort=False), strict=False):
        style = look(str(name))
        seen = line[(line[column] > 0) & np.isfinite(line[column])]
        axes.plot(seen["layer"], seen[column], color=style.color, linewidth=width, solid_capstyle="butt")
        for edge, beyond in ((top, line[column] > top), (bottom, line[column] < bottom)):
            marks = line.loc[beyond, "layer"][::_MARK_EVERY]
            if len(marks):  # nothing has no place on a page, and unclipped it would upset the layout
                axes.plot(marks, [edge] * len(marks), style.marker, color=style.color, markersize=4, clip_on=False)
