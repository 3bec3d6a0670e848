"""Front page: which initializer for which activation, and how deep it carries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.patches import Patch

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.old import Chapter, Check, Figure, Findings
from reportgen.chapters.style import canvas
from reportgen.judgments.choice import EQUAL, Choice, carried_depths, choose
from reportgen.judgments.verdicts import FLAT, LIMIT, VERDICTS, verdict_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["CHAPTER"]

_COLORS = {
    "healthy": "#2a9d6f",
    "vanishes": "#8fb8de",
    "explodes": "#f4a259",
    "saturates": "#d1495b",
    "dies": "#6c757d",
    "symmetric": "#c9b6e4",
    "overflows": "#5b2a86",
}
_GLYPHS = {
    "healthy": "✓",
    "vanishes": "↓",
    "explodes": "↑",
    "saturates": "S",
    "dies": "†",
    "symmetric": "=",
    "overflows": "∞",
}
_DARK_INK, _LIGHT_INK = "#14161a", "#ffffff"
_LIGHT_CELLS = ("vanishes", "explodes", "symmetric")


def _verdicts(results: Results) -> pd.DataFrame:
    return verdict_table(results)


def _draw_carried(results: Results) -> Canvas:
    """Draw how deep each start carries: one number per initializer and activation."""
    carried = carried_depths(_verdicts(results))
    levels = [0, *sorted(set(results.settings["depths"]))]
    figure = canvas(1.6 + 0.34 * len(carried), 8.0)
    axes = figure.subplots()
    steps = np.searchsorted(levels, carried.to_numpy())
    shades = ListedColormap(["#e9ecef", *_greens(len(levels) - 1)])
    axes.imshow(steps, cmap=shades, norm=BoundaryNorm(np.arange(len(levels) + 1) - 0.5, len(levels)), aspect="auto")
    for (row, column), step in np.ndenumerate(steps):
        ink = _LIGHT_INK if step > len(levels) / 2 else _DARK_INK
        axes.text(column, row, str(levels[step]), ha="center", va="center", color=ink, fontsize=10.5)
    _label_grid(axes, list(carried.index), list(carried.columns))
    axes.set_title("Hidden layers that each start carries (0: not even the shallowest net)", loc="left")
    return figure


def _greens(count: int) -> list[str]:
    """Return shades from light to dark green."""
    light, dark = np.array([0xCF, 0xEA, 0xDC]), np.array([0x0F, 0x6B, 0x4A])
    mixed = [light + (dark - light) * step for step in np.linspace(0, 1, count)]
    return ["#" + "".join(f"{int(channel):02x}" for channel in color) for color in mixed]


def _draw_map(results: Results) -> Canvas:
    """Draw the verdict map: one panel per depth, the legend in a slot of its own."""
    verdicts = _verdicts(results)
    depths = sorted(verdicts["depth"].unique())
    starts, functions = verdicts["initializer"].unique(), verdicts["activation"].unique()
    rows = (len(depths) + 2) // 2
    figure = canvas((0.21 * len(starts) + 1.1) * rows, 8.0)
    slots = figure.subplots(rows, 2, sharey=True).ravel()
    for depth, axes in zip(depths, slots, strict=False):
        _draw_panel(axes, verdicts[verdicts["depth"] == depth], list(starts), list(functions))
        axes.set_title(f"{depth} hidden layers", loc="left")
    for axes in slots[len(depths) :]:
        axes.set_axis_off()
    handles = [Patch(color=_COLORS[name], label=f"{_GLYPHS[name]}  {name}") for name in VERDICTS]
    slots[len(depths)].legend(handles=handles, loc="center", fontsize=11, handlelength=1.4, labelspacing=0.7)
    return figure


def _draw_panel(axes: Axes, verdicts: pd.DataFrame, starts: list[str], functions: list[str]) -> None:
    names = list(VERDICTS)
    grid = verdicts.pivot(index="initializer", columns="activation", values="verdict").loc[starts, functions]
    codes = grid.map(names.index).to_numpy()
    axes.imshow(
        codes, cmap=ListedColormap([_COLORS[name] for name in names]), vmin=0, vmax=len(names) - 1, aspect="auto"
    )
    for (row, column), code in np.ndenumerate(codes):
        ink = _DARK_INK if names[code] in _LIGHT_CELLS else _LIGHT_INK
        axes.text(column, row, _GLYPHS[names[code]], ha="center", va="center", color=ink, fontsize=8)
    _label_grid(axes, starts, functions)


def _label_grid(axes: Axes, starts: list[str], functions: list[str]) -> None:
    axes.set_xticks(range(len(functions)), functions, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(starts)), [short_name(name) for name in starts])
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _findings(results: Results) -> Findings:
    verdicts = _verdicts(results)
    carried = carried_depths(verdicts)
    use = {name: choose(verdicts, name) for name in carried.columns}
    deepest = int(verdicts["depth"].max())
    return {
        "limit": int(LIMIT),
        "equal": EQUAL,
        "width": results.settings["width"],
        "replicates": results.settings["replicates"],
        "initializers": len(carried.index),
        "activations": len(carried.columns),
        "depths": [int(depth) for depth in sorted(verdicts["depth"].unique())],
        "deepest": deepest,
        "cells": len(verdicts),
        "healthy_share": float((verdicts["verdict"] == "healthy").mean()),
        "healthy_deepest_share": float((verdicts.loc[verdicts["depth"] == deepest, "verdict"] == "healthy").mean()),
        "recommended": _printable(use.values()),
        "relu": use["relu"].initializer,
        "tanh": use["tanh"].initializer,
        "sigmoid_depth": int(carried["sigmoid"].max()),
        "agreement": _agreement(results, verdicts),
        "rules": pd.DataFrame({"verdict": list(VERDICTS), "it means that": list(VERDICTS.values())}),
        "carried_words": _in_words(carried),
    }


def _printable(choices: Iterable[Choice]) -> pd.DataFrame:
    rows = [
        {
            "your activation": choice.activation,
            "start with": short_name(choice.initializer),
            "healthy to depth": choice.carries,
            "gradient per layer": choice.gradient,
            f"also within a factor of {EQUAL:g}": ", ".join(choice.families) or "none",
        }
        for choice in choices
    ]
    return pd.DataFrame(rows)


def _agreement(results: Results, verdicts: pd.DataFrame) -> float:
    """Return the share of cells that get the same verdict on the handwritten digits."""
    keys = ["initializer", "activation", "depth"]
    both = verdicts.merge(verdict_table(results, "digits"), on=keys, suffixes=("", "_digits"))
    return float((both["verdict"] == both["verdict_digits"]).mean())


def _in_words(carried: pd.DataFrame) -> str:
    """Return the starts that carry deepest, activation by activation, for those who cannot see the figure."""
    best = {name: carried.index[carried[name] == carried[name].max()] for name in carried.columns}
    return "; ".join(
        f"{name}: {int(carried[name].max())} layers with {len(starts)} starts" for name, starts in best.items()
    )


def _checks(results: Results) -> list[Check]:
    verdicts = _verdicts(results)
    deepest = verdicts["depth"] == verdicts["depth"].max()
    he, glorot = verdicts["initializer"] == "he_normal", verdicts["initializer"] == "glorot_normal"
    large = verdicts["initializer"] == "random_normal(stddev=1)"
    pressed = float(verdicts.loc[large & (verdicts["activation"] == "tanh"), "pressed"].min())
    equal = verdicts["initializer"].isin(["zeros", "constant"])
    relu, tanh, sigmoid = (verdicts["activation"] == name for name in ("relu", "tanh", "sigmoid"))

    def check(name: str, statement: str, cells: pd.Series[bool], expected: str) -> Check:
        found = sorted(set(verdicts.loc[cells, "verdict"]))
        return Check(name, statement, found == [expected], f"the verdicts are {', '.join(found)}")

    carries_sigmoid = verdicts[sigmoid & deepest & (verdicts["verdict"] == "healthy")]["initializer"].tolist()
    return [
        check("he_carries_relu", "He carries ReLU to the deepest net.", he & relu, "healthy"),
        check(
            "glorot_loses_relu", "Glorot with ReLU vanishes in the deepest net.", glorot & relu & deepest, "vanishes"
        ),
        check("glorot_carries_tanh", "Glorot carries tanh to the deepest net.", glorot & tanh, "healthy"),
        Check(
            "large_saturates_tanh",
            "N(0, 1) presses tanh against its ends at every depth.",
            pressed > FLAT,
            f"at least {pressed:.3f} of a layer's slopes are flat, {FLAT} are asked for",
        ),
        check("equal_is_symmetric", "zeros and constant are symmetric everywhere.", equal, "symmetric"),
        Check(
            "sigmoid_is_shallow",
            "No start carries sigmoid to the deepest net.",
            not carries_sigmoid,
            f"carried by {carries_sigmoid}",
        ),
    ]


CHAPTER = Chapter(
    slug="index",
    title="Which initializer for which activation?",
    needs=("propagation",),
    figures=(
        Figure(
            slug="carried",
            data=lambda results: carried_depths(_verdicts(results)).reset_index(),
            draw=_draw_carried,
        ),
        Figure(
            slug="verdicts",
            data=_verdicts,
            draw=_draw_map,
        ),
    ),
    findings=_findings,
    checks=_checks,
)
