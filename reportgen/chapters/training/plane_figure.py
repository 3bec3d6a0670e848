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
    ink_on,
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
            _draw_answers(axes, where(answers, **chosen), where(points, data=data))
            right = float(only(where(plane_shown, **chosen)["test_accuracy"]))
            axes.text(
                *(0.03, 0.02, f"{right:.0%}" if np.isfinite(right) else on_sheet("× diverged", "diverged")),
                transform=axes.transAxes,
                va="bottom",
                fontsize=on_sheet(9, 9.5),
                fontweight="bold",
                gid=start_id(start),
                color=_ink(where(answers, **chosen)),
            )
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


def _draw_answers(axes: Axes, answers: pd.DataFrame, points: pd.DataFrame) -> None:
    """Draw the probability of label 1 as the color of the likelier label, the stronger, the surer the network is."""
    wide = answers.pivot(index="x2", columns="x1", values="answer")
    edges = float(wide.columns[0]), float(wide.columns[-1]), float(wide.index[0]), float(wide.index[-1])
    axes.imshow(_painted(wide.to_numpy(float)), extent=edges, origin="lower", interpolation="none")
    for label, own in points.groupby("label"):
        color = POSITIVE_CLASS if label == 1 else NEGATIVE_CLASS
        axes.plot(own["x1"], own["x2"], ".", color=color, markersize=2.8, markeredgewidth=0)
    axes.set(xticks=[], yticks=[], xlim=edges[:2], ylim=edges[2:])
    axes.grid(visible=False)
    axes.spines[:].set(visible=True, color=FOREGROUND, alpha=0.3, linewidth=0.6)


def _ink(answers: pd.DataFrame) -> str:
    """Return the color of a text in the lower left corner of a map."""
    near = answers[_in_corner(answers["x1"], 0.36) & _in_corner(answers["x2"], 0.15)]
    return ink_on(_painted(near["answer"].to_numpy(float)[None]).mean(axis=(0, 1)))


def _in_corner(places: pd.Series[float], share: float) -> pd.Series[bool]:
    return places < places.min() + share * (places.max() - places.min())


def _painted(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the colors of the answers with their opacity, shape (rows, columns, 4)."""
    sure = np.nan_to_num(2 * answers - 1)
    colors = np.where(sure[..., None] > 0, to_rgb(POSITIVE_CLASS), to_rgb(NEGATIVE_CLASS))
    return np.concatenate([colors, _STRONGEST * np.abs(sure)[..., None]], axis=-1)
