"""The figures of the chapter on saturation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.chapters.maps import label_columns, label_rows, row_width, write_sign
from reportgen.chapters.names import LARGE, SMALL, short_name
from reportgen.chapters.saturation.tables import LOST_SIGN, LOST_VARIANCE, RIGHT, RIGHT_STDDEV
from reportgen.chapters.style import (
    DARK_INK,
    FOREGROUND,
    LIGHT_INK,
    LOST,
    canvas,
    figure_name,
    look,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.image import AxesImage
    from pandas.core.groupby import SeriesGroupBy

__all__ = [
    "draw_added",
    "draw_battery",
    "draw_gradients",
    "draw_layers",
    "draw_mechanisms",
    "draw_rounding",
    "draw_units",
]

_PANELS = 2
_QUARTERS = (0, 0.25, 0.5, 0.75, 1)
_COLORMAP = "YlOrRd"
_INK_SWITCH = 0.6
"""Above this share of saturated units the cells of the color map are dark."""


class _Start(NamedTuple):
    initializer: str
    like: str
    label: str
    scale: str
    signal: str
    gradient: str


# The right scale is lecun_normal without the truncation, so it is drawn as lecun_normal.
_STARTS = (
    _Start(SMALL, SMALL, short_name(SMALL), "Too small", "the signal dies", "all of it shrinks"),
    _Start(LARGE, LARGE, short_name(LARGE), "Too large", "everything at ±1", "most is nothing,\nthe rest explodes"),
    _Start(RIGHT, "lecun_normal", f"normal({RIGHT_STDDEV})", "Right", "alive in every layer", "similar in every layer"),
)

_MAPS = (
    (SMALL, "tanh", "nothing is saturated"),
    ("glorot_normal", "tanh", "hardly anything"),
    (LARGE, "tanh", "every unit, in every layer"),
    ("glorot_normal", "sigmoid", "hardly anything"),
    (LARGE, "sigmoid", "some for every input"),
    ("he_normal", "relu", "half inactive, as it should be"),
)


def draw_layers(activations: pd.DataFrame, rms: pd.DataFrame) -> Canvas:
    """Draw the lecture's figure: one histogram of activations per start and layer."""
    size = rms.set_index(["initializer", "layer"])["activation_rms"]
    figure = canvas(6.2)
    rows: Any = figure.subfigures(len(_STARTS), 1)
    for start, row in zip(_STARTS, rows, strict=True):
        row.suptitle(f"{start.scale}, {start.label}: {start.signal}", x=0.01, ha="left", fontsize=12)
        layers = _by_layer(activations, start)
        for axes, (layer, bins) in zip(row.subplots(1, len(layers)), layers.items(), strict=True):
            _draw_histogram(axes, bins, look(start.like).color)
            axes.set_title(f"layer {layer}" if layer == 1 else f"{layer}", fontsize=10)
            axes.set_xlabel(_compact(size[start.initializer, layer]), fontsize=9.5)
    figure.supxlabel("below each histogram: root mean square of the activations", fontsize=10)
    return figure


def _by_layer(table: pd.DataFrame, start: _Start) -> dict[int, pd.DataFrame]:
    layers = table[table["initializer"] == start.initializer].groupby("layer")
    return {int(rows["layer"].iloc[0]): rows for _, rows in layers}


def _draw_histogram(axes: Axes, bins: pd.DataFrame, color: str) -> None:
    edges = [*bins["bin_left"], bins["bin_right"].iloc[-1]]
    axes.stairs(bins["fraction"] / bins["fraction"].max(), edges, fill=True, color=color)
    axes.set(xlim=(-1.12, 1.12), ylim=(0, 1.05), yticks=[], xticks=[-1, 0, 1])
    axes.set_xticklabels(["−1", "0", "1"], fontsize=8)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)


def _compact(value: float) -> str:
    """Write a number in at most six characters."""
    if value >= 0.01:
        return f"{value:.2g}"
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}·10$^{{{int(exponent)}}}$"


