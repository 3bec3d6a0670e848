"""Figures over the updates of training: the microscope, networks that stand still, and noise that grows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.style import FOREGROUND, canvas
from reportgen.chapters.symmetry.figures import COLORS, LABELS
from reportgen.chapters.symmetry.growth import per_tenth, predicted
from reportgen.chapters.symmetry.tables import (
    STANDSTILL,
    breaking,
    growth,
    microscope,
    power_of_ten,
    standstill,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_microscope", "draw_noise", "draw_standstill"]

_QUANTITIES = {
    "distinct_units": "different units",
    "mean_absolute_cosine": "mean |cosine|",
    "stable_rank": "stable rank",
    "rank_1": "rank, first layer",
    "rank_2": "rank, between hidden",
    "rank_3": "rank, readout",
    "train_loss": "training loss",
    "train_accuracy": "training accuracy",
    "test_accuracy": "test accuracy",
}
_COUNTS = ("distinct_units", "rank_1", "rank_2", "rank_3")
_BLUES = ("#2b7fd4", "#6aa7e3", "#9cc5ee", "#bcd8f5")
"""Noise of one size after the other, from the largest."""

_STANDSTILL = (
    "zeros, tanh:\nstand still",
    "zeros, ReLU:\nstand still",
    "zeros, sigmoid:\nmove in step",
    "equal, tanh:\nmove in step",
    "random, tanh:\neach its way",
)


def draw_microscope(results: Results) -> Canvas:
    """Draw every quantity over the updates in a panel of its own, one line per start."""
    table = microscope(results)
    figure = canvas(8.2)
    panels = figure.subplots(3, 3, sharex=True)
    for axes, (quantity, title) in zip(panels.flat, _QUANTITIES.items(), strict=True):
        _draw_quantity(axes, table, quantity)
        axes.set_title(title, loc="left")
    for axes, subject in zip(panels[:, 0], ("second hidden layer", "weight matrices", "learning"), strict=True):
        axes.set_ylabel(subject)
    for axes in panels[-1]:
        axes.set_xlabel("updates")
    figure.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    figure.suptitle(
        "Units that stay equal learn little; whatever makes them differ lets them learn", size=11, x=0.01, ha="left"
    )
    return figure


def _draw_quantity(axes: Axes, table: pd.DataFrame, quantity: str) -> None:
    curves = [curve for _, curve in table.groupby(["start", "weight_noise"], sort=False)]
    names = [(str(curve["start"].iloc[0]), float(curve["weight_noise"].iloc[0])) for curve in curves]
    colors = _colors(start for start, _ in names)
    for place, (curve, (start, noise), color) in enumerate(zip(curves, names, colors, strict=True)):
        # Counts that agree are drawn side by side, else only the last line would be seen.
        aside = 0.13 * (place - (len(curves) - 1) / 2) if quantity in _COUNTS else 0
        dash = "--" if start == "ones" else "-"
        axes.plot(curve["step"], curve[quantity] + aside, dash, color=color, label=_name(start, noise), linewidth=1.4)
    if quantity in _COUNTS:
        full = int(table[quantity].max())
        axes.set_yticks([1, full // 2, full])
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xticks([0, 1, 10, 100], ["0", "1", "10", "100"])


def _colors(starts: Iterable[str]) -> Iterator[str]:
    """Give every start its color, and one size of noise after the other a paler one."""
    blues = iter(_BLUES)
    for start in starts:
        yield next(blues) if start == "noise" else COLORS[start]


def _name(start: str, noise: float) -> str:
    return f"{LABELS[start]} {power_of_ten(noise)}" if start == "noise" else LABELS[start]


def draw_standstill(results: Results) -> Canvas:
    """Draw how far the weights moved and how far the units are apart, one panel per network."""
    table = standstill(results)
    figure = canvas(2.9)
    panels = figure.subplots(1, len(STANDSTILL), sharey=True)
    for axes, (course, start), title in zip(panels, STANDSTILL, _STANDSTILL, strict=True):
        curve = table[(table["course"] == course) & (table["start"] == start)]
        axes.fill_between(curve["step"], curve["moved"], color=COLORS["noise"], alpha=0.35, linewidth=0)
        axes.plot(curve["step"], curve["moved"], color=COLORS["noise"], label="furthest that a weight moved")
        axes.plot(curve["step"], curve["spread"], color=COLORS["constant"], label="greatest difference of two units")
        axes.set_title(title, loc="left")
        axes.set_xticks([0, curve["step"].max()])
    panels[2].set_xlabel("updates")
    panels[0].set_ylabel("weight")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def draw_noise(results: Results) -> Canvas:
    """Draw how the units drift apart from noise of several sizes, and when they have done so."""
    figure = canvas(3.8)
    left, right = figure.subplots(1, 2, width_ratios=[1.5, 1])
    _draw_growth(left, results)
    times = breaking(results).query("bias_noise == 0")
    right.plot(
        times["weight_noise"], predicted(results)["updates"], "--", color=FOREGROUND, linewidth=1, label="from the rate"
    )
    right.plot(times["weight_noise"], times["updates"], "o", color=COLORS["noise"], label="measured")
    right.set_xscale("log")
    right.set(xlabel="size of the noise", ylabel="updates until broken", ylim=(0, None))
    right.invert_xaxis()
    right.set_title(f"a tenth of it: {per_tenth(results):.0f} updates more", loc="left")
    right.legend(loc="lower right")
    return figure


def _draw_growth(axes: Axes, results: Results) -> None:
    table = growth(results).query("bias_noise == 0")
    noises = sorted(table["weight_noise"].unique(), reverse=True)
    for noise, color in zip(noises, _BLUES, strict=True):
        curve = table[table["weight_noise"] == noise]
        axes.plot(curve["step"], curve["spread"], color=color)
        place = (0, curve["spread"].iloc[0])
        axes.annotate(power_of_ten(noise), place, (-5, 0), textcoords="offset points", ha="right", va="center")
    limit = results["symmetry_courses"].query("course == 'circle, noise'")["constant_value"].item()
    end = table["step"].max()
    axes.axhline(limit, color=FOREGROUND, linewidth=1, linestyle="--")
    axes.annotate("broken", (end, limit), (0, -5), textcoords="offset points", ha="right", va="top")
    axes.set_yscale("log")
    axes.set_xlim(-0.15 * end, None)
    axes.set(xlabel="updates", ylabel="greatest difference\nbetween two units")
    axes.set_title("the smallest difference grows", loc="left")
