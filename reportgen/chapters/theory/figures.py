"""The figures of the chapter on how well theory and measurement agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize

from reportgen.chapters.labels import End, label_ends
from reportgen.chapters.maps import row_width
from reportgen.chapters.strips import LINE, at_rows, laid_out, name_columns, name_rows
from reportgen.chapters.style import (
    GREY,
    activation_colors,
    canvas,
    figure_name,
    ink_on,
    is_narrow,
    mark,
    on_sheet,
    ramp,
    start_id,
)
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
    figure = canvas(6.4, narrow=7.6)
    panels = figure.subplots(2, 1)
    first, last = 1, int(lines["layer"].max())
    colors = activation_colors(lines["activation"].unique())
    for axes, (quantity, label, way) in zip(panels, _PANELS, strict=True):
        shown, end = lines[lines["quantity"] == quantity], last if quantity == SIGNAL else first
        ends = {}
        for name, rows in _draw_pairs(axes, shown, colors).items():
            arrived = rows.iloc[-1 if end == last else 0]
            ends[name] = End(end, float(arrived["measured"]), gid=start_id(arrived["initializer"]))
        axes.set(yscale="log", ylabel=label, xlabel="layer")
        axes.set_xticks([first, *range(5, last + 1, 5)])
        axes.set_xlim((first - 0.5, last + 0.5) if end == last else (last + 0.5, first - 0.5))
        axes.set_title(way, loc="left")
        label_ends(axes, ends, gap=on_sheet(0.09, 0.062))
    return figure


def _draw_pairs(axes: Axes, shown: pd.DataFrame, colors: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Draw what was measured of every pair as dots, and the theory's line where there is one; return them by name."""
    pairs = {}
    for (initializer, activation), rows in shown.groupby(["initializer", "activation"], sort=False):
        line = rows.set_index("layer")["predicted"].dropna()
        color = GREY if line.empty else colors[str(activation)]
        pair = f"{activation}, {figure_name(str(initializer))}"
        x, y, error = (rows[column] for column in ("layer", "measured", "standard_error"))
        mark(axes.errorbar(x, y, error, fmt="o", color=color, markersize=4, label=pair), str(initializer))
        mark(axes.plot(line.index, line, "-", color=color, linewidth=1.4, label=f"{pair}: theory"), str(initializer))
        name = on_sheet(pair, pair.replace(", ", ",\n", 1))
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
    figure = canvas(1.7 + 0.34 * len(rows), row_width(1, cells, 0.56), narrow=1.5 + 2 * LINE * len(rows))
    axes, lines = figure.subplots(), at_rows(len(rows))
    image = axes.imshow(
        laid_out(np.ma.masked_invalid(off)), cmap=ramp("apart"), norm=Normalize(0, _MOST), aspect="auto"
    )
    colors = image.to_rgba(np.nan_to_num(off))
    for (row, column), share in np.ndenumerate(off):
        if np.isfinite(share):
            _write(axes, (column, lines[row]), share, bool(errors[row, column] > LIMIT), ink_on(colors[row, column]))
    for row in np.flatnonzero(np.isnan(off).all(axis=1)):
        words: dict[str, Any] = {"va": "center", "fontsize": on_sheet(9, 9.5), "style": "italic"}
        axes.text(-0.4, lines[int(row)], on_sheet("theory does not apply", "does not apply"), **words)
    name_columns(axes, list(activations))
    name_rows(axes, cells)
    title = f"how far off, typically;{on_sheet(' ', chr(10))}• beyond {LIMIT:g} standard errors"
    axes.set_title(title, loc="left", pad=6)
    return figure


def _write(axes: Axes, place: tuple[float, float], share: float, is_beyond: bool, ink: str) -> None:
    """Write how far off a cell is, with a dot where that is beyond the limit; narrow cells have it in their corner."""
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": ink, "in_layout": False}
    dot = " •" if is_beyond and not is_narrow() else ""
    axes.text(*place, f"{share:.0%}{dot}", fontsize=on_sheet(9, 9.5), **look)
    if is_beyond and is_narrow():
        axes.plot(place[0] + 0.38, place[1] - 0.22, "o", color=ink, markersize=2.5)


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the same for one data set."""
    return draw_map(added)
