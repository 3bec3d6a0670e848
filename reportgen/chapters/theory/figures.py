"""The figures of the chapter on how well theory and measurement agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize

from reportgen.chapters.labels import label_ends
from reportgen.chapters.maps import label_columns, label_rows, row_width
from reportgen.chapters.style import GREY, activation_colors, canvas, figure_name, ink_on, ramp
from reportgen.chapters.theory.tables import SIGNAL
from reportgen.judgments.comparison import LIMIT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_added", "draw_lines", "draw_map"]

_PANELS = ((SIGNAL, "rms of the pre-activations", "up →"), ("rms of delta", "rms of the gradient", "down ←"))

_NO_LINE = ": no line"
"""What stands behind the name of a pair that theory has nothing to say of."""

_MOST = 0.5
"""Relative deviation from which on a field of the map has the full color."""


def draw_lines(lines: pd.DataFrame) -> Canvas:
    """Draw measured dots over the theory's lines, in the direction of travel: the signal up, the gradient down."""
    figure = canvas(6.4)
    panels = figure.subplots(2, 1)
    first, last = 1, int(lines["layer"].max())
    colors = activation_colors(lines["activation"].unique())
    for axes, (quantity, label, way) in zip(panels, _PANELS, strict=True):
        shown, end = lines[lines["quantity"] == quantity], last if quantity == SIGNAL else first
        ends = {
            name: (end, float(rows["measured"].iloc[-1 if end == last else 0]))
            for name, rows in _draw_pairs(axes, shown, colors).items()
        }
        axes.set(yscale="log", ylabel=label, xlabel="layer")
        axes.set_xticks([first, *range(5, last + 1, 5)])
        axes.set_xlim((first - 0.5, last + 0.5) if end == last else (last + 0.5, first - 0.5))
        axes.set_title(way, loc="left")
        label_ends(axes, ends, gap=0.09)
    return figure


def _draw_pairs(axes: Axes, shown: pd.DataFrame, colors: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Draw what was measured of every pair as dots, and the theory's line where there is one; return them by name."""
    pairs = {}
    for (initializer, activation), rows in shown.groupby(["initializer", "activation"], sort=False):
        line = rows.set_index("layer")["predicted"].dropna()
        color = GREY if line.empty else colors[str(activation)]
        axes.errorbar(rows["layer"], rows["measured"], rows["standard_error"], fmt="o", color=color, markersize=4)
        axes.plot(line.index, line, "-", color=color, linewidth=1.4)
        name = f"{activation}, {figure_name(str(initializer))}"
        pairs[name + (_NO_LINE if line.empty else "")] = rows
    return pairs


# Maps of how far they are apart -------------------------------------------------------------------------------------


def draw_map(cells: pd.DataFrame) -> Canvas:
    """Draw by how much a prediction is off, start × activation; a row without a limit says so instead."""
    rows, activations = cells["row"].unique(), cells["activation"].unique()
    off, errors = (
        cells.pivot(index="row", columns="activation", values=column).loc[rows, activations].to_numpy(float)
        for column in ("off", "errors")
    )
    figure = canvas(1.7 + 0.34 * len(rows), row_width(1, cells, 0.56))
    axes = figure.subplots()
    image = axes.imshow(np.ma.masked_invalid(off), cmap=ramp("apart"), norm=Normalize(0, _MOST), aspect="auto")
    colors = image.to_rgba(np.nan_to_num(off))
    for (row, column), share in np.ndenumerate(off):
        if np.isfinite(share):
            words = f"{share:.0%}" if errors[row, column] <= LIMIT else f"{share:.0%} •"
            ink = ink_on(colors[row, column])
            axes.text(column, row, words, ha="center", va="center", fontsize=9, color=ink, in_layout=False)
    for row in np.flatnonzero(np.isnan(off).all(axis=1)):
        axes.text(-0.4, float(row), "theory does not apply", va="center", fontsize=9, style="italic")
    label_columns(axes, list(activations))
    label_rows(axes, cells)
    axes.set_title(f"how far off, typically; • beyond {LIMIT:g} standard errors", loc="left", pad=6)
    return figure


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the same for one data set."""
    return draw_map(added)
