"""The figure of the chapter on activations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.chapters.activations.tables import SHOWN
from reportgen.chapters.shapes import draw_shape
from reportgen.chapters.style import ACCENT, FOREGROUND, GREY, canvas, figure_name, is_narrow, on_sheet
from reportgen.judgments.frames import where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_shapes"]

_SEEN = {"sigmoid": "mean ½,\nslope at most ¼", "tanh": "mean 0, flat\nat both ends", "relu": "inactive\nbelow zero"}
_FLAT, _OFF = "flat", "inactive"
_VALUES = (-1.15, 1.9)
_NAMES = ("too small", "right", "too large")
_FLAT_SHARE = 0.05


def draw_shapes(curves: pd.DataFrame, flat: pd.DataFrame) -> Canvas:
    """Draw value and slope of three activations, and under them where sums of three sizes lie."""
    stds = sorted(flat["z_std"].unique())
    figure, grid = _panels(len(stds))
    for (top, *strips), activation in zip(grid.T, SHOWN, strict=True):
        curve = where(curves, activation=activation)
        draw_shape(top, curve)
        said = _SEEN[activation]
        top.set_title(f"{figure_name(activation)}: {on_sheet(said, said.replace(chr(10), ' '))}", loc="left")
        for std, axes in zip(stds, strips, strict=True):
            _draw_sums(axes, curve, where(flat, activation=activation, z_std=std).iloc[0])
        strips[-1].set_xlabel("weighted sum, z")
        top.set(ylim=_VALUES, xlim=(curves["z"].min(), curves["z"].max()), xticks=[-8, -4, 0, 4, 8])
    for named in on_sheet(grid.T[:1], grid.T):
        for name, std, axes in zip(_NAMES, stds, named[1:], strict=True):
            axes.set_ylabel(f"{name},\nstd {std:g}", rotation=0, ha="right", va="center")
    for text, height in (("value φ(z)", 1.04), ("slope φ′(z)", 0.04)):
        grid[0, 1].text(9.8, height, text, ha="right", va="bottom", fontsize=10)
    return figure


def _panels(strips: int) -> tuple[Canvas, NDArray[Any]]:
    """Return the figure and its panels, of shape (1 + strips, activations); on a narrow sheet all below each other."""
    figure = canvas(6.2, narrow=10.6)
    figure.set_layout_engine(None)  # fixed places: nothing here is wider in another run
    heights: Any = [on_sheet(3.4, 3.0), *[1] * strips]
    shape: Any = {"sharex": True, "sharey": "row", "height_ratios": heights}
    if not is_narrow():
        figure.subplots_adjust(left=0.12, right=0.985, top=0.93, bottom=0.08, wspace=0.06, hspace=0.12)
        return figure, figure.subplots(1 + strips, len(SHOWN), **shape)
    outer: Any = figure.add_gridspec(len(SHOWN), 1, left=0.23, right=0.97, top=0.97, bottom=0.045, hspace=0.3)
    inner: Any = {"hspace": 0.12, "height_ratios": heights}
    return figure, np.array([one.subgridspec(1 + strips, 1, **inner).subplots(sharex=True) for one in outer]).T


def _draw_sums(axes: Axes, curve: pd.DataFrame, row: pd.Series[Any]) -> None:
    """Draw how sums of one size are distributed, in the accent where the activation is flat."""
    z = curve["z"].to_numpy()
    density = np.exp(-np.square(z / row["z_std"]) / 2)
    is_flat = np.abs(curve["slope"].to_numpy()) < _FLAT_SHARE * row["greatest_slope"]
    axes.fill_between(z, 0, density, color=GREY, alpha=0.45, linewidth=0)
    word, color = (_OFF, FOREGROUND) if row["activation"] == "relu" else (_FLAT, ACCENT)
    axes.fill_between(z, 0, density, where=is_flat, color=color, alpha=0.7, linewidth=0)
    axes.set(ylim=(0, 1.25), yticks=[])
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    text = f"{row['saturated_fraction']:.0%} {word}"
    axes.text(0.99, 0.97, text, transform=axes.transAxes, ha="right", va="top", fontsize=9.5)
