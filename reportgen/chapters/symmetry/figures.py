"""The figures of the chapter on symmetry: what starts learn, how alike their units are, and how fresh layers are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.style import canvas, look
from reportgen.chapters.symmetry.tables import STARTS, cosines, course_table, paths, start

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["COLORS", "DIVERGING", "LABELS", "draw_cosines", "draw_fresh", "draw_starts"]

DIVERGING = "PuOr"
COLORS = {
    "zeros": "#8a8f98",
    "ones": "#a6761d",
    "constant": "#d55e00",
    "noise": "#2b7fd4",
    "biases": "#e69f00",
    "dropout": "#cc79a7",
    "random": look("glorot_normal").color,
}
LABELS = {
    "zeros": "all zeros",
    "ones": "all ones",
    "constant": "all equal",
    "noise": "equal + noise",
    "biases": "equal, random biases",
    "dropout": "equal, dropout",
    "random": "random",
}
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
    axes.plot(different.index, different, color=COLORS[label], linewidth=1.1 if count > 1 else 3, alpha=0.8)
    axes.set_title(f"{_MESSAGES[label]}\n{lines.shape[1]} weights, {count} line{'s' if count > 1 else ''}", loc="left")
    axes.xaxis.set_major_locator(MaxNLocator(3))


def _draw_map(axes: Axes, results: Results, label: str) -> None:
    """Draw the trained network's answer over the plane, with the training points on top."""
    table = course_table(results, "symmetry_map", "circle")
    logits = table[table["start"] == label].pivot(index="x2", columns="x1", values="logit")
    disc = 1 / (1 + np.exp(-logits.to_numpy().clip(-30, 30)))
    levels = np.linspace(0, 1, 11)
    areas = axes.contourf(logits.columns, logits.index, disc, levels, cmap=DIVERGING, vmin=-0.5, vmax=1.5)
    areas.set_edgecolor("face")  # else the page shows through between two areas
    points = results["symmetry_points"]
    colors = np.where(points["label"] == 1, _DISC, _RING)
    axes.scatter(points["x1"], points["x2"], s=9, c=colors, edgecolors="#ffffff", linewidths=0.4)
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.grid(visible=False)


def draw_cosines(results: Results) -> Canvas:
    """Draw the cosine between every two units, before and after training on digits."""
    table = cosines(results)
    figure = canvas(4.4)
    rows = figure.subplots(2, 4)
    for panels, step, moment in zip(rows, sorted(table["step"].unique()), ("before", "after"), strict=True):
        for axes, label in zip(panels, ("constant", "noise", "dropout", "random"), strict=True):
            chosen = table[(table["start"] == label) & (table["step"] == step)]
            matrix = chosen.pivot(index="unit", columns="other_unit", values="cosine")
            image = axes.imshow(matrix, cmap=DIVERGING, vmin=-1, vmax=1)
            axes.set(xticks=[], yticks=[], ylabel=f"{moment}\nunit" if axes is panels[0] else "")
            axes.grid(visible=False)
            axes.set_title(LABELS[label] if moment == "before" else "", loc="left")
    for axes in rows[-1]:
        axes.set_xlabel("unit")
    figure.colorbar(image, ax=rows, label="cosine", shrink=0.75)
    return figure


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
