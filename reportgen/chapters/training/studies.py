"""What came out of the studies beside the map: the deep net, the gain, the learning rate and the plane."""

from __future__ import annotations

from math import nan, sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import LARGE, SMALL, short_name
from reportgen.chapters.training.tables import REACH
from reportgen.judgments.frames import nested, where

__all__ = ["RIGHT", "Count", "End", "Gain", "Plane", "Rate", "Within"]

RIGHT = {"tanh": "glorot_normal", "relu": "he_normal"}
"""The start that was derived for an activation."""


class Count(NamedTuple):
    """How many nets there are, or starts, and how many of them learned."""

    nets: int
    learned: int

    @classmethod
    def of(cls, nets: pd.DataFrame) -> Count:
        """Count the rows of a table with their `outcome`."""
        return cls(len(nets), int((nets["outcome"] == "learned").sum()))

    @property
    def share(self) -> float:
        """The share of the nets that learned, nan where there are none."""
        return self.learned / self.nets if self.nets else nan


class End(NamedTuple):
    """How some networks ended: median loss and accuracy, the least and the greatest loss, and how many learned."""

    loss: float
    accuracy: float
    least_loss: float
    greatest_loss: float
    learned: int

    @classmethod
    def of(cls, nets: pd.DataFrame) -> End:
        """Read the networks of one start."""
        loss = nets["test_loss"].where(np.isfinite(nets["test_loss"]), np.inf)
        median, accuracy = float(loss.median()), float(nets["test_accuracy"].median())
        return cls(median, accuracy, float(loss.min()), float(loss.max()), Count.of(nets).learned)


class Within(NamedTuple):
    """The largest gain at which the theory's reach is longer than the deep nets, and what these get right there."""

    gain: float
    reach: float
    right: float


class Gain(NamedTuple):
    """The gains that were tried, nets deeper than the reach by depth, and what is best and works in the deep nets.

    `beyond_best` is the most that any deep net gets right beyond the reach, and `early` is where the reach is nearly
    used up on the chaotic side. `working` are the least and the greatest gain at which most deep nets learn: one number
    if they are the same, none if there is no such gain.
    """

    reach: int
    gains: list[float]
    beyond: dict[int, Count]
    beyond_best: float
    best: float
    right: float
    working: list[float]
    early: Within

    @classmethod
    def of(cls, trials: pd.DataFrame, better: pd.DataFrame) -> Gain:
        """Read the tables `gain_trials` and `gains`."""
        deepest, beyond = trials["depth"].max(), trials[trials["reach"] < trials["depth"]]
        deep = where(better, depth=deepest)
        groups = deep.assign(learned=deep["outcome"] == "learned").groupby("gain", as_index=False)
        typical = groups.agg({"test_accuracy": "median", "learned": "mean", "reach": "first"})
        best = typical.nlargest(1, "test_accuracy").iloc[0]
        works = typical.loc[typical["learned"] > 0.5, "gain"]
        early = typical[typical["reach"] > deepest].nlargest(1, "gain").iloc[0]
        return cls(
            reach=REACH,
            gains=[float(trials["gain"].min()), float(trials["gain"].max())],
            beyond={int(depth): Count.of(where(beyond, depth=depth)) for depth in trials["depth"].unique()},
            beyond_best=float(where(beyond, depth=deepest)["test_accuracy"].fillna(0.0).max()),
            best=float(best["gain"]),
            right=float(best["test_accuracy"]),
            working=sorted({float(works.min()), float(works.max())}) if len(works) else [],
            early=Within(float(early["gain"]), float(early["reach"]), float(np.nan_to_num(early["test_accuracy"]))),
        )


_SQUARE = {"glorot_normal": 1.0, "he_normal": 2.0}
"""Units times the variance of the weights between layers of equal width (Glorot & Bengio 2010, He et al. 2015)."""


class Rate(NamedTuple):
    """Right answers at the best learning rate by activation and start, and rates at which large weights diverge.

    `too_large` and `too_small` are how many times larger and smaller than those of the right start the weights of a
    hidden layer are, by activation.
    """

    best: dict[str, dict[str, float]]
    table: pd.DataFrame
    relu_large_diverged: int
    too_large: dict[str, float]
    too_small: dict[str, float]

    @classmethod
    def of(cls, rates: pd.DataFrame, width: int) -> Rate:
        """Read the table `rates`, of nets with hidden layers of so many units."""
        best = rates.groupby(["activation", "initializer"], sort=False)["test_accuracy"].max()
        shown = best.unstack("activation")[list(rates["activation"].unique())].map(_share).rename(index=short_name)
        diverged = where(rates, activation="relu", initializer=LARGE, outcome="diverged")
        return cls(
            best=nested(best.fillna(0.0)),
            table=shown.rename_axis("best of all rates").reset_index(),
            relu_large_diverged=len(diverged),
            too_large={name: _size(LARGE, width) / _size(right, width) for name, right in RIGHT.items()},
            too_small={name: _size(right, width) / _size(SMALL, width) for name, right in RIGHT.items()},
        )


class Plane(NamedTuple):
    """Right answers by problem, activation and start; and the nets without a signal.

    `flat` is their least and their greatest loss over that of a guess, `flat_off` the greatest difference.
    """

    right: dict[str, dict[str, dict[str, float]]]
    table: pd.DataFrame
    flat: tuple[float, float]
    flat_off: float

    @classmethod
    def of(cls, nets: pd.DataFrame) -> Plane:
        """Read the networks of the study."""
        right = nets.groupby(["data", "activation", "initializer"], sort=False)["test_accuracy"].median()
        shown = right.unstack("initializer")[list(nets["initializer"].unique())].map(_share)
        flat = nets[nets["initializer"].isin(["zeros", SMALL])]
        loss, guess = flat["test_loss"].fillna(np.inf), np.log(flat["classes"])
        return cls(
            right=nested(right),
            table=shown.rename(columns=short_name).reset_index(),
            flat=(float((loss / guess).min()), float((loss / guess).max())),
            flat_off=float((loss - guess).abs().max()),
        )


def _size(initializer: str, width: int) -> float:
    """Return the standard deviation of the weights between two hidden layers."""
    if initializer in _SQUARE:
        return sqrt(_SQUARE[initializer] / width)
    return float(initializer.removeprefix("random_normal(stddev=").removesuffix(")"))


def _share(value: float) -> str:
    return "diverged" if np.isnan(value) else f"{value:.0%}"
