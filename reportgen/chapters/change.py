"""How figures show by what factor something changes over a net: words on the axis, and a band where it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.style import GRADIENT, VERDICT_COLORS, is_narrow
from reportgen.judgments.verdicts import LIMIT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["change_axis", "change_text", "power_text", "right_axis", "seen", "travel_arrow"]

_WORDS = 6
"""Powers of ten up to which a factor is written out."""

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def change_text(power: int, same: str = "kept") -> str:
    """Return a power of ten as a factor that one can say.

    Examples
    --------
    >>> [change_text(power) for power in (0, 3, -6, 12)]
    ['kept', '× 1,000', '÷ 1,000,000', '× 10¹²']
    """
    if power == 0:
        return same
    return f"{'×' if power > 0 else '÷'} {10 ** abs(power):,}" if abs(power) <= _WORDS else power_text(power)


def power_text(power: int) -> str:
    """Return a power of ten as a factor, in digits.

    Examples
    --------
    >>> power_text(4), power_text(-12)
    ('× 10⁴', '÷ 10¹²')
    """
    return f"{'×' if power > 0 else '÷'} 10{str(abs(power)).translate(_SUPERSCRIPTS)}"


def change_axis(axes: Axes, lowest: int, highest: int, *, step: int = 3, same: str = "kept") -> None:
    """Make the upright axis one of factors, and shade where it changes by less than the limit of all pages.

    Parameters
    ----------
    axes
        The panel; others may share its axis.
    lowest, highest
        Powers of ten at its ends.
    step
        Powers of ten between two ticks.
    same
        What a factor of one is called; with another word than this nothing is shaded.
    """
    axes.set(yscale="log", ylim=(10.0**lowest, 10.0**highest))
    powers = [power for power in range(lowest, highest + 1) if power % step == 0]
    axes.set_yticks([10.0**power for power in powers], [change_text(power, same) for power in powers])
    axes.minorticks_off()
    if same == "kept":
        axes.axhspan(1 / LIMIT, LIMIT, color=VERDICT_COLORS["healthy"], alpha=0.15, linewidth=0)


def seen(line: pd.DataFrame, x: str, y: str, lowest: int, highest: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the part of a line that is inside of such an axis, cut where it leaves the frame.

    Parameters
    ----------
    line
        Points in the order of `x`; what is 0 or inf has left the frame.
    x, y
        Names of the columns.
    lowest, highest
        Powers of ten at the ends of the axis.

    Returns
    -------
    arrays
        The points inside, and one on the edge of the frame for each side on which the line leaves it.
    """
    with np.errstate(divide="ignore"):
        places, powers = line[x].to_numpy(float), np.log10(line[y].to_numpy(float))
    inside = np.flatnonzero((powers >= lowest) & (powers <= highest))
    if not len(inside):
        return places[:0], powers[:0]
    first, last = int(inside[0]), int(inside[-1])
    shown = [*zip(places[first : last + 1], powers[first : last + 1], strict=True)]
    for at, beyond, end in ((last, last + 1, len(shown)), (first, first - 1, 0)):
        if 0 <= beyond < len(places) and np.isfinite(powers[beyond]):
            edge = np.clip(powers[beyond], lowest, highest)
            share = (edge - powers[at]) / (powers[beyond] - powers[at])
            shown.insert(end, (places[at] + share * (places[beyond] - places[at]), edge))
    across, up = np.array(shown).T
    return across, 10.0**up


def travel_arrow(axes: Axes) -> None:
    """Draw an arrow to the left along the top of a panel: the way that a gradient takes through the layers."""
    style: Any = {"xycoords": "axes fraction", "textcoords": "axes fraction", "annotation_clip": False}
    arrow = {"arrowstyle": "-|>", "color": GRADIENT, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (0.04, 0.95), (0.96, 0.95), arrowprops=arrow, **style)


def right_axis(panels: Sequence[Axes], label: str) -> None:
    """Move the words of an axis that panels share to its right end, where a gradient comes in.

    Panels stand in a line, and the last one has the words; on a narrow sheet they stand below each other, and all
    have them, with the label above the first.
    """
    named = panels if is_narrow() else panels[-1:]
    for axes in panels:
        axes.tick_params(axis="y", length=0, labelleft=False, labelright=axes in named)
        axes.spines["left"].set_visible(False)
        axes.spines["right"].set_visible(True)
    if is_narrow():
        _label_above(panels[0], label)
    else:
        panels[-1].yaxis.set_label_position("right")
        panels[-1].set_ylabel(label)


def _label_above(axes: Axes, label: str) -> None:
    """Write the label of an axis over the whole figure, at its right end."""
    figure: Any = axes.figure
    figure.suptitle(label, x=0.995, ha="right", fontsize=11)
