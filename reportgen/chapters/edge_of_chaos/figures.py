"""The figures of the chapter on the edge of chaos."""

from __future__ import annotations

import re
from itertools import pairwise
from math import ceil
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.edge_of_chaos.tables import pair_name
from reportgen.chapters.style import BLUE, FOREGROUND, GREEN, GREY, ORANGE, PURPLE, VERMILION, canvas, figure_name, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_angles", "draw_lengths", "draw_phases", "draw_places", "draw_scales", "stacks"]

_SHRINKING, _GROWING = BLUE, VERMILION
_PHASES = {
    "tanh": ("ordered: gradients shrink,\ninputs become alike", "chaotic: gradients grow,\nsimilar inputs part"),
    "relu": ("lengths and\ngradients shrink", "lengths and\ngradients grow"),
}
_BIASES = ((0.05, PURPLE, "o"), (0.0, GREEN, "s"))
_PAIR_LOOKS: tuple[tuple[str, dict[str, Any]], ...] = (
    (BLUE, {"markersize": 3.5}),
    (FOREGROUND, {"markersize": 8, "fillstyle": "none"}),  # around those of the first, where they are
    *((color, {"markersize": 3.5}) for color in (GREY, GREEN, PURPLE, VERMILION, ORANGE)),
)
_WIDTH_COLORS = (VERMILION, PURPLE, BLUE)
_LEAST_BIAS = 1e-3
"""Variances of the biases below this one are drawn on a linear scale, so that zero has a place."""

_ON_THE_EDGE = 1e-9
"""How far chi_1 may be from one at a point of the grid that is on the edge."""

_LABEL_LENGTH = 60
"""Characters after which the names at one place go on beside their first line."""

_LABEL_HEIGHT = 0.055

_COLUMNS = 3
_SHOWN_NETWORKS = 40

_UPRIGHT: dict[str, Any] = {"textcoords": "offset points", "rotation": 90, "ha": "left", "va": "bottom", "fontsize": 9}
_BESIDE: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 10, "annotation_clip": False}


def draw_places(places: pd.DataFrame, diagrams: pd.DataFrame) -> Canvas:
    """Draw the diagrams of tanh and ReLU with every place by name."""
    figure = canvas(7.2)
    panels = figure.subplots(2, 1, sharex=True, height_ratios=(1.6, 1))
    for axes, activation in zip(panels, ("tanh", "relu"), strict=True):
        _draw_diagram(axes, diagrams[diagrams["activation"] == activation], places, 8)
        axes.set_ylabel("variance of the biases")
        _name_phases(axes, *_PHASES[activation])
    _name_places(panels[0], places)
    panels[0].set_title("tanh: the defaults stand on the edge, or left of it", loc="left")
    panels[1].set_title("ReLU: He stands on the edge, and every default left of it", loc="left")
    panels[1].set_xlabel("variance of the weighted sum, fan_in · Var(w)")
    return figure


