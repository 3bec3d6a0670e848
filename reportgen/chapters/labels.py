"""Labels at the ends of lines, in ink, instead of a legend: moved apart where they would overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.chapters.style import FOREGROUND

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["End", "inside", "label_ends", "lines_of", "spread", "stacked"]

_APART = 0.3
"""Lines between two texts that have several."""

_MARGIN = 0.012
"""Between the axes and a label, in widths of the axes."""


class End(NamedTuple):
    """Where a line ends, in the units of its axes, whether it is the one to look at first, and the id of its start."""

    x: float
    y: float
    is_strong: bool = False
    gid: str | None = None


def label_ends(axes: Axes, ends: Mapping[str, End | tuple[float, float]], *, gap: float = 0.075) -> None:
    """Write a label beside the end of every line, to the right of the axes; call it when the limits are final.

    Parameters
    ----------
    axes
        With its final limits and scales. Nothing else may stand to its right; the layout makes room.
    ends
        Label -> where its line ends. What lies outside of the limits is labelled at the edge.
    gap
        Height of a line, in heights of the axes: about 13 points.
    """
    given = {text: End(*end) for text, end in ends.items()}
    wanted = [float(np.clip(_height(axes, end), 0.0, 1.0)) for end in given.values()]
    lines = [1 + text.count("\n") for text in given]
    for (text, end), at, place in zip(
        given.items(), wanted, inside(spread(wanted, gap, lines), lines, gap), strict=True
    ):
        weight = "bold" if end.is_strong else "normal"
        moved = {"arrowstyle": "-", "color": FOREGROUND, "alpha": 0.4, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0}
        axes.annotate(
            text,
            xy=(1.0, at),
            xytext=(1.0 + 2.5 * _MARGIN, place),
            xycoords="axes fraction",
            textcoords="axes fraction",
            arrowprops=moved if abs(place - at) > gap / 3 else None,
            color=FOREGROUND,
            fontsize=10,
            fontweight=weight,
            va="center",
            annotation_clip=False,
            gid=end.gid,
        )


def spread(wanted: Sequence[float], gap: float, lines: Sequence[float] | None = None) -> list[float]:
    """Return places as near to the wanted ones as can be, in the same order, no two closer than a gap.

    Neighbors that are too close form a group around the mean of what they want.

    Parameters
    ----------
    wanted
        Middles of texts.
    gap
        Least distance of two middles, for texts of one line.
    lines
        Lines of every text, where some have several.

    Examples
    --------
    >>> [round(place, 3) for place in spread([0.5, 0.52, 0.1], 0.1)]
    [0.46, 0.56, 0.1]
    >>> [round(place, 3) for place in spread([0.5, 0.5], 0.1, [2, 1])]
    [0.425, 0.575]
    """
    order = np.argsort(wanted, kind="stable")
    steps = stacked([1] * len(wanted) if lines is None else [lines[int(number)] for number in order], gap)
    groups: list[list[float]] = []  # of wanted places, less the steps up to them
    for number, step in zip(order, steps, strict=True):
        groups.append([wanted[int(number)] - step])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            last = groups.pop()
            groups[-1].extend(last)
    level = np.concatenate([np.full(len(group), np.mean(group)) for group in groups]) if groups else np.array([])
    places = level + steps
    return [float(places[int(rank)]) for rank in np.argsort(order, kind="stable")]


def stacked(lines: Sequence[float], gap: float) -> NDArray[np.float64]:
    """Return how far the middles of texts, that stand close above each other, are above that of the lowest.

    Parameters
    ----------
    lines
        Lines of every text, from the lowest up.
    gap
        Height of a line.
    """
    heights = gap * np.asarray(lines, dtype=float)
    return np.concatenate([[0.0], np.cumsum((heights[1:] + heights[:-1]) / 2)])[: len(heights)]


def lines_of(text: str) -> float:
    """Return how many lines high the place of a text is: of several, a bit more than they are."""
    return 1 + text.count("\n") + (_APART if "\n" in text else 0)


def inside(places: Sequence[float], lines: Sequence[float], gap: float) -> list[float]:
    """Move places of texts into a panel, from 0 to 1, in their order and no two overlapping, as far as there is room.

    Parameters
    ----------
    places
        Middles of the texts.
    lines
        Lines of every text.
    gap
        Height of a line.
    """
    order = np.argsort(places, kind="stable")
    steps = stacked([lines[int(number)] for number in order], gap)
    moved = np.maximum(np.array(places, dtype=float)[order], steps)
    moved = np.minimum(moved, 1 - (steps.max(initial=0) - steps))
    return [float(moved[int(rank)]) for rank in np.argsort(order, kind="stable")]


def _height(axes: Axes, end: End) -> float:
    """Return how high an end lies, in heights of the axes."""
    _, height = axes.transAxes.inverted().transform(axes.transData.transform((end.x, end.y)))
    return float(height) if np.isfinite(height) else 0.0
