"""The figures of the chapter on gains."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.gains.tables import SHOWN
from reportgen.chapters.labels import End, label_ends
from reportgen.chapters.style import (
    ACCENT,
    FOREGROUND,
    GRADIENT,
    GREY,
    SIGNAL,
    activation_colors,
    canvas,
    figure_name,
    name_ticks,
    on_sheet,
)
from reportgen.judgments.frames import only

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_bands", "draw_curves", "draw_gains", "draw_layers"]

_GAIN = "gain (weights have the variance gain² / fan_in)", "gain (weights have\nthe variance gain² / fan_in)"
"""On a wide and on a narrow sheet."""
_TICKS = (0.75, 1, 1.5, 2, 3, 4.5)

_NAMED = ("relu", "tanh", "sigmoid", "gelu")
"""Activations whose curves have a name."""

_NEAR = 9
"""Points from a mark to what it says; further ones have a thread."""

_RMS = 0.1, 10
_GAINS = 0.8, 12


def draw_gains(gains: pd.DataFrame) -> Canvas:
    """Draw forward gain, backward gain and PyTorch's gain of every activation, the widest gap on top."""
    table = gains.iloc[::-1].reset_index(drop=True)
    figure = canvas(1.4 + 0.32 * len(table), narrow=2.0 + 0.32 * len(table))
    axes = figure.subplots()
    rows, top = np.arange(len(table)), len(table) - 1
    axes.hlines(rows, table["forward_gain"], table["backward_gain"], color=FOREGROUND, alpha=0.4, linewidth=2)
    looks: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("torch_gain", "PyTorch\nrecommends", {"marker": "x", "markersize": 8, "markeredgewidth": 2, "color": GREY}),
        ("forward_gain", "keeps\nthe signal", {"marker": "o", "markersize": 9, "color": SIGNAL}),
        ("backward_gain", "keeps\nthe gradient", {"marker": "D", "markersize": 6, "color": GRADIENT}),
    )
    for (column, words, look), up in zip(looks, on_sheet((9, 9, 9), (38, 9, 9)), strict=True):
        axes.plot(table[column], rows, linestyle="none", label=words, **look)
        shown = table[column].dropna()
        thread = {"arrowstyle": "-", "color": FOREGROUND, "alpha": 0.4, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 5}
        place: dict[str, Any] = {
            "textcoords": "offset points",
            "ha": "center",
            "arrowprops": thread if up > _NEAR else None,
        }
        axes.annotate(words, (shown.iloc[-1], shown.index[-1]), (0, up), **place)
    name_ticks(axes.yaxis, table["activation"], on_sheet(28, 14))
    axes.set_xscale("log", base=2)
    axes.set_xticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
    axes.minorticks_off()
    axes.set(xlabel=on_sheet(*_GAIN), ylim=(-0.6, top + on_sheet(1.6, 2.9)))
    axes.set_title("At pre-activations of rms one", loc="left")
    return figure


def draw_bands(bands: pd.DataFrame) -> Canvas:
    """Draw the bands of the deepest nets: a bar per activation and size of the inputs, with the best gain on it."""
    deepest = bands[bands["depth"] == bands["depth"].max()].iloc[::-1].reset_index(drop=True)
    figure = canvas(1.2 + 0.3 * len(deepest), narrow=1.4 + 0.3 * len(deepest))
    axes = figure.subplots()
    colors = activation_colors(list(bands["activation"].unique()))
    axes.axvline(2**0.5, color=FOREGROUND, linestyle="--", linewidth=1)
    axes.annotate("He's gain", (2**0.5, len(deepest) - 0.5), (4, 0), textcoords="offset points", va="center")
    ends: dict[str, Any] = {"solid_capstyle": "butt"}
    for row, band in deepest.iterrows():
        color = colors[band["activation"]]
        axes.plot([band["least"], band["greatest"]], [row, row], color=color, linewidth=7, label="kept", **ends)
        axes.plot(band["best_gain"], row, "o", color=FOREGROUND, markersize=5, label="best")
    names = [f"{name}, {q0**0.5:g}" for name, q0 in zip(deepest["activation"], deepest["q0"], strict=True)]
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel=on_sheet(*_GAIN), ylim=(-0.6, len(deepest)))
    axes.set_title("activation, rms of the inputs", loc="left")
    return figure


