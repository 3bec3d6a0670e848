"""The pictures of matrices: the hidden weights of three networks as a film, and the cosines between units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from numpy.typing import NDArray

from reportgen.chapters.style import FOREGROUND, canvas, ink_on, is_narrow, on_sheet, ramp
from reportgen.chapters.symmetry.breaking import power_of_ten
from reportgen.chapters.symmetry.figures import NAMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.image import AxesImage

__all__ = ["draw_cosines", "draw_strip"]

Matrix = NDArray[np.float64]

_SHOWN = ("constant", "noise", "random")


def draw_strip(film: pd.DataFrame) -> Canvas:
    """Draw the weight matrices of both hidden layers at a few moments, one row of pictures per start."""
    steps = sorted(film["step"].unique())
    figure = canvas(6.4, narrow=7.4)
    grid = figure.subplots(len(_SHOWN), len(steps))
    norm = Normalize(-np.abs(film["weight"]).max(), np.abs(film["weight"]).max())
    for start, row in zip(_SHOWN, grid, strict=True):
        for step, axes in zip(steps, row, strict=True):
            first, second = _matrices(film[(film["start"] == start) & (film["step"] == step)])
            image = _draw_frame(axes, first, second, norm)
            if start == "constant":
                _write_rows(axes, first, second, norm)
        size = f" {power_of_ten(film['weight_noise'].max())}" if start == "noise" else ""
        _name_row(row[0], f"{NAMES[start]}{size}", first, second)
    for step, axes in zip(steps, grid[0], strict=True):
        axes.set_title("start" if step == 0 else on_sheet(f"{step} updates", f"{step}"), loc="center")
    _mark_unit(grid[0, 0], first, second)
    if is_narrow():
        explained = "Weights after so many updates;\nthe frame holds those of one unit"
        figure.suptitle(explained, x=0.01, ha="left", fontsize=11)
    look: Any = on_sheet({"shrink": 0.4, "aspect": 30}, {"location": "bottom", "shrink": 0.8, "aspect": 30})
    figure.colorbar(image, ax=grid, label="weight", **look)
    return figure


def _name_row(axes: Axes, start: str, first: Matrix, second: Matrix) -> None:
    axes.set_ylabel(start, fontweight="bold")
    axes.set_yticks(_rows(first, second), [*(f"input {number + 1}" for number in range(len(first))), "second\nlayer"])
    axes.tick_params(length=0, labelsize=on_sheet(9, 9.2))
    place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "annotation_clip": False}
    differ = on_sheet("units differ by", "units\ndiffer by")
    axes.annotate(differ, (0, 0), (-4, -5), ha="right", va="top", size=on_sheet(9, 9.2), **place)


def _mark_unit(axes: Axes, first: Matrix, second: Matrix) -> None:
    """Draw a frame around a column of the second matrix, which holds the weights of one unit."""
    top, bottom = len(first) + 0.5, len(first) + len(second) + 0.5
    _outline(axes, 1, top, bottom, linewidth=1.4, alpha=1)
    if not is_narrow():
        axes.text(1, bottom - 1.3, "one column\n= one unit", color=FOREGROUND, size=9, va="center", clip_on=False)


def _matrices(frame: pd.DataFrame) -> list[Matrix]:
    """Return the weights of the first and of the second layer, one column per unit."""
    layers = (frame[frame["layer"] == layer] for layer in (1, 2))
    return [layer.pivot(index="input", columns="unit", values="weight").to_numpy() for layer in layers]


def _draw_frame(axes: Axes, first: Matrix, second: Matrix, norm: Normalize) -> AxesImage:
    """Draw the first layer's matrix above the second's, and below how far apart any two units are."""
    gap = np.full((1, first.shape[1]), np.nan)
    shape: Any = on_sheet("equal", "auto")
    image = axes.imshow(np.vstack([first, gap, second]), cmap=ramp("signed"), norm=norm, aspect=shape)
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    _outline(axes, first.shape[1], -0.5, len(first) - 0.5)
    _outline(axes, first.shape[1], len(first) + 0.5, len(first) + len(second) + 0.5)
    axes.set_xlabel(f"{max(np.ptp(layer, axis=1).max() for layer in (first, second)):.2g}")
    return image


def _outline(axes: Axes, width: int, top: float, bottom: float, **look: Any) -> None:
    """Draw a hairline around a matrix: cells of weight zero show the page."""
    x, y = [-0.5, width - 0.5, width - 0.5, -0.5, -0.5], [top, top, bottom, bottom, top]
    axes.plot(x, y, **{"color": FOREGROUND, "linewidth": 0.5, "alpha": 0.4, "clip_on": False, **look})


def _rows(first: Matrix, second: Matrix) -> list[float]:
    """Return where the rows of the first matrix lie in a picture, and then the middle of the second."""
    return [*range(len(first)), len(first) + 1 + (len(second) - 1) / 2]


def _write_rows(axes: Axes, first: Matrix, second: Matrix, norm: Normalize) -> None:
    """Write the one weight that each row of the first layer, and the whole second layer, has."""
    middle = (first.shape[1] - 1) / 2
    for row, weight in zip(_rows(first, second), [*first[:, 0], second[0, 0]], strict=True):
        color = ink_on(ramp("signed")(float(norm(weight))))
        axes.text(middle, row, f"{weight:.2f}", ha="center", va="center_baseline", color=color, size=on_sheet(8.5, 9.2))


def draw_cosines(cosines: pd.DataFrame) -> Canvas:
    """Draw the cosine between every two units, before and after training on digits."""
    figure = canvas(3.75, narrow=8.0)
    rows = figure.subplots(4, 2).T if is_narrow() else figure.subplots(2, 4)
    for panels, step, moment in zip(rows, sorted(cosines["step"].unique()), ("before", "after"), strict=True):
        for axes, start in zip(panels, ("constant", "noise", "dropout", "random"), strict=True):
            chosen = cosines[(cosines["start"] == start) & (cosines["step"] == step)]
            matrix = chosen.pivot(index="unit", columns="other_unit", values="cosine")
            image = axes.imshow(matrix, cmap=ramp("signed"), vmin=-1, vmax=1)
            axes.set(xticks=[], yticks=[])
            axes.grid(visible=False)
            axes.spines[:].set_visible(False)
            _outline(axes, len(matrix), -0.5, len(matrix) - 0.5)
            if moment == "before":
                on_sheet(axes.set_title, axes.set_ylabel)(NAMES[start], fontweight="bold")
        if is_narrow():
            panels[0].set_title(f"{moment} training")
        else:
            panels[0].set_ylabel(f"{moment}\ntraining")
    where: Any = on_sheet({"ax": rows[0]}, {"ax": rows, "location": "bottom", "aspect": 30})
    figure.colorbar(image, label="cosine", ticks=[-1, 0, 1], **where)
    return figure
