"""Facts about units that start equal, and about zeros: the short trainings on the circle and on digits."""

from __future__ import annotations

import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import where

__all__ = ["FACTS"]

_EQUAL = "constant(value=0.2)"
"""The equal weights of the circle."""

_PARTED = 0.5
"""Two units whose weights differ by this much, the size of the weights themselves, have parted."""

_NOTHING_RANDOM = {"weight_noise": 0.0, "bias_noise": 0.0, "dropout": 0.0}


def equal_units(results: Results) -> float:
    """Return the most distinct units of a hidden layer, at any time, that started equal."""
    return _equal(results, "circle")


def equal_units_in_batches(results: Results) -> float:
    """Return the same with mini-batches."""
    return _equal(results, "circle, mini-batches")


def equal_units_otherwise(results: Results) -> float:
    """Return the same with another rate, more data, Adam or weight decay, whichever has the most."""
    names = ("another rate", "more data", "Adam", "weight decay")
    return max(_equal(results, f"circle, {name}") for name in names)


def random_share(results: Results) -> float:
    """Return the least share of distinct units of a hidden layer at any time where the start is random."""
    hidden = where(results["symmetry_layers"], course="circle", start="glorot_normal", kind="hidden")
    return float(hidden["distinct_units"].min() / _units(results, "circle"))


def random_right(results: Results) -> float:
    """Return the least share of right answers on the circle that nets from random weights end with."""
    return float(_last(where(results["symmetry_learning"], course="circle", start="glorot_normal")).min())


def equal_right(results: Results) -> float:
    """Return the greatest share of right answers on the circle that nets from equal weights ever have."""
    equal = where(results["symmetry_learning"], course="circle", start=_EQUAL, **_NOTHING_RANDOM)
    return float(equal["test_accuracy"].max())


def zeros_moved(results: Results) -> float:
    """Return the farthest that any weight of a tanh or ReLU net moves that starts from zeros."""
    names = ("circle", "circle, relu", "digits", "digits, relu")
    zeros = where(results["symmetry_layers"], start="zeros", **_NOTHING_RANDOM)
    return float(zeros.loc[zeros["course"].isin(names), "moved"].max())


def sigmoid_zeros_moved(results: Results) -> float:
    """Return the farthest that weights move in the hidden layer of a sigmoid net that moves least, from zeros."""
    hidden = where(results["symmetry_layers"], course="digits, sigmoid", start="zeros", kind="hidden")
    return float(hidden.groupby("layer")["moved"].max().min())


def sigmoid_zeros_units(results: Results) -> float:
    """Return the most distinct units of a hidden layer of that net."""
    hidden = where(results["symmetry_layers"], course="digits, sigmoid", start="zeros", kind="hidden")
    return float(hidden["distinct_units"].max())


def no_hidden_layer_gap(results: Results) -> float:
    """Return by how much random weights beat zeros in right answers where there is no hidden layer."""
    table = where(results["symmetry_learning"], course="digits, no hidden layer")
    return float(_last(where(table, start="glorot_normal")).mean() - _last(where(table, start="zeros")).mean())


def parted_by_noise(results: Results) -> float:
    """Return the least share of distinct units at the end where noise was added to equal weights, on digits."""
    table = where(results["symmetry_layers"], course="digits", start="constant", kind="hidden")
    return _share_at_the_end(results, table[table["weight_noise"] > 0])


def parted_by_biases(results: Results) -> float:
    """Return the same where the biases are random, over equal weights or over zeros."""
    table = where(results["symmetry_layers"], course="digits", kind="hidden")
    return _share_at_the_end(results, table[table["bias_noise"] > 0])


def parted_by_dropout(results: Results) -> float:
    """Return the same where units are left out at random."""
    table = where(results["symmetry_layers"], course="digits", start="constant", kind="hidden")
    return _share_at_the_end(results, table[table["dropout"] > 0])


def wait_of_less_noise(results: Results) -> float:
    """Return how many times as long units on the circle take to part with the least noise as with the most."""
    noisy = where(results["symmetry_layers"], course="circle, noise", kind="hidden", bias_noise=0.0, dropout=0.0)
    noisy = noisy[(noisy["weight_noise"] > 0) & (noisy["spread"] > _PARTED)]
    waits = noisy.groupby(["weight_noise", "replicate"])["step"].min().groupby("weight_noise").mean()
    return float(waits.iloc[0] / waits.iloc[-1])


FACTS = (
    equal_units,
    equal_units_in_batches,
    equal_units_otherwise,
    random_share,
    random_right,
    equal_right,
    zeros_moved,
    sigmoid_zeros_moved,
    sigmoid_zeros_units,
    no_hidden_layer_gap,
    parted_by_noise,
    parted_by_biases,
    parted_by_dropout,
    wait_of_less_noise,
)


def _equal(results: Results, course: str) -> float:
    equal = where(results["symmetry_layers"], course=course, start=_EQUAL, kind="hidden", **_NOTHING_RANDOM)
    return float(equal["distinct_units"].max())


def _units(results: Results, course: str) -> int:
    return int(where(results["symmetry_courses"], course=course)["units"].iloc[0])


def _last(learning: pd.DataFrame) -> pd.Series[float]:
    """Return the right answers of every net after its last update."""
    last: pd.Series[float] = learning.loc[learning["step"] == learning["step"].max(), "test_accuracy"]
    return last


def _share_at_the_end(results: Results, layers: pd.DataFrame) -> float:
    last = layers[layers["step"] == layers["step"].max()]
    return float(last["distinct_units"].min() / _units(results, "digits"))
