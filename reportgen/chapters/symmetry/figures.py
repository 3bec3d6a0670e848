"""The figures of the chapter on symmetry over the updates of training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from numpy.typing import NDArray

from reportgen.chapters import style
from reportgen.chapters.labels import End, label_ends
from reportgen.chapters.symmetry.breaking import AS_ONE, power_of_ten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["COLORS", "NAMES", "draw_noise", "draw_standstill", "draw_starts", "draw_units"]

NAMES = {
    "zeros": "all zero",
    "constant": "all equal",
    "noise": "equal + noise",
    "dropout": "equal, dropout",
    "random": "random",
}
COLORS = {
    "zeros": style.look("zeros").color,
    "constant": style.FOREGROUND,
    "noise": style.ACCENT,
    "dropout": style.STRENGTHS[2],
    "random": style.look("glorot_normal").color,
}
"""The random start is Glorot's; the others are no initializers that a reader meets again."""

_IDS = {"zeros": style.start_id("zeros"), "random": style.start_id("glorot_normal")}

_MESSAGES = {
    "zeros": "zero: nothing moves",
    "constant": "equal: all move as one",
    "random": "random: each its own way",
}
_STANDSTILL = (
    ("digits", "zeros", "zero, tanh or ReLU:\nstand still"),
    ("digits, sigmoid", "zeros", "zero, sigmoid:\nmove in step"),
    ("digits", "constant", "equal, tanh:\nmove in step"),
    ("digits", "random", "random, tanh:\neach its own way"),
)
"""Run, start and title of each panel; zeros behind ReLU share the first one."""

_QUANTITIES = {
    "stable_rank": "directions that count\n(stable rank)",
    "test_accuracy": "right answers\non the test images",
}
_SHOWN_NOISE = 1e-3
_NAMED = {
    ("constant", 0.0): "all equal",
    ("dropout", 0.0): "dropout",
    ("random", 0.0): "random",
    ("noise", _SHOWN_NOISE): f"noise {power_of_ten(_SHOWN_NOISE)}",
}
"""Start and noise of the lines that have a name; the last lies on top."""

_BESIDE: Mapping[str, Any] = {"textcoords": "offset points", "size": 10}


def draw_starts(paths: pd.DataFrame, maps: pd.DataFrame, points: pd.DataFrame, ends: pd.DataFrame) -> Canvas:
    """Draw what each start learns of the circle, and above it every weight between the hidden layers over time."""
    figure, axes = _start_panels()
    accuracy = ends.set_index("start")["test_accuracy"]
    for column, start in enumerate(_MESSAGES):
        _draw_paths(axes[0, column], paths[paths["start"] == start], start)
        _draw_map(axes[1, column], maps[maps["start"] == start], points)
        right = style.on_sheet("of the test points right", "of the test\npoints right")
        axes[1, column].set_xlabel(f"{accuracy[start]:.0%} {right}")
    _name_classes(axes[1, 0], points)
    if style.is_narrow():
        for lines in axes[0]:
            lines.set(xlabel="updates", ylabel="weights between\nthe hidden layers")
    else:
        axes[0, 0].set_ylabel("weights between\nthe hidden layers")
        axes[0, 1].set_xlabel("updates")
        axes[1, 0].set_ylabel("what the network\nhas learned")
    return figure


def _start_panels() -> tuple[Canvas, NDArray[Any]]:
    """Return the figure and its panels, of shape (2, starts): lines and maps; on a narrow sheet a start is a row."""
    figure = style.canvas(5.9, narrow=8.2)
    if not style.is_narrow():
        return figure, figure.subplots(2, len(_MESSAGES), sharey="row", sharex="row", height_ratios=[1, 1.25])
    return figure, figure.subplots(len(_MESSAGES), 2, sharey="col", sharex="col", width_ratios=[1, 1.15]).T


def _draw_paths(axes: Axes, weights: pd.DataFrame, start: str) -> None:
    """Draw one line per weight; lines that are the same are drawn once and counted."""
    lines = weights.pivot(index="step", columns=["input", "unit"], values="weight")
    different = lines.round(10).T.drop_duplicates().T
    count = different.shape[1]
    look: Any = {"color": COLORS[start], "linewidth": 1.1 if count > 1 else 3, "gid": _IDS.get(start)}
    axes.plot(different.index, different, alpha=0.8, **look)
    axes.set_title(f"{_MESSAGES[start]}\n{lines.shape[1]} weights, {count} line{'s' if count > 1 else ''}", loc="left")
    axes.set_xticks(np.linspace(0, different.index.max(), 4).round())