def draw_curves(curves: pd.DataFrame, gains: pd.DataFrame) -> Canvas:
    """Draw the gains that keep signal and gradient by the rms of the pre-activations, and where a tanh net settles."""
    colors = activation_colors(list(curves["activation"].unique()))
    figure = canvas(4.2, narrow=6.8)
    panels = figure.subplots(*on_sheet((1, 2), (2, 1)), sharey=True)
    titles = {"forward_gain": "keeps the signal", "backward_gain": "keeps the gradient"}
    for axes, (column, title) in zip(panels, titles.items(), strict=True):
        ends = {}
        for activation, rows in curves.groupby("activation", sort=False):
            name, x, y = figure_name(str(activation)), rows["rms"], rows[column]
            if activation in _NAMED:
                axes.plot(x, y, color=colors[str(activation)], linewidth=2.4, zorder=3, label=name)
                ends[name] = End(_RMS[1], float(np.interp(_RMS[1], x, y)))
            else:
                axes.plot(x, y, color=GREY, linewidth=0.8, alpha=0.45, zorder=1, label=name)
        axes.set(xscale="log", yscale="log", xlim=_RMS, ylim=_GAINS, xlabel="rms of the pre-activations")
        axes.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
        axes.set_yticks([1, 2, 5, 10], ["1", "2", "5", "10"])
        axes.minorticks_off()
        axes.set_title(title, loc="left")
        label_ends(axes, ends)
    for axes in on_sheet(panels[:1], panels):
        axes.set_ylabel("gain")
    _mark_settled(panels[0], curves[curves["activation"] == "tanh"], gains)
    return figure


def _mark_settled(axes: Axes, tanh: pd.DataFrame, gains: pd.DataFrame) -> None:
    """Put a dot on tanh's curve at PyTorch's gain: the size at which a net that has this gain stays."""
    gain = float(only(gains.loc[gains["activation"] == "tanh", "torch_gain"]))
    rms = float(np.interp(gain, tanh["forward_gain"], tanh["rms"]))
    axes.plot(rms, gain, "o", color=FOREGROUND, markersize=7, zorder=4)
    words = "with PyTorch's gain\ntanh settles here"
    thread = {"arrowstyle": "-", "color": FOREGROUND, "alpha": 0.5, "linewidth": 0.7, "shrinkB": 4}
    axes.annotate(words, (rms, gain), (0.15, 4.2), va="center", fontsize=10, arrowprops=thread)


_WAYS = {
    "signal": ("rms of the signal", "the signal, up →"),
    "gradient": ("gradient, over the last layer's", "the gradient, down ←"),
}


def draw_layers(layers: pd.DataFrame) -> Canvas:
    """Draw signal and gradient by layer, a row per activation: dots for the networks, lines for theory."""
    activations = sorted(layers["activation"].unique(), reverse=True)
    figure = canvas(0.6 + 2.5 * len(activations), narrow=0.6 + 4.2 * len(activations))
    shape = len(activations), len(_WAYS)
    panels = figure.subplots(*on_sheet(shape, (shape[0] * shape[1], 1)), sharex=True, squeeze=False)
    for row, activation in zip(panels.reshape(shape), activations, strict=True):
        own = layers[layers["activation"] == activation]
        for axes, (column, (label, way)) in zip(row, _WAYS.items(), strict=True):
            _draw_gains(axes, own, column)
            axes.set(yscale="log", ylabel=on_sheet(label, fill(label, 18)))
            axes.set_title(f"{figure_name(str(activation))}: {way}", loc="left")
    for alike in panels.reshape(shape).T:
        _share_heights(list(alike))
    for axes, activation in zip(panels.reshape(shape)[:, 0], activations, strict=True):
        _name_gains(axes, layers[layers["activation"] == activation])
    for axes in panels[-1]:
        axes.set_xlabel("layer")
    return figure


def _share_heights(panels: Sequence[Axes]) -> None:
    """Give panels the same upright axis, wherever they stand."""
    ends = np.array([axes.get_ylim() for axes in panels])
    for axes in panels:
        axes.set_ylim(ends.min(), ends.max())


def _draw_gains(axes: Axes, rows: pd.DataFrame, column: str) -> None:
    """Draw the gains of one activation: gain one in ink, PyTorch's in the accent, and name the lines in the key."""
    theory = rows.pivot(index="layer", columns="gain", values=SHOWN[column])
    for gain, own in rows.groupby("gain", sort=False):
        color = FOREGROUND if gain == 1 else ACCENT
        shown = own[(own["layer"] == 1) | (own["layer"] % 5 == 0)]
        bars = shown[column] * shown[f"{column}_log_error"]
        name = "gain 1" if gain == 1 else f"PyTorch's gain, {float(str(gain)):.3g}"
        axes.errorbar(shown["layer"], shown[column], bars, fmt="o", color=color, markersize=4, label=name)
        axes.plot(theory.index, theory[gain], color=color, linewidth=1.4, label=f"{name}: theory")


def _name_gains(axes: Axes, rows: pd.DataFrame) -> None:
    """Name the lines of a signal at their ends."""
    last = rows[rows["layer"] == rows["layer"].max()].set_index("gain")["signal"]
    ends = {
        "gain 1" if gain == 1 else f"PyTorch's\ngain, {float(str(gain)):.3g}": End(axes.get_xlim()[1], float(signal))
        for gain, signal in last.items()
    }
    label_ends(axes, ends, gap=0.1)
