"""What learning rate, optimizer and budget make of a start, and what small weights do when they have time."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import LARGE, SMALL, short_name
from reportgen.chapters.training.tables import OPTIMIZERS
from reportgen.judgments.frames import by_name, nested, where

__all__ = ["RIGHT", "Budgets", "Customary", "Rate", "Small"]

RIGHT = {"tanh": "glorot_normal", "relu": "he_normal"}
"""The start that was derived for an activation."""

_SQUARE = {"glorot_normal": 1.0, "he_normal": 2.0}
"""Units times the variance of the weights between layers of equal width (Glorot & Bengio 2010, He et al. 2015)."""


class Rate(NamedTuple):
    """Right answers at the best learning rate by optimizer, activation and start; where large weights diverge.

    `large_diverged` counts the rates at which ReLU nets with large weights do, by optimizer. `too_large` and
    `too_small` are how many times larger and smaller than those of the right start the weights of a hidden layer are,
    by activation. `rates` are the learning rates that were tried, by optimizer.
    """

    rates: dict[str, list[float]]
    best: dict[str, dict[str, dict[str, float]]]
    table: pd.DataFrame
    large_diverged: dict[str, int]
    too_large: dict[str, float]
    too_small: dict[str, float]

    @classmethod
    def of(cls, rates: pd.DataFrame, best: pd.DataFrame, width: int) -> Rate:
        """Read the tables `rates` and `best`, of nets with hidden layers of so many units."""
        right = best.groupby(["optimizer", "activation", "initializer"], sort=False)["test_accuracy"].median()
        lost = where(rates, activation="relu", initializer=LARGE, outcome="diverged")
        return cls(
            rates={
                name: sorted(where(rates, optimizer=name)["learning_rate"].unique().tolist()) for name in OPTIMIZERS
            },
            best=nested(right.fillna(0.0)),
            table=_side_by_side(nested(right)),
            large_diverged={name: len(where(lost, optimizer=name)) for name in OPTIMIZERS},
            too_large={name: _size(LARGE, width) / _size(right, width) for name, right in RIGHT.items()},
            too_small={name: _size(right, width) / _size(SMALL, width) for name, right in RIGHT.items()},
        )


def _side_by_side(right: dict[str, dict[str, dict[str, float]]]) -> pd.DataFrame:
    """Return a row per start and a column per activation and optimizer."""
    columns = {
        f"{activation}, {label}": pd.Series(right[optimizer][activation]).map(_share)
        for activation in RIGHT
        for optimizer, label in OPTIMIZERS.items()
    }
    return pd.DataFrame(columns).rename(index=short_name).rename_axis("at the best rate").reset_index()


class Budgets(NamedTuple):
    """Right answers of ReLU nets by optimizer, number of updates and start, each at its best rate."""

    steps: list[int]
    right: dict[str, dict[int, dict[str, float]]]

    @classmethod
    def of(cls, budgets: pd.DataFrame) -> Budgets:
        """Read the table `budgets`."""
        steps = sorted({int(step) for step in budgets["steps"]})
        return cls(
            steps,
            {
                optimizer: {step: _medians(where(budgets, optimizer=optimizer, steps=step)) for step in steps}
                for optimizer in OPTIMIZERS
            },
        )

    def behind(self, optimizer: str, step: int) -> float:
        """Return what Glorot gets right as a share of what He does."""
        return self.right[optimizer][step]["glorot_normal"] / self.right[optimizer][step]["he_normal"]


class Small(NamedTuple):
    """Right answers of nets with small weights by optimizer, activation and number of layers, at the best rate.

    `gradient` is the root mean square of the first gradient of the weights between two hidden layers of ReLU nets,
    typically, by number of layers.
    """

    right: dict[str, dict[str, dict[int, float]]]
    gradient: dict[int, float]

    @classmethod
    def of(cls, small: pd.DataFrame, steps: pd.DataFrame, width: int) -> Small:
        """Read the tables `small` and `first_steps`, of nets with hidden layers of so many units."""
        right = {
            optimizer: {
                str(activation): {
                    int(str(depth)): float(nets["test_accuracy"].median()) for depth, nets in own.groupby("depth")
                }
                for activation, own in where(small, optimizer=optimizer).groupby("activation", sort=False)
            }
            for optimizer in OPTIMIZERS
        }
        depths = sorted({int(depth) for depth in small["depth"]})
        inner = where(steps, activation="relu", initializer=SMALL)
        inner = inner[(inner["layer"] > 1) & (inner["layer"] <= inner["depth"])]
        return cls(right, {depth: float(where(inner, depth=depth)["gradient"].median()) / width for depth in depths})


class Customary(NamedTuple):
    """The activations that learn in the deepest nets of the map from the start that is customary for them.

    `number` counts the activations, `learned` lists them by optimizer, and `right` is the mean of their right answers.
    """

    number: int
    learned: dict[str, list[str]]
    right: dict[str, float]

    @classmethod
    def of(cls, cells: pd.DataFrame) -> Customary:
        """Read the map, of both optimizers."""
        deepest = where(cells, depth=cells["depth"].max())
        own = deepest[deepest["initializer"] == deepest["activation"].map(_customary)]
        learned = where(own, outcome="learned")
        return cls(
            number=own["activation"].nunique(),
            learned={name: list(where(learned, optimizer=name)["activation"]) for name in OPTIMIZERS},
            right={name: float(where(own, optimizer=name)["test_accuracy"].fillna(0.0).mean()) for name in OPTIMIZERS},
        )


_GLOROT = ("linear", "sigmoid", "tanh", "softsign", "selu")
"""Activations for which 1 / fan_in is customary; between layers of equal width Glorot's start and LeCun's are one."""


def _customary(activation: str) -> str:
    return "glorot_normal" if activation in _GLOROT else "he_normal"


def _medians(nets: pd.DataFrame) -> dict[str, float]:
    return by_name(nets.groupby("initializer", sort=False)["test_accuracy"].median().fillna(0.0))


def _size(initializer: str, width: int) -> float:
    """Return the standard deviation of the weights between two hidden layers."""
    if initializer in _SQUARE:
        return sqrt(_SQUARE[initializer] / width)
    return float(initializer.removeprefix("random_normal(stddev=").removesuffix(")"))


def _share(value: float) -> str:
    return "diverged" if np.isnan(value) else f"{value:.0%}"
