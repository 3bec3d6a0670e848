"""The figures of the chapter on the playground: what starts come to, with the numbers that the live nets repeat."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from numpy.typing import NDArray

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
    figure = style.canvas(5.1, narrow=9.8)
    ratios: dict[str, Any] = style.on_sheet({"sharey": "row", "height_ratios": [1, 1.35]}, {"width_ratios": [1.1, 1]})
    shape = 2, len(_ALIKE)
    drawn = figure.subplots(*style.on_sheet(shape, shape[::-1]), **ratios)
    axes = style.on_sheet(drawn, drawn.T)
    for column, (preset, message) in enumerate(_ALIKE.items()):
        own, end = where(learning, preset=preset), where(ends, preset=preset, live=1).iloc[0]
        _draw_curves(axes[0, column], own, "loss", problem)
        axes[0, column].set_title(f"{TITLES[preset]}:\n{message}", loc="left")
        _draw_map(axes[1, column], where(maps, preset=preset), points)
        units = f"different units:{style.on_sheet(' ', chr(10))}{end['distinct_units']:.0f} of {end['units']:.0f}"
        axes[1, column].set_xlabel(f"{_outcome(end)}\n{units}")
    for panel in style.on_sheet(axes[0, :1], axes[0]):
        panel.set(ylim=(0, _top(axes[0])), ylabel="loss")
    for panel in style.on_sheet((), axes[0, :-1]):
        panel.set_xlabel("")
    _say_what(axes[1, 0])
    _name_guess(axes[0, 0], problem)
    return figure


def _top(panels: Sequence[Axes]) -> float:
    """Return the upper end of an axis that suits all panels."""
    return max(float(panel.get_ylim()[1]) for panel in panels)


def draw_halt(
    learning: pd.DataFrame, maps: pd.DataFrame, points: pd.DataFrame, ends: pd.DataFrame, problem: pd.DataFrame
) -> Canvas:
    """Draw loss and gradient of the first layer over the updates, and what the live net answers."""
    figure, axes = style.on_sheet(_wide, _narrow)(len(_HALT))
    drawn = learning.assign(gradient_norm=learning["gradient_norm"].clip(lower=_NO_GRADIENT))
    for column, (preset, message) in enumerate(_HALT.items()):
        own, end = where(drawn, preset=preset), where(ends, preset=preset, live=1).iloc[0]
        _draw_curves(axes[0, column], own, "loss", problem)
        _draw_curves(axes[1, column], own, "gradient_norm")
        axes[0, column].set_title(f"{TITLES[preset]}: {message}", loc="left")
        _draw_map(axes[2, column], where(maps, preset=preset), points)
        flat = f"{in_percent(end['saturated_fraction'])} of layer 1{style.on_sheet(' ', chr(10))}saturated"
        axes[2, column].set_xlabel(f"{_outcome(end)}\n{flat}")
    for row, name in ((0, "loss"), (1, f"gradient norm{style.on_sheet(chr(10), ' ')}of the first layer")):
        for panel in axes[row]:
            panel.set(yscale="log")
        _label_row(axes[row], name)
    _say_what(axes[2, 0])
    _name_guess(axes[0, -1], problem)
    return figure


def _say_what(axes: Axes) -> None:
    """Say beside the first map what it shows, or above it."""
    words = "what the net\nanswers"
    if style.is_narrow():
        axes.set_title(words, fontweight="normal")
    else:
        axes.set_ylabel(words)


def _wide(starts: int) -> tuple[Canvas, NDArray[np.object_]]:
    """Return a column of panels for every start: loss, gradient and map."""
    figure = style.canvas(7.4)
    return figure, figure.subplots(3, starts, sharey="row", height_ratios=[1, 1, 1.5])


def _narrow(starts: int) -> tuple[Canvas, NDArray[np.object_]]:
    """Return loss over gradient with the map beside them, and a block of these for every start, in the same order."""
    figure = style.canvas(0, narrow=3.3 * starts)
    grid = figure.add_gridspec(2 * starts, 2, width_ratios=[1.2, 1])
    curves = np.array([figure.add_subplot(grid[row, 0]) for row in range(2 * starts)], dtype=object)
    for axes in curves[::2]:
        axes.xaxis.label.set_visible(False)
        axes.tick_params(labelbottom=False)
    maps = [figure.add_subplot(grid[2 * start : 2 * start + 2, 1]) for start in range(starts)]
    return figure, np.array([curves[::2], curves[1::2], maps], dtype=object)


def _label_row(panels: Sequence[Axes], name: str) -> None:
    """Label an axis that panels share: the first one beside each other, or all above each other."""
    if not style.is_narrow():
        panels[0].set_ylabel(name)
        return
    ends = [panel.get_ylim() for panel in panels]
    for panel in panels:
        panel.set(ylabel=fill(name, 13), ylim=(min(low for low, _ in ends), max(high for _, high in ends)))


def _outcome(end: pd.Series[Any]) -> str:
    return f"{in_percent(end['accuracy'])} right\nloss {end['loss']:.2g}"


def _draw_curves(axes: Axes, nets: pd.DataFrame, quantity: str, problem: pd.DataFrame | None = None) -> None:
    """Draw one line per net, that of the live one in ink; a broad line is the loss of a guess."""
    if problem is not None:
        axes.axhline(problem["guess_loss"].item(), color=style.GREY, linewidth=7, alpha=0.3, zorder=1)
    for _, net in nets.groupby(["live", "replicate"]):
        is_live = net["live"].iloc[0] == 1
        color, width, name = (style.FOREGROUND, 2.2, "the live net") if is_live else (style.GREY, 0.9, "another net")
        look: dict[str, Any] = {"color": color, "linewidth": width, "label": name}
        axes.plot(net["step"], net[quantity], zorder=3 if is_live else 2, **look)
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
