"""What the chapter on training quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.old import Findings
from reportgen.chapters.training.prediction import find_predictions
from reportgen.chapters.training.tables import (
    DEPTH,
    DIGITS,
    LARGE,
    REACH,
    SMALL,
    cells,
    count,
    gains,
    glance,
    races,
    rates,
    sizes,
)
from reportgen.judgments.outcomes import OUTCOMES

__all__ = ["UNBOUNDED", "find"]

UNBOUNDED = ("linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus")
"""Activations of the canonical battery whose outputs can be as large as they like."""

_BOUNDED = ("sigmoid", "tanh", "softsign")
_STUDIES = ("map", "deep", "gain", "rate", "plane")
_HE, _GLOROT = ("he_normal", "he_uniform"), ("glorot_normal", "glorot_uniform")
_OTHERS = ("lecun_normal", "lecun_uniform", "orthogonal", "torch_default", SMALL, LARGE)


def find(results: Results) -> Findings:
    """Return every number that the prose quotes."""
    measured = sizes(results, "map")
    return {
        "sizes": {study: sizes(results, study) for study in _STUDIES},
        "nets": len(results["training_races"]),
        "momentum_factor": 1 / (1 - measured.momentum),
        "depth": DEPTH,
        "deepest": measured.depths[-1],
        "shallowest": measured.depths[0],
        "ln_classes": float(np.log(measured.classes)),
        "outcomes": pd.DataFrame({"outcome": list(OUTCOMES), "it means that": list(OUTCOMES.values())}),
        "glance": glance(results),
        **_map(results),
        **_deep(results),
        **_gain(results),
        **_rate(results),
        **_plane(results),
        **find_predictions(results),
    }


def _map(results: Results) -> Findings:
    table = cells(results)
    table = table[table["data"] == DIGITS]
    nets = races(results, "map")
    nets = nets[(nets["data"] == DIGITS) & nets["activation"].isin([*UNBOUNDED, *_BOUNDED])]
    constant = nets[nets["initializer"] == "constant"]
    small = nets[(nets["initializer"] == SMALL) & (nets["depth"] == DEPTH)]
    return {
        "cells": len(table),
        "shares": table.groupby("depth")["learned"].mean().to_dict(),
        "guess": float(nets["guess"].iloc[0]),
        "zeros": count(nets[nets["initializer"] == "zeros"]),
        "constant": count(constant),
        "constant_best": float(constant["test_accuracy"].max()),
        "small": count(small),
        "large_diverged": _diverged(table, LARGE),
        "deep_sigmoids": _deep_sigmoids(table),
        "tanh": {name: _accuracy(table, (name,), "tanh") for name in (SMALL, LARGE, "torch_default", "glorot_normal")},
        "relu_he": _accuracy(table, _HE, "relu"),
        "relu_glorot": _accuracy(table, _GLOROT, "relu"),
        "relu_torch": _accuracy(table, ("torch_default",), "relu"),
    }


def _accuracy(table: pd.DataFrame, starts: Sequence[str], activation: str) -> float:
    """Return the share of right answers at `DEPTH`, the mean over some starts; a net that diverged has none."""
    here = table[(table["depth"] == DEPTH) & (table["activation"] == activation)]
    return float(here.set_index("initializer")["test_accuracy"].reindex(list(starts)).fillna(0.0).mean())


def _deep_sigmoids(table: pd.DataFrame) -> list[str]:
    """Return the usual starts from which the deepest sigmoid nets learned."""
    here = table[(table["depth"] == table["depth"].max()) & (table["activation"] == "sigmoid")]
    learned = here.loc[here["outcome"] == "learned", "initializer"]
    return [str(name) for name in learned if name in (*_HE, *_GLOROT, *_OTHERS)]


def _diverged(table: pd.DataFrame, start: str) -> dict[int, list[str]]:
    """Return, by depth, the activations that diverged from a start."""
    here = table[(table["initializer"] == start) & (table["outcome"] == "diverged")]
    return {
        int(depth): [str(name) for name in here.loc[here["depth"] == depth, "activation"]]
        for depth in table["depth"].unique()
    }


def _deep(results: Results) -> Findings:
    nets = races(results, "deep")
    return {
        "deep": int(nets["depth"].iloc[0]),
        "deep_rate": float(nets["learning_rate"].iloc[0]),
        **{name.partition("_")[0]: _end(nets[nets["initializer"] == name]) for name in ("he_normal", "glorot_normal")},
    }


class End(NamedTuple):
    """How some networks ended: medians, the least and the greatest test loss, and how many learned."""

    loss: float
    accuracy: float
    least_loss: float
    greatest_loss: float
    learned: int


def _end(nets: pd.DataFrame) -> End:
    loss = nets["test_loss"].where(np.isfinite(nets["test_loss"]), np.inf)
    accuracy = nets["test_accuracy"].median()
    return End(float(loss.median()), float(accuracy), float(loss.min()), float(loss.max()), count(nets).learned)


def _gain(results: Results) -> Findings:
    best, theory = gains(results), results["training_theory"][["initializer", "xi_c"]]
    nets = races(results, "gain").merge(theory, on="initializer")
    beyond = nets[REACH * nets["xi_c"] < nets["depth"]]
    deep = best[best["depth"] == best["depth"].max()]
    typical = deep.groupby("gain").agg(
        right=("test_accuracy", "median"),
        learned=("outcome", lambda words: (words == "learned").mean()),
        reach=("reach", "first"),
    )
    works = typical.index[typical["learned"] > 0.5]
    early = typical[(typical.index > works.max()) & (typical["reach"] > deep["depth"].iloc[0])]
    return {
        "reach": int(REACH),
        "gains": [float(best["gain"].min()), float(best["gain"].max())],
        "gain_depths": sizes(results, "gain").depths,
        "beyond": {depth: count(beyond[beyond["depth"] == depth]) for depth in sizes(results, "gain").depths},
        "best_gain": float(typical["right"].idxmax()),
        "best_right": float(typical["right"].max()),
        "working_gains": [float(works.min()), float(works.max())],
        "early_gains": [float(gain) for gain in early.index],
        "early_reach": [float(reach) for reach in early["reach"]],
    }


def _rate(results: Results) -> Findings:
    table = rates(results)
    best = table.groupby(["activation", "initializer"], sort=False)["test_accuracy"].max()
    large = table[(table["activation"] == "relu") & (table["initializer"] == LARGE)]
    shown = best.unstack("activation")[list(table["activation"].unique())]
    return {
        "rate_best": {function: best.xs(function).fillna(0.0).to_dict() for function in shown.columns},
        "rate_table": shown.map(_share).rename(index=short_name).rename_axis("best of all rates").reset_index(),
        "relu_large_diverged": int((large["outcome"] == "diverged").sum()),
    }


def _plane(results: Results) -> Findings:
    table = races(results, "plane")
    right = table.groupby(["data", "activation", "initializer"], sort=False)["test_accuracy"].median()
    flat = table[table["initializer"].isin(["zeros", SMALL])]
    shown = right.unstack("initializer")[list(table["initializer"].unique())].rename(columns=short_name)
    return {
        "ln_two": float(np.log(2)),
        "plane": {
            f"{problem}_{function}": right.loc[problem, function].to_dict()
            for problem, function, _ in right.index.drop_duplicates()
        },
        "plane_table": shown.map(_share).reset_index(),
        "plane_flat": count(flat),
        "plane_flat_off": float((flat["test_loss"] - np.log(2)).abs().max()),
    }


def _share(value: float) -> str:
    return "diverged" if np.isnan(value) else f"{value:.0%}"
