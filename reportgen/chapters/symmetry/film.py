"""The filmstrip of the chapter on symmetry: all hidden weights of three networks at a few moments of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from numpy.typing import NDArray

from reportgen.battery.results import Results
from reportgen.chapters.style import canvas
from reportgen.chapters.symmetry.figures import DIVERGING, LABELS
from reportgen.chapters.symmetry.tables import film, power_of_ten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.image import AxesImage

__all__ = ["draw_strip"]

Matrix = NDArray[np.float64]

_SHOWN = ("constant", "noise", "random")


def draw_strip(results: Results) -> Canvas:
    """Draw the weight matrices of both hidden layers at a few moments, one row of pictures per start."""
    table = film(results)
    steps = sorted(table["step"].unique())
    figure = canvas(7.4)
    grid = figure.subplots(len(_SHOWN), len(steps))
    norm = Normalize(-np.abs(table["weight"]).max(), np.abs(table["weight"]).max())
    for label, row in zip(_SHOWN, grid, strict=True):
        for step, axes in zip(steps, row, strict=True):
            first, second = _matrices(table[(table["start"] == label) & (table["step"] == step)])
            image = _draw_frame(axes, first, second, norm)
            if label == "constant":
                _write_rows(axes, first, second, norm)
        size = f" {power_of_ten(table['weight_noise'].max())}" if label == "noise" else ""
        row[0].set_ylabel(f"{LABELS[label]}{size}")
        _name_rows(row[0], first, second)
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


def _name_rows(axes: Axes, first: Matrix, second: Matrix) -> None:
    names = [*(f"input {number + 1}" for number in range(len(first))), "second\nlayer"]
    axes.set_yticks(_rows(first, second), names)
    axes.tick_params(length=0, labelsize=9)


def _write_rows(axes: Axes, first: Matrix, second: Matrix, norm: Normalize) -> None:
    """Write the one weight that each row of the first layer, and the whole second layer, has."""
    middle = (first.shape[1] - 1) / 2
    for row, weight in zip(_rows(first, second), [*first[:, 0], second[0, 0]], strict=True):
        color = "#111111" if abs(float(norm(weight)) - 0.5) < 0.3 else "#ffffff"
        axes.text(middle, row, f"{weight:.2f}", ha="center", va="center", color=color, size=10)
