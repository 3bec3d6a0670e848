"""The maps of the chapter on saturation: every start and activation in the deepest nets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from reportgen.chapters.maps import row_width, write_sign
from reportgen.chapters.saturation.tables import LOST_VARIANCE
from reportgen.chapters.strips import LINE, at_rows, laid_out, name_columns, name_rows
from reportgen.chapters.style import FOREGROUND, GREY, canvas, ink_on, on_sheet, ramp

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.image import AxesImage

__all__ = ["draw_added", "draw_map"]

_WRITTEN = 0.05
"""A smaller share of saturated slopes is not written into its cell."""

_SATURATED, _INACTIVE = "share", "neutral share"
_HATCH: dict[str, Any] = {"fill": False, "hatch": "////", "edgecolor": GREY, "linewidth": 0}
_HALF_OR_LESS, _MORE = 0.25, 0.65
"""How strong the color is of slopes that are flat below zero only: half of them is harmless."""

_ABOUT_HALF = 0.6
"""A greater share of inactive slopes is more than half; chance moves what is half by less."""


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
    figure = canvas(0.34 * len(starts) + 1.7, row_width(1, cells, 0.4), narrow=2 * LINE * len(starts) + 2.6)
    axes = figure.subplots()
    overflown, is_bounded = grid["finite_fraction"] < 1, grid["is_bounded"] > 0
    shares = np.where(overflown, np.nan, grid["saturated_fraction"])
    image = _draw_shares(axes, np.where(is_bounded, shares, np.nan), _SATURATED)
    _draw_shares(axes, _strength(np.where(is_bounded, np.nan, shares)), _INACTIVE)
    lost, lines = (grid["activation_variance"] < LOST_VARIANCE) & ~overflown, np.array(at_rows(len(starts)))
    for row, column in np.argwhere(lost):
        axes.add_patch(Rectangle((column - 0.5, lines[row] - 0.5), 1, 1, **_HATCH))
    _write_shares(axes, np.where(is_bounded & ~lost, shares, np.nan), image)
    places = np.argwhere(overflown)
    write_sign(axes, places[:, 1], lines[places[:, 0]], "∞", FOREGROUND)
    name_columns(axes, activations)
    name_rows(axes, cells)
    axes.set_title(f"layer {cells['depth'].iloc[0]}", loc="left")
    _explain(figure, axes)
    return figure


def _draw_shares(axes: Axes, shares: NDArray[Any], colors: str) -> AxesImage:
    return axes.imshow(laid_out(shares), cmap=ramp(colors), vmin=0, vmax=1, aspect="auto", interpolation="nearest")


def _strength(shares: NDArray[Any]) -> NDArray[Any]:
    """Return how strong inactive shares are colored: not at all, as half is, or as more is."""
    steps = [shares < _WRITTEN, shares <= _ABOUT_HALF, shares > _ABOUT_HALF]
    return np.select(steps, [0.0, _HALF_OR_LESS, _MORE], np.nan)


def _write_shares(axes: Axes, shares: NDArray[Any], image: AxesImage) -> None:
    lines, size = at_rows(len(shares)), on_sheet(9, 9.2)
    for row, column in np.argwhere(shares >= _WRITTEN):
        share = shares[row, column]
        ink = ink_on(image.cmap(image.norm(share)))
        axes.text(column, lines[row], f"{share:.0%}", color=ink, ha="center", va="center", fontsize=size)


def _explain(figure: Canvas, axes: Axes) -> None:
    """Name every shade and sign below the map, in a line for what is flat and one for what is lost."""
    patches = [
        Patch(facecolor=ramp(_SATURATED)(0.8), label="saturated: share of flat slopes"),
        Patch(**_HATCH, label="signal lost"),
        Patch(facecolor=ramp(_INACTIVE)(_HALF_OR_LESS), label="flat below zero only: half or less"),
        *axes.plot([], [], linestyle="none", marker="$∞$", markersize=10, color=FOREGROUND, label="overflow"),
        Patch(facecolor=ramp(_INACTIVE)(_MORE), label="more than half"),
    ]
    figure.legend(handles=patches, loc="outside lower center", ncols=on_sheet(3, 1), fontsize=10)
