"""The figure of the funnel: a signal going up and a gradient coming down where layers get narrower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.chapters.style import (
    FOREGROUND,
    GREY,
    RECOMMENDED,
    bare,
    canvas,
    is_narrow,
    look,
    mark,
    on_sheet,
    start_id,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_funnel"]

_WAYS = {"forward": "Forward: fan_in keeps the signal", "backward": "Backward: fan_out keeps the gradient"}
_BAR = 0.84


def draw_funnel(funnel: pd.DataFrame) -> Canvas:
    """Draw signal and gradient through the funnel, for the variance by fan_in and by fan_out."""
    figure, panels = _panels()
    for (way, title), (axes, below) in zip(_WAYS.items(), panels.T, strict=True):
        for by_fan_out in (False, True):
            _draw_mode(axes, funnel[funnel["initializer"].str.contains("fan_out") == by_fan_out], way, by_fan_out)
        axes.set_yscale("log", base=2)
        axes.set_ylim(0.4, 2.5)
        axes.set_yticks([0.5, 1, 2], ["÷ 2", "1", "× 2"])
        axes.set_title(title)
        _draw_units(below, funnel.groupby("layer")["fan_out"].first())
    for factors, units in on_sheet(panels.T[:1], panels.T):
        factors.set_ylabel("factor of the rms")
        units.set_ylabel("units")
    return figure


def _panels() -> tuple[Canvas, NDArray[Any]]:
    """Return the figure and its panels, of shape (2, ways): factors over units, one way below the other if narrow."""
    figure = canvas(4.8, narrow=8.2)
    if not is_narrow():
        return figure, figure.subplots(2, 2, sharex=True, sharey="row", height_ratios=(4, 1.3))
    return figure, figure.subplots(4, 1, sharex=True, height_ratios=(4, 1.3) * 2).reshape(2, 2).T


def _draw_mode(axes: Axes, own: pd.DataFrame, way: str, by_fan_out: bool) -> None:
    """Draw dots over the formula's line; the variance by fan_in is He's own."""
    color, width = (FOREGROUND, 1.8) if by_fan_out else (look("he_uniform").color, RECOMMENDED)
    marker, weight = ("s", "normal") if by_fan_out else ("o", "bold")
    mine: dict[str, Any] = {"color": color, "gid": start_id(own["initializer"].iloc[0])}
    axes.plot(own["layer"], own[f"{way}_by_formula"], linewidth=width, alpha=0.5, **mine)
    dots = axes.errorbar(own["layer"], own[way], own[f"{way}_error"], fmt=marker, color=color, markersize=6)
    mark(dots, own["initializer"].iloc[0])
    # The way that is kept is named in the middle, the other where it is furthest off.
    factors = own[f"{way}_by_formula"]
    row = len(own) // 2 if (factors == 1).all() else int(np.argmax(np.abs(np.log(factors))))
    at = (own["layer"].iloc[row], factors.iloc[row])
    text, below = "by fan_out" if by_fan_out else "by fan_in", at[1] < 1
    axes.annotate(
        text,
        at,
        (0, -9 if below else 9),
        textcoords="offset points",
        ha="left" if below else "center",
        va="top" if below else "bottom",
        weight=weight,
        gid=mine["gid"],
    )


def _draw_units(axes: Axes, units: pd.Series[int]) -> None:
    """Draw the layers as bars as high as they have units, centered, with the number below."""
    axes.bar(units.index, units, _BAR, bottom=-units / 2, color=GREY, alpha=0.5)
    bare(axes)
    axes.set_yticks([])
    axes.set_xticks(units.index, [str(number) for number in units])
    axes.tick_params(labelbottom=True)
    axes.set_xlabel("units of the layer, first to last")
