"""The figures of the catalog."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import pandas as pd

from reportgen.chapters.scale import scale_text
from reportgen.chapters.shapes import draw_shape
from reportgen.chapters.style import canvas, figure_name, look, on_sheet, start_id

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_activations", "draw_starts"]

_COLUMNS = 3, 2
"""Starts in a line, on a wide and on a narrow sheet."""

_ACROSS, _REACH, _VALUES = (4, 2), 5.0, (-1.9, 2.1)
"""Curves of activations in a line, the greatest |z| that they show, and their ends."""

_LETTERS = 22
"""Of a name above one of three panels; families that share one are written out."""

_LETTERS_OF_TWO = 18
"""Of a line of a name above one of two panels."""

_TOP = 0.95
"""Density at which a spike leaves the picture."""


def draw_starts(densities: pd.DataFrame) -> Canvas:
    """Draw what the weights of every row of starts look like, all on the same axes, the largest scale first."""
    rows = list(densities.groupby("row", sort=False))
    columns = on_sheet(*_COLUMNS)
    lines = -(-len(rows) // columns)
    figure = canvas(1.65 * lines + 0.6, narrow=1.65 * lines + 0.7)
    slots = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, (label, own) in zip(slots, rows, strict=False):
        _draw_row(axes, own)
        scale = scale_text(float(own["sigma_w2"].iloc[0]))
        name = figure_name(str(label), _LETTERS if own["initializer"].nunique() == 1 else len(str(label)))
        name = on_sheet(name, fill(name, _LETTERS_OF_TWO))
        axes.set_title(f"{name}\nscale {scale}" if scale else name)
    for axes in slots[len(rows) :]:
        axes.set_axis_off()
    slots[0].set_ylim(0, _TOP)
    slots[0].set_xlim(-4, 4)
    slots[0].set_yticks([0, 0.4, 0.8])
    figure.supxlabel("weight, in units of 1/√fan_in", fontsize=11)
    figure.supylabel("density", fontsize=11)
    return figure


def _draw_row(axes: Axes, own: pd.DataFrame) -> None:
    for initializer, one in own.groupby("initializer", sort=False):
        color = look(str(initializer)).color
        dash = "--" if str(initializer).endswith("_uniform") and own["initializer"].nunique() > 1 else "-"
        mine: dict[str, Any] = {"color": color, "gid": start_id(str(initializer))}
        axes.step(one["weight"], one["density"], where="mid", linestyle=dash, linewidth=1.6, **mine)
        axes.fill_between(one["weight"], one["density"], step="mid", alpha=0.12, linewidth=0, **mine)
    if not own["density"].any():
        axes.text(0.5, 0.5, "beyond the axis", ha="center", va="center", transform=axes.transAxes)


def draw_activations(curves: pd.DataFrame) -> Canvas:
    """Draw value and slope of every activation, all on the same axes."""
    rows = list(curves[curves["z"].abs() <= _REACH].groupby("activation", sort=False))
    columns = on_sheet(*_ACROSS)
    lines = -(-len(rows) // columns)
    figure = canvas(1.65 * lines + 0.5, narrow=1.35 * lines + 0.5)
    slots = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, (activation, curve) in zip(slots, rows, strict=False):
        draw_shape(axes, curve, 2.2)
        axes.set_title(figure_name(str(activation), 18))
    for axes in slots[len(rows) :]:
        axes.set_axis_off()
    slots[0].set(xlim=(-_REACH, _REACH), ylim=_VALUES, xticks=[-4, 0, 4])
    for text, height, side in (("value φ(z)", 1.1, "bottom"), ("slope φ′(z)", -0.1, "top")):
        slots[0].text(_REACH, height, text, ha="right", va=side, fontsize=on_sheet(9, 9.5))
    figure.supxlabel("weighted sum, z", fontsize=11)
    return figure
