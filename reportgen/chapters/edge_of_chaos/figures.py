"""The figures of the chapter on the edge of chaos."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.edge_of_chaos.plane import AROUND, draw_plane, name_above, rail
from reportgen.chapters.edge_of_chaos.tables import pair_name
from reportgen.chapters.labels import End, label_ends
from reportgen.chapters.style import (
    ACCENT,
    CELL_INK,
    FOREGROUND,
    STRENGTHS,
    VERDICT_COLORS,
    activation_colors,
    canvas,
    figure_name,
    mark,
    name_ticks,
    on_sheet,
    start_id,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_angles", "draw_edges", "draw_lengths", "draw_places", "draw_scales"]

_SCALE = "weights' scale, fan_in·Var(w)"
_SIDES = {
    "tanh": ("gradients shrink,\ninputs become alike", "gradients grow,\nsimilar inputs part"),
    "relu": ("signal and\ngradient shrink", "signal and\ngradient grow"),
}
_TAIL = 12
"""Layers at the end of a line of dots, below which its name is."""

_LETTERS = 12
"""Of a line beside an edge on a narrow sheet."""

_INSIDE: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 10, "color": CELL_INK}
_ALIKE = 0.6
"""Cosine from which on two inputs are called alike."""


def draw_angles(angles: pd.DataFrame) -> Canvas:
    """Draw the cosine of two inputs by layer: dots for networks, lines for the theory, a color per activation."""
    figure = canvas(4.6, narrow=5.4)
    axes = figure.subplots()
    colors = activation_colors(angles["activation"].unique())
    ends = {}
    for (initializer, activation), table in angles.groupby(["initializer", "activation"], sort=False):
        layer, color, start = table["layer"], colors[str(activation)], str(initializer)
        name = figure_name(pair_name(start, str(activation)), 40)
        mark(axes.plot(layer, table["predicted"], color=color, linewidth=1.4, label=f"{name}: theory"), start)
        look: dict[str, Any] = {"fmt": "o", "color": color, "elinewidth": 1, "markersize": 3.5, "label": name}
        mark(axes.errorbar(layer, table["cosine"], table["standard_error"], **look), start)
        last = float(layer.iloc[-1]), float(table["predicted"].iloc[-1])
        ends[on_sheet(name, _broken(name))] = End(*last, gid=start_id(start))
    for cosine, words, place in _pairs_of_inputs(angles):
        axes.annotate(words, (1, cosine), place, textcoords="offset points")
    axes.set(xlim=(0, angles["layer"].max() + 0.5), xlabel="layer", ylim=(-0.06, 1.06), ylabel="cosine of two inputs")
    axes.set_title(f"1: the same direction,{on_sheet(' ', chr(10))}0: at right angles", loc="left")
    label_ends(axes, ends, gap=on_sheet(0.06, 0.041))
    return figure


def _broken(name: str) -> str:
    """Return a pair on two lines, or on three with the parameters of its start."""
    return name.replace(", ", ",\n", 1).replace("(gain", "\n(gain", 1)


def _pairs_of_inputs(angles: pd.DataFrame) -> list[tuple[float, str, tuple[int, int]]]:
    """Return the cosine of each pair of inputs, what they are to each other, and where that is said, off the lines."""
    starts = angles.loc[angles["layer"] == 1, "predicted"].round(2).unique()
    words = {True: ("nearly alike", on_sheet((6, 8), (11, 13))), False: ("unlike", on_sheet((6, -16), (6, -80)))}
    return [(start, *words[bool(start > _ALIKE)]) for start in starts]


def draw_places(places: pd.DataFrame, borders: pd.DataFrame) -> Canvas:
    """Draw the plane of weights and biases for tanh and ReLU, with every place and its name on a rail below."""
    figure = canvas(6.4, narrow=7.6)
    *panels, below = figure.subplots(3, 1, sharex=True, height_ratios=on_sheet((1.5, 1, 0.75), (1.5, 1.2, 1.2)))
    for axes, activation in zip(panels, _SIDES, strict=True):
        draw_plane(axes, borders[borders["activation"] == activation], places)
        left, right = (on_sheet(words, fill(words, _LETTERS)) for words in _SIDES[activation])
        axes.text(0.02, 0.94, left, transform=axes.transAxes, ha="left", va="top")
        axes.text(0.98, 0.94, right, transform=axes.transAxes, ha="right", va="top")
        axes.set_title(figure_name(activation), loc="left")
    figure.supylabel("standard deviation of the biases, √Var(b)", fontsize=11)
    panels[-1].set_xlabel(_SCALE)
    panels[-1].tick_params(labelbottom=True)
    rail(below, places)
    return figure


def draw_edges(edges: pd.DataFrame, marks: pd.DataFrame) -> Canvas:
    """Draw where the edge of every activation lies without biases, with the scales of named starts as lines."""
    table = edges.iloc[::-1].reset_index(drop=True)
    figure = canvas(1.9 + 0.3 * len(table), narrow=2.2 + 0.3 * len(table))
    axes = figure.subplots()
    rows, edge = np.arange(len(table)), table["sigma_w2"].to_numpy(float)
    known = np.array([*edge, *marks["sigma_w2"]])
    least, greatest = known.min() / AROUND, known.max() * AROUND
    for low, high, verdict in ((least, edge, "vanishes"), (edge, greatest, "explodes")):
        axes.barh(rows, high - low, 0.62, low, color=VERDICT_COLORS[verdict])
    axes.plot(edge, rows, "|", color=CELL_INK, markersize=17, markeredgewidth=3, label="edge")
    for row, number in zip(rows, edge, strict=True):
        is_last = number * on_sheet(1.2, AROUND * 1.2) > greatest  # no room to the right of it
        axes.annotate(
            f"{number:.3g}", (number, row), (-6 if is_last else 6, 0), ha="right" if is_last else "left", **_INSIDE
        )
    axes.vlines(marks["sigma_w2"], -0.6, len(table) - 0.4, color=FOREGROUND, linewidth=0.9, linestyle=":", zorder=0.5)
    axes.set(xscale="log", xlim=(least, greatest), xlabel=_SCALE, ylim=(-0.6, len(table) - 0.4))
    name_ticks(axes.yaxis, table["activation"], on_sheet(28, 11))
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)
    names = {figure_name(label): at for label, at in marks[["label", "sigma_w2"]].to_numpy().tolist()}
    axes.set_title("without biases", loc="left", pad=name_above(axes, names))
    for words, at, across, side in (("gradients shrink", least, 6, "left"), ("gradients grow", greatest, -6, "right")):
        axes.annotate(words, (at, rows[on_sheet(-1, -2) % len(rows)]), (across, 0), ha=side, **_INSIDE)
    return figure


def draw_scales(scales: pd.DataFrame) -> Canvas:
    """Draw how gradients change per layer and how far angles survive: theory as lines, networks as dots."""
    figure = canvas(5.4, narrow=6.0)
    gradient, angle = figure.subplots(2, 1, sharex=True)
    for sigma_b2, color in zip(sorted(scales["sigma_b2"].unique(), reverse=True), (FOREGROUND, ACCENT), strict=True):
        rows = scales[scales["sigma_b2"] == sigma_b2]
        factor, theory = np.exp(rows["log_factor_measured"]), rows[np.isfinite(rows["xi_c"])]
        name = f"Var(b) = {sigma_b2:g}" if sigma_b2 else "no biases"
        dots: dict[str, Any] = {"fmt": "o", "color": color, "label": name}
        line: dict[str, Any] = {"color": color, "label": f"{name}: theory"}
        gradient.plot(rows["sigma_w2"], rows["factor"], **line)
        gradient.errorbar(rows["sigma_w2"], factor, factor * rows["log_factor_error"], **dots)
        angle.plot(theory["sigma_w2"], theory["xi_c"], **line)
        angle.errorbar(rows["sigma_w2"], rows["xi_c_measured"], rows["xi_c_error"], **dots)
        edge = float(np.interp(1, rows["factor"], rows["sigma_w2"]))
        words = name if sigma_b2 else on_sheet(name, name.replace(" ", "\n"))
        for axes in (gradient, angle):
            axes.axvline(edge, color=color, linewidth=1, linestyle=":")
        gradient.annotate(f"edge,\n{words}", (edge, 0.6), (4, 0), textcoords="offset points", va="bottom")
    gradient.axhline(1, color=FOREGROUND, linewidth=1, linestyle="--")
    gradient.set(ylabel="gradient's factor\nper layer (rms)")
    angle.set(yscale="log", ylim=(1, 200), ylabel="how far angles\nsurvive, ξ (layers)", xlabel=_SCALE)
    angle.yaxis.set_major_formatter("{x:g}")
    gradient.set_title(f"left of the edge gradients shrink,{on_sheet(' ', chr(10))}right of it they grow", loc="left")
    angle.set_title(f"near the edge{on_sheet(' ', chr(10))}angles survive longest", loc="left")
    return figure


def draw_lengths(lengths: pd.DataFrame) -> Canvas:
    """Draw in which band the squared length of most networks lies, by width, and its spread over depth by width."""
    figure = canvas(3.9, narrow=7.0)
    bands, collapse = figure.subplots(*on_sheet((1, 2), (2, 1)))
    ends, furthest = {}, lengths["layers_per_unit"].max()
    for color, (width, table) in zip(STRENGTHS[:0:-1], lengths.groupby("width"), strict=True):
        bands.fill_between(table["layer"], table["lower"], table["upper"], color=color, linewidth=0)
        name = f"{width} units"
        collapse.plot(table["layers_per_unit"], table["variance"], "o", color=color, markersize=3, label=name)
        end = table.iloc[-1]
        ends[name] = (end["layer"], end["lower"])
        at = end["layers_per_unit"]
        is_last = at == furthest
        side: Any = {"ha": "right" if is_last else "left", "va": "top", "textcoords": "offset points"}
        collapse.annotate(name, (at, table["variance"].iloc[-_TAIL:].min()), (4, -12), **side)
    bands.axhline(1, color=ACCENT, linewidth=1.4)
    bands.set(yscale="log", xlabel="layer", ylabel="squared length of the signal")
    bands.set_title("where nine of ten networks are", loc="left")
    label_ends(bands, ends)
    expected = lengths.sort_values("layers_per_unit")[["layers_per_unit", "variance_by_law"]].to_numpy().T
    collapse.plot(*expected, color=ACCENT, linewidth=1.4, label="theory")
    collapse.set(xlabel="depth over width, L / n", ylabel="variance of ln(squared length)")
    middle = 0.6 * expected[0][-1]
    collapse.annotate(
        "theory,\n5 L / n", (middle, np.interp(middle, *expected)), (-8, 4), textcoords="offset points", ha="right"
    )
    collapse.set_title("how widely they scatter", loc="left")
    return figure
