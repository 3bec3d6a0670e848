"""The figures of the chapter on training that are curves: over the updates, the learning rate and the gain."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.labels import End, label_ends
from reportgen.chapters.names import SMALL
from reportgen.chapters.style import (
    FOREGROUND,
    RECOMMENDED,
    STRENGTHS,
    Look,
    canvas,
    figure_name,
    is_narrow,
    look,
    on_sheet,
    start_id,
)
from reportgen.chapters.swatches import Named, name_lines
from reportgen.chapters.training.budgets import RIGHT
from reportgen.chapters.training.tables import OPTIMIZERS
from reportgen.judgments.frames import only, where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_budgets", "draw_deep", "draw_gains", "draw_rates"]

_HALF = 0.5

_LOST = -0.12
"""Between this and 0 stand the crosses of networks that diverged."""

_SHARES = (0, 0.25, 0.5, 0.75, 1)

_GUESS = Look(FOREGROUND, "", "--")

_DOUBLED = [2.0**power for power in range(-6, 7)]
"""Gains that a narrow sheet has room for; those that were measured are too close."""

_GAINS = {"Glorot 1": 1.0, "He 1.41": sqrt(2), "PyTorch 5/3": 5 / 3}
"""Gains of starts between layers of equal width, and the one that PyTorch's `calculate_gain` has for tanh."""


def _width(name: str, activation: str) -> float:
    """Return the width of a start's line: the one that was derived for the activation is the widest."""
    return RECOMMENDED if RIGHT[activation] == name else 1.8


def _in_percent(axes: Axes, label: str = "") -> None:
    axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.set_ylabel(label)


def _draw_guess(axes: Axes, level: float) -> dict[str, End]:
    """Draw a dashed line at what a guess gets, and return its end."""
    axes.axhline(level, color=FOREGROUND, linestyle="--", linewidth=1.2, zorder=1)
    return {"a guess": End(axes.get_xlim()[1], level)}


# Over the updates ----------------------------------------------------------------------------------------------------


