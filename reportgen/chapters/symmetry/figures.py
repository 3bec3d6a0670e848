"""The figures of the chapter on symmetry over the updates of training, and the one of fresh layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from reportgen.chapters import style
from reportgen.chapters.symmetry.breaking import power_of_ten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["LOOKS", "draw_fresh", "draw_microscope", "draw_noise", "draw_standstill", "draw_starts"]

LOOKS = {
    "zeros": (style.GREY, "all zeros"),
    "ones": (style.BROWN, "all ones"),
    "constant": (style.VERMILION, "all equal"),
    "noise": (style.BLUE, "equal + noise"),
    "biases": (style.ORANGE, "equal, random biases"),
    "zero_biases": (style.PURPLE, "zeros, random biases"),
    "dropout": (style.PINK, "equal, dropout"),
    "random": (style.GREEN, "random"),
}
"""Start -> its colour and its name."""

_MESSAGES = {
    "zeros": "zeros: nothing moves",
    "constant": "equal: all move as one",
    "random": "random: each its own way",
}
_STANDSTILL = (
    "zeros, tanh:\nstand still",
    "zeros, ReLU:\nstand still",
    "zeros, sigmoid:\nmove in step",
    "equal, tanh:\nmove in step",
    "random, tanh:\neach its way",
)
"""In the order of the table."""

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


def draw_starts(paths: pd.DataFrame, maps: pd.DataFrame, points: pd.DataFrame) -> Canvas:
    """Draw what each start learns of the circle, and above it every weight between the hidden layers over time."""
    figure = style.canvas(5.6)
    axes = figure.subplots(2, 3, sharey="row", sharex="row", height_ratios=[1, 1.25])
    for column, start in enumerate(_MESSAGES):
        _draw_paths(axes[0, column], paths[paths["start"] == start], start)
        _draw_map(axes[1, column], maps[maps["start"] == start], points)
    axes[0, 0].set_ylabel("weights between\nthe hidden layers")
    axes[0, 1].set_xlabel("updates")
    axes[1, 0].set_ylabel("what the network\nhas learned")
    return figure


def _draw_paths(axes: Axes, weights: pd.DataFrame, start: str) -> None:
    """Draw one line per weight; lines that are the same are drawn once and counted."""
    lines = weights.pivot(index="step", columns=["input", "unit"], values="weight")
    different = lines.round(10).T.drop_duplicates().T
    count = different.shape[1]
    axes.plot(different.index, different, color=LOOKS[start][0], linewidth=1.1 if count > 1 else 3, alpha=0.8)
    axes.set_title(f"{_MESSAGES[start]}\n{lines.shape[1]} weights, {count} line{'s' if count > 1 else ''}", loc="left")
    axes.xaxis.set_major_locator(MaxNLocator(3))


def _draw_map(axes: Axes, scores: pd.DataFrame, points: pd.DataFrame) -> None:
    """Draw the trained network's answer over the plane, with the training points on top."""
    logits = scores.pivot(index="x2", columns="x1", values="logit")
    disc = 1 / (1 + np.exp(-logits.to_numpy().clip(-30, 30)))
    levels = np.linspace(0, 1, 11)
    areas = axes.contourf(logits.columns, logits.index, disc, levels, cmap=style.DIVERGING, vmin=-0.5, vmax=1.5)
    areas.set_edgecolor("face")  # else the page shows through between two areas
    colors = np.where(points["label"] == 1, style.POSITIVE_CLASS, style.NEGATIVE_CLASS)
    axes.scatter(points["x1"], points["x2"], s=9, c=colors, edgecolors=style.LIGHT_INK, linewidths=0.4)
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.grid(visible=False)


def draw_standstill(standstill: pd.DataFrame) -> Canvas:
    """Draw how far the weights moved and how far the units are apart, one panel per network."""
    figure = style.canvas(2.9)
    panels = figure.subplots(1, len(_STANDSTILL), sharey=True)
    networks = standstill.groupby(["course", "start"], sort=False)
    for axes, title, (_, curve) in zip(panels, _STANDSTILL, networks, strict=True):
        axes.fill_between(curve["step"], curve["moved"], color=style.BLUE, alpha=0.35, linewidth=0)
        axes.plot(curve["step"], curve["moved"], color=style.BLUE, label="furthest that a weight moved")
        axes.plot(curve["step"], curve["spread"], color=style.VERMILION, label="greatest difference of two units")
        axes.set_title(title, loc="left")
        axes.set_xticks([0, curve["step"].max()])
    panels[2].set_xlabel("updates")
    panels[0].set_ylabel("weight")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def draw_microscope(microscope: pd.DataFrame) -> Canvas:
    """Draw every quantity over the updates in a panel of its own, one line per start."""
    figure = style.canvas(8.2)
    panels = figure.subplots(3, 3, sharex=True)
    for axes, (quantity, title) in zip(panels.flat, _QUANTITIES.items(), strict=True):
        _draw_quantity(axes, microscope, quantity)
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


