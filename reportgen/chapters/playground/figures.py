"""The figures of the chapter on the playground: what starts come to, with the numbers that the live nets repeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.colors import Normalize

from reportgen.chapters import style
from reportgen.chapters.demos import TITLES, in_percent
from reportgen.judgments.frames import where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_alike", "draw_halt"]

_ALIKE = {
    "zeros": "nothing moves",
    "equal": "one unit",
    "noise": "units part",
    "random": "all differ",
}
_HALT = {"large": "pressed flat", "small": "no gradient", "right": "learns"}

_NO_GRADIENT = 1e-8
"""Norms below this stand at the lower end of the chart."""


def draw_alike(
    learning: pd.DataFrame, maps: pd.DataFrame, points: pd.DataFrame, ends: pd.DataFrame, problem: pd.DataFrame
) -> Canvas:
    """Draw the loss over the updates, and what the live net answers, with how many units differ."""
    figure = style.canvas(5.1)
    axes = figure.subplots(2, len(_ALIKE), sharey="row", height_ratios=[1, 1.35])
    for column, (preset, message) in enumerate(_ALIKE.items()):
        own, end = where(learning, preset=preset), where(ends, preset=preset, live=1).iloc[0]
        _draw_curves(axes[0, column], own, "loss", problem)
        axes[0, column].set_title(f"{TITLES[preset]}:\n{message}", loc="left")
        _draw_map(axes[1, column], where(maps, preset=preset), points)
        units = f"different units: {end['distinct_units']:.0f} of {end['units']:.0f}"
        axes[1, column].set_xlabel(f"{_outcome(end)}\n{units}")
    axes[0, 0].set(ylim=(0, None), ylabel="loss")
    axes[1, 0].set_ylabel("what the net\nanswers")
    _name_guess(axes[0, 0], problem)
    return figure


def draw_halt(
    learning: pd.DataFrame, maps: pd.DataFrame, points: pd.DataFrame, ends: pd.DataFrame, problem: pd.DataFrame
) -> Canvas:
    """Draw loss and gradient of the first layer over the updates, and what the live net answers."""
    figure = style.canvas(7.4)
    axes = figure.subplots(3, len(_HALT), sharey="row", height_ratios=[1, 1, 1.5])
    drawn = learning.assign(gradient_norm=learning["gradient_norm"].clip(lower=_NO_GRADIENT))
    for column, (preset, message) in enumerate(_HALT.items()):
        own, end = where(drawn, preset=preset), where(ends, preset=preset, live=1).iloc[0]
        _draw_curves(axes[0, column], own, "loss", problem)
        _draw_curves(axes[1, column], own, "gradient_norm")
        axes[0, column].set_title(f"{TITLES[preset]}: {message}", loc="left")
        _draw_map(axes[2, column], where(maps, preset=preset), points)
        flat = f"{in_percent(end['saturated_fraction'])} of layer 1 saturated"
        axes[2, column].set_xlabel(f"{_outcome(end)}\n{flat}")
    for row, name in ((0, "loss"), (1, "gradient norm\nof the first layer")):
        axes[row, 0].set(yscale="log", ylabel=name)
    axes[2, 0].set_ylabel("what the net\nanswers")
    _name_guess(axes[0, -1], problem)
    return figure


def _outcome(end: pd.Series[Any]) -> str:
    return f"{in_percent(end['accuracy'])} right\nloss {end['loss']:.2g}"


def _draw_curves(axes: Axes, nets: pd.DataFrame, quantity: str, problem: pd.DataFrame | None = None) -> None:
    """Draw one line per net, that of the live one in ink; a broad line is the loss of a guess."""
    if problem is not None:
        axes.axhline(problem["guess_loss"].item(), color=style.GREY, linewidth=7, alpha=0.3, zorder=1)
    for _, net in nets.groupby(["live", "replicate"]):
        is_live = net["live"].iloc[0] == 1
        color, width = (style.FOREGROUND, 2.2) if is_live else (style.GREY, 0.9)
        axes.plot(net["step"], net[quantity], color=color, linewidth=width, zorder=3 if is_live else 2)
    axes.set(xlim=(0, nets["step"].max()), xlabel="updates")
    axes.set_xticks(_ticks(nets["step"].max()))


def _ticks(last: int) -> Sequence[int]:
    return [0, int(last) // 2, int(last)]


def _name_guess(axes: Axes, problem: pd.DataFrame) -> None:
    place = 0.97 * axes.get_xlim()[1], problem["guess_loss"].item()
    axes.annotate("a guess", place, (0, -5), textcoords="offset points", ha="right", va="top", size=9.5)


def _draw_map(axes: Axes, answers: pd.DataFrame, points: pd.DataFrame) -> None:
    """Draw what a trained net answers over the plane, from ring to disc, with the points on top."""
    disc = answers.pivot(index="x2", columns="x1", values="answer")
    reach = *disc.columns[[0, -1]], *disc.index[[0, -1]]
    axes.imshow(
        disc, style.ramp("signed"), Normalize(-0.5, 1.5), extent=reach, origin="lower", interpolation="bilinear"
    )
    for label, color, marker in ((1, style.POSITIVE_CLASS, "o"), (0, style.NEGATIVE_CLASS, "s")):
        some = where(points, label=label)
        axes.scatter(some["x1"], some["x2"], s=9, c=color, marker=marker, edgecolors=style.LIGHT_INK, linewidths=0.4)
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.grid(visible=False)
