"""Facts about short trainings of plain nets on images of digits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import best_rates, outcomes

__all__ = ["FACTS"]

_SMALL, _LARGE = "random_normal(stddev=0.01)", "random_normal(stddev=1)"
_RIGHT = {"tanh": "glorot_normal", "relu": "he_normal"}
_WHOLE, _NOTHING, _TENTH = 1.0, 0.0, 0.1
"""How large the last layer is, relative to its own start."""


def small_start_loss(results: Results) -> float:
    """Return the loss that nets with small weights start at, over that of a guess: the furthest from one."""
    ratios = _start_losses(results, _SMALL).to_numpy()
    return float(ratios[np.abs(ratios - 1).argmax()])


def large_start_loss(results: Results) -> float:
    """Return the loss that nets with large weights start at, over that of a guess: the median of all nets."""
    return float(_start_losses(results, _LARGE).median())


def small_learned(results: Results) -> float:
    """Return the share of nets with small weights that learn with SGD, at the depth with most networks."""
    table = where(_map(results), optimizer="sgd", initializer=_SMALL)
    return float((outcomes(where(table, depth=_depth(results))) == "learned").mean())


def tanh_right(results: Results) -> float:
    """Return the share of right answers of tanh nets under Glorot with the last layer as it is (median, SGD)."""
    return _readout(results, "tanh", _WHOLE)


def tanh_right_from_guess(results: Results) -> float:
    """Return the same where the last layer starts at zero, and so the loss at that of a guess."""
    return _readout(results, "tanh", _NOTHING)


def selu_start_loss(results: Results) -> float:
    """Return the loss that SELU nets under He start at, over that of a guess (median)."""
    rows = where(_readouts(results), activation="selu", readout=_WHOLE)
    return float(rows["start_loss"].median() / np.log(rows["classes"].iloc[0]))


def selu_right_early(results: Results) -> float:
    """Return the share of right answers of those nets early in training."""
    return _readout(results, "selu", _WHOLE, early=True)


def selu_right_early_small(results: Results) -> float:
    """Return the same where the last layer starts at a tenth."""
    return _readout(results, "selu", _TENTH, early=True)


def woken_by_adam(results: Results) -> float:
    """Return the share of right answers of ReLU nets from small weights with Adam, in the shallower nets (median)."""
    return _woken(results, "adam", deep=False)


def woken_by_sgd(results: Results) -> float:
    """Return the same with SGD, at the better of its rates."""
    return _woken(results, "sgd", deep=False)


def woken_deep(results: Results) -> float:
    """Return the same with Adam in the deeper nets."""
    return _woken(results, "adam", deep=True)


def best_of_all_rates(results: Results) -> float:
    """Return the most that any rate makes of small or large weights, over what one makes of the right start.

    Of right answers in the median of the networks, for tanh and ReLU, with SGD and with Adam.
    """
    table = where(results["training_races"], study="rate")
    shortest = table[table["steps"] == table["steps"].min()]
    setting = ["optimizer", "activation", "initializer"]
    best = shortest.groupby([*setting, "learning_rate"])["test_accuracy"].median().groupby(setting).max()
    return max(
        float(best[optimizer, activation, wrong] / best[optimizer, activation, right])
        for optimizer in ("sgd", "adam")
        for activation, right in _RIGHT.items()
        for wrong in (_SMALL, _LARGE)
    )


def deep_glorot_loss(results: Results) -> float:
    """Return the least test loss that a deep ReLU net from Glorot ends with, over that of a guess (SGD)."""
    rows = where(results["training_races"], study="deep", initializer="glorot_normal")
    return float((rows["test_loss"] / np.log(rows["classes"])).min())


def deep_he_loss(results: Results) -> float:
    """Return the greatest that one from He ends with."""
    rows = where(results["training_races"], study="deep", initializer="he_normal")
    return float((rows["test_loss"] / np.log(rows["classes"])).max())


def glorot_at_first(results: Results) -> float:
    """Return the right answers of ReLU nets from Glorot over those from He, after the fewest updates of SGD."""
    return _glorot_over_he(results, "sgd", _budgets(results, "sgd")[0])


def glorot_in_the_end(results: Results) -> float:
    """Return the same after the longest budget."""
    return _glorot_over_he(results, "sgd", _budgets(results, "sgd")[-1])


def adam_apart(results: Results) -> float:
    """Return what the worse of Glorot and He gets right with Adam over the better, after the longest budget."""
    ratio = _glorot_over_he(results, "adam", _budgets(results, "adam")[-1])
    return min(ratio, 1 / ratio)


FACTS = (
    small_start_loss,
    large_start_loss,
    small_learned,
    tanh_right,
    tanh_right_from_guess,
    selu_start_loss,
    selu_right_early,
    selu_right_early_small,
    woken_by_adam,
    woken_by_sgd,
    woken_deep,
    best_of_all_rates,
    deep_glorot_loss,
    deep_he_loss,
    glorot_at_first,
    glorot_in_the_end,
    adam_apart,
)


def _map(results: Results) -> pd.DataFrame:
    return where(results["training_races"], study="map", data="digits")


def _depth(results: Results) -> int:
    """Return the depth of which the map has the most networks."""
    depths, numbers = np.unique(_map(results)["depth"], return_counts=True)
    return int(depths[numbers.argmax()])


def _start_losses(results: Results, initializer: str) -> pd.Series[float]:
    rows = where(_map(results), initializer=initializer)
    rows = rows[rows["depth"] <= _depth(results)]
    ratios: pd.Series[float] = rows["start_loss"] / np.log(rows["classes"])
    return ratios


def _readouts(results: Results) -> pd.DataFrame:
    return where(results["training_races"], study="readout")


def _readout(results: Results, activation: str, size: float, *, early: bool = False) -> float:
    rows = where(_readouts(results), activation=activation, readout=size)
    steps = rows["steps"].min() if early else rows["steps"].max()
    return float(where(rows, steps=steps)["test_accuracy"].median())


def _woken(results: Results, optimizer: str, *, deep: bool) -> float:
    rows = where(results["training_races"], study="small", activation="relu", optimizer=optimizer)
    rows = where(rows, depth=rows["depth"].max() if deep else rows["depth"].min())
    return float(rows.groupby("learning_rate")["test_accuracy"].median().max())


def _rates(results: Results, optimizer: str) -> pd.DataFrame:
    return where(results["training_races"], study="rate", optimizer=optimizer, activation="relu")


def _budgets(results: Results, optimizer: str) -> list[int]:
    """Return the numbers of updates, in rising order."""
    return sorted(_rates(results, optimizer)["steps"].unique().tolist())


def _glorot_over_he(results: Results, optimizer: str, steps: int) -> float:
    """Compare right answers after so many updates, each start at the rate that does best on validation images."""
    best = best_rates(where(_rates(results, optimizer), steps=steps), ["initializer"])
    right = best.groupby("initializer")["test_accuracy"].median()
    return float(right["glorot_normal"] / right["he_normal"])