def draw_mechanisms(lecture: pd.DataFrame) -> Canvas:
    """Draw forward and backward by layer: what shrinks, what saturates, what still learns."""
    panels = (
        ("activation_rms", "The signal dies\nif weights are small", "rms of h", "log"),
        ("saturated_fraction", "Units saturate\nif weights are large", "share saturated", "linear"),
        ("mean_squared_slope", "Slopes are flat\nonly then", "mean of φ′²", "linear"),
        ("delta_rms", "Going down, the gradient\nshrinks or explodes", "rms of δ", "log"),
        ("weight_gradient_norm", "Small: every weight\ngradient is tiny", "norm of ∂L/∂W", "log"),
        ("negligible_fraction", "Large: most units\nget no gradient", "share with δ ≈ 0", "linear"),
    )
    figure = canvas(6.0)
    figure.set_layout_engine("constrained", wspace=0.06)
    for axes, (column, title, label, scale) in zip(figure.subplots(2, 3).ravel(), panels, strict=True):
        axes.set_title(title, loc="left")
        axes.set(ylabel=label, yscale=scale, xticks=[1, 4, 7, 10], xlabel="layer")
        if scale == "linear":
            axes.set_ylim(-0.04, 1.04)
        for start in _STARTS:
            layers = lecture[lecture["initializer"] == start.initializer].groupby("layer")[column]
            _draw_band(axes, layers, start.like, label=start.label)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(_STARTS), fontsize=11)
    return figure


def _draw_band(axes: Axes, layers: SeriesGroupBy[Any, Any], like: str, **line: Any) -> None:
    """Draw the mean over replicates as a line, their range as a band."""
    middle, (color, marker, _) = layers.mean(), look(like)
    axes.fill_between(middle.index, layers.min(), layers.max(), color=color, alpha=0.25, linewidth=0)
    axes.plot(middle.index, middle, color=color, marker=marker, **line)


def draw_units(units: pd.DataFrame) -> Canvas:
    """Draw one map per network: layers down, units across, sorted by their saturated share."""
    figure = canvas(5.4)
    grid = figure.subplots(2, 3, sharex=True, sharey=True)
    for axes, (initializer, activation, verdict) in zip(grid.ravel(), _MAPS, strict=True):
        chosen = units[(units["initializer"] == initializer) & (units["activation"] == activation)]
        shares = chosen.pivot(index="layer", columns="unit", values="saturated_fraction").to_numpy()
        image = _draw_shares(axes, np.sort(shares, axis=1)[:, ::-1])
        axes.set_title(f"{activation}, {figure_name(initializer)}:\n{verdict}", loc="left")
        axes.set_yticks(range(0, len(shares), 3), range(1, len(shares) + 1, 3))
    for axes in grid[:, 0]:
        axes.set_ylabel("layer")
    figure.supxlabel("units, most saturated first", fontsize=11)
    _draw_colorbar(figure, image, grid.ravel(), "saturated for this share of the inputs")
    return figure


def _draw_shares(axes: Axes, shares: NDArray[Any]) -> AxesImage:
    axes.grid(visible=False)
    return axes.imshow(shares, cmap=_COLORMAP, vmin=0, vmax=1, aspect="auto", interpolation="nearest")


def _draw_colorbar(figure: Canvas, image: AxesImage, axes: Iterable[Axes], label: str) -> None:
    bar = figure.colorbar(image, ax=list(axes), label=label, location="top", aspect=40, shrink=0.6, pad=0.02)
    bar.set_ticks(_QUARTERS, labels=[f"{quarter:.0%}" for quarter in _QUARTERS])
    bar.outline.set_visible(False)


def draw_battery(cells: pd.DataFrame) -> Canvas:
    """Draw the saturated share of every start and activation, one panel per depth."""
    return _draw_depths(cells)


def draw_added(cells: pd.DataFrame) -> Canvas:
    """Draw the same on one data set."""
    return _draw_depths(cells)


