"""The nets that the playground trains: their tables, for every page that has it, and the data that the build packs.

A page and the playground show the same numbers, so they write them alike.
"""

from __future__ import annotations

import re
from math import floor
from typing import Any, NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import where

__all__ = ["CLEARLY", "SHOWS", "TITLES", "Live", "in_percent", "pack_demos", "read_live", "size_of"]

TITLES = {
    "zeros": "all zero",
    "equal": "all equal",
    "noise": "equal + noise",
    "random": "random",
    "large": "large",
    "small": "small",
    "right": "Glorot",
}
"""Preset -> its start in a word or two."""

CLEARLY = 0.75
"""Share of the loss of a guess below which a loss is clearly below it."""

_PAGE = "playground"

SHOWS = ("live_nets", "live_layers", "live_weights", "live_points")
"""The tables of a chapter that the playground's data are packed from."""


class Live(NamedTuple):
    """What the playground starts from, and what it should come to; a preset is the name of a start.

    Attributes
    ----------
    live_nets
        One row per preset: the net, how it is trained, and its `loss` and `accuracy` on the training points after that.
    live_layers
        Readings of each of its layers after the last update.
    live_weights
        Every weight before the first update.
    live_points
        The training points.
    """

    live_nets: pd.DataFrame
    live_layers: pd.DataFrame
    live_weights: pd.DataFrame
    live_points: pd.DataFrame


def read_live(results: Results) -> Live:
    """Read the tables of the experiment ``demos`` that tell of the nets in the playground."""
    nets, learning, layers = (results[f"demos_{name}"] for name in ("nets", "learning", "layers"))
    live, last = nets[nets["live"] == 1], learning["step"].max()
    key = ["preset", "replicate"]
    ends = where(learning, live=1, step=last)[[*key, "loss", "accuracy"]]
    return Live(
        live_nets=live.drop(columns="live").merge(ends, on=key),
        live_layers=where(layers, live=1, step=last).drop(columns=["live", "step"]),
        live_weights=results["demos_weights"][[*key, "layer", "input", "unit", "weight"]],
        live_points=results["demos_points"],
    )


def pack_demos(nets: pd.DataFrame, layers: pd.DataFrame, weights: pd.DataFrame, points: pd.DataFrame) -> dict[str, Any]:
    """Pack what the playground needs to repeat the figures; numbers keep all of their digits.

    Parameters
    ----------
    nets, layers, weights, points
        As `Live` has them.

    Returns
    -------
    dict
        ``presets`` and ``points``. A preset has its net (``problem``, ``activation``, ``widths``), its training
        (``rate``, ``updates``), its start in the playground's words and as ``weights`` (a list per layer, row by row:
        the weight from input i to unit j stands at i times the units plus j) and ``biases``, and the ``figure`` that
        shows what it came to: ``accuracy`` and ``loss`` on the points; by layer ``distinct`` units, ``saturated``
        share (hidden layers alone) and ``gradientNorm``; after how many updates (``at``), and where it stands.
    """
    presets = [
        _preset(net, where(layers, preset=net["preset"]), where(weights, preset=net["preset"]))
        for _, net in nets.iterrows()
    ]
    inputs = points[["x1", "x2"]].to_numpy()
    return {"presets": presets, "points": {"x": inputs.ravel().tolist(), "y": points["label"].tolist()}}


def _preset(net: pd.Series[Any], layers: pd.DataFrame, weights: pd.DataFrame) -> dict[str, Any]:
    matrices = [
        layer.pivot(index="input", columns="unit", values="weight").to_numpy() for _, layer in weights.groupby("layer")
    ]
    hidden = layers[layers["kind"] == "hidden"]
    return {
        "name": net["preset"],
        "title": TITLES[net["preset"]],
        "problem": "circle",
        "activation": net["activation"],
        "widths": [len(matrices[0]), *(W.shape[1] for W in matrices)],
        "rate": float(net["learning_rate"]),
        "updates": int(net["steps"]),
        "start": _start(net["initializer"], float(net["weight_noise"])),
        "weights": [W.ravel().tolist() for W in matrices],
        "biases": [[0.0] * W.shape[1] for W in matrices],
        "figure": {
            "accuracy": float(net["accuracy"]),
            "loss": float(net["loss"]),
            "distinct": layers["distinct_units"].tolist(),
            "saturated": hidden["saturated_fraction"].tolist(),
            "gradientNorm": layers["gradient_norm"].tolist(),
            "at": int(net["steps"]),
            "label": "The figure",
            "href": f"{_PAGE}.html#figure-{net['demo']}",
        },
    }


def _start(initializer: str, noise: float) -> dict[str, Any]:
    """Return a start as the playground calls it: name, size and noise, None where it has none."""
    family = initializer.partition("(")[0]
    return {"name": f"{family}_noise" if noise else family, "size": size_of(initializer), "noise": noise or None}


def size_of(initializer: str) -> float | None:
    """Return the one parameter of a start, its value or standard deviation; None where it has none.

    Examples
    --------
    >>> size_of("random_normal(stddev=0.01)"), size_of("constant(value=0.2)"), size_of("zeros")
    (0.01, 0.2, None)
    """
    found = re.search(r"(?:value|stddev)=([^,)]+)", initializer)
    return float(found[1]) if found else None


def in_percent(share: float) -> str:
    """Write a share as the playground does.

    Examples
    --------
    >>> in_percent(0.645), in_percent(0.125), in_percent(0.004), in_percent(0.0)
    ('65 %', '13 %', '0.4 %', '0 %')
    """
    value = 100 * share
    return f"{value:.1g} %" if 0 < value < 1 else f"{floor(value + 0.5)} %"
