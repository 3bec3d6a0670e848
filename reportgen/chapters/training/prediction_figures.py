"""The figures of the chapter on training that set what is known before the first update beside what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from reportgen.chapters.maps import rule_cells
from reportgen.chapters.strips import at_rows, name_rows
from reportgen.chapters.style import (
    CELL_INK,
    FOREGROUND,
    GREY,
    OUTCOME_COLORS,
    activation_colors,
    bare,
    canvas,
    ink_on,
    is_narrow,
    on_sheet,
    ramp,
)
from reportgen.chapters.training.before import GUIDE, counts
from reportgen.chapters.training.tables import OPTIMIZERS
from reportgen.judgments.frames import only, where
from reportgen.judgments.outcomes import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_confusion", "draw_first_steps", "draw_start_losses"]

_ABOVE = {"tanh": -0.24, "relu": 0.24}
"""Activations that have a color in the figure of the loss at the start, and how far from their row's middle."""

_ABOVE_BARS = 1.1

_MOST = 0.5
"""A row whose networks learn in a greater share than this has learned."""

_DECADES = range(-8, 4)
"""Powers of ten of the first step; networks beyond either end are counted with it."""

_BEST_FIRST = [*reversed(list(OUTCOMES))]


def draw_start_losses(losses: pd.DataFrame) -> Canvas:
    """Draw the loss before the first update, a row per start and a dot per activation: filled if the nets learned."""
    starts, guess = list(losses["row"].unique()), float(np.log(only(losses["classes"])))
    nets = losses.assign(learned=losses["outcome"] == "learned").groupby(["row", "activation"], sort=False)
    typical = nets.agg(start_loss=("start_loss", "median"), learned=("learned", "mean")).reset_index()
    colors = activation_colors(_ABOVE)
    figure = canvas(0.4 * len(starts) + 1.3, narrow=0.5 * len(starts) + 2.0)
    axes: Axes = figure.subplots()
    for activation, own in typical.groupby("activation", sort=False):
        name = str(activation)
        color, rows = colors.get(name, GREY), own["row"].map(starts.index)
        heights = rows.map(at_rows(len(starts)).__getitem__) + on_sheet(1, 1.5) * _ABOVE.get(name, 0.0)
        _draw_losses(axes, own["start_loss"], heights, color, own["learned"] > _MOST)
    _draw_guess(axes, guess, len(starts))
    last = at_rows(len(starts))[-1]
    axes.annotate("a guess", (guess, last + 0.55), (6, 0), textcoords="offset points", va="center")
    axes.set(xscale="log", ylim=(last + 0.9, -0.7), xlabel="loss before the first update (nats)")
    axes.set_title("Starts, with fan_in·Var(w)", loc="left")
    name_rows(axes, losses)
    _explain(axes, {**colors, "other activations": GREY})
    return figure


def _draw_guess(axes: Axes, guess: float, rows: int) -> None:
    """Draw a dashed line at the loss of a guess; on a narrow sheet it leaves room for the names of the rows."""
    look: Any = {"color": FOREGROUND, "linestyle": "--", "linewidth": 1.4, "zorder": 1}
    if is_narrow():
        axes.vlines([guess] * rows, np.array(at_rows(rows)) - 0.5, np.array(at_rows(rows)) + 0.5, **look)
    else:
        axes.axvline(guess, **look)


def _draw_losses(
    axes: Axes, losses: pd.Series[float], heights: pd.Series[float], color: str, learned: pd.Series[bool]
) -> None:
    """Draw the dots of one activation: filled where the networks learned, rings where they did not."""
    faces = [color if one else "none" for one in learned]
    axes.scatter(losses, heights, s=42, facecolors=faces, edgecolors=color, linewidths=1.4, zorder=2)


def _explain(axes: Axes, colors: Mapping[str, str]) -> None:
    """Name the colors, and what a dot and a ring say."""
    look: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 6.5, "markeredgewidth": 1.4}
    for name, color in colors.items():
        axes.plot([], [], color=color, label=name, **look)
    for words, fill in (("filled: learned", "full"), ("ring: did not", "none")):
        axes.plot([], [], color=FOREGROUND, label=words, fillstyle=fill, **look)
    if is_narrow():
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.12), ncols=2, borderaxespad=0, borderpad=0)
    else:
        axes.legend(loc="lower right")


# The first step ------------------------------------------------------------------------------------------------------


def draw_first_steps(typical_steps: pd.DataFrame) -> Canvas:
    """Draw what became of all networks by their typical first step: a stacked bar of outcomes per power of ten."""
    with np.errstate(divide="ignore"):
        powers = np.floor(np.log10(typical_steps["ratio"])).clip(_DECADES[0], _DECADES[-1]).astype(int)
    numbers = pd.crosstab(powers, typical_steps["outcome"]).reindex(_DECADES, columns=list(OUTCOMES), fill_value=0)
    shares = numbers.div(numbers.sum(axis=1), axis=0).fillna(0.0)
    figure = canvas(4.4, narrow=4.4)
    axes: Axes = figure.subplots()
    at, base = np.array(_DECADES) + 0.5, np.zeros(len(_DECADES))
    for outcome in _BEST_FIRST:
        color = OUTCOME_COLORS[outcome]
        seen = color if color != "none" else f"{GREY}40"
        axes.bar(at, shares[outcome], bottom=base, width=0.9, linewidth=0, color=seen, label=outcome)
        _name(axes, outcome, at, base, shares[outcome].to_numpy())
        base += shares[outcome].to_numpy()
    for x, number in zip(at, numbers.sum(axis=1), strict=True):
        nets = f"{number} nets" if x == at[0] and not is_narrow() else str(number)
        axes.text(x, 1.02, nets, ha="center", va="bottom", fontsize=on_sheet(9, 9.5))
    axes.axvline(np.log10(GUIDE), ymax=on_sheet(1, 1 / _ABOVE_BARS), color=FOREGROUND, linestyle="--", linewidth=1.4)
    axes.annotate(f"rule of thumb, {GUIDE:g}", (np.log10(GUIDE), 1.11), ha="center", va="bottom", annotation_clip=False)
    axes.set_xticks([*_DECADES][1::2], [f"$10^{{{power}}}$" for power in [*_DECADES][1::2]])
    label = f"first update over the weights,{on_sheet(' ', chr(10))}median over the layers of a net"
    axes.set(ylim=(0, _ABOVE_BARS), xlabel=label)
    above = on_sheet({}, {1.05: "nets"})
    axes.set_yticks([0, 0.5, 1, *above], ["0%", "50%", "100%", *above.values()])
    axes.set_title("What became of the nets", loc="left", pad=24)
    axes.grid(visible=False)
    return figure


def _name(axes: Axes, outcome: str, at: np.ndarray, base: np.ndarray, heights: np.ndarray) -> None:
    """Write an outcome once into the middle of the longest run of bars that are mostly of it."""
    most = np.flatnonzero(heights > 0.5)
    if len(most):
        middle = most[len(most) // 2]
        place = float(at[most].mean()), float(base[middle] + heights[middle] / 2)
        color = OUTCOME_COLORS[outcome]
        behind = None if color == "none" else {"facecolor": color, "edgecolor": "none", "pad": 1.5}
        ink = FOREGROUND if color == "none" else CELL_INK
        axes.text(
            *place, outcome, ha="center", va="center", fontsize=12, fontweight="bold", color=ink, bbox=behind, zorder=4
        )


# Verdict and outcome -------------------------------------------------------------------------------------------------


def draw_confusion(predictions: pd.DataFrame) -> Canvas:
    """Draw how often each verdict on a start was followed by each outcome, one panel per optimizer."""
    found = list(counts(predictions).index)
    verdicts = [word for word in found if word == "healthy"] + [word for word in found if word != "healthy"]
    figure = canvas(1.5 + 0.5 * len(verdicts), narrow=1.6 + 0.8 * len(verdicts))
    panels = figure.subplots(*on_sheet((1, len(OPTIMIZERS)), (len(OPTIMIZERS), 1)), sharey=True)
    for axes, (optimizer, label) in zip(panels, OPTIMIZERS.items(), strict=True):
        _draw_counts(axes, counts(where(predictions, optimizer=optimizer)).reindex(verdicts, fill_value=0))
        axes.set_title(label, loc="left")
    if is_narrow():
        figure.supylabel("verdict on the start", fontsize=11)
    else:
        panels[0].set_ylabel("verdict on the start")
    last = on_sheet(panels[0], panels[-1])
    last.text(-0.5, len(verdicts) - 0.42, "framed: the verdict was right", va="top", fontsize=on_sheet(9, 9.5))
    return figure


def _draw_counts(axes: Axes, counted: pd.DataFrame) -> None:
    """Draw the share of every row in each outcome with the number of starts, and frame where the verdict was right."""
    numbers, colors = counted[_BEST_FIRST], ramp("share of a verdict")
    shares, counted_in = numbers.div(numbers.sum(axis=1), axis=0).fillna(0.0).to_numpy(), numbers.to_numpy(int)
    axes.imshow(shares, cmap=colors, vmin=0, vmax=1, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        if number := counted_in[row, column]:
            text = f"{share:.0%}\n{number} " + ("starts" if number > 1 else "start")
            axes.text(
                column, row, text, ha="center", va="center", color=ink_on(colors(share)), fontsize=on_sheet(9, 9.5)
            )
    rule_cells(axes, numbers.shape[1])
    rows, columns = numbers.shape
    for corner, width, height in (((-0.5, -0.5), 1, 1), ((0.5, 0.5), columns - 1, rows - 1)):
        axes.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=FOREGROUND, linewidth=2.4, clip_on=False))
    axes.set_xticks(range(columns), numbers.columns)
    axes.xaxis.tick_top()
    axes.set_yticks(range(rows), numbers.index)
    bare(axes)
