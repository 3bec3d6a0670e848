"""The figures of the chapter on training that set a start beside what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.style import (
    BLUE,
    CELL_INK,
    FOREGROUND,
    LIGHT_INK,
    VERMILION,
    bare,
    canvas,
    figure_name,
    look,
    ramp,
)
from reportgen.chapters.training.figures import FILLS, entitle
from reportgen.chapters.training.tables import DEPTH, GUIDE, OPTIMIZERS, REACH, counts
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_confusion", "draw_first_steps", "draw_gains"]

Floats = NDArray[np.float64]

_STARTS = (LARGE, "he_normal", "glorot_normal", "torch_default", SMALL)
_DECADES = range(-8, 4)
"""Powers of ten of the first step; networks beyond either end are counted with it."""

_LABEL_HEIGHT = 1.1
"""Powers of ten that the name of a line needs."""

_BESIDE: Any = {"textcoords": "offset points", "va": "center", "fontsize": 9, "annotation_clip": False}
_BEST_FIRST = [*reversed(list(OUTCOMES))]

_DEPTH_COLORS = (BLUE, VERMILION)


# Gain and depth scale ------------------------------------------------------------------------------------------------


def draw_gains(gains: pd.DataFrame) -> Canvas:
    """Draw the share of right answers against the gain at two depths, and below them how far a signal reaches."""
    scales, depths = gains.drop_duplicates("gain"), sorted(gains["depth"].unique())
    figure = canvas(2.0 * len(depths) + 2.9)
    *panels, theory = figure.subplots(len(depths) + 1, 1, sharex=True, height_ratios=[1] * len(depths) + [1.15])
    for axes, depth, color in zip(panels, depths, _DEPTH_COLORS, strict=True):
        here = where(gains, depth=depth)
        axes.axvspan(*_reached(scales, depth), color=color, alpha=0.14, linewidth=0)
        axes.plot(here["gain"], here["test_accuracy"], "o", color=color, alpha=0.6, markersize=4)
        axes.plot(here.groupby("gain")["test_accuracy"].median(), color=color)
        axes.set(ylim=(0, 1), ylabel="right answers")
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axes.set_title(f"{depth} layers (shaded: the theory's reach is longer than the net)", loc="left")
        theory.axhline(depth, color=color, linestyle="--", linewidth=1.4)
        theory.text(scales["gain"].min(), depth * 1.08, f"{depth} layers", color=color, va="bottom")
    _draw_reach(theory, scales)
    entitle(figure, "tanh, SGD: deep nets learn only near the gain at which signals reach through")
    return figure


def _draw_reach(axes: Axes, scales: pd.DataFrame) -> None:
    gain, reach = _reach(scales)
    for share, dash, label in ((1 / REACH, ":", r"$\xi_c$"), (1.0, "-", rf"${REACH} \xi_c$")):
        axes.plot(gain, share * reach, linestyle=dash, color=FOREGROUND)
        axes.text(gain[-1] * 1.03, share * reach[-1], label, va="top")
    ticks = [0.5, 0.7, 1, 1.4, 2, 2.8, 4]
    axes.set(xscale="log", yscale="log", ylim=(1, 300), xlabel="gain, the root of fan_in · Var(w)", ylabel="layers")
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:g}")


def _reached(scales: pd.DataFrame, depth: int) -> tuple[float, float]:
    """Return between which gains the theory's reach is longer than a net, as far as gains were tried."""
    gain, reach = _reach(scales)
    return float(gain[reach > depth].min()), float(gain[reach > depth].max())


