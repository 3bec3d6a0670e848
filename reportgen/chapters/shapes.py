"""How an activation is drawn: its value in ink, its slope in the accent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportgen.chapters.style import ACCENT, FOREGROUND, GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_shape"]

_JUMP = 0.5
"""A slope that changes by more than this from one point to the next has a break."""


def draw_shape(axes: Axes, curve: pd.DataFrame, width: float = 2.6) -> None:
    """Draw value and slope of an activation, the slope with a break where it jumps.

    Parameters
    ----------
    axes
        The panel.
    curve
        `z`, in rising order, `value` and `slope`.
    width
        Of the line of the value (points).
    """
    slope = curve["slope"].to_numpy()
    jumps = np.flatnonzero(np.abs(np.diff(slope)) > _JUMP) + 1
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.plot(curve["z"], curve["value"], color=FOREGROUND, linewidth=width)
    axes.plot(np.insert(curve["z"].to_numpy(), jumps, np.nan), np.insert(slope, jumps, np.nan), color=ACCENT)
    axes.set_yticks([-1, 0, 1])
