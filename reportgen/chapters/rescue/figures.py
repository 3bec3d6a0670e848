"""The figures of the chapter on rescues."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LogNorm, Normalize

from reportgen.chapters.change import change_axis, change_text, power_text, right_axis, seen, travel_arrow
from reportgen.chapters.names import short_name
from reportgen.chapters.rescue.tables import HE
from reportgen.chapters.strips import LINE, at_rows, color_bar, laid_out, name_rows, rule_rows
from reportgen.chapters.style import (
    CELL_INK,
    FOREGROUND,
    OUTCOME_COLORS,
    RECOMMENDED,
    Look,
    bare,
    canvas,
    figure_name,
    ink_on,
    look,
    on_sheet,
    ramp,
    start_id,
)
from reportgen.chapters.swatches import Named, name_lines
from reportgen.judgments.frames import where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_growth", "draw_layers", "draw_trained"]

_LABELS = {
    "layer norm": "layer\nnorm",
    "batch norm": "batch\nnorm",
    "scaled residual": "scaled\nresidual",
    "residual + batch norm": "residual +\nbatch norm",
}

_DIVERGED = "✕"
_DECADES = 8
"""Powers of ten on either side of one to which the colors of a map reach."""

_LOWEST, _HIGHEST = -9, 9
"""Powers of ten that curves show; a line that goes on leaves the frame."""

_PANELS = ("plain", "batch norm", "residual + batch norm")
_THIN = 1.4
_ONE_PLACE = 1.6
"""Ends that are closer than this factor are one."""

_WRITTEN = 1e6, 1e4
"""Factors from here on are told by their power of ten alone, on a wide and on a narrow sheet."""


# Start × variant ----------------------------------------------------------------------------------------------------


class _Colors(NamedTuple):
    """How a map is colored, and what its bar says: the ticks with their labels."""

    ramp: Colormap
    norm: Normalize
    ticks: dict[float, str]

    def scale(self) -> ScalarMappable:
        """Return what turns numbers into colors."""
        return ScalarMappable(self.norm, self.ramp)


def draw_trained(trained: pd.DataFrame) -> Canvas:
    """Draw what is learned from every start in every variant."""
    guess, diverged = float(trained["guess"].iloc[0]), trained["outcome"] == "diverged"
    table = trained.assign(
        value=trained["test_accuracy"].mask(diverged),
        text=trained["test_accuracy"].map("{:.0%}".format).mask(diverged, _DIVERGED),
    )
    ticks = {guess: f"a guess, {guess:.0%}", 0.5: "50%", 1.0: "100%"}
    colors = _Colors(ramp("learns").with_extremes(bad=OUTCOME_COLORS["diverged"]), Normalize(guess, 1), ticks)
    return _draw_maps(f"test accuracy after {trained['steps'].iloc[0]} updates", table, colors)


def draw_growth(growth: pd.DataFrame) -> Canvas:
    """Draw by how much the gradient of a ReLU net grows on its way down, for every start in every variant."""
    growth = where(growth, activation="relu")
    least, greatest = 10.0**-_DECADES, 10.0**_DECADES
    table = growth.assign(value=growth["gradient"].clip(least, greatest), text=growth["gradient"].map(_written))
    ticks = {10.0**power: change_text(power) for power in on_sheet((-6, -3, 0, 3, 6), (-6, 0, 6))}
    colors = _Colors(ramp("kept"), LogNorm(least, greatest), ticks)
    return _draw_maps("the gradient at the first layer, over the last layer's", table, colors)


def _draw_maps(title: str, table: pd.DataFrame, colors: _Colors) -> Canvas:
    """Draw one map of starts × variants per activation; what is no number has a color of its own."""
    activations, starts = table["activation"].nunique(), table["initializer"].nunique()
    figure = canvas(1.0 + 2.2 * activations, 8.6, narrow=1.9 + (2 * LINE * starts + 0.4) * activations)
    panels = figure.subplots(activations, 1, sharex=True, squeeze=False)[:, 0]
    variants = list(table["form"].unique())
    for axes, (activation, rows) in zip(panels, table.groupby("activation", sort=False), strict=True):
        _draw_cells(axes, rows, list(table["initializer"].unique()), variants, colors)
        axes.set_title(fill(f"{figure_name(str(activation))}: {title}", on_sheet(99, 40)), pad=6)
        rule_rows(axes, len(variants))
        bare(axes)
        name_rows(axes, table.assign(row=table["initializer"].map(short_name)))
    turned: dict[str, Any] = on_sheet({}, {"rotation": 90})
    panels[0].set_xticks(range(len(variants)), [_LABELS.get(one, one) for one in variants], **turned)
    for axes in panels:
        axes.tick_params(labeltop=axes is panels[0], labelbottom=False)
    color_bar(figure, colors.scale(), list(panels), colors.ticks, aspect=15 * activations)
    return figure


def _draw_cells(axes: Axes, rows: pd.DataFrame, names: list[str], variants: list[str], colors: _Colors) -> None:
    """Draw the map of one activation, and write into its cells."""
    values, texts = (
        rows.pivot(index="initializer", columns="form", values=column).loc[names, variants]
        for column in ("value", "text")
    )
    shown = np.ma.masked_invalid(values.to_numpy(float))
    filled, lost, lines = colors.scale().to_rgba(shown), np.ma.getmaskarray(shown), at_rows(len(names))
    axes.imshow(laid_out(filled), aspect="auto")
    for (row, column), text in np.ndenumerate(texts.to_numpy()):
        ink = CELL_INK if lost[row, column] else ink_on(filled[row, column])
        axes.text(column, lines[row], text, ha="center", va="center", fontsize=on_sheet(10, 9.5), color=ink)


def _written(factor: float) -> str:
    """Return a factor as a cell of the map has room for."""
    if factor == 0 or not np.isfinite(factor):
        return "0" if factor == 0 else "∞"
    size, sign = max(factor, 1 / factor), "×" if factor >= 1 else "÷"
    if size < on_sheet(*_WRITTEN):
        words = f"{sign} {size:.2g}" if size < 99.5 else f"{sign} {float(f'{size:.2g}'):,.0f}"
    else:
        words = power_text(round(np.log10(factor)))
    return on_sheet(words, words.replace(" ", ""))


# Layer by layer -----------------------------------------------------------------------------------------------------


def draw_layers(profiles: pd.DataFrame) -> Canvas:
    """Draw the gradient by layer with ReLU, in the variants that differ most, one line per start."""
    figure = canvas(3.9, 9.2, narrow=7.4)
    panels = figure.subplots(*on_sheet((1, len(_PANELS)), (len(_PANELS), 1)), sharex=True, sharey=True)
    for axes, variant in zip(panels, _PANELS, strict=True):
        change_axis(axes, _LOWEST, _HIGHEST)
        own = where(profiles, form=variant, activation="relu")
        lines = [_drawn(axes, str(name), line) for name, line in own.groupby("initializer", sort=False)]
        name_lines(axes, _merged(lines), on_left=True, gap=on_sheet(0.075, 0.09))
        axes.set_title(variant)
        axes.set_xticks([1, int(own["layer"].max())])
        travel_arrow(axes)
    right_axis(panels, "gradient, over the last layer's")
    way = on_sheet("layer (the arrow is the way of the gradient)", "layer (arrow: way of the gradient)")
    figure.supxlabel(way, fontsize=11)
    return figure


def _drawn(axes: Axes, name: str, line: pd.DataFrame) -> Named:
    """Draw the line of one start, as far as it is in the frame, and return its name with what it ends in."""
    style, is_best = look(name), name == HE
    width = RECOMMENDED if is_best else _THIN
    x, y = seen(line, "layer", "gradient", _LOWEST, _HIGHEST)
    axes.plot(x, y, style.dash, color=style.color, linewidth=width, zorder=2 if is_best else 3, gid=start_id(name))
    if len(x):
        return Named(figure_name(name), style, width, x[0], y[0], is_best, start_id(name))
    end = float(line["gradient"].iloc[0])
    text, last = f"{figure_name(name)}: {'0' if end == 0 else '∞'}", float(line["layer"].max())
    return Named(text, style, width, last, end, gid=start_id(name))


def _merged(lines: list[Named]) -> list[Named]:
    """Return one name for all lines where they end in one place, and themselves where they do not."""
    ends = [line.y for line in lines]
    if not 0 < min(ends) <= max(ends) < _ONE_PLACE * min(ends):
        return lines
    ink = Look(FOREGROUND, "o", "-")
    return [Named(f"all {len(lines)} starts", ink, RECOMMENDED, lines[0].x, max(ends), is_strong=True)]
