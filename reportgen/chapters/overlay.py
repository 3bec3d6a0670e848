"""The theory's line, for every figure that shows measured dots of the battery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.style import FOREGROUND

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["NO_LIMIT", "draw_theory", "predictions", "theory_line", "theory_lines"]

NO_LIMIT = "no limit, no line"
"""What a figure says where theory has no prediction."""

_KEYS = ["initializer", "activation", "layer"]


def theory_line(
    results: Results,
    initializer: str,
    activation: str,
    column: str,
    *,
    data: str = "gaussian",
    depth: int | None = None,
) -> pd.Series[float] | None:
    """Return what mean field theory predicts by layer, or None for an initializer that has no limit.

    Parameters
    ----------
    results
        With the tables of the experiment ``mean_field``.
    initializer, activation, data
        The cell of the battery.
    column
        A column of ``forward`` or ``gradients`` that theory predicts: ``pre_activation_second_moment``,
        ``activation_second_moment`` or ``delta_rms``.
    depth
        Number of hidden layers: needed for ``delta_rms``; cuts the line of the others.

    Returns
    -------
    Series or None
        Geometric mean over the replicates, whose inputs differ, with the layers as index. What leaves the range of
        float64 is inf or 0.
    """
    lines = theory_lines(results, column, data=data, depth=depth)
    own = lines[lines.index.get_level_values("initializer") == initializer]
    own = own[own.index.get_level_values("activation") == activation]
    return None if own.empty else own.droplevel(["initializer", "activation"])


def theory_lines(
    results: Results, column: str, *, data: str = "gaussian", depth: int | None = None
) -> pd.Series[float]:
    """Return what theory predicts for every initializer that has a limit and every activation, as `theory_line` does.

    Returns
    -------
    Series
        With initializer, activation and layer as index.
    """
    table = results["gradient_theory" if column == "delta_rms" else "forward_theory"]
    return predictions(table, column, data=data, depth=depth).set_index(_KEYS)[column]


def predictions(table: pd.DataFrame, column: str, *, data: str = "gaussian", depth: int | None = None) -> pd.DataFrame:
    """Return what a table predicts by initializer, activation and layer, as `theory_line` does.

    Parameters
    ----------
    table
        ``forward_theory``, or ``gradient_theory`` for the column ``delta_rms``.
    column, data, depth
        As in `theory_line`.
    """
    chosen = table["data"] == data
    if depth is not None:
        chosen &= table["depth"] == depth if column == "delta_rms" else table["layer"] <= depth
    with np.errstate(divide="ignore"):
        logs = table.loc[chosen, _KEYS].assign(**{column: np.log(table.loc[chosen, column])})
    return logs.groupby(_KEYS)[column].mean().transform("exp").reset_index()


def draw_theory(axes: Axes, line: pd.Series[float] | None, label: str = "") -> None:
    """Draw the theory's line, thin and in the colour of the text; without a limit, say so in the lower right corner.

    Parameters
    ----------
    axes
        On which the measured dots are drawn too.
    line
        From `theory_line`.
    label
        For the legend.
    """
    if line is None:
        axes.text(0.98, 0.03, NO_LIMIT, transform=axes.transAxes, ha="right", fontsize=9, style="italic")
        return
    seen = line[(line > 0) & np.isfinite(line)]
    axes.plot(seen.index, seen, "-", color=FOREGROUND, linewidth=1.2, zorder=3, label=label)
