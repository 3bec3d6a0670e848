"""The figure of the chapter on training that shows what networks have learned: their answers all over the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from reportgen.chapters.style import (
    FOREGROUND,
    NEGATIVE_CLASS,
    POSITIVE_CLASS,
    canvas,
    figure_name,
    is_narrow,
    on_sheet,
    start_id,
)
from reportgen.judgments.frames import only, where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_plane"]

_STRONGEST = 0.75
"""How opaque an answer is of which the network is sure; one that tells nothing is as clear as glass."""

_PLATE, _PALE = (0.145, 0.105), 0.3
"""Height of a line and width of a letter in parts of a map, and how pale it is behind them."""


def draw_plane(answers: pd.DataFrame, plane_shown: pd.DataFrame, points: pd.DataFrame) -> Canvas:
    """Draw the answers of one network per start, a row of maps per problem and activation, with its right answers."""
    kinds, starts = answers[["data", "activation"]].drop_duplicates(), list(answers["initializer"].unique())
    figure = canvas(1.31 * len(kinds) + 0.3, narrow=1.13 * len(starts) + 0.4)
    shape = len(kinds), len(starts)
    panels = figure.subplots(*on_sheet(shape, shape[::-1]), squeeze=False)
    panels = on_sheet(panels, panels.T)
    for row, (data, activation) in zip(panels, kinds.itertuples(index=False, name=None), strict=True):
        for axes, start in zip(row, starts, strict=True):
            chosen = {"data": data, "activation": activation, "initializer": start}
            right = float(only(where(plane_shown, **chosen)["test_accuracy"]))
            words = f"{right:.0%}" if np.isfinite(right) else on_sheet("× diverged", "diverged")
            _draw_answers(axes, where(answers, **chosen), where(points, data=data), len(words))
            look: dict[str, Any] = {"va": "bottom", "fontsize": on_sheet(9, 9.5), "fontweight": "bold"}
            axes.text(0.03, 0.02, words, transform=axes.transAxes, gid=start_id(start), **look)
        _name_kind(row[0], f"{data},\n{activation}")
    for axes, start in zip(panels[0], starts, strict=True):
        axes.set_title(figure_name(start), loc="left", fontsize=10, pad=on_sheet(6, 3), gid=start_id(start))
    return figure


def _name_kind(axes: Axes, name: str) -> None:
    """Write a problem and an activation to the left of their row, or above their column."""
    if is_narrow():
        place: Any = {"xycoords": "axes fraction", "textcoords": "offset points"}
        axes.annotate(name, (0, 1), (0, 18), va="bottom", fontsize=10, **place)
    else:
        axes.set_ylabel(name)


def _draw_answers(axes: Axes, answers: pd.DataFrame, points: pd.DataFrame, letters: int) -> None:
    """Draw the probability of label 1 as the color of the likelier label, the stronger, the surer the network is.

    It is pale in the lower left corner, where so many letters are to be written.
    """
    wide = answers.pivot(index="x2", columns="x1", values="answer")
    edges = float(wide.columns[0]), float(wide.columns[-1]), float(wide.index[0]), float(wide.index[-1])
    painted = _painted(wide.to_numpy(float))
    height, width = (np.array(_PLATE) * on_sheet(1, 1.35) * (1, letters) * painted.shape[:2]).astype(int)
    painted[:height, :width, 3] *= _PALE
    axes.imshow(painted, extent=edges, origin="lower", interpolation="none")
    for label, own in points.groupby("label"):
        color = POSITIVE_CLASS if label == 1 else NEGATIVE_CLASS
        axes.plot(own["x1"], own["x2"], ".", color=color, markersize=2.8, markeredgewidth=0)
    axes.set(xticks=[], yticks=[], xlim=edges[:2], ylim=edges[2:])
    axes.grid(visible=False)
    axes.spines[:].set(visible=True, color=FOREGROUND, alpha=0.3, linewidth=0.6)


def _painted(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the colors of the answers with their opacity, shape (rows, columns, 4)."""
    sure = np.nan_to_num(2 * answers - 1)
    colors = np.where(sure[..., None] > 0, to_rgb(POSITIVE_CLASS), to_rgb(NEGATIVE_CLASS))
    return np.concatenate([colors, _STRONGEST * np.abs(sure)[..., None]], axis=-1)