def _reach(scales: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the theory's reach on a fine grid of gains, with the edge of chaos, where there is no limit to it.

    Over the logarithm of the gain, 1 / xi_c is a straight line up to the edge at gain 1, ``-2 ln(gain)``; beyond it
    the curve is smooth.
    """
    place, rate = np.log(scales["gain"].to_numpy(float)), 1 / scales["reach"].to_numpy(float)
    ordered = int((place < 0).sum())
    fine = np.linspace(place[0], place[-1], 1000)
    inverse = np.interp(fine, np.insert(place, ordered, 0.0), np.insert(rate, ordered, 0.0))
    return np.exp(fine), 1 / np.maximum(inverse, 1e-9)


# The first step ------------------------------------------------------------------------------------------------------


def draw_first_steps(steps: pd.DataFrame, typical_steps: pd.DataFrame) -> Canvas:
    """Draw the first step by layer for a few starts, and below it what became of all networks by their typical step."""
    figure = canvas(6.6)
    panels = figure.subplot_mosaic([["tanh", "relu"], ["all", "all"]], height_ratios=(1.25, 1))
    panels["relu"].sharey(panels["tanh"])
    for activation in ("tanh", "relu"):
        _draw_profiles(panels[activation], where(steps, activation=activation, depth=DEPTH))
        panels[activation].set_title(f"{activation}, {DEPTH} layers", loc="left")
    panels["tanh"].set_ylabel("first step / weights")
    _draw_outcomes(panels["all"], typical_steps)
    entitle(figure, "At this rate and budget nets learn where the first step is about a thousandth of the weights")
    return figure


def _draw_profiles(axes: Axes, steps: pd.DataFrame) -> None:
    heights = {}
    for name in _STARTS:
        style, layers = look(name), where(steps, initializer=name).groupby("layer")["ratio"]
        axes.plot(layers.median(), color=style.color, marker=style.marker, markersize=4)
        axes.fill_between(layers.min().index, layers.min(), layers.max(), color=style.color, alpha=0.18, linewidth=0)
        heights[name] = float(np.log10(layers.median().iloc[-1]))
    for name, height in _spread(heights).items():
        beside = (DEPTH + 1, 10**height), (8, 0)
        axes.annotate(figure_name(name), *beside, color=look(name).color, **_BESIDE)
    axes.axhline(GUIDE, color=FOREGROUND, linestyle="--", linewidth=1.4)
    axes.set(yscale="log", xlabel="layer (the last one is the readout)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.minorticks_off()


def _spread(heights: dict[str, float]) -> dict[str, float]:
    """Move labels up where they would overlap, from the lowest to the highest."""
    moved: dict[str, float] = {}
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        moved[name] = max([height, *(other + _LABEL_HEIGHT for other in moved.values())])
    return moved


def _draw_outcomes(axes: Axes, nets: pd.DataFrame) -> None:
    """Draw one stacked bar per power of ten: the shares of the outcomes, and above it the number of networks."""
    with np.errstate(divide="ignore"):
        powers = np.floor(np.log10(nets["ratio"])).clip(_DECADES[0], _DECADES[-1]).astype(int)
    numbers = pd.crosstab(powers, nets["outcome"]).reindex(_DECADES, columns=list(OUTCOMES), fill_value=0)
    shares = numbers.div(numbers.sum(axis=1), axis=0).fillna(0.0)
    at = np.array(_DECADES) + 0.5
    base = np.zeros(len(at))
    for outcome in _BEST_FIRST:
        axes.bar(at, shares[outcome], bottom=base, width=0.86, linewidth=0, **FILLS[outcome])
        base += shares[outcome].to_numpy()
    for x, number in zip(at, numbers.sum(axis=1), strict=True):
        axes.text(x, 1.02, str(number), ha="center", va="bottom", fontsize=9)
    axes.axvline(np.log10(GUIDE), color=FOREGROUND, linestyle="--", linewidth=1.4)
    ticks = [power for power in _DECADES if power % 2]
    axes.set_xticks(ticks, [f"$10^{{{power}}}$" for power in ticks])
    axes.set(ylim=(0, 1.14), xlabel="first step / weights, median over the layers of a net", ylabel="share of the nets")
    axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.grid(visible=False)
    axes.legend(
        handles=[Patch(**FILLS[name], linewidth=0, label=name) for name in _BEST_FIRST],
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
    )


# Verdict and outcome -------------------------------------------------------------------------------------------------


def draw_confusion(predictions: pd.DataFrame) -> Canvas:
    """Draw how often each verdict on a start was followed by each outcome, one panel per optimizer."""
    verdicts = counts(predictions).index
    figure = canvas(1.7 + 0.45 * len(verdicts))
    panels = figure.subplots(1, len(OPTIMIZERS), sharey=True)
    for axes, (optimizer, label) in zip(panels, OPTIMIZERS.items(), strict=True):
        _draw_counts(axes, counts(where(predictions, optimizer=optimizer)).reindex(verdicts, fill_value=0))
        axes.set_title(label, loc="left")
    panels[0].set_ylabel("verdict on the start")
    entitle(figure, "The verdict tells bad starts from possible ones")
    return figure


def _draw_counts(axes: Axes, counted: pd.DataFrame) -> None:
    numbers = counted[_BEST_FIRST]
    shares = numbers.div(numbers.sum(axis=1), axis=0).to_numpy()
    axes.imshow(shares, cmap=ramp("share of a verdict"), vmin=0, vmax=1, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        ink = LIGHT_INK if share > 0.55 else CELL_INK
        axes.text(column, row, str(numbers.iloc[row, column]), ha="center", va="center", color=ink, fontsize=12)
    axes.set_xticks(range(numbers.shape[1]), numbers.columns)
    axes.set_yticks(range(len(numbers)), numbers.index)
    axes.set_xlabel("what the training made of it")
    bare(axes)
