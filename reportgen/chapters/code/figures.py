"""The figure of the chapter on frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reportgen.chapters.style import FOREGROUND, STRENGTHS, canvas, on_sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_defaults"]

_HE, _LECUN = 2.0, 1.0

_BESIDE = 2
"""Panels in a line of a narrow sheet."""


def draw_defaults(defaults: pd.DataFrame) -> Canvas:
    """Draw fan_in Var(w) of every layer if nothing is said: a panel per framework, a bar per kind of layer."""
    kinds = list(defaults["kind"].unique())
    groups = list(defaults.groupby("framework", sort=False))
    lines = on_sheet(1, -(-len(groups) // _BESIDE))
    height = (0.42 * len(kinds) + 0.8) * lines + 0.5
    figure = canvas(height, 2.1 * len(groups), narrow=height)
    panels = figure.subplots(lines, on_sheet(len(groups), _BESIDE), sharey=True, squeeze=False)
    for axes, (framework, own) in zip(panels.ravel(), groups, strict=False):
        _draw_bars(axes, own.set_index("kind")["measured"])
        axes.set_title(str(framework), loc="left")
    for axes in panels.ravel()[len(groups) :]:
        axes.set_axis_off()
    panels[0, 0].set_yticks(range(len(kinds)), kinds)
    panels[0, 0].invert_yaxis()
    figure.supxlabel("weights' scale, fan_in·Var(w)", fontsize=11)
    return figure


def _draw_bars(axes: Axes, scales: pd.Series[float]) -> None:
    places = range(len(scales))
    axes.barh(places, scales, height=0.6, color=STRENGTHS[2], label="scale")
    for place, scale in zip(places, scales, strict=True):
        end = scale if scale < _LECUN / 2 else max(scale, _LECUN)  # no number stands on the line at one
        axes.text(end + 0.05, place, f"{scale:.2g}", va="center", fontsize=10, color=FOREGROUND)
    axes.axvline(_LECUN, color=FOREGROUND, linewidth=0.8, linestyle=":", zorder=0)
    axes.axvline(_HE, color=FOREGROUND, linewidth=1.4, zorder=0)
    axes.set_xlim(0, 2.2)
    axes.set_xticks([0, _LECUN, _HE], ["0", "1\nLeCun", "2\nHe"])
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)
