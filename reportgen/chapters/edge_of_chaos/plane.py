"""The plane of weights and biases: both sides of an edge, who stands there, and names on a rail that do not overlap."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING

import pandas as pd

from reportgen.chapters.style import FOREGROUND, VERDICT_COLORS, bare, figure_name, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["AROUND", "draw_plane", "levels", "name_above", "rail", "stacks"]

AROUND = 2.0
"""Factor by which the axis of the scale goes beyond the outermost places."""

_LETTER = 0.0125
"""Width of a letter in parts of the axes' width."""

_LINE = 13.0
"""Height of a line (points)."""


def draw_plane(axes: Axes, border: pd.DataFrame, places: pd.DataFrame) -> None:
    """Draw both sides of an activation's edge as shades, the edge as a line, and the places in their fixed looks."""
    least, greatest = places["sigma_w2"].min() / AROUND, places["sigma_w2"].max() * AROUND
    sigma_b, edge = border["sigma_b"], border["sigma_w2"]
    for low, high, verdict in ((least, edge, "vanishes"), (edge, greatest, "explodes")):
        axes.fill_betweenx(sigma_b, low, high, color=VERDICT_COLORS[verdict], alpha=0.4, linewidth=0)
    axes.plot(edge, sigma_b, color=FOREGROUND, linewidth=2)
    axes.set(xscale="log", xlim=(least, greatest), ylim=(0, float(sigma_b.max())))
    axes.grid(visible=False)
    for place in stacks(places).to_dict("records"):
        known, at = look(place["initializer"]), (place["sigma_w2"], place["sigma_b"])
        axes.plot(*at, known.marker, color=known.color, markersize=8, clip_on=False, zorder=5)
        if place["sigma_b"] > 0:
            axes.annotate(place["names"], at, (-8, -3), textcoords="offset points", ha="right")


def stacks(places: pd.DataFrame) -> pd.DataFrame:
    """Return one row per place of the diagram, with the names of all that stand there; siblings share a name."""
    families = [re.sub(r"^(lecun|glorot|he)_(normal|uniform)$", r"\1", figure_name(label)) for label in places["label"]]
    grouped = places.assign(name=families).groupby(["sigma_w2", "sigma_b"])
    return grouped.agg(
        names=("name", lambda names: ", ".join(dict.fromkeys(names))), initializer=("initializer", "first")
    ).reset_index()


def rail(axes: Axes, places: pd.DataFrame) -> None:
    """Write the names of all places without biases below a plane, with lines that lead to them."""
    axes.set_ylim(1, 0)
    bare(axes)
    axes.tick_params(labelbottom=False, labelleft=False, which="both", length=0)
    below = stacks(places[places["sigma_b"] == 0])
    names = {str(names): float(at) for names, at in below[["names", "sigma_w2"]].to_numpy().tolist()}
    step = 1 / (1 + max(levels(axes, names).values()))
    for name, level in levels(axes, names).items():
        axes.plot([names[name]] * 2, [0, step * (level + 0.35)], color=FOREGROUND, linewidth=0.7, alpha=0.5)
        axes.annotate(name, (names[name], step * (level + 0.4)), ha="center", va="top", fontsize=10)


def name_above(axes: Axes, names: Mapping[str, float]) -> float:
    """Write names above the axes at their scales, in as many lines as they need; return their height (points)."""
    top, lines = axes.get_ylim()[1], levels(axes, names)
    for name, level in lines.items():
        axes.annotate(
            name, (names[name], top), (0, 3 + _LINE * level), textcoords="offset points", ha="center", fontsize=10
        )
        axes.annotate(
            "",
            (names[name], top),
            (0, 3 + _LINE * level),
            textcoords="offset points",
            arrowprops={"arrowstyle": "-", "color": FOREGROUND, "linewidth": 0.7, "alpha": 0.5},
        )
    return _LINE * (2 + max(lines.values(), default=0))


def levels(axes: Axes, names: Mapping[str, float]) -> dict[str, int]:
    """Return a line for every name, the first in which it does not touch the one to its left."""
    least, greatest = (log(end) for end in axes.get_xlim())
    ends: list[float] = []
    found = {}
    for name, at in sorted(names.items(), key=lambda one: one[1]):
        place, half = (log(at) - least) / (greatest - least), _LETTER * (len(name) + 1) / 2
        level = next((number for number, end in enumerate(ends) if end < place - half), len(ends))
        ends[level : level + 1] = [place + half]
        found[name] = level
    return found