def _draw_map(axes: Axes, scores: pd.DataFrame, points: pd.DataFrame) -> None:
    """Draw the trained network's answer over the plane, with the training points on top."""
    logits = scores.pivot(index="x2", columns="x1", values="logit")
    disc = 1 / (1 + np.exp(-logits.to_numpy().clip(-30, 30)))
    reach = *logits.columns[[0, -1]], *logits.index[[0, -1]]
    colormap, limits = style.ramp("signed"), Normalize(-0.5, 1.5)
    axes.imshow(disc, colormap, limits, extent=reach, origin="lower", interpolation="bilinear")
    colors = np.where(points["label"] == 1, style.POSITIVE_CLASS, style.NEGATIVE_CLASS)
    axes.scatter(points["x1"], points["x2"], s=9, c=colors, edgecolors=style.LIGHT_INK, linewidths=0.4)
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.grid(visible=False)


def _name_classes(axes: Axes, points: pd.DataFrame) -> None:
    """Write between the points which of them are the disc and which the ring."""
    ring = points.loc[points["label"] == 0, "x2"].min()
    disc = points.loc[points["label"] == 1, "x2"].min()
    for name, place in (("ring", ring - 0.05), ("disc", disc - 0.05)):
        axes.text(0, place, name, ha="center", va="top")


def draw_standstill(standstill: pd.DataFrame) -> Canvas:
    """Draw how far the weights moved and how far the units are apart, one panel per network."""
    figure = style.canvas(2.9, narrow=6.8)
    panels = figure.subplots(*style.on_sheet((1, len(_STANDSTILL)), (len(_STANDSTILL), 1)), sharey=True)
    for axes, (run, start, title) in zip(panels, _STANDSTILL, strict=True):
        runs = [run, "digits, relu"] if (run, start) == ("digits", "zeros") else [run]
        for one in runs:
            curve = standstill[(standstill["run"] == one) & (standstill["start"] == start)]
            axes.plot(curve["step"], curve["moved"], color=style.FOREGROUND, gid=_IDS.get(start))
            axes.plot(curve["step"], curve["spread"], color=style.ACCENT, linestyle="--", gid=_IDS.get(start))
        axes.set_title(style.on_sheet(title, title.replace("\n", " ")), loc="left")
        axes.set_xticks([0, curve["step"].max()])
    for quantity, name in (("moved", "furthest that\na weight moved"), ("spread", "greatest difference\nof two units")):
        end = curve.iloc[-1]
        named = style.on_sheet(name, name.replace("\n", " "))
        axes.annotate(named, (end["step"], end[quantity]), (0, style.on_sheet(4, 3)), **_BESIDE, ha="right")
    panels[0].set_ylim(None, style.on_sheet(1.3, 1.25) * standstill[["moved", "spread"]].max().max())
    style.on_sheet(panels[1], panels[-1]).set_xlabel("updates")
    for axes in style.on_sheet(panels[:1], panels):
        axes.set_ylabel("weight")
    return figure


def draw_units(units: pd.DataFrame) -> Canvas:
    """Draw how many directions count and what is learned over the updates, and mark where noise begins to count."""
    figure = style.canvas(3.6, narrow=6.4)
    panels = figure.subplots(
        *style.on_sheet((1, len(_QUANTITIES)), (len(_QUANTITIES), 1)), sharex=not style.is_narrow()
    )
    curves = {
        (str(start), float(str(noise))): curve
        for (start, noise), curve in units.groupby(["start", "weight_noise"], sort=False)
    }
    noise = curves["noise", _SHOWN_NOISE]
    parted = noise.loc[noise["stable_rank"] >= AS_ONE, "step"].min()
    for axes, (quantity, title) in zip(panels, _QUANTITIES.items(), strict=True):
        for start, curve in curves.items():
            _draw_start(axes, curve, start, quantity)
        axes.set(xlabel="updates", xlim=(0, noise["step"].max()))
        axes.set_title(title, loc="left")
        if np.isfinite(parted):
            axes.axvline(parted, color=COLORS["noise"], linewidth=1.2, linestyle=":")
    directions, accuracy = panels
    directions.set_ylim(0, 1.15 * units["stable_rank"].max())
    accuracy.set(ylim=(0, 1.05), yticks=[0, 0.5, 1], yticklabels=["0%", "50%", "100%"])
    if np.isfinite(parted):
        directions.annotate("leaves one", (parted, 0.5), (-4, 0), **_BESIDE, ha="right", va="center")
        accuracy.annotate("learns more", (parted, 0.19), (4, 0), **_BESIDE, va="center")
    for axes, quantity in zip(panels, _QUANTITIES, strict=True):
        ends = {name: _end(curves[start], quantity, start[0]) for start, name in _NAMED.items()}
        label_ends(axes, ends)
    return figure


