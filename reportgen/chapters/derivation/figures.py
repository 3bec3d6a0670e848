"""The figures of the chapter on Var(w·x) = 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.derivation.tables import GAINS, GLOROT, STABLE
from reportgen.chapters.labels import End, label_ends
from reportgen.chapters.names import short_name
from reportgen.chapters.style import ACCENT, FOREGROUND, GREY, RECOMMENDED, canvas, look, on_sheet, start_id

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_assumptions", "draw_growth", "draw_tanh", "draw_walk"]

_GUIDE: dict[str, Any] = {"color": FOREGROUND, "linewidth": 1.2, "zorder": 1}


def draw_walk(walks: pd.DataFrame, widths: pd.DataFrame) -> Canvas:
    """Draw single sums as they grow, and how wide many of them spread."""
    figure = canvas(4.2, narrow=4.2)
    axes: Axes = figure.subplots()
    paths = walks.pivot(index="terms", columns="walk", values="sum")
    axes.plot(paths, color=GREY, alpha=0.5, linewidth=0.7)
    axes.plot(paths[0], color=FOREGROUND, linewidth=1.4)
    last = int(paths.index[-1])
    n = np.linspace(0, last, 200)
    for side in (1, -1):
        axes.plot(n, side * np.sqrt(n), color=ACCENT)
        axes.plot(widths["terms"], side * widths["measured"], "o", color=ACCENT, markersize=6, clip_on=False)
    most = float(np.abs(paths.to_numpy()).max()) * 1.05
    axes.set(xlim=(0, last), ylim=(-most, most), xlabel="terms added up, n", ylabel="the sum so far")
    axes.set_title(f"{paths.shape[1]} sums of terms of size one")
    width = float(np.sqrt(last))
    typical = on_sheet("+√n, typical size", "+√n,\ntypical size")
    ends = {typical: End(last, width, is_strong=True), "−√n": End(last, -width, is_strong=True)}
    label_ends(axes, {**ends, on_sheet("one of the sums", "one of\nthe sums"): End(last, float(paths[0].iloc[-1]))})
    return figure


_SCALED_STARTS = ("lecun_normal", "lecun_uniform")
_SCALED = "1/n: lecun_normal,\nlecun_uniform"


def draw_growth(growth: pd.DataFrame) -> Canvas:
    """Draw Var(w·x) against the number of inputs, one line per initializer."""
    figure = canvas(4.2, narrow=4.6)
    axes: Axes = figure.subplots()
    axes.axhspan(0.5, 2, color=GREY, alpha=0.2, linewidth=0)
    ends: dict[str, End] = {}
    for name, rows in growth.groupby("initializer", sort=False):
        style, is_scaled = look(str(name)), str(name).startswith("lecun")
        width = RECOMMENDED if is_scaled else None
        mine: dict[str, Any] = {"color": style.color, "gid": start_id(str(name))}
        axes.plot(rows["fan_in"], rows["predicted"], linestyle=style.dash, linewidth=width, **mine)
        axes.plot(rows["fan_in"], rows["measured"], style.marker, **mine)
        end = rows.iloc[-1]
        label = on_sheet(_SCALED, _SCALED.replace(" ", "\n")) if is_scaled else short_name(str(name))
        named = _SCALED_STARTS if is_scaled else (str(name),)
        ends[label] = End(end["fan_in"], end["predicted"], is_scaled, start_id(*named))
    axes.set(xscale="log", yscale="log", xlabel="number of inputs n (fan_in)", ylabel="variance of the sum, Var(w·x)")
    axes.set_xticks(growth["fan_in"].unique(), [str(n) for n in growth["fan_in"].unique()], minor=False)
    axes.minorticks_off()
    axes.set_title(on_sheet("Normalized inputs, weights of five starts", "Normalized inputs,\nweights of five starts"))
    label_ends(axes, ends, gap=0.1)
    return figure


def draw_assumptions(assumptions: pd.DataFrame) -> Canvas:
    """Draw what each broken assumption does to Var(w·x), and to the difference between units."""
    figure = canvas(4.4, narrow=7.0)
    left, right = figure.subplots(*on_sheet((1, 2), (2, 1)), sharey=True)
    rows = np.arange(len(assumptions))
    left.axvline(1, **_GUIDE)
    _dots(left, rows, assumptions["measured"], assumptions["predicted"])
    left.set(xscale="log", xlabel="variance of the sum, Var(w·x)", xlim=(0.3, 25))
    left.set_xticks([0.5, 1, 2, 5, 10], ["0.5", "1", "2", "5", "10"])
    left.minorticks_off()
    left.set_yticks(rows, assumptions["broken"].replace("nothing", "as derived").tolist())
    left.invert_yaxis()
    left.set_title(on_sheet("Only correlation leaves it at one …", "Only correlation\nleaves it at one …"))
    right.axvline(assumptions["unit_spread_predicted"].iloc[0], **_GUIDE)
    _dots(right, rows, assumptions["unit_spread"], assumptions["unit_spread_predicted"])
    spread = on_sheet("spread of the variance over units", "spread of the variance\nover units")
    right.set(xlabel=spread, xlim=(0, 0.9), xticks=[0.2, 0.4, 0.6, 0.8])
    right.set_title(on_sheet("… but it makes the units unequal", "… but it makes\nthe units unequal"))
    return figure


def _dots(axes: Axes, rows: np.ndarray, measured: pd.Series[float], predicted: pd.Series[float]) -> None:
    """Draw measured values, written beside them, in rings of what is predicted."""
    axes.plot(measured, rows, "o", color=FOREGROUND, markersize=5)
    axes.plot(predicted, rows, "o", color=ACCENT, fillstyle="none", markersize=10)
    for row, value in zip(rows, measured, strict=True):
        place = (value, float(row))
        written = f"{value:#.2g}".rstrip(".")
        axes.annotate(written, place, (9, 0), textcoords="offset points", va="center", fontsize=10)


def draw_tanh(tanh: pd.DataFrame) -> Canvas:
    """Draw activations and gradients of deep tanh networks by layer, for both gains."""
    figure = canvas(4.0, narrow=7.0)
    forward, backward = figure.subplots(*on_sheet((1, 2), (2, 1)))
    layers = np.sort(tanh["layer"].unique())
    first, last = int(layers[0]), int(layers[-1])
    forward.plot(layers, 1 / np.sqrt(2 * layers), color=FOREGROUND, linewidth=1.2, linestyle=":")
    at = (0.4 * last, 1 / np.sqrt(0.8 * last))
    forward.annotate("1/√(2 × layer)", at, (-6, -2), textcoords="offset points", ha="right", va="top")
    for axes, column in ((forward, "activation_rms"), (backward, "delta_rms")):
        for name in (GLOROT, STABLE):
            _draw_gain(axes, tanh[tanh["initializer"] == name], column, name)
        axes.set(yscale="log", xlabel="layer", xlim=(first, last))
        axes.set_xticks([first, *range(10, last + 1, 10)])
    forward.set_ylabel("activations, rms")
    forward.set_yticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
    forward.set_ylim(0.07, 1)
    forward.minorticks_off()
    forward.set_title("Forward: 5/3 holds the signal")
    backward.set_ylabel("gradient (delta), rms, last layer = 1")
    backward.set_title("Backward: 5/3 lets the gradient grow")
    travel: dict[str, Any] = {"arrowstyle": "->", "color": FOREGROUND, "linewidth": 1.5}
    forward.annotate("", (0.95, 0.94), (0.7, 0.94), xycoords="axes fraction", arrowprops=travel)
    backward.annotate("", (0.7, 0.94), (0.95, 0.94), xycoords="axes fraction", arrowprops=travel)
    return figure


def _draw_gain(axes: Axes, rows: pd.DataFrame, column: str, name: str) -> None:
    """Draw the networks of one gain: Glorot's own is the recommended start."""
    is_recommended = name == GLOROT
    mine: dict[str, Any] = {"color": look(GLOROT).color if is_recommended else FOREGROUND, "gid": start_id(name)}
    axes.fill_between(
        rows["layer"], rows[f"{column}_lowest"], rows[f"{column}_highest"], alpha=0.2, linewidth=0, **mine
    )
    axes.plot(rows["layer"], rows[column], linewidth=RECOMMENDED if is_recommended else None, **mine)
    middle, weight = rows.iloc[len(rows) // (2 if is_recommended else 3)], "bold" if is_recommended else "normal"
    place = (middle["layer"], middle[column])
    axes.annotate(f"gain {GAINS[name]}", place, (0, 12), textcoords="offset points", weight=weight, gid=start_id(name))
