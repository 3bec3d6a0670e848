"""The theory's line, for every figure that shows measured dots of the battery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportgen.chapters.style import FOREGROUND

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["NO_LIMIT", "draw_theory"]

NO_LIMIT = "no limit, no line"
"""What a figure says where theory has no prediction."""


def draw_theory(axes: Axes, line: pd.Series[float]) -> None:
    """Draw the theory's line, thin and in the colour of the text, as far as it can be seen.

    Parameters
    ----------
    axes
        On which the measured dots are drawn too.
    line
        The prediction, with the layers as index.
    """
    seen = line[(line > 0) & np.isfinite(line)]
    axes.plot(seen.index, seen, "-", color=FOREGROUND, linewidth=1.2, zorder=3)
