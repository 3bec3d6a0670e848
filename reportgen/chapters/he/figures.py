"""The figures of the chapter on He."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.labels import End, label_ends
from reportgen.chapters.style import ACCENT, FOREGROUND, GREY, RECOMMENDED, canvas, look, mark, on_sheet, start_id
from reportgen.judgments.frames import by_network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_angles", "draw_dead", "draw_layers", "draw_lengths"]

_HE = look("he_normal").color
_STARTS = ("he_normal", "he_uniform", "glorot_normal", "lecun_normal")
_RINGS = ("he_uniform", "lecun_normal")
_SHOWN_NETWORKS = 64
_PICKED = (0.04, 0.97)
"""Shares of the networks that end shorter than the unlucky and the lucky one that are picked out."""


def _formula(axes: Axes, x: Any, y: Any, dash: str = "-", zorder: int = 1) -> None:
    """Draw what the formula says: a thin line in the color of the text."""
    axes.plot(x, y, dash, color=FOREGROUND, linewidth=1.2, zorder=zorder)


def draw_layers(layers: pd.DataFrame) -> Canvas:
    """Draw the rms by layer: dots for the networks, lines for the formula."""
    figure = canvas(4.2, narrow=4.4)
    axes = figure.subplots()
    ends: dict[str, End] = {}
    for name in _STARTS:
        own, style, is_he = layers[layers["initializer"] == name], look(name), name.startswith("he_")
        mine: dict[str, Any] = {"color": style.color, "gid": start_id(name)}
        if name not in _RINGS:
            width = RECOMMENDED if is_he else 1.8
            axes.plot(own["layer"], own["by_formula"], linewidth=width, alpha=0.5, **mine)
        dots = axes.errorbar(own["layer"], own["rms"], own["rms_error"], fmt=style.marker, color=style.color)
        mark(dots, name)
        if name in _RINGS:
            dots[0].set(markersize=10, markerfacecolor="none")
        label = "He" if is_he else on_sheet("Glorot, LeCun", "Glorot,\nLeCun")
        alike = [one for one in _STARTS if one.startswith("he_") == is_he]
        ends[label] = End(own["layer"].iloc[-1], own["rms"].iloc[-1], is_he, start_id(*alike))
    axes.set(yscale="log", xticks=[1, 5, 10, 15, 20], xlabel="layer", ylabel="weighted sums z, rms (inputs: 1)")
    axes.set_title("ReLU layers of equal width")
    low, high = layers["by_formula"].min() / 1.6, layers["by_formula"].max() * 1.6
    axes.set_ylim(low, high)
    axes.yaxis.set_major_formatter("{x:g}")
    _draw_slope(axes, 5, 11)
    label_ends(axes, ends)
    return figure


def _draw_slope(axes: Axes, first: int, last: int) -> None:
    """Draw a triangle under the falling line: how many layers divide the signal by how much."""
    top, bottom = (0.6 * 0.5 ** ((layer - 1) / 2) for layer in (first, last))
    axes.plot([first, first, last], [top, bottom, bottom], color=FOREGROUND, linewidth=1.2)
    layers = last - first
    factor = f"÷ {2 ** (layers / 2):g}"
    axes.annotate(factor, (first, (top * bottom) ** 0.5), (-4, 0), textcoords="offset points", ha="right", va="center")
    middle = ((first + last) / 2, bottom)
    axes.annotate(f"{layers} layers", middle, (0, -4), textcoords="offset points", ha="center", va="top")


def draw_lengths(lengths: pd.DataFrame, pairs: pd.DataFrame) -> Canvas:
    """Draw the length of a signal in many networks, and where it ends."""
    logs = by_network(pairs, "log_squared_length") / 2
    figure = canvas(4.6, narrow=7.2)
    shape: Any = on_sheet({"ncols": 2, "width_ratios": (3, 1)}, {"nrows": 2, "height_ratios": (3, 2)})
    fan, end = figure.subplots(sharey=True, **shape)
    fan.plot(logs.columns, np.exp(logs.iloc[:_SHOWN_NETWORKS].T), color=GREY, alpha=0.4, linewidth=0.7)
    last, median = int(lengths["layer"].iloc[-1]), float(lengths["median"].iloc[-1])
    ends = {"root mean\nsquare": End(last, 1), "median": End(last, median, is_strong=True)}
    shown = logs.iloc[:_SHOWN_NETWORKS]
    shown = shown.loc[shown[last].sort_values().index]
    for label, share in zip(("an unlucky\nnetwork", "a lucky\nnetwork"), _PICKED, strict=True):
        picked = np.exp(shown.iloc[int(share * len(shown))])
        fan.plot(logs.columns, picked, color=ACCENT, linewidth=1.4)
        ends[label] = End(last, picked.iloc[-1])
    fan.plot(lengths["layer"], lengths["median"], color=FOREGROUND, linewidth=RECOMMENDED)
    _formula(fan, lengths["layer"], np.ones(len(lengths)), "--", zorder=3)
    fan.set(yscale="log", xlabel="layer", ylabel="length of the signal (inputs: 1)", xlim=(0, last))
    fan.yaxis.set_major_formatter("{x:g}")
    drawn = f"{_SHOWN_NETWORKS} of {len(logs)}" if len(logs) > _SHOWN_NETWORKS else f"{len(logs)}"
    fan.set_title(f"{drawn} networks with He")
    _draw_end(end, logs.iloc[:, -1], float(lengths["log_variance_by_formula"].iloc[-1]))
    label_ends(fan, ends, gap=on_sheet(0.05, 0.06))
    return figure


def _draw_end(axes: Axes, logs: pd.Series[float], variance: float) -> None:
    """Draw the logarithms at the last layer as a histogram on its side, with the normal distribution.

    Parameters
    ----------
    logs
        Logarithms of the length.
    variance
        Of the logarithms of the squared length, by the formula.
    """
    counts, edges = np.histogram(logs, np.linspace(logs.min(), logs.max(), 13))
    bars = np.exp(edges)
    axes.barh(bars[:-1], counts, np.diff(bars), align="edge", color=GREY, alpha=0.6)
    grid = np.linspace(edges[0], edges[-1], 100)
    normal = np.exp(-((2 * grid + variance / 2) ** 2) / (2 * variance)) / np.sqrt(np.pi * variance / 2)
    _formula(axes, len(logs) * (edges[1] - edges[0]) * normal, np.exp(grid), zorder=3)
    axes.axhline(1, color=FOREGROUND, linewidth=1.2, linestyle="--")
    axes.set(xlabel="networks")
    axes.set_title("Last layer")
    axes.annotate(f"{(logs < 0).mean():.0%} end\nbelow one", (0.97, 0.03), xycoords="axes fraction", ha="right")


def draw_angles(angles: pd.DataFrame, layers: pd.DataFrame) -> Canvas:
    """Draw the cosine of two inputs by layer, and what is left of their differences."""
    figure = canvas(4.0, narrow=6.8)
    left, right = figure.subplots(*on_sheet((1, 2), (2, 1)))
    low, high = angles["lowest_5_percent"], angles["highest_5_percent"]
    he: dict[str, Any] = {"color": _HE, "gid": start_id("he_normal")}
    left.fill_between(angles["layer"], low, high, alpha=0.2, linewidth=0, **he)
    _formula(left, angles["layer"], angles["by_formula"])
    left.plot(angles["layer"], angles["cosine"], "o", markersize=3.5, **he)
    left.set_ylabel("cosine of two inputs")
    left.set_title("Two inputs become one direction …")
    own = layers[layers["initializer"] == "he_normal"]
    share, error = own["share_across_inputs"], own["share_across_inputs_error"]
    mark(right.errorbar(own["layer"], share, error, fmt="o", color=_HE), "he_normal")
    right.set_ylabel("share that differs between inputs")
    right.set_title("… at every scale of the weights")
    right.annotate("He (Glorot: the same)", (0.95, 0.85), xycoords="axes fraction", ha="right")
    for axes in (left, right):
        axes.set(xlabel="layer", ylim=(0, 1.03))
    right.set_xticks([1, *range(5, int(own["layer"].max()) + 1, 5)])
    return figure


def draw_dead(dead: pd.DataFrame, silence: pd.DataFrame) -> Canvas:
    """Draw the share of silent networks by depth: measured for one width, and by the formula for several."""
    figure = canvas(4.2, narrow=4.4)
    axes = figure.subplots()
    measured = dead[dead["stddev"] == dead["stddev"].min()]
    own = int(dead["width"].iloc[0])
    ends: dict[str, End] = {}
    for width, rows in silence.groupby("width"):
        _formula(axes, rows["depth"], rows["one_input_by_formula"])
        last = rows.iloc[-1]
        ends[f"{width} units wide"] = End(last["depth"], last["one_input_by_formula"], is_strong=width == own)
    axes.plot(measured["depth"], measured["one_input"], "o", color=ACCENT, fillstyle="none", markersize=7)
    axes.plot(measured["depth"], measured["every_input"], "o", color=ACCENT)
    axes.set(xlabel="layers", ylabel="share of networks", ylim=(0, 1), xlim=(0, measured["depth"].max() + 0.3))
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.set_xticks([1, *range(5, int(measured["depth"].max()) + 1, 5)])
    axes.set_title(f"{own} units wide:{on_sheet(' ', chr(10))}many deep ones are born dead", pad=on_sheet(6, 14))
    born = measured.iloc[-1]
    ends[f"{own} units wide,\nborn dead"] = End(born["depth"], born["every_input"])
    label_ends(axes, ends)
    return figure
