"""The figure of the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reportgen.chapters.scale import scale_text
from reportgen.chapters.style import canvas, figure_name, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_starts"]

_COLUMNS = 3
_TOP = 0.95
"""Density at which a spike leaves the picture."""


def draw_starts(densities: pd.DataFrame) -> Canvas:
    """Draw what the weights of every row of starts look like, all on the same axes, the largest scale first."""
    rows = list(densities.groupby("row", sort=False))
    lines = -(-len(rows) // _COLUMNS)
    figure = canvas(1.65 * lines + 0.6)
    slots = figure.subplots(lines, _COLUMNS, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, (label, own) in zip(slots, rows, strict=False):
        _draw_row(axes, own)
        scale = scale_text(float(own["sigma_w2"].iloc[0]))
        axes.set_title(f"{figure_name(str(label), 30)}\nscale {scale}" if scale else figure_name(str(label), 30))
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
        color, _, dash = look(str(initializer))
        axes.step(one["weight"], one["density"], where="mid", color=color, linestyle=dash, linewidth=1.6)
        axes.fill_between(one["weight"], one["density"], step="mid", color=color, alpha=0.12, linewidth=0)
