"""The theory's line, for every figure that shows measured dots of the battery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportgen.chapters.style import FOREGROUND

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["NO_LIMIT", "draw_theory", "predictions"]

NO_LIMIT = "no limit, no line"
"""What a figure says where theory has no prediction."""

_KEYS = ["initializer", "activation", "layer"]


def predictions(table: pd.DataFrame, column: str, *, data: str = "gaussian", depth: int | None = None) -> pd.DataFrame:
    """Return what mean field theory predicts by initializer, activation and layer.

    Parameters
    ----------
    table
        ``forward_theory``, or ``gradient_theory`` for the column ``delta_rms``.
    column
        A statistic of ``forward`` or ``gradients`` that theory predicts: ``pre_activation_second_moment``,
        ``activation_second_moment`` or ``delta_rms``.
    data
        Name of the data set.
    depth
        Number of hidden layers: needed for ``delta_rms``; cuts the line of the others.

    Returns
    -------
    DataFrame
        Geometric mean over the replicates, whose inputs differ; initializers without a limit have no rows. What leaves
        the range of float64 is inf or 0.
    """
    chosen = table["data"] == data
    if depth is not None:
        chosen &= table["depth"] == depth if column == "delta_rms" else table["layer"] <= depth
    with np.errstate(divide="ignore"):
        logs = table.loc[chosen, _KEYS].assign(**{column: np.log(table.loc[chosen, column])})
    return logs.groupby(_KEYS)[column].mean().transform("exp").reset_index()


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