def _draw_quantity(axes: Axes, microscope: pd.DataFrame, quantity: str) -> None:
    curves = [curve for _, curve in microscope.groupby(["start", "weight_noise"], sort=False)]
    blues = iter(style.STRENGTHS)
    for place, curve in enumerate(curves):
        start, noise = curve[["start", "weight_noise"]].iloc[0]
        # Counts that agree are drawn side by side, else only the last line would be seen.
        aside = 0.13 * (place - (len(curves) - 1) / 2) if quantity in _COUNTS else 0
        color, name = LOOKS[start]
        if start == "noise":  # a paler one for each smaller size
            color, name = next(blues), f"{name} {power_of_ten(noise)}"
        dash = "--" if start == "ones" else "-"
        axes.plot(curve["step"], curve[quantity] + aside, dash, color=color, label=name, linewidth=1.4)
    if quantity in _COUNTS:
        full = int(microscope[quantity].max())
        axes.set_yticks([1, full // 2, full])
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xticks([0, 1, 10, 100], ["0", "1", "10", "100"])


def draw_noise(growth: pd.DataFrame, times: pd.DataFrame) -> Canvas:
    """Draw how the units drift apart from noise of several sizes in the weights, and when they have done so."""
    curves, weights = (table[table["bias_noise"] == 0] for table in (growth, times))
    figure = style.canvas(3.8)
    left, right = figure.subplots(1, 2, width_ratios=[1.5, 1])
    _draw_growth(left, curves, times["limit"].max())
    right.plot(
        weights["weight_noise"], weights["predicted"], "--", color=style.FOREGROUND, linewidth=1, label="from the rate"
    )
    right.plot(weights["weight_noise"], weights["updates"], "o", color=style.BLUE, label="measured")
    right.set_xscale("log")
    right.set(xlabel="size of the noise", ylabel="updates until broken", ylim=(0, None))
    right.invert_xaxis()
    right.set_title(f"a tenth of it: {times['updates_per_tenth'].max():.0f} updates more", loc="left")
    right.legend(loc="lower right")
    return figure


def _draw_growth(axes: Axes, curves: pd.DataFrame, limit: float) -> None:
    noises = sorted(curves["weight_noise"].unique(), reverse=True)
    for noise, color in zip(noises, style.STRENGTHS, strict=True):
        curve = curves[curves["weight_noise"] == noise]
        axes.plot(curve["step"], curve["spread"], color=color)
        place = (0, curve["spread"].iloc[0])
        axes.annotate(power_of_ten(noise), place, (-5, 0), textcoords="offset points", ha="right", va="center")
    end = curves["step"].max()
    axes.axhline(limit, color=style.FOREGROUND, linewidth=1, linestyle="--")
    axes.annotate("broken", (end, limit), (0, -5), textcoords="offset points", ha="right", va="top")
    axes.set_yscale("log")
    axes.set_xlim(-0.15 * end, None)
    axes.set(xlabel="updates", ylabel="greatest difference\nbetween two units")
    axes.set_title("the smallest difference grows", loc="left")


def draw_fresh(fresh: pd.DataFrame) -> Canvas:
    """Draw how different the units of a fresh layer are, for every initializer."""
    figure = style.canvas(1.4 + 0.27 * len(fresh))
    axes = figure.subplots()
    places = range(len(fresh))
    axes.plot(
        fresh["distinct_units"], places, "o", color=style.BLUE, markersize=12, fillstyle="none", label="distinct units"
    )
    axes.plot(fresh["rank"], places, "D", color=style.ORANGE, label="rank")
    axes.plot(fresh["stable_rank"], places, "^", color=style.GREEN, label="stable rank")
    axes.set_yticks(places, [style.figure_name(initializer) for initializer in fresh["initializer"]])
    axes.invert_yaxis()
    axes.set(xlabel="share of the width", xlim=(-0.03, 1.03))
    axes.set_title("Every random law makes all units different", loc="left")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure
