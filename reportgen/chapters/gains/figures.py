"""The figures of the chapter on gains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from reportgen.chapters.gains.tables import CASE, SHOWN
from reportgen.chapters.style import (
    BLUE,
    FOREGROUND,
    GRADIENT,
    GREEN,
    PINK,
    SIGNAL,
    VERMILION,
    activation_colors,
    canvas,
    figure_name,
    name_ticks,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_bands", "draw_curves", "draw_gains", "draw_layers"]

_LOOKS = {
    ("tanh", 1.0): (BLUE, "o"),
    ("tanh", 1.667): (VERMILION, "^"),
    ("selu", 1.0): (GREEN, "s"),
    ("selu", 0.75): (PINK, "v"),
}
_DASHES = ("-", "--", ":")


def draw_gains(gains: pd.DataFrame) -> Canvas:
    """Draw forward gain, backward gain and PyTorch's gain of every activation."""
    table = gains.iloc[::-1].reset_index(drop=True)
    figure = canvas(1.6 + 0.3 * len(table))
    axes = figure.subplots()
    rows = np.arange(len(table))
    axes.hlines(rows, table["forward_gain"], table["backward_gain"], color=FOREGROUND, alpha=0.4, linewidth=2)
    axes.plot(table["forward_gain"], rows, "o", color=SIGNAL, markersize=9, label="keeps the signal")
    axes.plot(table["backward_gain"], rows, "D", color=GRADIENT, markersize=6, label="keeps the gradient")
    axes.plot(
        table["torch_gain"], rows, "x", color=FOREGROUND, markersize=8, markeredgewidth=2, label="PyTorch recommends"
    )
    name_ticks(axes.yaxis, table["activation"])
    axes.set_xscale("log", base=2)
    ticks = [0.75, 1, 1.5, 2, 3, 4.5]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("gain (weights have the variance gain² / fan_in)")
    axes.set_ylabel("activation")
    axes.set_title("Only straight lines and ReLUs have one gain for both ways", loc="left")
    axes.legend(loc="lower right")
    return figure


def draw_bands(bands: pd.DataFrame) -> Canvas:
    """Draw the bands of the deepest nets: a bar per activation and size of the inputs, with the best gain on it."""
    deepest = bands[bands["depth"] == bands["depth"].max()].iloc[::-1].reset_index(drop=True)
    figure = canvas(1.4 + 0.3 * len(deepest))
    axes = figure.subplots()
    colors = dict(zip(deepest["activation"].unique()[::-1], (VERMILION, PINK, BLUE, GREEN), strict=False))
    axes.axvline(2**0.5, color=FOREGROUND, linestyle="--", linewidth=1, label="He's gain")
    for row, band in deepest.iterrows():
        color = colors[band["activation"]]
        axes.plot([band["least"], band["greatest"]], [row, row], color=color, linewidth=7, solid_capstyle="butt")
        axes.plot(band["best_gain"], row, "o", color=FOREGROUND, markersize=5)
    names = [f"{name}, {q0:g}" for name, q0 in zip(deepest["activation"], deepest["q0"], strict=True)]
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("gain (weights have the variance gain² / fan_in)")
    axes.set_ylabel("activation, mean square of the inputs")
    axes.set_title("GELU and SiLU: small inputs leave hardly any gain", loc="left")
    axes.legend(loc="upper left")
    return figure


def draw_curves(curves: pd.DataFrame) -> Canvas:
    """Draw E[phi²] and E[phi'²] against the variance of the pre-activations."""
    colors = activation_colors(list(curves["activation"].unique()))
    figure = canvas(4.9)
    panels = figure.subplots(1, 2)
    words = (
        ("second_moment", "E[phi²]", "Signal: some grow like q, some are bounded"),
        ("slope_second_moment", "E[phi'²]", "Gradient: bounded ones lose their slope"),
    )
    for axes, (column, label, title) in zip(panels, words, strict=True):
        for at, (name, color) in enumerate(colors.items()):
            rows = curves[curves["activation"] == name]
            axes.plot(rows["q"], rows[column], _DASHES[at % len(_DASHES)], color=color, label=figure_name(str(name)))
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("q, variance of the pre-activations")
        axes.set_ylabel(label)
        axes.set_title(title, loc="left")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return figure


def draw_layers(layers: pd.DataFrame) -> Canvas:
    """Draw signal and gradient by layer for every gain that is tried: dots for the networks, lines for theory."""
    figure = canvas(4.8)
    panels = figure.subplots(1, 2)
    words = (
        ("second moment E[z²]", "Up: two gains keep the signal ..."),
        ("second moment of delta", "... and both let the gradient grow"),
    )
    for axes, (column, predicted), (label, title) in zip(panels, SHOWN.items(), words, strict=True):
        for activation, gain in layers[CASE].drop_duplicates().itertuples(index=False):
            rows = layers[(layers["activation"] == activation) & (layers["gain"] == gain)]
            color, marker = _LOOKS[(activation, round(gain, 3))]
            shown = rows[(rows["layer"] == 1) | (rows["layer"] % 3 == 0)]
            bars = shown[column] * shown[f"{column}_log_error"]
            axes.errorbar(
                shown["layer"], shown[column], bars, fmt=marker, color=color, label=f"{activation}, gain {gain:.3g}"
            )
            axes.plot(rows["layer"], rows[predicted], color=FOREGROUND, linewidth=1.2, zorder=3)
        axes.set_yscale("log")
        axes.set_xlabel("layer")
        axes.set_ylabel(label)
        axes.set_title(title, loc="left")
    handles, labels = panels[0].get_legend_handles_labels()
    theory = Line2D([], [], color=FOREGROUND, linewidth=1.2)
    figure.legend([*handles, theory], [*labels, "mean field theory"], loc="outside lower center", ncols=3)
    return figure