def _draw_depths(cells: pd.DataFrame) -> Canvas:
    panels = cells.groupby("depth")
    lines = -(-len(panels) // _PANELS)
    figure = canvas((0.22 * cells["row"].nunique() + 1.15) * lines + 1.0, row_width(_PANELS, cells, 0.23))
    slots = figure.subplots(lines, _PANELS, sharey=True, squeeze=False).ravel()
    for (depth, here), axes in zip(panels, slots, strict=False):
        image = _draw_depth(axes, here)
        axes.set_title(f"layer {depth}", loc="left", pad=6)
    label_rows(slots[0], cells)
    for axes in slots[len(panels) :]:
        axes.set_axis_off()
    _draw_colorbar(figure, image, slots, "share of slopes that are flat")
    figure.supxlabel(f"{LOST_SIGN}  signal lost      †  most units flat for every input      ∞  overflow", fontsize=11)
    return figure


def _draw_depth(axes: Axes, cells: pd.DataFrame) -> AxesImage:
    """Draw one panel: color is the saturated share, a sign says what colour cannot."""
    starts, activations = cells["row"].unique(), cells["activation"].unique()
    by_place = cells.set_index(["row", "activation"]).drop(columns="sigma_w2")
    grid = {name: by_place[name].unstack().loc[starts, activations].to_numpy() for name in by_place.columns}
    overflown, lost = grid["finite_fraction"] < 1, grid["activation_variance"] < LOST_VARIANCE
    shares = np.where(overflown, np.nan, grid["saturated_fraction"])
    image = _draw_shares(axes, shares)
    axes.set_facecolor(LOST)
    signs = np.select([overflown, lost, grid["dead_fraction"] > 1 / 2], ["∞", LOST_SIGN, "†"], "")
    is_dark = shares > _INK_SWITCH
    for sign in ("∞", LOST_SIGN, "†"):
        for ink, background in ((LIGHT_INK, is_dark), (DARK_INK, ~is_dark)):
            places = np.argwhere((signs == sign) & background)
            write_sign(axes, places[:, 1], places[:, 0], sign, ink)
    label_columns(axes, list(activations))
    return image


def draw_gradients(deltas: pd.DataFrame, rms: pd.DataFrame) -> Canvas:
    """Draw the sizes of the deltas, one ridge per layer, one panel per start."""
    size = rms.set_index(["initializer", "layer"])["delta_rms"]
    figure = canvas(4.8)
    grid = figure.subplots(1, len(_STARTS), sharex=True, sharey=True)
    for axes, start in zip(grid, _STARTS, strict=True):
        layers = _by_layer(deltas, start)
        for layer, bins in layers.items():
            _draw_ridge(axes, layer, bins, look(start.like).color)
            middle = np.log10(size[start.initializer, layer])
            axes.plot([middle, middle], [layer, layer + 0.9], color=FOREGROUND, linewidth=1.6)
        axes.set_title(f"{start.scale}: {start.gradient}", loc="left")
        axes.set_xticks([-15, -10, -5, 0, 5], ["less", "10$^{-10}$", "10$^{-5}$", "1", "10$^5$"])
        axes.grid(visible=False, axis="y")
    grid[0].set(ylabel="layer", yticks=range(1, len(layers) + 1), xlim=(-17, 6))
    figure.supxlabel("size of δ in single units, |∂L/∂z|", fontsize=11)
    return figure


def _draw_ridge(axes: Axes, layer: int, bins: pd.DataFrame, color: str) -> None:
    """Draw one layer; what lies in the first bin or below is written as a share."""
    sized = bins.iloc[1:]
    edges = [*sized["bin_left"], sized["bin_right"].iloc[-1]]
    height = 0.85 * sized["fraction"] / sized["fraction"].max()
    axes.stairs(height + layer, edges, baseline=layer, fill=True, color=color, alpha=0.85)
    nothing = bins["fraction"].iloc[0]
    if round(nothing, 2) > 0:
        axes.text(-15, layer + 0.35, f"{nothing:.0%}", ha="center", va="center", fontsize=9.5)


def draw_rounding(rounding: pd.DataFrame) -> Canvas:
    """Draw the share of outputs that are exactly +1 or -1, by layer and floating-point type."""
    figure = canvas(2.7, 6.5)
    axes = figure.subplots()
    for (dtype, rows), dash in zip(rounding.groupby("dtype"), ("-", "--"), strict=True):
        layers = rows.groupby("layer")["rounded_fraction"]
        _draw_band(axes, layers, LARGE, linestyle=dash)
        end = (rounding["layer"].max(), layers.mean().iloc[-1])
        axes.annotate(str(dtype), end, (8, 0), textcoords="offset points", va="center")
    axes.set_title("Large weights: outputs are exactly ±1, in float32 more often", loc="left")
    axes.set(ylim=(0, 1), xlabel="layer", xticks=rounding["layer"].unique(), ylabel="exactly ±1")
    axes.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    return figure
