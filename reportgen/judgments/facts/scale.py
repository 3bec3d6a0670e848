"""Facts about weights at the wrong scale: the lecture's net of ten layers of 500 tanh units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import where

__all__ = ["FACTS"]

_SMALL, _LARGE = "random_normal(stddev=0.01)", "random_normal(stddev=1)"


def small_saturated(results: Results) -> float:
    """Return the greatest share of saturated units of any layer, with small weights."""
    return float(_layers(results, _SMALL)["saturated_fraction"].max())


def small_slope(results: Results) -> float:
    """Return the least mean squared slope of any layer, with small weights."""
    return float(_layers(results, _SMALL)["mean_squared_slope"].min())


def small_signal(results: Results) -> float:
    """Return the rms of the last layer's outputs, with small weights, for inputs of rms one."""
    layers = _layers(results, _SMALL)
    return _typical(where(layers, layer=layers["layer"].max()), "activation_rms")


def small_gradient(results: Results) -> float:
    """Return the rms of delta in the first layer over that in the last, with small weights."""
    return _gradient(_layers(results, _SMALL))


def large_saturated(results: Results) -> float:
    """Return the least share of saturated units of any layer, with large weights."""
    return float(_layers(results, _LARGE)["saturated_fraction"].min())


def large_gradient(results: Results) -> float:
    """Return the rms of delta in the first layer over that in the last, with large weights."""
    return _gradient(_layers(results, _LARGE))


def large_negligible(results: Results) -> float:
    """Return the mean share of units that get less than a thousandth of their layer's rms gradient."""
    return float(_layers(results, _LARGE)["negligible_fraction"].mean())


def relu_inactive(results: Results) -> float:
    """Return the mean share of inactive units in wide ReLU layers under He."""
    return float(where(results["scales"], initializer="he_normal", activation="relu")["saturated_fraction"].mean())


FACTS = (
    small_saturated,
    small_slope,
    small_signal,
    small_gradient,
    large_saturated,
    large_gradient,
    large_negligible,
    relu_inactive,
)


def _layers(results: Results, initializer: str) -> pd.DataFrame:
    return where(results["scales"], initializer=initializer, activation="tanh", width=500, dtype="float32")


def _typical(layers: pd.DataFrame, column: str) -> float:
    """Return the geometric mean over networks."""
    return float(np.exp(np.log(layers[column]).mean()))


def _gradient(layers: pd.DataFrame) -> float:
    first, last = (where(layers, layer=layer) for layer in (1, layers["layer"].max()))
    return _typical(first, "delta_rms") / _typical(last, "delta_rms")
