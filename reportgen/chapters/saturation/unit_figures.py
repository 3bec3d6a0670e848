"""The figure of single units in the chapter on saturation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.chapters.names import LARGE
from reportgen.chapters.style import canvas, figure_name, on_sheet, ramp, start_id

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.image import AxesImage

__all__ = ["draw_units"]


class _Map(NamedTuple):
    initializer: str
    activation: str
    verdict: str


_MAPS = (
    _Map("glorot_normal", "tanh", "hardly any"),
    _Map(LARGE, "tanh", "every unit"),
    _Map(LARGE, "sigmoid", "some for all inputs"),
    _Map("he_normal", "relu", "fewer units choose"),
)
_ALWAYS, _CHOOSES = "share", "neutral share"


def draw_units(units: pd.DataFrame) -> Canvas:
    """Draw one map per network: layers down, units across, sorted by their saturated share."""
    figure = canvas(3.7, narrow=9.4)
    row = figure.subplots(*on_sheet((1, len(_MAPS)), (len(_MAPS), 1)), sharey=True)
    images = [_draw_units(axes, units, one) for axes, one in zip(row, _MAPS, strict=True)]
    layers = sorted(units["layer"].unique())
    for axes in on_sheet(row[:1], row):
        axes.set(ylabel="layer", yticks=range(0, len(layers), 3), yticklabels=layers[::3])
    _draw_bar(figure, images[0], row[:-1], "share of inputs for which a unit is saturated", ["0", "50%", "100%"])
    _draw_bar(figure, images[-1], row[-1:], "inactive for", ["half", "none, or all"])
    return figure


def _draw_units(axes: Axes, units: pd.DataFrame, one: _Map) -> AxesImage:
    chosen = units[(units["initializer"] == one.initializer) & (units["activation"] == one.activation)]
    shares = chosen.pivot(index="layer", columns="unit", values="saturated_fraction").to_numpy()
    drawn: NDArray[Any] = np.sort(shares, axis=1)[:, ::-1]
    is_relu = one.activation == "relu"
    colors = ramp(_CHOOSES if is_relu else _ALWAYS)
    colon = on_sheet(":\n", ": ")
    title = f"{one.activation}, {figure_name(one.initializer)}{colon}{one.verdict}"
    axes.set_title(title, loc="left", fontsize=10, gid=start_id(one.initializer))
    axes.set(xticks=[], xlabel="units, sorted")
    axes.grid(visible=False)
    axes.spines[:].set_visible(True)
    shown = 2 * np.abs(drawn - 0.5) if is_relu else drawn
    return axes.imshow(shown, cmap=colors, vmin=0, vmax=1, aspect="auto", interpolation="nearest")


def _draw_bar(figure: Canvas, image: AxesImage, axes: NDArray[Any], label: str, ticks: list[str]) -> None:
    bar = figure.colorbar(
        image, ax=list(axes), label=label, location="bottom", aspect=on_sheet(12 * len(axes), 30), shrink=0.8
    )
    bar.set_ticks(np.linspace(0, 1, len(ticks)).tolist(), labels=ticks)
