"""The figures of the chapter on symmetry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from reportgen.battery.results import Results
from reportgen.chapters.style import FOREGROUND, canvas, look, short_name
from reportgen.chapters.symmetry_tables import (
    STARTS,
    breaking,
    cosines,
    course_table,
    filmstrip,
    growth,
    learning,
    paths,
    power_of_ten,
    start,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_cosines", "draw_fresh", "draw_learning", "draw_noise", "draw_starts", "draw_strip"]

_DIVERGING = "PuOr"
_COLORS = {"zeros": "#8a8f98", "constant": "#d55e00", "random": look("glorot_normal").color}
_LABELS = {"zeros": "all zeros", "constant": "all equal", "random": "random"}
_MESSAGES = {
    "zeros": "zeros: nothing moves",
    "constant": "equal: all move as one",
    "random": "random: each its own way",
}
_RING, _DISC = "#b35806", "#542788"
"""Ends of the diverging map: what the network calls ring is orange, disc purple, and so are the points."""


def draw_starts(results: Results) -> Canvas:
    """Draw what each start learns of the circle, and above it every weight between the hidden layers over time."""
    figure = canvas(5.6)
    axes = figure.subplots(2, 3, sharey="row", sharex="row", height_ratios=[1, 1.25])
    weights = paths(results)
    for column, label in enumerate(STARTS):
        _draw_paths(axes[0, column], weights[weights["start"] == label], label)
        _draw_map(axes[1, column], results, label)
    axes[0, 0].set_ylabel("weights between\nthe hidden layers")
    axes[0, 1].set_xlabel("updates")
    axes[1, 0].set_ylabel("what the network\nhas learned")
    return figure


def _draw_paths(axes: Axes, weights: pd.DataFrame, label: str) -> None:
    """Draw one line per weight; lines that are the same are drawn once and counted."""
    lines = weights.pivot(index="step", columns=["input", "unit"], values="weight")
    different = lines.round(10).T.drop_duplicates().T
    count = different.shape[1]
    axes.plot(different.index, different, color=_COLORS[label], linewidth=1.1 if count > 1 else 3, alpha=0.8)
    axes.set_title(f"{_MESSAGES[label]}\n{lines.shape[1]} weights, {count} line{'s' if count > 1 else ''}", loc="left")
    axes.xaxis.set_major_locator(MaxNLocator(3))


def _draw_map(axes: Axes, results: Results, label: str) -> None:
    """Draw the trained network's answer over the plane, with the training points on top."""
    table = course_table(results, "symmetry_map", "circle")
    logits = table[table["start"] == label].pivot(index="x2", columns="x1", values="logit")
    disc = 1 / (1 + np.exp(-logits.to_numpy().clip(-30, 30)))
    levels = np.linspace(0, 1, 11)
    areas = axes.contourf(logits.columns, logits.index, disc, levels, cmap=_DIVERGING, vmin=-0.5, vmax=1.5)
    areas.set_edgecolor("face")  # else the page shows through between two areas
    points = results["symmetry_points"]
    colors = np.where(points["label"] == 1, _DISC, _RING)
    axes.scatter(points["x1"], points["x2"], s=9, c=colors, edgecolors="#ffffff", linewidths=0.4)
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.grid(visible=False)


def draw_strip(results: Results) -> Canvas:
    """Draw the weight matrices of both hidden layers at a few moments, one row of pictures per start."""
    table = filmstrip(results)
    steps = sorted(table["step"].unique())
    figure = canvas(6.4)
    grid = figure.subplots(len(STARTS), len(steps))
    norm = Normalize(-np.abs(table["weight"]).max(), np.abs(table["weight"]).max())
    for label, row in zip(STARTS, grid, strict=True):
        for step, axes in zip(steps, row, strict=True):
            frame = table[(table["start"] == label) & (table["step"] == step)]
            image = axes.imshow(_stacked(frame), cmap=_DIVERGING, norm=norm)
            axes.set(xticks=[], yticks=[])
            axes.grid(visible=False)
            axes.spines[:].set_visible(False)  # the empty row between the matrices shows the page
        row[0].set_ylabel(_LABELS[label])
    for step, above, below in zip(steps, grid[0], grid[-1], strict=True):
        above.set_title("start" if step == 0 else f"{step} updates")
        below.set_xlabel("unit")
    figure.colorbar(image, ax=grid, label="weight", shrink=0.6)
    return figure


