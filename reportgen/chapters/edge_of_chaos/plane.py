"""The plane of weights and biases: both sides of an edge, who stands there, and names on a rail that do not overlap."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import log
from textwrap import fill
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.style import FOREGROUND, VERDICT_COLORS, bare, figure_name, look, mark, on_sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["AROUND", "beside", "draw_plane", "levels", "name_above", "rail", "stacks"]

AROUND = 2.0
"""Factor by which the axis of the scale goes beyond the outermost places."""

_LETTER = 0.0125, 0.026
"""Width of a letter in parts of the axes' width, on a wide and on a narrow sheet."""

_LETTERS = 26
"""Of a line of names on a narrow sheet."""

_LINE = 13.0
"""Height of a line (points)."""


def draw_plane(axes: Axes, border: pd.DataFrame, places: pd.DataFrame) -> None:
    """Draw both sides of an activation's edge as shades, the edge as a line, and the places in their fixed looks."""
    least, greatest = places["sigma_w2"].min() / AROUND, places["sigma_w2"].max() * AROUND
    sigma_b, edge = border["sigma_b"], border["sigma_w2"]
    for low, high, verdict in ((least, edge, "vanishes"), (edge, greatest, "explodes")):
        axes.fill_betweenx(sigma_b, low, high, color=VERDICT_COLORS[verdict], alpha=0.4, linewidth=0)
    axes.plot(edge, sigma_b, color=FOREGROUND, linewidth=2, label="edge")
    axes.set(xscale="log", xlim=(least, greatest), ylim=(0, float(sigma_b.max())))
    axes.grid(visible=False)
    for place in stacks(places).to_dict("records"):
        known, at = look(place["initializer"]), (place["sigma_w2"], place["sigma_b"])
        own: Any = {"color": known.color, "label": place["names"]}
        dot = axes.plot(*at, known.marker, markersize=8, clip_on=False, zorder=5, **own)
        mark(dot, place["initializer"])
        if place["sigma_b"] > 0:
            beside, side = on_sheet(((-8, -3), "right"), ((16, 8), "right"))
            axes.annotate(place["names"], at, beside, textcoords="offset points", ha=side)


def stacks(places: pd.DataFrame) -> pd.DataFrame:
    """Return one row per place of the diagram, with the names of all that stand there; siblings share a name."""
    families = [re.sub(r"^(lecun|glorot|he)_(normal|uniform)$", r"\1", figure_name(label)) for label in places["label"]]
    grouped = places.assign(name=families).groupby(["sigma_w2", "sigma_b"])
    return grouped.agg(
        names=("name", lambda names: ", ".join(dict.fromkeys(names))), initializer=("initializer", "first")
    ).reset_index()


class _Name(NamedTuple):
    """A name of the rail: where its line comes down and its text begins and ends (parts of the axes' width)."""

    text: str
    at: float
    left: float
    right: float
    level: int
    lines: int


def rail(axes: Axes, places: pd.DataFrame) -> None:
    """Write the names of all places without biases below a plane, with lines that lead to them and cross no name."""
    axes.set_ylim(1, 0)
    bare(axes)
    axes.tick_params(labelbottom=False, labelleft=False, which="both", length=0)
    below = stacks(places[places["sigma_b"] == 0])
    least, greatest = (log(end) for end in axes.get_xlim())
    shares = ((np.log(below["sigma_w2"].to_numpy(float)) - least) / (greatest - least)).tolist()
    texts = [on_sheet(name, fill(name, _LETTERS)) for name in below["names"].astype(str)]
    names = beside(dict(zip(texts, shares, strict=True)))
    step = 1 / max(name.level + name.lines for name in names)
    look: dict[str, Any] = {"transform": axes.transAxes, "color": FOREGROUND, "linewidth": 0.7, "alpha": 0.5}
    for name in names:
        is_beside = name.at in (name.left, name.right)
        end = step * (name.level + (0.75 if is_beside else 0.15))
        axes.plot([name.at] * 2, [1, 1 - end], **look)
        side = "right" if name.right == name.at else "left"
        across = name.at - on_sheet(*_LETTER) / 2 if side == "right" else name.left + on_sheet(*_LETTER) / 2 * is_beside
        place = (across, 1 - step * (name.level + 0.2))
        axes.annotate(name.text, place, xycoords="axes fraction", ha=side, va="top", fontsize=10)


def beside(names: Mapping[str, float]) -> list[_Name]:
    """Return a place for every name, as high as there is one where no line crosses it.

    That is to the left of the line that leads to it, or below the line at the edge; or to its right, if no other line
    comes down there.

    Parameters
    ----------
    names
        Where its line comes down, in parts of the axes' width.
    """
    found: list[_Name] = []
    for text, at in sorted(names.items(), key=lambda one: one[1]):
        rows = text.splitlines()
        width = on_sheet(*_LETTER) * (max(map(len, rows)) + 1)
        left = max(0.0, at - width)
        ends = [(left, at if left > 0 else width)]
        if not any(at < other < at + width for other in names.values()):
            ends.append((at, at + width))
        places = [_Name(text, at, *end, level, len(rows)) for level in range(len(found) + 1) for end in ends]
        found.append(next((place for place in places if not any(_touch(one, place) for one in found)), places[-1]))
    return found


def _touch(one: _Name, new: _Name) -> bool:
    """Tell whether two names are in one line and overlap, or the line of one crosses the other's text."""
    is_level = new.level < one.level + one.lines and one.level < new.level + new.lines
    overlap = is_level and new.left < one.right
    crosses = one.level > new.level and new.left < one.at < new.right
    return overlap or crosses or (one.level < new.level and one.left < new.at < one.right)


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
        place, half = (log(at) - least) / (greatest - least), on_sheet(*_LETTER) * (len(name) + 1) / 2
        level = next((number for number, end in enumerate(ends) if end < place - half), len(ends))
        ends[level : level + 1] = [place + half]
        found[name] = level
    return found
