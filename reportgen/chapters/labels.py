"""Labels at the ends of lines, in ink, instead of a legend: moved apart where they would overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reportgen.chapters.style import FOREGROUND

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["End", "label_ends", "spread"]

_MARGIN = 0.012
"""Between the axes and a label, in widths of the axes."""


class End(NamedTuple):
    """Where a line ends, in the units of its axes, and whether it is the one to look at first."""

    x: float
    y: float
    is_strong: bool = False


def label_ends(axes: Axes, ends: Mapping[str, End | tuple[float, float]], *, gap: float = 0.075) -> None:
    """Write a label beside the end of every line, to the right of the axes; call it when the limits are final.

    Parameters
    ----------
    axes
        With its final limits and scales. Nothing else may stand to its right; the layout makes room.
    ends
        Label -> where its line ends. What lies outside of the limits is labelled at the edge.
    gap
        Least distance of two labels, in heights of the axes: about 13 points.
    """
    given = {text: End(*end) for text, end in ends.items()}
    wanted = [float(np.clip(_height(axes, end), 0.0, 1.0)) for end in given.values()]
    for (text, end), at, place in zip(given.items(), wanted, spread(wanted, gap), strict=True):
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
        )


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Return places as near to the wanted ones as can be, in the same order, no two closer than a gap.

    Neighbors that are too close form a group around the mean of what they want.

    Examples
    --------
    >>> [round(place, 3) for place in spread([0.5, 0.52, 0.1], 0.1)]
    [0.46, 0.56, 0.1]
    """
    order = np.argsort(wanted, kind="stable")
    groups: list[list[float]] = []  # of wanted places, less the gaps to the group's first
    for number in order:
        groups.append([wanted[int(number)]])
        while len(groups) > 1 and _top(groups[-2], gap) + gap > _bottom(groups[-1], gap):
            last = groups.pop()
            groups[-1].extend(last)
    places = [_bottom(group, gap) + gap * at for group in groups for at in range(len(group))]
    return [places[int(rank)] for rank in np.argsort(order, kind="stable")]


def _bottom(group: Sequence[float], gap: float) -> float:
    return float(np.mean(group)) - gap * (len(group) - 1) / 2


def _top(group: Sequence[float], gap: float) -> float:
    return float(np.mean(group)) + gap * (len(group) - 1) / 2


def _height(axes: Axes, end: End) -> float:
    """Return how high an end lies, in heights of the axes."""
    _, height = axes.transAxes.inverted().transform(axes.transData.transform((end.x, end.y)))
    return float(height) if np.isfinite(height) else 0.0
