"""The figures of the chapter on saturation: three scales side by side, and two mechanisms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.labels import End, label_ends
from reportgen.chapters.names import LARGE, SMALL, short_name
from reportgen.chapters.saturation.tables import RIGHT, RIGHT_STDDEV
from reportgen.chapters.style import (
    FOREGROUND,
    RECOMMENDED,
    canvas,
    is_narrow,
    look,
    on_sheet,
    start_id,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_layers", "draw_mechanisms"]

_PITCH = 2.6
"""From the middle of a histogram to that of the next one; each goes from -1 to 1."""


class _Start(NamedTuple):
    initializer: str
    like: str
    label: str
    scale: str
    signal: str

    @property
    def short(self) -> str:
        return self.scale.split()[-1].lower()


# The right scale is that of Glorot between layers of equal width, without the truncation, so it is drawn as Glorot.
_STARTS = (
    _Start(SMALL, SMALL, short_name(SMALL), "Too small", "the signal dies"),
    _Start(LARGE, LARGE, short_name(LARGE), "Too large", "nearly all outputs stand at the flat ends"),
    _Start(RIGHT, "glorot_normal", f"normal({RIGHT_STDDEV})", "Right", "alive in every layer"),
)


def draw_layers(activations: pd.DataFrame, rms: pd.DataFrame) -> Canvas:
    """Draw the lecture's figure: a row of histograms per start, one histogram per layer; a column on a narrow sheet."""
    if is_narrow():
        return _draw_columns(activations, rms)
    size = rms.set_index(["initializer", "layer"])["activation_rms"]
    figure = canvas(6.0)
    rows = figure.subplots(len(_STARTS), 1, sharex=True)
    for start, axes in zip(_STARTS, rows, strict=True):
        shown = activations[activations["initializer"] == start.initializer]
        for layer, bins in shown.groupby("layer"):
            _draw_histogram(axes, _PITCH * float(str(layer)), bins, start)
        axes.set_title(f"{start.scale}, {start.label}: {start.signal}", loc="left", pad=8)
        layers = sorted(shown["layer"].unique())
        _label_sizes(axes, layers, [size[start.initializer, layer] for layer in layers])
    rows[0].set_title("thin lines: −1 and +1, tanh's flat ends", loc="right", pad=8, fontsize=10, fontweight="normal")
    rows[0].set_xlim(0.42 * _PITCH, (len(layers) + 0.5) * _PITCH)
    rows[-1].set_xticks(_PITCH * np.array(layers), [f"layer {layer}" if layer == 1 else f"{layer}" for layer in layers])
    return figure


def _draw_columns(activations: pd.DataFrame, rms: pd.DataFrame) -> Canvas:
    """Draw a column of histograms per start, the first layer on top, and its root mean square below each."""
    size = rms.set_index(["initializer", "layer"])["activation_rms"]
    figure = canvas(6.0, narrow=8.6)
    columns, layers = figure.subplots(1, len(_STARTS), sharey=True), sorted(activations["layer"].unique())
    for start, axes in zip(_STARTS, columns, strict=True):
        for layer in layers:
            mine = (activations["initializer"] == start.initializer) & (activations["layer"] == layer)
            _draw_histogram(axes, 0.0, activations[mine], start, -_STEP * layer)
            axes.text(0, -_STEP * layer - 0.28, _compact(size[start.initializer, layer]), ha="center", va="center")
        axes.set(xlim=(-1.15, 1.15), xticks=[-1, 1], xticklabels=["−1", "+1"])
        name, number = start.label.split("(")
        axes.set_title(f"{start.scale},\n{name}\n({number}", fontsize=10.5, gid=start_id(start.like))
        axes.grid(visible=False)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    named = [f"layer {layer}" if layer == layers[0] else f"{layer}" for layer in layers]
    columns[0].set_yticks([0.45 - _STEP * layer for layer in layers], named)
    columns[0].set_ylim(-_STEP * layers[-1] - 0.45, 1.05 - _STEP * layers[0])
    figure.supxlabel("thin lines: −1 and +1, tanh's flat ends;\nnumbers: rms of the layer", fontsize=10)
    return figure


_STEP = 1.55
"""From the foot of a histogram to that of the next layer's, on a narrow sheet; each is one high."""


def _draw_histogram(axes: Axes, middle: float, bins: pd.DataFrame, start: _Start, foot: float = 0.0) -> None:
    """Draw one layer between two thin lines, at -1 and 1."""
    edges = np.array([*bins["bin_left"], bins["bin_right"].iloc[-1]])
    axes.vlines([middle - 1, middle + 1], foot, foot + 1, color=FOREGROUND, alpha=0.3, linewidth=0.8)
    axes.hlines(foot, middle - 1.1, middle + 1.1, color=FOREGROUND, linewidth=0.8)
    heights, mine = bins["fraction"] / bins["fraction"].max(), look(start.like).color
    axes.stairs(foot + heights, middle + edges, baseline=foot, fill=True, color=mine, gid=start_id(start.like))


