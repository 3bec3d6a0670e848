"""The figures of the front page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon, Rectangle

from reportgen.chapters.maps import label_columns, label_rows, row_width, write_sign
from reportgen.chapters.names import LARGE, SMALL, short_name
from reportgen.chapters.style import (
    CELL_INK,
    FOREGROUND,
    LIGHT_INK,
    LOST,
    RECOMMENDED,
    VERDICT_COLORS,
    canvas,
    is_narrow,
    look,
    on_sheet,
    start_id,
)
from reportgen.judgments.verdicts import RULES, occurring

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_added", "draw_signal", "draw_verdicts"]

_SIGNS = {rule.verdict: rule.sign for rule in RULES}
_WORDS = list(_SIGNS)
_DARK = ("healthy", "saturates", "dies", "overflows")
"""Verdicts whose cells are dark."""

_PANELS = 3
"""Depths that the map shows: the least, the middle one and the greatest; the table has all."""

_KEPT = 100.0
"""Up to this factor a signal or gradient counts as kept, as in the rules of the verdicts."""


def draw_signal(signal: pd.DataFrame) -> Canvas:
    """Draw how a signal goes up and how a gradient comes down, from weights that are too large, right and too small."""
    figure = canvas(3.4, 9.0, narrow=6.4)
    depth, axes = int(signal["layer"].max()), figure.subplots(*on_sheet((1, 2), (2, 1)), sharey=True)
    for panel, (column, title) in zip(axes, _WAYS.items(), strict=True):
        panel.axhspan(1 / _KEPT, _KEPT, color=LOST, alpha=0.18, linewidth=0)
        for initializer, own in signal.groupby("initializer", sort=False):
            width = RECOMMENDED if initializer == "he_normal" else 1.8
            color, gid = look(str(initializer)).color, start_id(str(initializer))
            panel.plot(own["layer"], own[column], color=color, linewidth=width, gid=gid)
        panel.set(yscale="log", xlim=(1, depth), xticks=[1, depth // 2, depth], xlabel="layer")
        panel.set_title(title)
        panel.set_yticks([1e-20, 1e-10, 1, 1e10], ["÷ 10²⁰", "÷ 10¹⁰", "kept", "× 10¹⁰"])
        for name, own in signal.groupby("initializer", sort=False):
            _name_line(panel, str(name), own.set_index("layer")[column], goes_up=column == "signal")
    for panel in on_sheet(axes[:1], axes):
        panel.set_ylabel("size, relative to where it starts")
    return figure


_WAYS = {"signal": "The signal goes up →", "gradient": "← The gradient comes down"}

_LINES = {LARGE: "too large", "he_normal": "right", SMALL: "too small"}


def _name_line(axes: Axes, initializer: str, line: pd.Series[float], *, goes_up: bool) -> None:
    """Write beside the second half of its way what a line is: above it, or below if it sinks."""
    away = 0.95 if initializer == "he_normal" and is_narrow() else 0.7
    layer = max(int(line.index.max() * (away if goes_up else 1 - away)), 1)
    axes.annotate(
        f"{_LINES[initializer]}: {short_name(initializer)}",
        (layer, line[layer]),
        xytext=(-8 if goes_up else 8, -8 if initializer == SMALL else 8),
        textcoords="offset points",
        ha="right" if goes_up else "left",
        va="top" if initializer == SMALL else "bottom",
        fontweight="bold" if initializer == "he_normal" else "normal",
        gid=start_id(initializer),
    )


def draw_verdicts(cells: pd.DataFrame, used: pd.DataFrame) -> Canvas:
    """Draw the verdict map: one panel per depth, starts by scale, and a frame around the start that goes first."""
    rows, activations = list(cells["row"].unique()), list(cells["activation"].unique())
    depths = sorted(cells["depth"].unique())
    shown = sorted({depths[0], depths[len(depths) // 2], depths[-1]})
    narrow = len(shown) * (0.24 * len(rows) + 0.35) + 2.2
    figure = canvas(0.33 * len(rows) + 1.75, row_width(_PANELS, cells, 0.21), narrow=narrow)
    slots = figure.subplots(*on_sheet((1, len(shown)), (len(shown), 1)), sharey=True, squeeze=False).ravel()
    for depth, axes in zip(shown, slots, strict=True):
        here = cells[cells["depth"] == depth]
        _draw_panel(axes, here, rows, activations, is_named=depth == shown[0] or not is_narrow())
        healthy = set(here.loc[here["verdict"] == "healthy", ["row", "activation"]].itertuples(index=False, name=None))
        first = [(r, a) for r, a in used.itertuples(index=False) if (r, a) in healthy]
        _frame(axes, [(activations.index(a), rows.index(r)) for r, a in first], FOREGROUND)
        axes.set_title(_layers(depth), pad=8, fontsize=13)
    for axes in on_sheet(slots[:1], slots):
        label_rows(axes, cells)
    look: Any = {"ncols": on_sheet(5, 2), "fontsize": on_sheet(11, 10), "handlelength": 1.4, "columnspacing": 1.2}
    figure.legend(handles=_legend(cells), loc="outside lower center", **look)
    return figure


def draw_added(added: pd.DataFrame) -> Canvas:
    """Draw the verdicts in the deepest nets on one data set, framed where they are others on random inputs."""
    cells = added[added["depth"] == added["depth"].max()]
    rows, activations = list(cells["row"].unique()), list(cells["activation"].unique())
    figure = canvas(1.9 + 0.33 * len(rows), row_width(1, cells, 0.3) + 1.0, narrow=3.4 + 0.26 * len(rows))
    axes = figure.subplots()
    _draw_panel(axes, cells, rows, activations)
    label_rows(axes, cells)
    differ = cells[cells["verdict"] != cells["on_random_inputs"]]
    places = [(activations.index(cell.activation), rows.index(str(cell.row))) for cell in differ.itertuples()]
    _frame(axes, places, FOREGROUND)
    framed = on_sheet("; framed: another verdict than on random inputs", ";\nframed: not as on\nrandom inputs")
    axes.set_title(f"{_layers(cells['depth'].iloc[0])}{framed}", loc="left")
    where: Any = on_sheet({"loc": "outside right center"}, {"loc": "outside lower center", "ncols": 2})
    figure.legend(handles=_legend(cells, used=False), handlelength=1.4, **where)
    return figure


def _legend(cells: pd.DataFrame, *, used: bool = True) -> list[Artist]:
    handles: list[Artist] = [
        Patch(
            color=VERDICT_COLORS[rule.verdict],
            label=rule.verdict if rule.verdict == "healthy" else f"{rule.sign}  {rule.verdict}",
        )
        for rule in occurring(cells)
    ]
    if (cells["other"] != "").any():
        handles.append(
            Line2D([], [], marker="v", linestyle="none", color=FOREGROUND, label="corner: networks disagree")
        )
    if used:
        handles.append(Patch(fill=False, edgecolor=FOREGROUND, linewidth=1.8, label="frame: start with this"))
    return handles


def _draw_panel(
    axes: Axes, cells: pd.DataFrame, rows: Sequence[str], activations: Sequence[str], *, is_named: bool = True
) -> None:
    """Draw one cell per start and activation: its color and sign; a corner has the other verdict of some networks."""
    grid = cells.pivot(index="row", columns="activation", values="verdict").loc[list(rows), list(activations)]
    colors = ListedColormap([VERDICT_COLORS[word] for word in _WORDS])
    axes.imshow(grid.map(_WORDS.index).to_numpy(), cmap=colors, vmin=0, vmax=len(_WORDS) - 1, aspect="auto")
    for verdict in sorted(set(cells["verdict"]) - {"healthy"}):
        places = np.argwhere((grid == verdict).to_numpy())
        write_sign(axes, places[:, 1], places[:, 0], _SIGNS[verdict], _ink(verdict))
    for cell in cells[cells["other"] != ""].itertuples():
        x, y = activations.index(cell.activation), rows.index(cell.row)
        corner = [(x + 0.5, y - 0.5), (x + 0.5, y + 0.05), (x - 0.05, y - 0.5)]
        axes.add_patch(Polygon(corner, color=VERDICT_COLORS[str(cell.other)], linewidth=0))
    label_columns(axes, activations, is_named=is_named)


def _layers(depth: int) -> str:
    return f"{depth} hidden {'layer' if depth == 1 else 'layers'}"


def _frame(axes: Axes, places: Sequence[tuple[int, int]], color: str) -> None:
    for x, y in places:
        axes.add_patch(
            Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, fill=False, edgecolor=color, linewidth=1.8, zorder=3)
        )


def _ink(verdict: str) -> str:
    return LIGHT_INK if verdict in _DARK else CELL_INK
