"""The figures of the chapter on Var(w·x) = 1, and the tables behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.style import FOREGROUND, canvas, look
from reportgen.judgments.estimates import geometric_mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = [
    "BOUND",
    "assumptions",
    "draw_assumptions",
    "draw_growth",
    "draw_pulls",
    "draw_tanh",
    "growth",
    "pulls",
    "tanh_layers",
]

BOUND = 5
"""Standard errors that a measured value may be off: by chance about one in two million is."""

_MEASURED, _WARNING = "#2b7fd4", "#d55e00"
_GUIDE: dict[str, Any] = {"color": FOREGROUND, "linewidth": 1.2, "zorder": 1}


# The tables behind the figures --------------------------------------------------------------------------------------


def growth(results: Results) -> pd.DataFrame:
    """Return Var(w·x) by initializer and fan_in."""
    return results["fan_in_growth"]


def assumptions(results: Results) -> pd.DataFrame:
    """Return Var(w·x) and the spread over units for every broken assumption."""
    return results["assumptions"]


def pulls(results: Results) -> pd.DataFrame:
    """Return every measured variance with its prediction and their distance in standard errors."""
    steps = results["steps"].rename(columns={"step": "name"})
    cases = results["assumptions"].rename(columns={"assumption": "name"})
    cases = cases.assign(quantity="Var(w·x), " + cases["broken"].replace("nothing", "as derived"))
    table = pd.concat([steps, cases])[["name", "quantity", "predicted", "measured", "standard_error", "draws"]]
    return table.assign(pull=(table["measured"] - table["predicted"]) / table["standard_error"]).reset_index(drop=True)


def tanh_layers(results: Results) -> pd.DataFrame:
    """Return the variances by layer, geometric mean and range over networks; delta relative to the last layer."""
    table = results["tanh_layers"]
    last = table.groupby(["initializer", "replicate"])["delta_variance"].transform("last")
    table = table.assign(delta_variance=table["delta_variance"] / last)
    columns = ["pre_activation_variance", "activation_variance", "delta_variance"]
    groups = table.groupby(["initializer", "layer"])[columns]
    geometric = groups.aggregate(_typical)
    return geometric.join([groups.min().add_suffix("_lowest"), groups.max().add_suffix("_highest")]).reset_index()


def _typical(values: pd.Series[float]) -> float:
    return geometric_mean(values).value


# The figures --------------------------------------------------------------------------------------------------------


def draw_growth(results: Results) -> Canvas:
    """Draw Var(w·x) against the number of inputs, one line per initializer."""
    table = growth(results)
    figure = canvas(4.2)
    axes: Axes = figure.subplots()
    for name, rows in table.groupby("initializer", sort=False):
        style = look(str(name))
        axes.plot(rows["fan_in"], rows["predicted"], color=style.color, linestyle=style.dash)
        axes.errorbar(
            rows["fan_in"],
            rows["measured"],
            BOUND * rows["standard_error"],
            color=style.color,
            marker=style.marker,
            linestyle="none",
        )
    for label, rows in table.groupby(table["initializer"].map(_growth_label), sort=False):
        end = rows.iloc[-1]
        axes.annotate(
            str(label),
            (end["fan_in"], end["predicted"]),
            (10, 0),
            textcoords="offset points",
            va="center",
            color=look(end["initializer"]).color,
        )
    axes.set(xscale="log", yscale="log", xlabel="number of inputs n (fan_in)", ylabel="Var(w·x)")
    axes.set_xticks(table["fan_in"].unique(), [str(n) for n in table["fan_in"].unique()], minor=False)
    axes.minorticks_off()
    axes.set_xlim(right=table["fan_in"].max() * 8)
    axes.set_title("Var(w·x) grows with n, unless Var(w) is 1/n")
    return figure


def _growth_label(initializer: str) -> str:
    """Return one label for the two initializers with Var(w) = 1/n, which lie on each other."""
    return "lecun_normal and\nlecun_uniform: 1/n" if initializer.startswith("lecun") else short_name(initializer)


def draw_pulls(results: Results) -> Canvas:
    """Draw how far each measured value is from its prediction, in standard errors."""
    table = pulls(results)
    figure = canvas(6.4)
    axes: Axes = figure.subplots()
    rows = np.arange(len(table))
    axes.axvspan(-2, 2, color=_MEASURED, alpha=0.12, linewidth=0)
    axes.axvline(0, **_GUIDE)
    axes.errorbar(table["pull"], rows, xerr=1, color=_MEASURED, marker="o", linestyle="none")
    axes.set_yticks(rows, table["quantity"].tolist())
    axes.invert_yaxis()
    axes.set_xlim(-BOUND, BOUND)
    axes.set_xlabel("measured − predicted, in standard errors")
    axes.set_title(
        f"{(table['pull'].abs() < BOUND).sum()} of {len(table)} predictions hold within {BOUND} standard errors"
    )
    return figure


def draw_assumptions(results: Results) -> Canvas:
    """Draw what each broken assumption does to Var(w·x), and to the difference between units."""
    table = assumptions(results)
    rows = np.arange(len(table))
    figure = canvas(4.4)
    left, right = figure.subplots(1, 2, sharey=True)
    left.axvline(1, **_GUIDE)
    _dots(left, rows, table["measured"], table["predicted"])
    left.set(xscale="log", xlabel="Var(w·x)")
    left.set_xticks([0.5, 1, 2, 5, 10], ["0.5", "1", "2", "5", "10"])
    left.minorticks_off()
    left.set_yticks(rows, table["broken"].replace("nothing", "as derived").tolist())
    left.invert_yaxis()
    left.set_title("Only correlation leaves Var(w·x) at 1 …")
    right.axvline(table["unit_spread_predicted"].iloc[0], **_GUIDE)
    _dots(right, rows, table["unit_spread"], table["unit_spread_predicted"])
    right.set(xlabel="spread of the variance over units", xlim=(0, None))
    right.set_title("… but it makes the units unequal")
    figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _dots(axes: Axes, rows: np.ndarray, measured: pd.Series[float], predicted: pd.Series[float]) -> None:
    axes.plot(measured, rows, "o", color=_MEASURED, label="measured", markersize=6)
    axes.plot(predicted, rows, "D", color=FOREGROUND, fillstyle="none", markersize=10, label="predicted")


def draw_tanh(results: Results) -> Canvas:
    """Draw activations and gradients of deep tanh networks by layer, for both gains."""
    table = tanh_layers(results)
    figure = canvas(4.0)
    panels = figure.subplots(1, 2)
    columns = ("activation_variance", "delta_variance")
    layers = np.sort(table["layer"].unique())
    panels[0].plot(layers, 1 / (2 * layers), color=FOREGROUND, linewidth=1.2, linestyle=":")
    panels[0].annotate("1 / (2 × layer)", (20, 1 / 40), (-6, -16), textcoords="offset points", ha="right")
    for (_, rows), color, label in zip(
        table.groupby("initializer"), (look("glorot_uniform").color, _WARNING), ("gain 1", "gain 5/3"), strict=True
    ):
        for axes, column in zip(panels, columns, strict=True):
            axes.plot(rows["layer"], rows[column], color=color)
            axes.fill_between(
                rows["layer"], rows[f"{column}_lowest"], rows[f"{column}_highest"], color=color, alpha=0.2, linewidth=0
            )
            middle = rows.iloc[len(rows) // 3]
            axes.annotate(
                label, (middle["layer"], middle[column]), (0, 9), textcoords="offset points", color=color, weight="bold"
            )
    panels[0].set(yscale="log", xlabel="layer", ylabel="variance of the activations")
    panels[1].set(yscale="log", xlabel="layer", ylabel="variance of delta, last layer = 1")
    panels[0].set_yticks([0.5, 0.2, 0.1, 0.05, 0.02, 0.01], ["0.5", "0.2", "0.1", "0.05", "0.02", "0.01"])
    panels[0].minorticks_off()
    panels[0].set_title("Forward: 5/3 holds the signal")
    panels[1].set_title("Backward: 5/3 explodes")
    return figure