def _end(curve: pd.DataFrame, quantity: str, start: str) -> End:
    return End(curve["step"].iloc[-1], curve[quantity].iloc[-1], start == "random", _IDS.get(start))


def _draw_start(axes: Axes, curve: pd.DataFrame, start: tuple[str, float], quantity: str) -> None:
    """Draw one line, in grey and thin if it has no name."""
    is_named = start in _NAMED
    color = COLORS[start[0]] if is_named else style.GREY
    width, alpha = (style.RECOMMENDED if start[0] == "random" else 2.2, 1.0) if is_named else (0.9, 0.45)
    order = 2 + [*_NAMED].index(start) if is_named else 1
    look: Any = {"color": color, "linewidth": width, "alpha": alpha, "gid": _IDS.get(start[0])}
    axes.plot(curve["step"], curve[quantity], zorder=order, **look)


def draw_noise(growth: pd.DataFrame, times: pd.DataFrame) -> Canvas:
    """Draw how the units drift apart from noise of several sizes in the weights, and when they have done so."""
    curves, weights = (table[table["bias_noise"] == 0] for table in (growth, times))
    figure = style.canvas(3.8, narrow=7.0)
    shape: dict[str, Any] = style.on_sheet({"ncols": 2, "width_ratios": [1.4, 1]}, {"nrows": 2})
    left, right = figure.subplots(**shape)
    _draw_growth(left, curves, times["limit"].max())
    right.plot(weights["weight_noise"], weights["predicted"], "--", color=style.ACCENT)
    right.plot(weights["weight_noise"], weights["updates"], "o", color=style.FOREGROUND, markersize=7)
    right.set_xscale("log")
    right.set(xlabel="size of the noise", ylabel="updates until broken", ylim=(0, None))
    right.set_xticks(weights["weight_noise"], [power_of_ten(size) for size in weights["weight_noise"]])
    right.minorticks_off()
    right.invert_xaxis()
    right.set_title(f"a tenth of it costs\n{times['updates_per_tenth'].max():.0f} updates more", loc="left")
    small, large = (weights.sort_values("weight_noise").iloc[at] for at in (1, 2))
    right.annotate("measured", (small["weight_noise"], small["updates"]), (-9, 4), **_BESIDE, ha="right")
    right.annotate("by the rate\nof growth", (large["weight_noise"], large["predicted"]), (12, -8), **_BESIDE, va="top")
    return figure


def _draw_growth(axes: Axes, curves: pd.DataFrame, limit: float) -> None:
    noises = sorted(curves["weight_noise"].unique(), reverse=True)
    for noise, color in zip(noises, style.STRENGTHS, strict=True):
        curve = curves[curves["weight_noise"] == noise]
        axes.plot(curve["step"], curve["spread"], color=color)
        place = (0, curve["spread"].iloc[0])
        axes.annotate(power_of_ten(noise), place, (-5, 0), textcoords="offset points", ha="right", va="center")
    end = curves["step"].max()
    axes.axhline(limit, color=style.FOREGROUND, linewidth=1, linestyle=":")
    axes.annotate("from here on broken", (end, limit), (0, -5), textcoords="offset points", ha="right", va="top")
    axes.set_yscale("log")
    axes.set_xlim(style.on_sheet(-0.15, -0.22) * end, None)
    axes.set(xlabel="updates", ylabel="greatest difference\nbetween two units")
    axes.set_title("noise of every size grows\nuntil the symmetry breaks", loc="left")
