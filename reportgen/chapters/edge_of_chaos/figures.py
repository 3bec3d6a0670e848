"""The figures of the chapter on the edge of chaos."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.edge_of_chaos.tables import (
    angles,
    diagrams,
    lengths,
    pair_name,
    points,
    scales,
)
from reportgen.chapters.style import FOREGROUND, canvas, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_angles", "draw_lengths", "draw_phases", "draw_places", "draw_scales"]

_ORDERED, _CHAOTIC = "#2b7fd4", "#d55e00"
_BIASES = ((0.05, "#9a6fe0", "o"), (0.0, "#009e73", "s"))
_PAIR_COLORS = ("#2b7fd4", "#8a8f98", "#009e73", "#9a6fe0", "#d55e00", "#e69f00")
_WIDTH_COLORS = ("#d55e00", "#9a6fe0", "#2b7fd4")
_LEAST_BIAS = 1e-3
"""Variances of the biases below this one are drawn on a linear scale, so that zero has a place."""

_LABEL_LENGTH = 60
"""Characters after which the names at one place go on beside their first line."""

_LABEL_HEIGHT = 0.055

_COLUMNS = 3
_SHOWN_NETWORKS = 40


def _diagram(axes: Axes, results: Results, activation: str) -> None:
    """Draw both phases as shades, and the line between them."""
    table = diagrams(results)
    grid = table[table["activation"] == activation].pivot(index="sigma_b2", columns="sigma_w2", values="chi_1")
    sigma_w2, sigma_b2 = grid.columns.to_numpy(float), grid.index.to_numpy(float)
    at = sigma_w2, sigma_b2, grid.to_numpy()
    axes.contourf(*at, levels=[0, 1, np.inf], colors=[_ORDERED, _CHAOTIC], alpha=0.22)
    axes.contour(*at, levels=[1], colors=[FOREGROUND], linewidths=1.8)
    axes.set_xscale("log")
    axes.set_yscale("symlog", linthresh=_LEAST_BIAS, linscale=0.5)
    axes.set_xlim(sigma_w2[0], sigma_w2[-1])
    axes.set_ylim(0, sigma_b2[-1])
    axes.set_yticks([0, 1e-2, 1], ["0", "0.01", "1"])
    axes.grid(visible=False)


def _points(axes: Axes, table: pd.DataFrame, size: float) -> None:
    """Draw the places of initializers and defaults, each in its fixed look."""
    for initializer, *place in table[["initializer", "sigma_w2", "sigma_b2"]].to_numpy().tolist():
        known = look(initializer)
        axes.plot(*place, known.marker, color=known.color, markersize=size, clip_on=False, zorder=5)


def draw_places(results: Results) -> Canvas:
    """Draw the diagrams of tanh and ReLU with every place by name."""
    figure = canvas(7.2)
    panels = figure.subplots(2, 1, sharex=True, height_ratios=(1.6, 1))
    table = points(results)
    for axes, activation in zip(panels, ("tanh", "relu"), strict=True):
        _diagram(axes, results, activation)
        _points(axes, table, 8)
        axes.set_ylabel("variance of the biases")
        _name_phases(axes)
    _name_points(panels[0], table)
    panels[0].set_title("tanh: the defaults stand on the edge, or left of it", loc="left")
    panels[1].set_title("ReLU: He stands on the edge, and every default left of it", loc="left")
    panels[1].set_xlabel("variance of the weighted sum, fan_in · Var(w)")
    return figure


def _name_points(axes: Axes, table: pd.DataFrame) -> None:
    """Write the names upright above the points; those of one sigma_w2 above the highest of them."""
    for sigma_w2, stack in table.groupby("sigma_w2"):
        axes.annotate(
            fill(", ".join(stack["names"]), _LABEL_LENGTH),
            (float(str(sigma_w2)), stack["sigma_b2"].max()),
            (-9, 9),
            textcoords="offset points",
            rotation=90,
            ha="left",
            va="bottom",
            fontsize=9,
        )


def _name_phases(axes: Axes) -> None:
    for x, align, text in (
        (0.02, "left", "ordered:\ngradients vanish"),
        (0.98, "right", "chaotic:\ngradients explode"),
    ):
        axes.text(x, 0.96, text, transform=axes.transAxes, ha=align, va="top")


def draw_phases(results: Results) -> Canvas:
    """Draw the diagram of every activation, with the same places."""
    names = list(diagrams(results)["activation"].unique())
    rows = ceil(len(names) / _COLUMNS)
    figure = canvas(1.9 * rows + 0.6)
    panels = figure.subplots(rows, _COLUMNS, sharex=True, sharey=True, squeeze=False)
    table = points(results)
    for axes, name in zip(panels.flat, names, strict=False):
        _diagram(axes, results, name)
        _points(axes, table, 4.5)
        axes.set_title(name, loc="left")
    for axes in panels.flat[len(names) :]:
        axes.set_axis_off()
    for column in range(_COLUMNS):
        lowest = panels[(len(names) - 1 - column) // _COLUMNS][column]
        lowest.set_xlabel("fan_in · Var(w)")
        lowest.tick_params(labelbottom=True)
    for row in panels:
        row[0].set_ylabel("Var(b)")
    figure.suptitle(
        "Each activation has its own edge; the initializers stay where they are", x=0.01, ha="left", size=12
    )
    return figure


def draw_scales(results: Results) -> Canvas:
    """Draw both depth scales and the factor of the gradient over sigma_w2: theory as lines, networks as dots."""
    figure = canvas(6.6)
    gradient, angle, length = figure.subplots(3, 1, sharex=True, height_ratios=(1, 1.3, 1))
    table = scales(results)
    for sigma_b2, color, marker in _BIASES:
        rows = table[table["sigma_b2"] == sigma_b2]
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
        (gradient, "tanh: left of the edge gradients vanish, right of it they explode", "gradient's factor\nper layer"),
        (angle, "Near the edge, differences in direction reach deep", r"$\xi_c$ (layers)"),
        (length, "With biases, differences in length last for a few layers only", r"$\xi_q$ (layers)"),
    ):
        axes.set_title(title, loc="left")
        axes.set_ylabel(label)
    angle.set_yscale("log")
    angle.set_ylim(1, 200)
    angle.yaxis.set_major_formatter("{x:g}")
    length.set_ylim(0, 6)
    gradient.legend(loc="upper left")
    length.set_xlabel("fan_in · Var(w)")
    return figure


def draw_angles(results: Results) -> Canvas:
    """Draw the cosine of two inputs by layer: dots for networks, lines for the theory."""
    figure = canvas(4.8)
    axes = figure.subplots()
    groups = [table for _, table in angles(results).groupby(["initializer", "activation"], sort=False)]
    heights = _spread([float(table["predicted"].iloc[-1]) for table in groups])
    for color, height, table in zip(_PAIR_COLORS, heights, groups, strict=True):
        layer, name = table["layer"], pair_name(*table[["initializer", "activation"]].iloc[0])
        axes.plot(layer, table["predicted"], color=color, linewidth=1.4)
        axes.errorbar(
            layer, table["cosine"], table["standard_error"], fmt="o", color=color, markersize=3.5, elinewidth=1
        )
        axes.annotate(
            name,
            (layer.max(), height),
            (8, 0),
            textcoords="offset points",
            color=color,
            va="center",
            fontsize=10,
            annotation_clip=False,
        )
    axes.set_xlim(0, layer.max() + 0.5)
    axes.set_xlabel("layer")
    axes.set_ylabel("cosine of two inputs")
    axes.set_ylim(-0.05, 1.05)
    axes.set_title("Most deep nets forget the angle of two inputs; tanh with Glorot keeps it", loc="left")
    return figure


def _spread(heights: list[float]) -> list[float]:
    """Move labels up where they would overlap, from the lowest to the highest."""
    order = np.argsort(heights)
    moved = list(heights)
    for lower, upper in pairwise(order):
        moved[upper] = max(moved[upper], moved[lower] + _LABEL_HEIGHT)
    return moved


def draw_lengths(results: Results) -> Canvas:
    """Draw the squared length in He's networks of three widths, and its spread over depth by width."""
    figure = canvas(6.8)
    figure.suptitle("Depth over width decides how far a single network strays", x=0.01, ha="left", size=12)
    panels = figure.subplots(2, 2)
    summary, logs = lengths(results), results["edge_lengths"]
    collapse = panels.flat[3]
    for axes, color, (width, table) in zip(panels.flat, _WIDTH_COLORS, summary.groupby("width"), strict=False):
        paths = logs[logs["width"] == width].pivot(index="layer", columns="replicate", values="log_squared_length")
        _fan(axes, paths, table, color)
        axes.set_title(f"{width} units: depth over width {table['layers_per_unit'].iloc[-1]:g}", loc="left")
        collapse.plot(
            table["layers_per_unit"], table["variance"], "o", color=color, markersize=3, label=f"{width} units"
        )
    panels.flat[0].legend(loc="lower left")
    lowest, highest = summary["lower_by_law"].min() / 4, summary["upper_by_law"].max() * 4
    for axes in panels.flat[:3]:
        axes.set_ylim(lowest, highest)
    law = summary[["layers_per_unit", "variance_by_law"]].sort_values("layers_per_unit")
    collapse.plot(law["layers_per_unit"], law["variance_by_law"], color=FOREGROUND, linewidth=1.2, label="5 L / n")
    collapse.set_xlabel("depth over width, L / n")
    collapse.set_ylabel("variance of ln(length²)")
    collapse.set_title("All widths on one line", loc="left")
    collapse.legend(loc="upper left")
    return figure


def _fan(axes: Axes, logs: pd.DataFrame, table: pd.DataFrame, color: str) -> None:
    """Draw networks as thin lines, their mean, and the band of the law."""
    layer, paths = table["layer"], np.exp(logs.to_numpy())
    axes.fill_between(layer, table["lower_by_law"], table["upper_by_law"], color=color, alpha=0.18, linewidth=0)
    axes.plot(layer, paths[:, :_SHOWN_NETWORKS], color=color, alpha=0.35, linewidth=0.7)
    axes.plot(layer, paths.mean(axis=1), color=color, linewidth=2.6, label="mean of these networks")
    axes.plot(layer, np.ones(len(paths)), "--", color=FOREGROUND, linewidth=1.2, label="mean by the law")
    axes.set_yscale("log")
    axes.set_xlabel("layer")
    axes.set_ylabel("squared length")
