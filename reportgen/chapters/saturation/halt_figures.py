"""The figures on training in the chapter on saturation."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportgen.chapters.names import SMALL
from reportgen.chapters.saturation.halt_tables import ACTIVATIONS, HUGE, PROBLEMS, STARTS
from reportgen.chapters.style import FOREGROUND, PINK, canvas, figure_name, look
from reportgen.judgments.frames import where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_cause", "draw_factors", "draw_halt"]

_SETTINGS = tuple(product(PROBLEMS, ACTIVATIONS))
_HUGE_COLOR = PINK
"""Nowhere else is a start as large as the largest one here: it has no look of the house."""

_NO_GRADIENT, _NO_SLOPE = 1e-11, 1e-10
"""What is smaller leaves the chart, or stands at its lower end."""

_KEPT = np.array([1e-5, 1e6])
"""Between these weights runs the line on which a gradient keeps its size."""

_OUTCOMES = {
    ("circle", "tanh"): "both extremes halt",
    ("circle", "sigmoid"): "small halts",
    ("digits", "tanh"): "huge ends at a guess",
    ("digits", "sigmoid"): "Glorot halts too",
}
_GRADIENTS = {"tanh": "gradient dies", "sigmoid": "gradient lags"}
_FACTORS = {"tanh": "huge loses its slopes", "sigmoid": "Glorot is too small"}


def _color(initializer: str) -> str:
    return _HUGE_COLOR if initializer == HUGE else look(initializer).color


def draw_halt(learning: pd.DataFrame, problems: pd.DataFrame) -> Canvas:
    """Draw the loss over epochs, a panel per problem and activation; thin lines are rates that were not the best."""
    guesses = problems.set_index("problem")["guess"]
    figure = canvas(5.8)
    for axes, setting in zip(figure.subplots(2, 2, sharex="row").ravel(), _SETTINGS, strict=True):
        problem, activation = setting
        shown = where(learning, problem=problem, activation=activation)
        for initializer in STARTS:
            _draw_rates(axes, where(shown, initializer=initializer), initializer)
        end, guess = shown["epoch"].max(), guesses[problem]
        axes.axhline(guess, color=FOREGROUND, linewidth=1, linestyle="--", zorder=3)
        axes.annotate("guess", (end, guess), (4, 0), textcoords="offset points", va="center", annotation_clip=False)
        axes.set(yscale="log", xlim=(0, end), xlabel="epochs", ylabel="training loss" if activation == "tanh" else "")
        axes.set_title(f"{problem}, {activation}: {_OUTCOMES[setting]}", loc="left")
    _add_legend(figure, axes)
    return figure


def _draw_rates(axes: Axes, curves: pd.DataFrame, initializer: str) -> None:
    """Draw one start at all its rates. The small one lies below others that do not move either, so it is wider."""
    for _, curve in curves.groupby("learning_rate"):
        if curve["best"].all():
            _draw_band(axes, curve, initializer, linewidth=4.5 if initializer == SMALL else 2.2)
        else:
            axes.plot(curve["epoch"], curve["median"], color=_color(initializer), linewidth=0.9, alpha=0.45)


def _draw_band(axes: Axes, curve: pd.DataFrame, initializer: str, linewidth: float = 2.2) -> None:
    """Draw the median over networks as a line, their middle half as a band."""
    color = _color(initializer)
    axes.fill_between(curve["epoch"], curve["lower"], curve["upper"], color=color, alpha=0.22, linewidth=0)
    axes.plot(curve["epoch"], curve["median"], color=color, linewidth=linewidth)


def _add_legend(figure: Canvas, axes: Axes) -> None:
    lines = [axes.plot([], [], color=_color(name), linewidth=2.2, label=figure_name(name))[0] for name in STARTS]
    figure.legend(handles=lines, loc="outside upper center", ncols=len(lines), fontsize=11)


def draw_cause(causes: pd.DataFrame) -> Canvas:
    """Draw saturation above, gradient below, a column per problem and activation."""
    figure = canvas(5.2)
    grid = figure.subplots(2, len(_SETTINGS), sharex="col", sharey="row")
    for (problem, activation), (above, below) in zip(_SETTINGS, grid.T, strict=True):
        shown = where(causes, problem=problem, activation=activation)
        for axes, quantity in ((above, "saturated_fraction"), (below, "gradient_per_loss")):
            for initializer in STARTS:
                _draw_band(axes, where(shown, initializer=initializer, quantity=quantity), initializer)
        above.set_title(f"{problem}, {activation}", loc="left")
        below.set_title(_GRADIENTS[activation], loc="left", color=_HUGE_COLOR)
        below.set(xlabel="epochs", xlim=(0, shown["epoch"].max()))
    grid[0, 0].set(ylabel="saturated units", ylim=(-0.03, 1.03))
    grid[0, 0].set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    grid[1, 0].set(ylabel="gradient of layer 1\nper nat of loss", yscale="log", ylim=(_NO_GRADIENT, 30))
    _add_legend(figure, grid[0, 0])
    return figure


def draw_factors(factors: pd.DataFrame) -> Canvas:
    """Draw slopes over weights, before and after training, with the line on which a gradient keeps its size."""
    digits = where(factors, problem="digits")
    figure = canvas(4.4)
    panels = figure.subplots(1, 2, sharex=True, sharey=True)
    for activation, axes in zip(ACTIVATIONS, panels, strict=True):
        axes.set(xscale="log", yscale="log", xlim=(3e-4, 1e5), ylim=(_NO_SLOPE / 3, 30))
        for initializer in STARTS:
            _draw_move(axes, where(digits, activation=activation, initializer=initializer), _color(initializer))
        axes.plot(_KEPT, 1 / _KEPT, color=FOREGROUND, linewidth=1, linestyle="--")
        axes.set(xlabel="weights: factor per layer")
        axes.set_title(f"digits, {activation}: {_FACTORS[activation]}", loc="left")
    panels[0].set_ylabel("slopes: factor per layer")
    panels[0].text(1.5e-3, 1e-4, "below the line the\ngradient shrinks", va="top")
    panels[1].text(0.05, 2e-9, "○ before training\n● after", fontsize=11)
    _add_legend(figure, panels[0])
    return figure


def _draw_move(axes: Axes, nets: pd.DataFrame, color: str) -> None:
    """Draw every net after training, and the median before and after, with an arrow if it is far from one another."""
    drawn = nets.assign(slopes=nets["slopes"].clip(lower=_NO_SLOPE))
    after, median = where(drawn, moment="end"), drawn.groupby("moment")[["weights", "slopes"]].median()
    start, end = (tuple(median.loc[moment]) for moment in ("start", "end"))
    axes.scatter(after["weights"], after["slopes"], s=14, color=color, alpha=0.4, linewidths=0)
    axes.plot(*start, "o", color=color, fillstyle="none", markersize=9)
    axes.plot(*end, "o", color=color, markersize=7)
    if np.abs(np.log10(end) - np.log10(start)).max() > 1:
        axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": color, "linewidth": 1.6, "shrinkA": 5})
