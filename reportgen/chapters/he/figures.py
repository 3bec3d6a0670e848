"""The figures of the chapter on He."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.style import BLUE, FOREGROUND, ORANGE, canvas, look
from reportgen.judgments.frames import by_network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_angles", "draw_dead", "draw_funnel", "draw_layers", "draw_lengths"]

_LABELS = {"he_normal": "He, normal", "he_uniform": "He, uniform", "glorot_normal": "Glorot", "lecun_normal": "LeCun"}
_RINGS = ("he_uniform", "lecun_normal")
_SHOWN_NETWORKS = 64


def _formula(axes: Axes, x: Any, y: Any, label: str = "", dash: str = "-", zorder: int = 1) -> None:
    """Draw what the formula says: a thin line in the colour of the text."""
    axes.plot(x, y, dash, color=FOREGROUND, linewidth=1.2, label=label, zorder=zorder)


def _dots(
    axes: Axes, table: pd.DataFrame, column: str, color: str, marker: str = "o", label: str = "", *, ring: bool = False
) -> None:
    """Draw means with standard errors by layer; rings let the dots of another initializer be seen inside them."""
    x, y, error = table["layer"], table[column], table[f"{column}_error"]
    dots = axes.errorbar(x, y, error, fmt=marker, color=color, elinewidth=1.2, label=label)
    if ring:
        dots[0].set(markersize=10, markerfacecolor="none")


def draw_layers(layers: pd.DataFrame) -> Canvas:
    """Draw the second moment by layer: dots for the networks, lines for the formula."""
    figure = canvas(4.4)
    axes = figure.subplots()
    for name, label in _LABELS.items():
        own = layers[layers["initializer"] == name]
        _dots(axes, own, "second_moment", look(name).color, look(name).marker, label, ring=name in _RINGS)
        _formula(axes, own["layer"], own["by_formula"], "formula" if name == "he_normal" else "")
    axes.set(yscale="log", xticks=[1, 5, 10, 15, 20], xlabel="layer", ylabel="second moment E[z²]")
    axes.set_title("Behind ReLU, Glorot's signal halves in every layer; He's stays", loc="left")
    axes.legend(loc="lower left")
    return figure


def draw_lengths(lengths: pd.DataFrame, pairs: pd.DataFrame) -> Canvas:
    """Draw the squared length in many networks, and where it ends."""
    logs = by_network(pairs, "log_squared_length")
    figure = canvas(4.6)
    fan, end = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1))
    fan.plot(logs.columns, np.exp(logs.iloc[:_SHOWN_NETWORKS].T), color=BLUE, alpha=0.25, linewidth=0.8)
    fan.plot(lengths["layer"], lengths["median"], color=BLUE, linewidth=3, label="median network")
    _formula(fan, lengths["layer"], np.ones(len(lengths)), "mean of all networks, by the formula", "--", zorder=3)
    fan.set(yscale="log", xlabel="layer", ylabel="squared length of the signal (inputs: 1)")
    fan.set_title("He keeps the mean; the typical network loses its signal", loc="left")
    fan.legend(loc="lower left")
    _draw_end(end, logs.iloc[:, -1], float(lengths["log_variance_by_formula"].iloc[-1]))
    return figure


def _draw_end(axes: Axes, logs: pd.Series[float], variance: float) -> None:
    """Draw the logarithms at the last layer as a histogram on its side, with the normal distribution."""
    edges = np.linspace(logs.min(), logs.max(), 13)
    density, _ = np.histogram(logs, edges, density=True)
    bars = np.exp(edges)
    axes.barh(bars[:-1], density, np.diff(bars), align="edge", color=BLUE, alpha=0.5)
    grid = np.linspace(edges[0], edges[-1], 100)
    normal = np.exp(-((grid + variance / 2) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
    _formula(axes, normal, np.exp(grid), zorder=3)
    axes.set(xticks=[], xlabel="share of networks")
    axes.set_title("Last layer", loc="left")


def draw_angles(angles: pd.DataFrame, layers: pd.DataFrame) -> Canvas:
    """Draw the cosine of two inputs by layer, and what is left of their differences."""
    figure = canvas(4.2)
    left, right = figure.subplots(1, 2)
    low, high = angles["lowest_5_percent"], angles["highest_5_percent"]
    left.fill_between(angles["layer"], low, high, color=BLUE, alpha=0.2, linewidth=0)
    _formula(left, angles["layer"], angles["by_formula"])
    left.plot(angles["layer"], angles["cosine"], "o", color=BLUE, markersize=3.5)
    left.set_ylabel("cosine of two inputs")
    left.set_title("Two inputs become one direction ...", loc="left")
    for name, ring in (("he_normal", False), ("glorot_normal", True)):
        own = layers[layers["initializer"] == name]
        _dots(right, own, "share_across_inputs", look(name).color, label=_LABELS[name], ring=ring)
    right.set_ylabel("share of E[z²] that varies across inputs")
    right.set_title("... with He as with Glorot", loc="left")
    right.legend(loc="upper right")
    for axes in (left, right):
        axes.set(xlabel="layer", ylim=(0, 1.03))
    return figure


def draw_funnel(funnel: pd.DataFrame) -> Canvas:
    """Draw signal and gradient through the funnel, for the variance by fan_in and by fan_out."""
    figure = canvas(4.4)
    panels = figure.subplots(1, 2, sharey=True)
    modes = ((False, "Var(w) = 2 / fan_in", "o", BLUE), (True, "Var(w) = 2 / fan_out", "s", ORANGE))
    for axes, way in zip(panels, ("forward", "backward"), strict=True):
        for by_fan_out, label, marker, color in modes:
            own = funnel[funnel["initializer"].str.contains("fan_out") == by_fan_out]
            _dots(axes, own, way, color, marker, label)
            _formula(axes, own["layer"], own[f"{way}_by_formula"])
        axes.set_xticks(own["layer"], own["fan_out"].astype(str))
        axes.set_xlabel("units of the layer, first to last")
        axes.set_yscale("log", base=2)
        axes.yaxis.set_major_formatter("{x:g}")
    panels[0].set_ylabel("factor of the second moment")
    panels[0].set_title("Forward: fan_in keeps the signal", loc="left")
    panels[0].legend(loc="lower left")
    panels[1].set_title("Backward: fan_out keeps the gradient", loc="left")
    return figure


def draw_dead(dead: pd.DataFrame) -> Canvas:
    """Draw the share of silent networks by the scale of the weights, and by depth."""
    figure = canvas(4.2)
    by_scale, by_depth = figure.subplots(1, 2, sharey=True)
    for depth in (5, 10, dead["depth"].max()):
        shares = dead[dead["depth"] == depth]
        by_scale.plot(shares["stddev"], shares["every_input"], "o-", color=BLUE)
        start = shares["stddev"].iloc[0], shares["every_input"].iloc[0]
        by_scale.annotate(f"{depth} layers", start, (0, 6), textcoords="offset points")
    he = dead.loc[dead["initializer"].str.startswith("he_"), "stddev"].iloc[0]
    by_scale.axvline(he, color=FOREGROUND, linewidth=1.2, linestyle="--")
    by_scale.annotate("He", (he, 1), (4, -12), textcoords="offset points")
    by_scale.set(xscale="log", xlabel="standard deviation of the weights", ylim=(0, 1))
    by_scale.xaxis.set_major_formatter("{x:g}")
    by_scale.set_ylabel("share of networks that are born dead")
    by_scale.set_title("No scale of the weights helps ...", loc="left")
    own = dead[dead["stddev"] == dead["stddev"].min()]
    by_depth.plot(own["depth"], own["one_input"], "s", color=ORANGE, label="silent at one input")
    _formula(by_depth, own["depth"], own["one_input_by_formula"], "formula for one input")
    by_depth.plot(own["depth"], own["every_input"], "o", color=BLUE, label="silent at every input")
    by_depth.set_xlabel("layers")
    by_depth.set_title("... and depth makes it worse", loc="left")
    by_depth.legend(loc="upper left")
    return figure
