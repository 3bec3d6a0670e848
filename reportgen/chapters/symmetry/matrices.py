"""The pictures of matrices: the hidden weights of three networks as a film, and the cosines between units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from numpy.typing import NDArray

from reportgen.chapters.style import DARK_INK, DIVERGING, LIGHT_INK, canvas
from reportgen.chapters.symmetry.breaking import power_of_ten
from reportgen.chapters.symmetry.figures import LOOKS

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
    figure = canvas(7.4)
    grid = figure.subplots(len(_SHOWN), len(steps))
    norm = Normalize(-np.abs(film["weight"]).max(), np.abs(film["weight"]).max())
    for start, row in zip(_SHOWN, grid, strict=True):
        for step, axes in zip(steps, row, strict=True):
            first, second = _matrices(film[(film["start"] == start) & (film["step"] == step)])
            image = _draw_frame(axes, first, second, norm)
            if start == "constant":
                _write_rows(axes, first, second, norm)
        size = f" {power_of_ten(film['weight_noise'].max())}" if start == "noise" else ""
        row[0].set_ylabel(f"{LOOKS[start][1]}{size}")
        names = [*(f"input {number + 1}" for number in range(len(first))), "second\nlayer"]
        row[0].set_yticks(_rows(first, second), names)
        row[0].tick_params(length=0, labelsize=9)
    for step, axes in zip(steps, grid[0], strict=True):
        axes.set_title("start" if step == 0 else f"{step} updates")
    figure.colorbar(image, ax=grid, label="weight", shrink=0.5, aspect=30)
    return figure


def _matrices(frame: pd.DataFrame) -> list[Matrix]:
    """Return the weights of the first and of the second layer, one column per unit."""
    layers = (frame[frame["layer"] == layer] for layer in (1, 2))
    return [layer.pivot(index="input", columns="unit", values="weight").to_numpy() for layer in layers]


def _draw_frame(axes: Axes, first: Matrix, second: Matrix, norm: Normalize) -> AxesImage:
    """Draw the first layer's matrix above the second's, and below how far apart any two units are."""
    gap = np.full((1, first.shape[1]), np.nan)
    image = axes.imshow(np.vstack([first, gap, second]), cmap=DIVERGING, norm=norm)
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)  # the empty row between the matrices shows the page
    apart = max(np.ptp(layer, axis=1).max() for layer in (first, second))
    axes.set_xlabel(f"units differ\nby {apart:.2g}")
    return image


def _rows(first: Matrix, second: Matrix) -> list[float]:
    """Return where the rows of the first matrix lie in a picture, and then the middle of the second."""
    return [*range(len(first)), len(first) + 1 + (len(second) - 1) / 2]


def _write_rows(axes: Axes, first: Matrix, second: Matrix, norm: Normalize) -> None:
    """Write the one weight that each row of the first layer, and the whole second layer, has."""
    middle = (first.shape[1] - 1) / 2
    for row, weight in zip(_rows(first, second), [*first[:, 0], second[0, 0]], strict=True):
        color = DARK_INK if abs(float(norm(weight)) - 0.5) < 0.3 else LIGHT_INK
        axes.text(middle, row, f"{weight:.2f}", ha="center", va="center", color=color, size=10)


def draw_cosines(cosines: pd.DataFrame) -> Canvas:
    """Draw the cosine between every two units, before and after training on digits."""
    figure = canvas(4.4)
    rows = figure.subplots(2, 4)
    for panels, step, moment in zip(rows, sorted(cosines["step"].unique()), ("before", "after"), strict=True):
        for axes, start in zip(panels, ("constant", "noise", "dropout", "random"), strict=True):
            chosen = cosines[(cosines["start"] == start) & (cosines["step"] == step)]
            matrix = chosen.pivot(index="unit", columns="other_unit", values="cosine")
            image = axes.imshow(matrix, cmap=DIVERGING, vmin=-1, vmax=1)
            axes.set(xticks=[], yticks=[], ylabel=f"{moment}\nunit" if axes is panels[0] else "")
            axes.grid(visible=False)
            axes.set_title(LOOKS[start][1] if moment == "before" else "", loc="left")
    for axes in rows[-1]:
        axes.set_xlabel("unit")
    figure.colorbar(image, ax=rows, label="cosine", shrink=0.75)
    return figure
