"""Names of lines beside a panel, each with a piece of its line: for lines of which some leave the frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from reportgen.chapters.labels import inside, lines_of, spread
from reportgen.chapters.style import FOREGROUND, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Named", "name_lines"]

_NEAR, _PIECE, _FAR = 3, 14, 20
"""Points from the panel to the piece of line, its length, and points from the panel to the name."""

_STEP = 1e-6


class Named(NamedTuple):
    """A line: its name and look, where it ends in the units of its axes, and whether it is the one to look at first.

    `gid` is the id of the start that it shows.
    """

    text: str
    look: Look
    width: float
    x: float
    y: float
    is_strong: bool = False
    gid: str | None = None


def name_lines(axes: Axes, lines: Sequence[Named], *, on_left: bool = False, gap: float = 0.075) -> None:
    """Write the name of every line beside the panel, at the height of its end; call it when the limits are final.

    What leaves the frame is named at its edge, the earlier the further out.

    Parameters
    ----------
    axes
        With its final limits and scales. Nothing else may stand on that side; the layout makes room.
    lines
        In any order. A y of 0 or inf is beyond a logarithmic axis.
    on_left
        Write to the left, for what travels from the right.
    gap
        Height of a line, in heights of the axes.
    """
    edge, away = (0.0, -1) if on_left else (1.0, 1)
    wanted = [_height(axes, line, edge) for line in lines]
    tall = [lines_of(line.text) for line in lines]
    for line, place in zip(lines, inside(spread(wanted, gap, tall), tall, gap), strict=True):
        at: Any = {"xycoords": "axes fraction", "textcoords": "offset points", "annotation_clip": False}
        piece = {"arrowstyle": "-", "color": line.look.color, "linewidth": line.width, "linestyle": line.look.dash}
        shrink = {"shrinkA": 0, "shrinkB": _NEAR}
        drawn: Any = axes.annotate(
            "", (edge, place), (away * (_NEAR + _PIECE), 0), arrowprops={**piece, **shrink}, **at
        )
        drawn.arrow_patch.set_gid(line.gid)
        axes.annotate(
            line.text,
            (edge, place),
            (away * _FAR, 0),
            ha="right" if on_left else "left",
            va="center",
            color=FOREGROUND,
            fontsize=10,
            fontweight="bold" if line.is_strong else "normal",
            gid=line.gid,
            **at,
        )


def _height(axes: Axes, line: Named, edge: float) -> float:
    """Return how high a line ends, in heights of the axes; what leaves early is a trifle further out."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()  # asked for, limits are final
    away = abs((line.x - left) / (right - left) - edge)
    if line.y <= bottom:
        return -_STEP * away
    if line.y >= top:
        return 1 + _STEP * away
    return float(axes.transAxes.inverted().transform(axes.transData.transform((line.x, line.y)))[1])
