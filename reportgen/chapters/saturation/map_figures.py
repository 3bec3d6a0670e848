"""The maps of the chapter on saturation: every start and activation in the deepest nets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from reportgen.chapters.maps import label_columns, label_rows, row_width, write_sign
from reportgen.chapters.saturation.tables import LOST_VARIANCE
from reportgen.chapters.style import FOREGROUND, GREY, canvas, ink_on, ramp

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.image import AxesImage

__all__ = ["draw_added", "draw_map"]

_WRITTEN = 0.05
"""A smaller share of saturated slopes is not written into its cell."""

_SATURATED, _INACTIVE = "share", "neutral share"
_HATCH: dict[str, Any] = {"fill": False, "hatch": "////", "edgecolor": GREY, "linewidth": 0}
_FAINT = 0.6
"""How strong the color of inactive slopes is at most: they are harmless."""


def draw_map(cells: pd.DataFrame) -> Canvas:
    """Draw the saturated share of every start and activation in the deepest nets."""
    return _draw(cells)


def draw_added(cells: pd.DataFrame) -> Canvas:
    """Draw the same on one data set."""
    return _draw(cells)


def _draw(cells: pd.DataFrame) -> Canvas:
    starts, activations = list(cells["row"].unique()), list(cells["activation"].unique())
    by_place = cells.drop(columns="sigma_w2").set_index(["row", "activation"])
    grid = {name: by_place[name].unstack().loc[starts, activations].to_numpy() for name in by_place.columns}
    figure = canvas(0.34 * len(starts) + 2.3, row_width(1, cells, 0.4))
    axes = figure.subplots()
    overflown, is_bounded = grid["finite_fraction"] < 1, grid["is_bounded"] > 0
    shares = np.where(overflown, np.nan, grid["saturated_fraction"])
    image = _draw_shares(axes, np.where(is_bounded, shares, np.nan), _SATURATED)
    _draw_shares(axes, np.where(is_bounded, np.nan, _FAINT * shares), _INACTIVE)
    lost = (grid["activation_variance"] < LOST_VARIANCE) & ~overflown
    for row, column in np.argwhere(lost):
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **_HATCH))
    _write_shares(axes, np.where(is_bounded & ~lost, shares, np.nan), image)
    places = np.argwhere(overflown)
    write_sign(axes, places[:, 1], places[:, 0], "∞", FOREGROUND)
    label_rows(axes, cells)
    label_columns(axes, activations)
    axes.set_title(f"layer {cells['depth'].iloc[0]}", loc="left")
    _explain(figure, axes, image)
    return figure


def _draw_shares(axes: Axes, shares: NDArray[Any], colors: str) -> AxesImage:
    return axes.imshow(shares, cmap=ramp(colors), vmin=0, vmax=1, aspect="auto", interpolation="nearest")


def _write_shares(axes: Axes, shares: NDArray[Any], image: AxesImage) -> None:
    for row, column in np.argwhere(shares >= _WRITTEN):
        share = shares[row, column]
        ink = ink_on(image.cmap(image.norm(share)))
        axes.text(column, row, f"{share:.0%}", color=ink, ha="center", va="center", fontsize=9)


def _explain(figure: Canvas, axes: Axes, image: AxesImage) -> None:
    bar = figure.colorbar(
        image,
        ax=axes,
        label="saturated: share of slopes that are flat, of a bounded activation",
        location="bottom",
        aspect=45,
    )
    bar.set_ticks([0, 0.5, 1], labels=["0", "50%", "100%"])
    inactive = Patch(facecolor=ramp(_INACTIVE)(_FAINT / 2), label="flat below zero only: half is healthy")
    lost = Patch(**_HATCH, label="signal lost")
    overflow = axes.plot([], [], linestyle="none", marker="$∞$", markersize=10, color=FOREGROUND, label="overflow")
    figure.legend(handles=[lost, inactive, *overflow], loc="outside lower left", ncols=3, fontsize=10)