def draw_phases(phases: pd.DataFrame, places: pd.DataFrame) -> Canvas:
    """Draw the diagram of every activation, with the same places."""
    names = list(phases["activation"].unique())
    rows = ceil(len(names) / _COLUMNS)
    figure = canvas(1.9 * rows + 0.6)
    panels = figure.subplots(rows, _COLUMNS, sharex=True, sharey=True, squeeze=False)
    for axes, name in zip(panels.flat, names, strict=False):
        _draw_diagram(axes, phases[phases["activation"] == name], places, 4.5)
        axes.set_title(figure_name(str(name), 20), loc="left")
    for axes in panels.flat[len(names) :]:
        axes.set_axis_off()
    for column in range(_COLUMNS):
        lowest = panels[(len(names) - 1 - column) // _COLUMNS][column]
        lowest.set_xlabel("fan_in · Var(w)")
        lowest.tick_params(labelbottom=True)
    for row in panels:
        row[0].set_ylabel("Var(b)")
    title = "Each activation has its own edge; the initializers stay where they are"
    figure.suptitle(title, x=0.01, ha="left", size=12)
    return figure


def _draw_diagram(axes: Axes, phases: pd.DataFrame, places: pd.DataFrame, size: float) -> None:
    """Draw both sides of one activation's edge as shades, the line, and the places, each in its fixed look."""
    grid = phases.pivot(index="sigma_b2", columns="sigma_w2", values="chi_1")
    sigma_w2, sigma_b2 = grid.columns.to_numpy(float), grid.index.to_numpy(float)
    edges = phases.groupby("sigma_b2")["edge"].first().to_numpy(float)
    at = sigma_w2, sigma_b2, _beyond_the_edge(grid.to_numpy(), sigma_w2, edges)
    axes.contourf(*at, levels=[-np.inf, 0, np.inf], colors=[_SHRINKING, _GROWING], alpha=0.22)
    axes.contour(*at, levels=[0], colors=[FOREGROUND], linewidths=1.8)
    axes.set_yscale("symlog", linthresh=_LEAST_BIAS, linscale=0.5)
    axes.set(xscale="log", xlim=sigma_w2[[0, -1]], ylim=(0, sigma_b2[-1]))
    axes.set_yticks([0, 1e-2, 1], ["0", "0.01", "1"])
    axes.grid(visible=False)
    for initializer, *place in stacks(places)[["initializer", "sigma_w2", "sigma_b2"]].to_numpy().tolist():
        known = look(initializer)
        axes.plot(*place, known.marker, color=known.color, markersize=size, clip_on=False, zorder=5)


def _beyond_the_edge(chi_1: np.ndarray, sigma_w2: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return what is 0 on the edge and positive where gradients grow, of shape (sigma_b2, sigma_w2).

    It is the distance from the edge, so that the line is drawn where the edge is, and not where straight lines between
    the points of the grid have it: chi_1 of SELU rises to one and hardly further. Where chi_1 passes one more than
    once, it is chi_1 that tells.
    """
    height, distance = _on_one_side(chi_1) - 1, sigma_w2 - edges[:, None]
    with np.errstate(invalid="ignore"):
        agrees = ((distance > 0) == (height > 0)) | (np.abs(height) < _ON_THE_EDGE)
        is_one_line = np.isfinite(edges) & agrees.all(axis=1)
    return np.where(is_one_line[:, None], distance, height)


def _on_one_side(chi_1: np.ndarray) -> np.ndarray:
    """Return chi_1 such that no last digit decides on which side of the edge a point of the grid is.

    A lone point on the edge counts as chaotic; where a whole column is on it, the line goes through.
    """
    is_one = np.isclose(chi_1, 1, rtol=0, atol=_ON_THE_EDGE)
    return np.where(is_one, np.where(is_one.all(axis=0), 1, 1 + 1e-12), chi_1)


def stacks(places: pd.DataFrame) -> pd.DataFrame:
    """Return one row per place of the diagram, with the names of all that stand there; siblings share a name."""
    families = [re.sub(r"^(lecun|glorot|he)_(normal|uniform)$", r"\1", figure_name(label)) for label in places["label"]]
    grouped = places.assign(name=families).groupby(["sigma_w2", "sigma_b2"])
    return grouped.agg(
        names=("name", lambda names: ", ".join(dict.fromkeys(names))), initializer=("initializer", "first")
    ).reset_index()


def _name_places(axes: Axes, places: pd.DataFrame) -> None:
    """Write the names upright above the points; those of one sigma_w2 above the highest of them."""
    for sigma_w2, stack in stacks(places).groupby("sigma_w2"):
        at = (float(str(sigma_w2)), stack["sigma_b2"].max())
        axes.annotate(fill(", ".join(stack["names"]), _LABEL_LENGTH), at, (-9, 9), **_UPRIGHT)


def _name_phases(axes: Axes, left: str, right: str) -> None:
    axes.text(0.02, 0.96, left, transform=axes.transAxes, ha="left", va="top")
    axes.text(0.98, 0.96, right, transform=axes.transAxes, ha="right", va="top")


def draw_scales(scales: pd.DataFrame) -> Canvas:
    """Draw both depth scales and the factor of the gradient over sigma_w2: theory as lines, networks as dots."""
    figure = canvas(6.6)
    gradient, angle, length = figure.subplots(3, 1, sharex=True, height_ratios=(1, 1.3, 1))
    for sigma_b2, color, marker in _BIASES:
        rows = scales[scales["sigma_b2"] == sigma_b2]
        label = f"Var(b) = {sigma_b2:g}"
        for axes, name in ((angle, "xi_c"), (length, "xi_q")):
            theory = rows[np.isfinite(rows[name])]
            axes.plot(theory["sigma_w2"], theory[name], color=color)
            axes.errorbar(rows["sigma_w2"], rows[f"{name}_measured"], rows[f"{name}_error"], fmt=marker, color=color)
        factor = np.exp(rows["log_chi_1_measured"])
        gradient.plot(rows["sigma_w2"], rows["chi_1"], color=color, label=label)
        gradient.errorbar(rows["sigma_w2"], factor, factor * rows["log_chi_1_error"], fmt=marker, color=color)
    gradient.axhline(1, color=FOREGROUND, linewidth=1, linestyle="--")
    for axes, title, label in (
        (gradient, "tanh: left of the edge gradients shrink, right of it they grow", "gradient's factor\nper layer"),
        (angle, "Near the edge, differences in direction reach deep", r"$\xi_c$ (layers)"),
        (length, "With biases, differences in length last for a few layers only", r"$\xi_q$ (layers)"),
    ):
        axes.set_title(title, loc="left")
        axes.set_ylabel(label)
    angle.set(yscale="log", ylim=(1, 200))
    angle.yaxis.set_major_formatter("{x:g}")
    length.set(ylim=(0, 6), xlabel="fan_in · Var(w)")
    gradient.legend(loc="upper left")
    return figure


def draw_angles(angles: pd.DataFrame) -> Canvas:
    """Draw the cosine of two inputs by layer: dots for networks, lines for the theory."""
    figure = canvas(4.8)
    axes = figure.subplots()
    groups = [table for _, table in angles.groupby(["initializer", "activation"], sort=False)]
    heights = _spread([float(table["predicted"].iloc[-1]) for table in groups])
    for (color, marker), height, table in zip(_PAIR_LOOKS, heights, groups, strict=True):
        layer, name = table["layer"], pair_name(*table[["initializer", "activation"]].iloc[0])
        cosine, error = table["cosine"], table["standard_error"]
        axes.plot(layer, table["predicted"], color=color, linewidth=1.4)
        axes.errorbar(layer, cosine, error, fmt="o", color=color, elinewidth=1, **marker)
        axes.annotate(name, (layer.max(), height), (8, 0), color=color, **_BESIDE)
    axes.set(xlim=(0, layer.max() + 0.5), xlabel="layer", ylim=(-0.05, 1.14), ylabel="cosine of two inputs")
    axes.set_title("Most nets forget the angle; ReLU closes it at every scale, tanh with Glorot keeps it", loc="left")
    return figure


def _spread(heights: list[float]) -> list[float]:
    """Move labels up where they would overlap, from the lowest to the highest."""
    order = np.argsort(heights)
    moved = list(heights)
    for lower, upper in pairwise(order):
        moved[upper] = max(moved[upper], moved[lower] + _LABEL_HEIGHT)
    return moved


def draw_lengths(lengths: pd.DataFrame, networks: pd.DataFrame) -> Canvas:
    """Draw the squared length in He's networks of three widths, and its spread over depth by width."""
    figure = canvas(6.8)
    figure.suptitle("Depth over width decides how far a single network strays", x=0.01, ha="left", size=12)
    panels = figure.subplots(2, 2).flat
    collapse = panels[3]
    lowest, highest = lengths["lower_by_law"].min() / 4, lengths["upper_by_law"].max() * 4
    for axes, color, (width, table) in zip(panels, _WIDTH_COLORS, lengths.groupby("width"), strict=False):
        _draw_fan(axes, networks[networks["width"] == width], table, color)
        over_width = table["layers_per_unit"]
        axes.set_title(f"{width} units: depth over width {over_width.iloc[-1]:g}", loc="left")
        axes.set_ylim(lowest, highest)
        collapse.plot(over_width, table["variance"], "o", color=color, markersize=3, label=f"{width} units")
    panels[0].legend(loc="lower left")
    expected = lengths.sort_values("layers_per_unit")[["layers_per_unit", "variance_by_law"]].to_numpy().T
    collapse.plot(*expected, color=FOREGROUND, linewidth=1.2, label="5 L / n")
    collapse.set(xlabel="depth over width, L / n", ylabel="variance of ln(length²)")
    collapse.set_title("All widths on one line", loc="left")
    collapse.legend(loc="upper left")
    return figure


def _draw_fan(axes: Axes, networks: pd.DataFrame, table: pd.DataFrame, color: str) -> None:
    """Draw networks of one width as thin lines, their mean, and the band that theory expects."""
    logs = networks.pivot(index="layer", columns="replicate", values="log_squared_length")
    layer, paths = table["layer"], np.exp(logs.to_numpy())
    axes.fill_between(layer, table["lower_by_law"], table["upper_by_law"], color=color, alpha=0.18, linewidth=0)
    axes.plot(layer, paths[:, :_SHOWN_NETWORKS], color=color, alpha=0.35, linewidth=0.7)
    axes.plot(layer, paths.mean(axis=1), color=color, linewidth=2.6, label="mean of these networks")
    axes.plot(layer, np.ones(len(paths)), "--", color=FOREGROUND, linewidth=1.2, label="mean by the law")
    axes.set(yscale="log", xlabel="layer", ylabel="squared length")
