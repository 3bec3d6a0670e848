"""The figures of the chapter on rescues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import Colormap, LogNorm, Normalize
from matplotlib.lines import Line2D

from reportgen.chapters.maps import label_rows
from reportgen.chapters.names import short_name
from reportgen.chapters.style import FOREGROUND, LOST, bare, canvas, figure_name, ink_on, look, ramp
from reportgen.judgments.frames import where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_growth", "draw_relu", "draw_tanh", "draw_trained"]

_DECADES, _STEP = 8, 4
"""Powers of ten on either side of one that are shown, and those between two ticks."""

_LINE_WIDTHS = (5.5, 3.6, 2.0, 0.8)
_MARK_EVERY = 6

_LEARNS = ramp("learns").with_extremes(bad=LOST)
_KEPT_IS_WHITE = ramp("kept").with_extremes(bad=LOST)
_LABELS = {"scaled residual": "scaled\nresidual", "residual + batch norm": "residual +\nbatch norm"}


# Start × form -------------------------------------------------------------------------------------------------------


def draw_trained(trained: pd.DataFrame) -> Canvas:
    """Draw what is learned from every start in every form."""
    return _draw_maps(
        "Residual branches with batch norm learn from every start",
        f"{{}}: test accuracy after {trained['steps'].iloc[0]} updates",
        trained.assign(
            value=trained["test_accuracy"],
            text=trained["test_accuracy"].map("{:.0%}".format).mask(trained["outcome"] == "diverged", "diverged"),
        ),
        (_LEARNS, Normalize(trained["guess"].iloc[0], 1)),
    )


def draw_growth(growth: pd.DataFrame) -> Canvas:
    """Draw by how much the gradient grows on its way through the whole net, for every start in every form."""
    return _draw_maps(
        "Behind batch norm the gradient grows with depth, from every start",
        "{}: size of the gradient at the first layer, relative to the last",
        growth.assign(value=growth["gradient"], text=growth["gradient"].map(_written)),
        (_KEPT_IS_WHITE, LogNorm(1e-4, 1e4)),
    )


def _draw_maps(message: str, title: str, table: pd.DataFrame, colors: tuple[Colormap, Normalize]) -> Canvas:
    """Draw one map of starts × forms per activation; what is not finite, or is 0, has a color of its own."""
    figure = canvas(6.0)
    figure.suptitle(message, fontsize=11, x=0.02, ha="left")
    panels = figure.subplots(2, 1, sharex=True)
    forms, names = list(table["form"].unique()), list(table["initializer"].unique())
    for axes, (activation, rows) in zip(panels, table.groupby("activation", sort=False), strict=True):
        values, texts = (
            rows.pivot(index="initializer", columns="form", values=column).loc[names, forms]
            for column in ("value", "text")
        )
        shown = np.ma.masked_where(~(np.isfinite(values) & (values > 0)), values)
        image = axes.imshow(shown, cmap=colors[0], norm=colors[1], aspect="auto")
        filled = image.to_rgba(shown)
        for (row, column), text in np.ndenumerate(texts.to_numpy()):
            axes.text(column, row, text, ha="center", va="center", fontsize=10, color=ink_on(filled[row, column]))
        axes.set_title(title.format(activation), loc="left", pad=6)
        label_rows(axes, table.assign(row=table["initializer"].map(short_name)))
        bare(axes)
    panels[0].set_xticks(range(len(forms)), [_LABELS.get(form, form) for form in forms])
    panels[0].tick_params(labeltop=True)
    panels[1].tick_params(labelbottom=False)
    return figure


def _written(factor: float) -> str:
    if factor == 0 or not np.isfinite(factor):
        return "exactly 0" if factor == 0 else "overflow"
    if 0.01 <= factor < 1000:
        return f"{factor:.2g}" if factor < 100 else f"{factor:.0f}"
    return f"$10^{{{np.log10(factor):.0f}}}$"


# Layer by layer -----------------------------------------------------------------------------------------------------


def draw_relu(curves: pd.DataFrame) -> Canvas:
    """Draw signal and gradient by layer with ReLU."""
    return _draw_curves(curves, "ReLU: batch norm keeps every signal, and its gradient grows with depth")


def draw_tanh(curves: pd.DataFrame) -> Canvas:
    """Draw signal and gradient by layer with tanh."""
    return _draw_curves(curves, "tanh: every norm keeps the signal and lets the gradient grow")


def _draw_curves(curves: pd.DataFrame, title: str) -> Canvas:
    """Draw one column per form, one line per start."""
    forms, names = list(curves["form"].unique()), list(curves["initializer"].unique())
    figure = canvas(5.2)
    panels = figure.subplots(2, len(forms), sharex=True, sharey=True)
    for column, form in enumerate(forms):
        rows = where(curves, form=form)
        _draw_lines(panels[0, column], rows, "signal")
        _draw_lines(panels[1, column], rows, "gradient")
        panels[0, column].set_title(_LABELS.get(form, form), fontsize=10)
    panels[0, 0].set_ylabel("signal / first layer's")
    panels[1, 0].set_ylabel("gradient / last layer's")
    panels[1, len(forms) // 2].set_xlabel("layer")
    figure.suptitle(title, fontsize=11, x=0.02, ha="left")
    figure.legend(
        [Line2D([], [], color=look(name).color, marker=look(name).marker, markersize=4) for name in names],
        [figure_name(name) for name in names],
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