def draw_deep(curves: pd.DataFrame, sizes: pd.DataFrame) -> Canvas:
    """Draw accuracy and loss of the deep ReLU nets over the updates, under Glorot and He."""
    own, classes = where(sizes, study="deep"), int(only(where(sizes, study="deep")["classes"]))
    figure = canvas(3.8, narrow=5.6)
    shape: dict[str, Any] = on_sheet({"ncols": 2, "width_ratios": (2.2, 1)}, {"nrows": 2})
    right, loss = figure.subplots(sharex=True, **shape)
    right.set(ylim=(0, 1), title=f"Right answers, {only(own['depth'])} layers of ReLU, SGD")
    loss.set(ylim=(0, 1.15 * np.log(classes)), title="Test loss")
    for axes, column, guess in (
        (right, "test_accuracy", float(only(own["guess"]))),
        (loss, "test_loss", float(np.log(classes))),
    ):
        axes.set(
            xlabel="updates" if axes is loss or not is_narrow() else "",
            xticks=[0, curves["step"].max() // 2, curves["step"].max()],
        )
        nets = curves.groupby("initializer", sort=False)
        ends = {figure_name(str(name)): _draw_nets(axes, lines, column) for name, lines in nets}
        label_ends(axes, ends | _draw_guess(axes, guess))
    for axes in on_sheet((right, loss), (loss,)):
        axes.set_xlabel("updates")
    _in_percent(right)
    return figure


def _draw_nets(axes: Axes, lines: pd.DataFrame, column: str) -> End:
    """Draw every network as a thin line and their median as a thick one, where at least half have a number."""
    name = str(only(lines["initializer"]))
    wide = lines.pivot(index="step", columns="replicate", values=column)
    wide = wide.where(np.isfinite(wide))
    axes.plot(wide.index, wide, color=look(name).color, linewidth=0.8, alpha=0.5, gid=start_id(name))
    typical = wide.median(axis=1).where(wide.notna().mean(axis=1) >= _HALF)
    axes.plot(typical, color=look(name).color, linewidth=_width(name, "relu"), gid=start_id(name))
    return End(float(typical.index[-1]), float(typical.iloc[-1]), RIGHT["relu"] == name, start_id(name))


def draw_budgets(budgets: pd.DataFrame) -> Canvas:
    """Draw the share of right answers of ReLU nets against the number of updates, one panel per optimizer."""
    figure = canvas(3.5, narrow=5.2)
    panels = figure.subplots(*on_sheet((1, len(OPTIMIZERS)), (len(OPTIMIZERS), 1)), sharex=True, sharey=True)
    for axes, (optimizer, label) in zip(panels, OPTIMIZERS.items(), strict=True):
        axes.set(ylim=(0, 1), xticks=sorted(budgets["steps"].unique()), title=label)
        ends = {}
        for name, nets in where(budgets, optimizer=optimizer).groupby("initializer", sort=False):
            style, right = look(str(name)), nets.groupby("steps")["test_accuracy"]
            mine: dict[str, Any] = {"color": style.color, "gid": start_id(str(name))}
            axes.fill_between(right.min().index, right.min(), right.max(), alpha=0.16, linewidth=0, **mine)
            axes.plot(right.median(), marker=style.marker, linewidth=_width(str(name), "relu"), **mine)
            level, is_right = float(right.median().iloc[-1]), RIGHT["relu"] == name
            ends[figure_name(str(name))] = End(1.0, level, is_right, start_id(str(name)))
        label_ends(axes, ends, gap=0.085)
        _in_percent(axes)
    figure.supylabel("right answers, ReLU", fontsize=11)
    for axes in on_sheet(panels, panels[-1:]):
        axes.set_xlabel("updates")
    return figure


# Over the learning rate ----------------------------------------------------------------------------------------------


def draw_rates(rates: pd.DataFrame, sizes: pd.DataFrame) -> Canvas:
    """Draw the share of right answers against the learning rate, one line per start, by optimizer and activation."""
    guess, shape = float(only(where(sizes, study="rate")["guess"])), (len(RIGHT), len(OPTIMIZERS))
    figure = canvas(6.2, narrow=10.0)
    together: dict[str, Any] = on_sheet({"sharex": "col", "sharey": True}, {})
    panels = figure.subplots(*on_sheet(shape, (len(RIGHT) * len(OPTIMIZERS), 1)), squeeze=False, **together)
    for row, activation in zip(panels.reshape(shape), RIGHT, strict=True):
        for axes, (optimizer, label) in zip(row, OPTIMIZERS.items(), strict=True):
            axes.set(xscale="log", ylim=(_LOST, 1.0), title=f"{activation}, {label}")
            axes.axhspan(_LOST, 0, color=FOREGROUND, alpha=0.07, linewidth=0)
            lines = _draw_starts(axes, where(rates, optimizer=optimizer, activation=activation), activation)
            ends = _draw_guess(axes, guess)
            if is_narrow():
                name_lines(axes, [*lines, *(Named(name, _GUESS, 1.2, *end[:2]) for name, end in ends.items())], gap=0.1)
        ends |= {line.text: End(line.x, line.y, line.is_strong, line.gid) for line in lines}
        if not is_narrow():
            label_ends(row[-1], ends, gap=0.085)
            row[0].set_ylabel("right answers")
    for axes in on_sheet(panels[:, 0], panels.ravel()):
        shares = on_sheet(_SHARES, _SHARES[1:])
        axes.set_yticks([_LOST / 2, *shares], ["diverged", *(f"{share:.0%}" for share in shares)])
    for axes in panels[-1]:
        axes.set_xlabel("learning rate")
    if is_narrow():
        figure.supylabel("right answers", fontsize=11)
    return figure


def _draw_starts(axes: Axes, rates: pd.DataFrame, activation: str) -> list[Named]:
    lines = []
    for place, (start, line) in enumerate(rates.groupby("initializer", sort=False), 1):
        name, right = str(start), line.set_index("learning_rate")["test_accuracy"].sort_index()
        style, width, is_small = look(name), _width(name, activation), name == SMALL
        mine: dict[str, Any] = {"color": style.color, "gid": start_id(name), "marker": style.marker}
        size, order = (9, 1.9) if is_small else (5, 2)  # lies below: at many rates others are at its level
        axes.plot(right, style.dash, linewidth=width, markersize=size, zorder=order, **mine)
        lost = right.index[right.isna()]
        axes.plot(lost, np.full(len(lost), place * _LOST / 6), linestyle="", **{**mine, "marker": "x"}, markersize=6)
        end = float(right.index[-1]), float(right.fillna(0.0).iloc[-1])
        lines.append(Named(figure_name(name), style, width, *end, RIGHT[activation] == name, start_id(name)))
    return lines


# Over the gain -------------------------------------------------------------------------------------------------------


def draw_gains(gains: pd.DataFrame) -> Canvas:
    """Draw the share of right answers against the gain at both depths, with the gains that have a name."""
    figure = canvas(3.9, narrow=4.2)
    axes = figure.subplots()
    label = f"gain: standard deviation of the weights{on_sheet(' ', chr(10))}over that of Glorot's"
    axes.set(xscale="log", ylim=(0, 1), xlabel=label)
    axes.set_title("tanh, SGD", loc="left", pad=on_sheet(24, 36))
    depths, ends = sorted(gains["depth"].unique()), {}
    for depth, color in zip(depths, STRENGTHS[2::-2], strict=True):
        here = where(gains, depth=depth)
        typical = here.groupby("gain")["test_accuracy"].median()
        words = f"{depth} layers"
        axes.plot(here["gain"], here["test_accuracy"], "o", color=color, alpha=0.5, markersize=4, label=words)
        width = RECOMMENDED if depth == depths[-1] else 1.8
        axes.plot(typical, color=color, linewidth=width, label=f"{words}: median")
        ends[words] = End(float(typical.index[-1]), float(typical.iloc[-1]), bool(depth == depths[-1]))
    _name_gains(axes)
    measured = sorted(gains["gain"].unique())
    ticks = on_sheet(measured, [tick for tick in _DOUBLED if measured[0] <= tick <= measured[-1]])
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    label_ends(axes, ends)
    _in_percent(axes, "right answers")
    return figure


def _name_gains(axes: Axes) -> None:
    """Draw a line at every gain that has a name, and write it above; on a narrow sheet the middle one stands higher."""
    aligned = zip(
        on_sheet(("center", "center", "left"), ("right", "center", "left")), (0, on_sheet(0, 13), 0), strict=True
    )
    for (label, gain), (align, up) in zip(_GAINS.items(), aligned, strict=True):
        axes.axvline(gain, color=FOREGROUND, linestyle=":", linewidth=1.2)
        axes.annotate(label, (gain, 1), (0, 4 + up), axes.get_xaxis_transform(), "offset points", ha=align, fontsize=10)