def _stacked(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Put the first layer's matrix above the second's, with an empty row between them."""
    first, second = (
        frame[frame["layer"] == layer].pivot(index="input", columns="unit", values="weight") for layer in (1, 2)
    )
    return np.vstack([first, np.full((1, first.shape[1]), np.nan), second])


def draw_cosines(results: Results) -> Canvas:
    """Draw the cosine between every two units, before and after training on digits."""
    table = cosines(results)
    steps = sorted(table["step"].unique())
    figure = canvas(2.6)
    panels = figure.subplots(1, 4)
    moments = [(label, step) for label in STARTS[1:] for step in steps]
    for axes, (label, step) in zip(panels, moments, strict=True):
        chosen = table[(table["start"] == label) & (table["step"] == step)]
        matrix = chosen.pivot(index="unit", columns="other_unit", values="cosine")
        image = axes.imshow(matrix, cmap=_DIVERGING, vmin=-1, vmax=1)
        axes.set(xticks=[], yticks=[], xlabel="unit")
        axes.set_title(f"{_LABELS[label]}, {'before' if step == 0 else 'after'}", loc="left")
        axes.grid(visible=False)
    panels[0].set_ylabel("unit")
    figure.colorbar(image, ax=panels, label="cosine", shrink=0.75)
    return figure


def draw_learning(results: Results) -> Canvas:
    """Draw the accuracy on the training examples over both courses."""
    table = learning(results)
    figure = canvas(3.6)
    panels = figure.subplots(1, 2, sharey=True)
    line = results["symmetry_courses"].query("course == 'circle'")["best_line_accuracy"].item()
    for axes, course in zip(panels, ("circle", "digits"), strict=True):
        for label in STARTS:
            curve = table[(table["course"] == course) & (table["start"] == label)]
            axes.plot(curve["step"], curve["train_accuracy"], color=_COLORS[label])
            place = (curve["step"].iloc[-1], curve["train_accuracy"].iloc[-1])
            offset = -17 if label == "zeros" or (course, label) == ("circle", "constant") else 7
            axes.annotate(
                _LABELS[label], place, (0, offset), textcoords="offset points", ha="right", color=_COLORS[label]
            )
        axes.set_title(f"{course}: only different units learn", loc="left")
        axes.set_xlabel("updates")
    panels[0].axhline(line, color=FOREGROUND, linewidth=1, linestyle="--")
    middle = results["symmetry_courses"].query("course == 'circle'")["steps"].item() / 2
    panels[0].annotate("best straight line", (middle, line), (0, 5), textcoords="offset points", ha="center")
    panels[0].set(ylabel="training accuracy", ylim=(0, 1.08))
    return figure


def draw_noise(results: Results) -> Canvas:
    """Draw how the units drift apart from noise of several sizes, and when they have done so."""
    figure = canvas(3.8)
    left, right = figure.subplots(1, 2, width_ratios=[1.5, 1])
    _draw_growth(left, results)
    times = breaking(results).query("bias_noise == 0")
    right.plot(times["weight_noise"], times["updates"], "o-", color=_COLORS["constant"])
    right.set_xscale("log")
    right.set(xlabel="size of the noise", ylabel="updates until broken", ylim=(0, None))
    right.invert_xaxis()
    right.set_title("ten times less: somewhat later", loc="left")
    return figure


def _draw_growth(axes: Axes, results: Results) -> None:
    table = growth(results).query("bias_noise == 0")
    shades = np.linspace(1.0, 0.55, table["weight_noise"].nunique())
    noises = sorted(table["weight_noise"].unique(), reverse=True)
    for noise, shade in zip(noises, shades, strict=True):
        curve = table[table["weight_noise"] == noise]
        axes.plot(curve["step"], curve["spread"], color=_COLORS["constant"], alpha=shade)
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


def draw_fresh(results: Results) -> Canvas:
    """Draw how different the units of a fresh layer are, for every initializer."""
    table = start(results)
    figure = canvas(1.4 + 0.27 * len(table))
    axes = figure.subplots()
    places = range(len(table))
    blue, orange, green = look("he_normal").color, "#e69f00", look("glorot_normal").color
    axes.plot(table["distinct_units"], places, "o", color=blue, markersize=12, fillstyle="none", label="distinct units")
    axes.plot(table["rank"], places, "D", color=orange, label="rank")
    axes.plot(table["stable_rank"], places, "^", color=green, label="stable rank")
    axes.set_yticks(places, [short_name(initializer) for initializer in table["initializer"]])
    axes.invert_yaxis()
    axes.set(xlabel="share of the width", xlim=(-0.03, 1.03))
    axes.set_title("Every random law makes all units different", loc="left")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure
