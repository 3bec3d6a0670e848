"""The figures of the chapter on Var(w·x) = 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.chapters.derivation.tables import BOUND, GAINS, GLOROT, STABLE
from reportgen.chapters.names import short_name
from reportgen.chapters.style import BLUE, FOREGROUND, WARNING, canvas, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_assumptions", "draw_growth", "draw_pulls", "draw_tanh"]

_GAIN_COLORS = {GLOROT: look(GLOROT).color, STABLE: WARNING}
_GUIDE: dict[str, Any] = {"color": FOREGROUND, "linewidth": 1.2, "zorder": 1}


def draw_growth(growth: pd.DataFrame) -> Canvas:
    """Draw Var(w·x) against the number of inputs, one line per initializer."""
    figure = canvas(4.2)
    axes: Axes = figure.subplots()
    for name, rows in growth.groupby("initializer", sort=False):
        style = look(str(name))
        axes.plot(rows["fan_in"], rows["predicted"], color=style.color, linestyle=style.dash)
        error = BOUND * rows["standard_error"]
        axes.errorbar(rows["fan_in"], rows["measured"], error, fmt=style.marker, color=style.color)
    for label, rows in growth.groupby(growth["initializer"].map(_growth_label), sort=False):
        end = rows.iloc[-1]
        place, color = (end["fan_in"], end["predicted"]), look(end["initializer"]).color
        axes.annotate(str(label), place, (10, 0), textcoords="offset points", va="center", color=color)
    axes.set(xscale="log", yscale="log", xlabel="number of inputs n (fan_in)", ylabel="Var(w·x)")
    axes.set_xticks(growth["fan_in"].unique(), [str(n) for n in growth["fan_in"].unique()], minor=False)
    axes.minorticks_off()
    axes.set_xlim(right=growth["fan_in"].max() * 8)
    axes.set_title("Var(w·x) grows with n, unless Var(w) is 1/n")
    return figure


def _growth_label(initializer: str) -> str:
    """Return one label for the two initializers with Var(w) = 1/n, which lie on each other."""
    return "lecun_normal and\nlecun_uniform: 1/n" if initializer.startswith("lecun") else short_name(initializer)


def draw_pulls(pulls: pd.DataFrame) -> Canvas:
    """Draw how far each measured value is from its prediction, in standard errors."""
    figure = canvas(6.4)
    axes: Axes = figure.subplots()
    rows = np.arange(len(pulls))
    axes.axvspan(-2, 2, color=BLUE, alpha=0.12, linewidth=0)
    axes.axvline(0, **_GUIDE)
    axes.errorbar(pulls["pull"], rows, xerr=1, color=BLUE, marker="o", linestyle="none")
    axes.set_yticks(rows, pulls["quantity"].tolist())
    axes.invert_yaxis()
    axes.set(xlim=(-BOUND, BOUND), xlabel="measured − predicted, in standard errors")
    holding = (pulls["pull"].abs() < BOUND).sum()
    axes.set_title(f"{holding} of {len(pulls)} predictions hold within {BOUND} standard errors")
    return figure


def draw_assumptions(assumptions: pd.DataFrame) -> Canvas:
    """Draw what each broken assumption does to Var(w·x), and to the difference between units."""
    rows = np.arange(len(assumptions))
    figure = canvas(4.4)
    left, right = figure.subplots(1, 2, sharey=True)
    left.axvline(1, **_GUIDE)
    _dots(left, rows, assumptions["measured"], assumptions["predicted"])
    left.set(xscale="log", xlabel="Var(w·x)")
    left.set_xticks([0.5, 1, 2, 5, 10], ["0.5", "1", "2", "5", "10"])
    left.minorticks_off()
    left.set_yticks(rows, assumptions["broken"].replace("nothing", "as derived").tolist())
    left.invert_yaxis()
    left.set_title("Only correlation leaves Var(w·x) at 1 …")
    right.axvline(assumptions["unit_spread_predicted"].iloc[0], **_GUIDE)
    _dots(right, rows, assumptions["unit_spread"], assumptions["unit_spread_predicted"])
    right.set(xlabel="spread of the variance over units", xlim=(0, None))
    right.set_title("… but it makes the units unequal")
    figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _dots(axes: Axes, rows: np.ndarray, measured: pd.Series[float], predicted: pd.Series[float]) -> None:
    axes.plot(measured, rows, "o", color=BLUE, label="measured", markersize=6)
    axes.plot(predicted, rows, "D", color=FOREGROUND, fillstyle="none", markersize=10, label="predicted")


def draw_tanh(tanh: pd.DataFrame) -> Canvas:
    """Draw activations and gradients of deep tanh networks by layer, for both gains."""
    figure = canvas(4.0)
    panels = figure.subplots(1, 2)
    layers = np.sort(tanh["layer"].unique())
    panels[0].plot(layers, 1 / (2 * layers), color=FOREGROUND, linewidth=1.2, linestyle=":")
    panels[0].annotate("1 / (2 × layer)", (20, 1 / 40), (-6, -16), textcoords="offset points", ha="right")
    for name, color in _GAIN_COLORS.items():
        for axes, column in zip(panels, ("activation_variance", "delta_variance"), strict=True):
            _draw_band(axes, tanh[tanh["initializer"] == name], column, color, f"gain {GAINS[name]}")
    panels[0].set(yscale="log", xlabel="layer", ylabel="variance of the activations")
    panels[1].set(yscale="log", xlabel="layer", ylabel="variance of delta, last layer = 1")
    panels[0].set_yticks([0.5, 0.2, 0.1, 0.05, 0.02, 0.01], ["0.5", "0.2", "0.1", "0.05", "0.02", "0.01"])
    panels[0].minorticks_off()
    panels[0].set_title("Forward: 5/3 holds the signal")
    panels[1].set_title("Backward: 5/3 lets it grow")
    return figure


def _draw_band(axes: Axes, rows: pd.DataFrame, column: str, color: str, label: str) -> None:
    low, high, middle = rows[f"{column}_lowest"], rows[f"{column}_highest"], rows.iloc[len(rows) // 3]
    axes.plot(rows["layer"], rows[column], color=color)
    axes.fill_between(rows["layer"], low, high, color=color, alpha=0.2, linewidth=0)
    place = (middle["layer"], middle[column])
    axes.annotate(label, place, (0, 9), textcoords="offset points", color=color, weight="bold")
