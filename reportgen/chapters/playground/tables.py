"""The tables of the chapter on the playground."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.demos import read_live
from reportgen.judgments.frames import where

__all__ = ["Tables", "read"]

_NET = ["preset", "replicate"]


class Tables(NamedTuple):
    """What the chapter reads. A preset is the name of a start, and one net of each is live in the playground.

    Attributes
    ----------
    live_nets
        The live nets, how they are trained, and what they came to.
    live_layers
        Readings of each of their layers after the last update.
    live_weights
        Their weights before the first update.
    live_points
        The points that all nets learn.
    alike_learning
        Loss of every net of the first demo, and the gradient of its first layer, checkpoint by checkpoint.
    halt_learning
        The same of the second demo.
    alike_maps
        What the live nets of the first demo answer in the plane after training.
    halt_maps
        The same of the second demo.
    points
        The points with their labels, as the figures show them.
    alike_ends
        What every net of the first demo came to: loss and accuracy on the points, readings of its first layer, how far
        its last layer moved, the least number of different units of any hidden layer at any time, and how far rounding
        parts it from a twin; and its loss and the gradient of its first layer before training.
    halt_ends
        The same of the second demo.
    problem
        What can be had without a net: with the best line, or with a guess.
    """

    live_nets: pd.DataFrame
    live_layers: pd.DataFrame
    live_weights: pd.DataFrame
    live_points: pd.DataFrame
    alike_learning: pd.DataFrame
    halt_learning: pd.DataFrame
    alike_maps: pd.DataFrame
    halt_maps: pd.DataFrame
    points: pd.DataFrame
    alike_ends: pd.DataFrame
    halt_ends: pd.DataFrame
    problem: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``demos``."""
    learning, ends, maps = _learning(results), _ends(results), results["demos_map"]
    by_demo = {
        f"{demo}_{name}": table[table["preset"].isin(presets)].drop(columns="demo", errors="ignore")
        for demo, presets in results["demos_nets"].groupby("demo")["preset"]
        for name, table in (("learning", learning), ("ends", ends), ("maps", maps[["preset", "x1", "x2", "answer"]]))
    }
    return Tables(
        **read_live(results)._asdict(), points=results["demos_points"], problem=results["demos_problem"], **by_demo
    )


def _learning(results: Results) -> pd.DataFrame:
    first = where(results["demos_layers"], layer=1)[[*_NET, "step", "gradient_norm"]]
    learning = results["demos_learning"][[*_NET, "live", "step", "loss"]]
    return learning.merge(first, on=[*_NET, "step"])


def _ends(results: Results) -> pd.DataFrame:
    nets, learning, layers = (results[f"demos_{name}"] for name in ("nets", "learning", "layers"))
    last = learning["step"].max()
    hidden = layers[layers["kind"] == "hidden"]
    apart = hidden.groupby(_NET)["distinct_units"].agg(least_distinct="min", most_distinct="max").reset_index()
    still = layers.groupby(_NET)["gradient_norm"].max().rename("greatest_gradient").reset_index()
    readings = ["distinct_units", "saturated_fraction", "moved"]
    first = where(layers, layer=1, step=last)[[*_NET, *readings]]
    names = nets[["demo", *_NET, "live", "units", "rounding_gap"]]
    ends = names.merge(where(learning, step=last)[[*_NET, "loss", "accuracy"]], on=_NET)
    start = where(learning, step=0)[[*_NET, "loss"]].rename(columns={"loss": "start_loss"})
    below = where(layers, layer=1, step=0)[[*_NET, "gradient_norm"]].rename(columns={"gradient_norm": "start_gradient"})
    top = where(layers, kind="output", step=last)[[*_NET, "moved"]].rename(columns={"moved": "last_moved"})
    for table in (first, apart, still, start, below, top):
        ends = ends.merge(table, on=_NET)
    return ends
