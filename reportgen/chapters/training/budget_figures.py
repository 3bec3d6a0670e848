"""The figures of the chapter on training that show learning rates, budgets and the loss at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reportgen.chapters.style import BLUE, CELL_INK, FOREGROUND, GREY, VERMILION, canvas, look, name_ticks
from reportgen.chapters.training.budgets import RIGHT
from reportgen.chapters.training.figures import LINES, add_legend, entitle
from reportgen.chapters.training.tables import OPTIMIZERS
from reportgen.judgments.frames import only, where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_budgets", "draw_rates", "draw_start_losses"]

_NAMED = {"tanh": BLUE, "relu": VERMILION}
"""Activations that have a color of their own; the others are gray."""


def draw_rates(rates: pd.DataFrame, sizes: pd.DataFrame) -> Canvas:
    """Draw the share of right answers against the learning rate, one line per start, by optimizer and activation."""
    guess, activations = float(only(where(sizes, study="rate")["guess"])), list(RIGHT)
    figure = canvas(7.6)
    panels = figure.subplots(len(OPTIMIZERS), len(activations), sharey=True, sharex="row", squeeze=False)
    for row, (optimizer, label) in zip(panels, OPTIMIZERS.items(), strict=True):
        for axes, activation in zip(row, activations, strict=True):
            _draw_starts(axes, where(rates, optimizer=optimizer, activation=activation))
            axes.axhline(guess, color=FOREGROUND, linestyle="--", linewidth=1.2, zorder=1)
            axes.axhspan(-0.12, 0, color=FOREGROUND, alpha=0.07, linewidth=0)
            axes.set(xscale="log", ylim=(-0.12, 1.0), xlabel=f"learning rate of {label}")
            axes.set_title(f"{activation}, {label}", loc="left")
        row[0].set_ylabel("right answers")
        row[0].set_yticks([-0.06, 0, 0.25, 0.5, 0.75, 1], ["diverged", "0%", "25%", "50%", "75%", "100%"])
    add_legend(figure, [str(name) for name in rates["initializer"].unique()])
    steps = int(where(sizes, study="rate")["steps"].min())
    entitle(figure, f"tanh and ReLU: no rate rescues far too small or too large weights in {steps} updates")
    return figure


def _draw_starts(axes: Axes, rates: pd.DataFrame) -> None:
    """Draw wide lines first: several lie on one another."""
    widths = {str(name): LINES.get(str(name), (1.8, "-"))[0] for name in rates["initializer"].unique()}
    for place, name in enumerate(sorted(widths, key=lambda name: -widths[name])):
        style, width, line = look(name), widths[name], where(rates, initializer=name)
        right = line.set_index("learning_rate")["test_accuracy"].sort_index()
        axes.plot(right, color=style.color, marker=style.marker, linewidth=width, markersize=3 + width)
        lost = right.index[right.isna()]
        axes.plot(lost, np.full(len(lost), -0.02 * (place + 1)), "x", color=style.color, markersize=6)


def draw_budgets(budgets: pd.DataFrame) -> Canvas:
    """Draw the share of right answers of ReLU nets against the number of updates, one panel per optimizer."""
    figure = canvas(3.7)
    panels = figure.subplots(1, len(OPTIMIZERS), sharex=True, sharey=True)
    for axes, (optimizer, label) in zip(panels, OPTIMIZERS.items(), strict=True):
        own = where(budgets, optimizer=optimizer)
        for name, nets in own.groupby("initializer", sort=False):
            style, right = look(str(name)), nets.groupby("steps")["test_accuracy"]
            axes.plot(right.median(), color=style.color, marker=style.marker, linestyle=style.dash)
            axes.fill_between(right.min().index, right.min(), right.max(), color=style.color, alpha=0.16, linewidth=0)
        axes.set(ylim=(0, 1), xlabel="updates", xticks=sorted(budgets["steps"].unique()))
        axes.set_title(label, loc="left")
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    panels[0].set_ylabel("right answers")
    add_legend(figure, [str(name) for name in budgets["initializer"].unique()])
    entitle(figure, "ReLU: with more updates Glorot comes closer to He, and Adam starts what SGD does not")
    return figure


def draw_start_losses(losses: pd.DataFrame) -> Canvas:
    """Draw the loss before the first update, one row per start and one dot per activation."""
    starts, guess = list(losses["initializer"].unique()), float(np.log(only(losses["classes"])))
    typical = losses.groupby(["initializer", "activation"], sort=False)["start_loss"].median().reset_index()
    figure = canvas(0.32 * len(starts) + 1.5)
    axes: Axes = figure.subplots()
    for activation, own in typical.groupby("activation", sort=False):
        named = activation in _NAMED
        axes.scatter(
            own["start_loss"],
            [starts.index(name) for name in own["initializer"]],
            color=_NAMED.get(str(activation), GREY),
            s=52 if named else 26,
            zorder=3 if named else 2,
            label=str(activation) if named else None,
            edgecolor=CELL_INK,
            linewidth=0.3,
        )
    axes.scatter([], [], color=GREY, edgecolor=CELL_INK, linewidth=0.3, s=26, label="the others")
    axes.axvline(guess, color=FOREGROUND, linestyle="--", linewidth=1.4, zorder=1)
    axes.annotate("a guess", (guess, len(starts) - 0.6), (6, 0), textcoords="offset points", va="center")
    axes.set(xscale="log", ylim=(len(starts) - 0.3, -0.7), xlabel="loss before the first update (nats)")
    name_ticks(axes.yaxis, starts)
    axes.legend(loc="lower right")
    axes.set_title("Too large weights start with a loss far above that of a guess", loc="left")
    return figure
