"""The figures of the chapter on gains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.gains.tables import SHOWN
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
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_bands", "draw_curves", "draw_gains", "draw_layers"]

_GAIN = "gain (weights have the variance gain² / fan_in)"
_TICKS = (0.75, 1, 1.5, 2, 3, 4.5)

_GELU, _RELU = (0.11, (0, 5)), (4.2, (0, -14))
_NAMED: dict[str, dict[str, tuple[float, tuple[int, int]]]] = {
    "forward_gain": {"relu": _RELU, "tanh": (4, (6, -6)), "sigmoid": (1.6, (-60, -4)), "gelu": _GELU},
    "backward_gain": {"relu": _RELU, "tanh": (4, (6, -8)), "sigmoid": (1.6, (-40, 8)), "gelu": _GELU},
}
"""Curves that have a name; the rms at which it is written, and how far from the curve (points)."""

_RMS = 0.1, 10
_GAINS = 0.8, 12


def draw_gains(gains: pd.DataFrame) -> Canvas:
    """Draw forward gain, backward gain and PyTorch's gain of every activation, the widest gap on top."""
    table = gains.iloc[::-1].reset_index(drop=True)
    figure = canvas(1.4 + 0.32 * len(table))
    axes = figure.subplots()
    rows, top = np.arange(len(table)), len(table) - 1
    axes.hlines(rows, table["forward_gain"], table["backward_gain"], color=FOREGROUND, alpha=0.4, linewidth=2)
    looks: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("torch_gain", "PyTorch\nrecommends", {"marker": "x", "markersize": 8, "markeredgewidth": 2, "color": GREY}),
        ("forward_gain", "keeps\nthe signal", {"marker": "o", "markersize": 9, "color": SIGNAL}),
        ("backward_gain", "keeps\nthe gradient", {"marker": "D", "markersize": 6, "color": GRADIENT}),
    )
    for column, words, look in looks:
        axes.plot(table[column], rows, linestyle="none", **look)
        shown = table[column].dropna()
        axes.annotate(words, (shown.iloc[-1], shown.index[-1]), (0, 9), textcoords="offset points", ha="center")
    name_ticks(axes.yaxis, table["activation"])
    axes.set_xscale("log", base=2)
    axes.set_xticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
    axes.minorticks_off()
    axes.set(xlabel=_GAIN, ylim=(-0.6, top + 1.6))
    axes.set_title("At pre-activations of rms one", loc="left")
    return figure


def draw_bands(bands: pd.DataFrame) -> Canvas:
    """Draw the bands of the deepest nets: a bar per activation and size of the inputs, with the best gain on it."""
    deepest = bands[bands["depth"] == bands["depth"].max()].iloc[::-1].reset_index(drop=True)
    figure = canvas(1.2 + 0.3 * len(deepest))
    axes = figure.subplots()
    colors = activation_colors(list(bands["activation"].unique()))
    axes.axvline(2**0.5, color=FOREGROUND, linestyle="--", linewidth=1)
    axes.annotate("He's gain", (2**0.5, len(deepest) - 0.5), (4, 0), textcoords="offset points", va="center")
    for row, band in deepest.iterrows():
        color = colors[band["activation"]]
        axes.plot([band["least"], band["greatest"]], [row, row], color=color, linewidth=7, solid_capstyle="butt")
        axes.plot(band["best_gain"], row, "o", color=FOREGROUND, markersize=5)
    names = [f"{name}, {q0**0.5:g}" for name, q0 in zip(deepest["activation"], deepest["q0"], strict=True)]
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel=_GAIN, ylim=(-0.6, len(deepest)))
    axes.set_title("activation, rms of the inputs", loc="left")
    return figure


def draw_curves(curves: pd.DataFrame) -> Canvas:
    """Draw the gains that keep signal and gradient over the rms of the pre-activations."""
    colors = activation_colors(list(curves["activation"].unique()))
    figure = canvas(4.4)
    panels = figure.subplots(1, 2, sharey=True)
    titles = {"forward_gain": "keeps the signal", "backward_gain": "keeps the gradient"}
    for axes, (column, title) in zip(panels, titles.items(), strict=True):
        named = _NAMED[column]
        for name, rows in curves.groupby("activation", sort=False):
            color, width, order = (colors[str(name)], 2.2, 3) if name in named else (GREY, 0.9, 1)
            axes.plot(rows["rms"], rows[column], color=color, linewidth=width, zorder=order)
        for name, (rms, away) in named.items():
            rows = curves[curves["activation"] == name]
            gain = float(np.interp(rms, rows["rms"], rows[column]))
            axes.annotate(figure_name(name), (rms, gain), away, textcoords="offset points")
        axes.set(xscale="log", yscale="log", xlim=_RMS, ylim=_GAINS, xlabel="rms of the pre-activations")
        axes.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
        axes.set_yticks([1, 2, 5, 10], ["1", "2", "5", "10"])
        axes.minorticks_off()
        axes.set_title(title, loc="left")
    panels[0].set_ylabel("gain")
    return figure


_WAYS = {
    "signal": ("rms of the signal", "the signal, up →"),
    "gradient": ("rms of the gradient", "the gradient, down ←"),
}
_NAME_AT = 25
"""Layer at which a line's name is written."""


def draw_layers(layers: pd.DataFrame) -> Canvas:
    """Draw signal and gradient by layer, a row per activation: dots for the networks, lines for theory."""
    activations = sorted(layers["activation"].unique(), reverse=True)
    figure = canvas(0.6 + 2.5 * len(activations))
    panels = figure.subplots(len(activations), 2, sharex=True, sharey="col", squeeze=False)
    for row, activation in zip(panels, activations, strict=True):
        own = layers[layers["activation"] == activation]
        for axes, (column, (label, way)) in zip(row, _WAYS.items(), strict=True):
            _draw_gains(axes, own, column)
            axes.set(yscale="log", ylabel=label)
            axes.set_title(f"{figure_name(str(activation))}: {way}", loc="left")
    for axes in panels[-1]:
        axes.set_xlabel("layer")
    return figure


def _draw_gains(axes: Axes, rows: pd.DataFrame, column: str) -> None:
    """Draw the gains of one activation: gain one in ink, PyTorch's in the accent, names beside the lines."""
    theory = rows.pivot(index="layer", columns="gain", values=SHOWN[column])
    order = theory.loc[[_NAME_AT]].T[_NAME_AT]
    for gain, own in rows.groupby("gain", sort=False):
        color = FOREGROUND if gain == 1 else ACCENT
        shown = own[(own["layer"] == 1) | (own["layer"] % 5 == 0)]
        bars = shown[column] * shown[f"{column}_log_error"]
        axes.errorbar(shown["layer"], shown[column], bars, fmt="o", color=color, markersize=4)
        axes.plot(theory.index, theory[gain], color=color, linewidth=1.4)
        words = "gain 1" if gain == 1 else f"PyTorch's gain, {gain:.3g}"
        up = 8 if order[gain] == order.max() else -16
        axes.annotate(words, (_NAME_AT, order[gain]), (0, up), textcoords="offset points")