def _label_sizes(axes: Axes, layers: list[int], sizes: list[float]) -> None:
    """Write the root mean square below every histogram; what the numbers are stands at their left end."""
    axes.set(ylim=(-0.3, 1.03), yticks=[-0.19], yticklabels=["rms"])
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for layer, size in zip(layers, sizes, strict=True):
        axes.text(_PITCH * layer, -0.19, _compact(size), ha="center", va="center", fontsize=10)


def _compact(value: float) -> str:
    """Write a number in at most six characters."""
    if value >= 0.01:
        return f"{value:.2f}" if value >= 0.095 else f"{value:.3f}"
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}·10$^{{{int(exponent)}}}$"


class _Panel(NamedTuple):
    column: str
    title: str
    label: str
    scale: str
    way: str
    shown: Callable[[pd.Series[float]], pd.Series[float]] = lambda values: values


_UP, _DOWN = "layer   (the signal goes →)", "layer   (← the gradient goes)"
_PANELS = (
    _Panel("activation_rms", "Small weights shrink the signal", "signal, rms of h", "log", _UP),
    _Panel("mean_squared_slope", "Large weights flatten the slopes", "slope, rms of φ′(z)", "linear", _UP, np.sqrt),
    _Panel("delta_rms", "The gradient shrinks, or explodes", "gradient, over the last layer's", "log", _DOWN),
    _Panel("negligible_fraction", "Large: most units get next to none", "units with δ near 0", "linear", _DOWN),
)


def draw_mechanisms(lecture: pd.DataFrame) -> Canvas:
    """Draw what goes up and what comes down, by layer: what shrinks, what is flat, what is left.

    The gradient is drawn over that of the last layer, where it comes in.
    """
    last = lecture.sort_values("layer").groupby(["initializer", "replicate"])["delta_rms"].transform("last")
    over_last = lecture.assign(delta_rms=lecture["delta_rms"] / last)
    figure = canvas(6.4, narrow=10.4)
    figure.set_layout_engine("constrained", wspace=0.08, hspace=0.05)
    for axes, panel in zip(figure.subplots(*on_sheet((2, 2), (4, 1))).ravel(), _PANELS, strict=True):
        axes.set_title(panel.title, loc="left")
        ends = {start.short: _draw_mean(axes, over_last, start, panel) for start in _STARTS}
        axes.set(ylabel=panel.label, yscale=panel.scale, xticks=[1, 4, 7, 10], xlabel=panel.way)
        axes.set_xlim(1, lecture["layer"].max())
        if panel.scale == "linear":
            axes.set(ylim=(-0.03, 1.03), yticks=[0, 0.5, 1])
        if panel.column == "delta_rms":
            _label_first_layer(axes, over_last)
        else:
            label_ends(axes, ends)
    return figure


def _label_first_layer(axes: Axes, lecture: pd.DataFrame) -> None:
    """Write what a line is beside its left end, where a gradient arrives."""
    arrived = lecture[lecture["layer"] == 1].groupby("initializer")["delta_rms"].mean()
    for start in _STARTS:
        is_right = start.initializer == RIGHT
        axes.annotate(
            start.short,
            (1, arrived[start.initializer]),
            (4, 6) if is_right else (14, 0),
            textcoords="offset points",
            va="bottom" if is_right else "center",
            fontsize=10,
            fontweight="bold" if is_right else "normal",
            gid=start_id(start.like),
        )


def _draw_mean(axes: Axes, lecture: pd.DataFrame, start: _Start, panel: _Panel) -> End:
    """Draw the mean over networks, and their range as a band; return where the line ends."""
    layers = lecture[lecture["initializer"] == start.initializer].groupby("layer")[panel.column]
    middle, low, high = (panel.shown(one) for one in (layers.mean(), layers.min(), layers.max()))
    is_right = start.initializer == RIGHT
    mine: Any = {"color": look(start.like).color, "gid": start_id(start.like)}
    axes.fill_between(middle.index, low, high, alpha=0.25, linewidth=0, **mine)
    # Where two lines lie on each other the small start's is the wider one, below.
    width = RECOMMENDED if is_right else 5.0 if start.initializer == SMALL and panel.scale == "linear" else 2.0
    axes.plot(middle.index, middle, linewidth=width, clip_on=False, **mine)
    return End(middle.index[-1], middle.iloc[-1], is_right, mine["gid"])
