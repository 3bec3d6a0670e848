"""The figures on training in the chapter on saturation."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.labels import End, label_ends
from reportgen.chapters.names import SMALL
from reportgen.chapters.saturation.halt_tables import ACTIVATIONS, PROBLEMS, STARTS
from reportgen.chapters.style import (
    FOREGROUND,
    GREY,
    RECOMMENDED,
    canvas,
    figure_name,
    is_narrow,
    look,
    on_sheet,
    start_id,
)
from reportgen.judgments.frames import where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_factors", "draw_halt"]

_RIGHT = "glorot_normal"
_NO_SLOPE = 1e-4
"""What is smaller stands at the lower end of the chart."""

_KEPT = np.geomspace(1e-2, 1e3, 2)
"""Between these weights runs the line on which a gradient keeps its size."""

_OUTCOMES = {
    ("circle", "tanh"): "both ends halt",
    ("circle", "sigmoid"): "normal(1) learns",
    ("digits", "tanh"): "both ends halt",
    ("digits", "sigmoid"): "normal(1) learns",
}
_FACTORS = {"tanh": "huge loses its slopes", "sigmoid": "Glorot is too small"}


def draw_halt(learning: pd.DataFrame, problems: pd.DataFrame) -> Canvas:
    """Draw the loss over epochs of every start at its best rate, a panel per problem and activation."""
    guesses = problems.set_index("problem")["guess"]
    best = learning[learning["best"]]
    figure = canvas(6.4, narrow=10.4)
    figure.set_layout_engine("constrained", wspace=0.06, hspace=0.05)
    grid = figure.subplots(*on_sheet((2, 2), (4, 1)), sharey=on_sheet("row", "none"))
    for axes, (problem, activation) in zip(grid.ravel(), product(PROBLEMS, ACTIVATIONS), strict=True):
        shown, guess = where(best, problem=problem, activation=activation), guesses[problem]
        axes.axhline(guess, color=GREY, linewidth=9, alpha=0.3, zorder=1)
        ends = {figure_name(name): _draw_loss(axes, where(shown, initializer=name), name) for name in STARTS}
        axes.set(yscale="log", xlim=(0, shown["epoch"].max()), xlabel="epochs", ylim=_limits(best, problem))
        axes.set_title(f"{problem}, {activation}: {_OUTCOMES[problem, activation]}", loc="left")
        label_ends(axes, ends)
        if activation == ACTIVATIONS[0] or is_narrow():
            axes.set_ylabel("training loss")
        if activation == ACTIVATIONS[0]:
            axes.text(0.72 * shown["epoch"].max(), 0.78 * guess, "a guess", va="top", fontsize=9.5)
    return figure


def _limits(best: pd.DataFrame, problem: str) -> tuple[float, float]:
    """Return the limits of the loss that both panels of a problem have."""
    medians = where(best, problem=problem)["median"]
    return 0.7 * float(medians[medians > 0].min()), 1.5 * float(medians.max())


def _draw_loss(axes: Axes, curve: pd.DataFrame, initializer: str) -> End:
    """Draw the median over networks as a line, their middle half as a band; return where the line ends.

    The small start lies below others that do not move either, so it is wider.
    """
    mine: Any = {"color": look(initializer).color, "gid": start_id(initializer)}
    is_right = initializer == _RIGHT
    axes.fill_between(curve["epoch"], curve["lower"], curve["upper"], alpha=0.15, linewidth=0, **mine)
    width = RECOMMENDED if is_right else 5.0 if initializer == SMALL else 2.0
    axes.plot(curve["epoch"], curve["median"], linewidth=width, solid_capstyle="butt", **mine)
    return End(curve["epoch"].iloc[-1], curve["median"].iloc[-1], is_right, mine["gid"])


def draw_factors(factors: pd.DataFrame) -> Canvas:
    """Draw slopes over weights, before and after training, with the line on which a gradient keeps its size."""
    digits = where(factors, problem="digits")
    figure = canvas(4.6, narrow=8.0)
    panels = figure.subplots(*on_sheet((1, 2), (2, 1)), sharex=not is_narrow(), sharey=True)
    for activation, axes in zip(ACTIVATIONS, panels, strict=True):
        axes.set(xscale="log", yscale="log", xlim=(1e-2, 1e3), ylim=(_NO_SLOPE / 2, 10))
        axes.fill_between(_KEPT, _NO_SLOPE / 2, 1 / _KEPT, color=GREY, alpha=0.15, linewidth=0)
        axes.plot(_KEPT, 1 / _KEPT, color=FOREGROUND, linewidth=1, linestyle="--")
        for initializer in STARTS:
            _draw_move(axes, where(digits, activation=activation, initializer=initializer), initializer)
        axes.set(xlabel="weights: the gradient's factor per layer")
        axes.set_title(f"digits, {activation}: {_FACTORS[activation]}", loc="left")
    for axes in on_sheet(panels[:1], panels):
        axes.set_ylabel("slopes: the gradient's factor per layer")
    panels[0].text(1.5e-2, 1e-3, "the gradient shrinks", va="top")
    panels[0].text(0.2, 6, "weights × slopes = 1", fontsize=9.5)
    panels[1].text(1.5e-2, 1.2e-3, "○ before training\n● after", va="top")
    return figure


def _draw_move(axes: Axes, nets: pd.DataFrame, initializer: str) -> None:
    """Draw the median before and after training, with an arrow if it is far from one another."""
    drawn = nets.assign(slopes=nets["slopes"].clip(lower=_NO_SLOPE))
    median, color = drawn.groupby("moment")[["weights", "slopes"]].median(), look(initializer).color
    start, end = (tuple(median.loc[moment]) for moment in ("start", "end"))
    gid, place = start_id(initializer), (-8, -17) if initializer == SMALL else (8, 5)
    axes.plot(*start, "o", color=color, fillstyle="none", markersize=9, gid=gid)
    axes.plot(*end, "o", color=color, markersize=7, gid=gid)
    axes.annotate(figure_name(initializer), start, place, textcoords="offset points", fontsize=9.5, gid=gid)
    if np.abs(np.log10(end) - np.log10(start)).max() > 1 / 2:
        arrow: Any = {"arrowstyle": "->", "color": color, "linewidth": 1.6, "shrinkA": 5}
        arrow_only: Any = axes.annotate("", end, start, arrowprops=arrow)
        arrow_only.arrow_patch.set_gid(gid)
