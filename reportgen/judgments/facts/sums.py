"""Facts about sums of random terms, and about one net of tanh units that is fed with them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import by_network, where

__all__ = ["FACTS"]

_GLOROT, _GAIN = "glorot_uniform", "glorot_uniform(gain=1.66666666667)"
_SETTLED = 10
"""From this layer on a tanh net with PyTorch's gain has settled."""


def sum_variance(results: Results) -> float:
    """Return Var(w·x) where Var(w) = 1/fan_in."""
    return _step(results, "forward")


def gradient_variance(results: Results) -> float:
    """Return Var(w·δ) where Var(w) = 1/fan_out."""
    return _step(results, "backward")


def glorot_forward(results: Results) -> float:
    """Return Var(w·x) under Glorot, in a layer with twice as many inputs as units."""
    return _step(results, "glorot_forward")


def glorot_backward(results: Results) -> float:
    """Return Var(w·δ) under Glorot in that layer."""
    return _step(results, "glorot_backward")


def normal_variance(results: Results) -> float:
    """Return the mean of fan_in and fan_out times the variance of Glorot's normal weights."""
    return _step(results, "glorot_normal")


def uniform_variance(results: Results) -> float:
    """Return the same of Glorot's uniform weights."""
    return _step(results, "glorot_uniform")


def variance_with_mean(results: Results) -> float:
    """Return Var(w·x) where Var(w) = 1/fan_in, and the inputs have a mean of one standard deviation."""
    return _assumption(results, "input_mean")


def variance_with_correlation(results: Results) -> float:
    """Return Var(w·x) where Var(w) = 1/fan_in, and the inputs are correlated."""
    return _assumption(results, "correlation")


def units_apart(results: Results) -> float:
    """Return how many times as much correlated inputs make the variance differ from unit to unit as others do."""
    spread = results["assumptions"].set_index("assumption")["unit_spread"]
    return float(spread["correlation"] / spread["kept"])


def fixed_growth(results: Results) -> float:
    """Return how many times as large Var(w·x) is with the most inputs as with the fewest, per times as many inputs."""
    rows = where(results["fan_in_growth"], initializer="random_normal(stddev=1)").sort_values("fan_in")
    first, last = rows.iloc[0], rows.iloc[-1]
    return float(last["measured"] / first["measured"] / (last["fan_in"] / first["fan_in"]))


def tanh_fading(results: Results) -> float:
    """Return the variance of those outputs, times twice the number of layers."""
    variance = _typical(results, _GLOROT, "activation_variance")
    return float(variance.iloc[-1] * 2 * variance.index[-1])


def gain_holds(results: Results) -> float:
    """Return the rms of the last layer's outputs over that of a layer near the inputs, under Glorot with gain 5/3."""
    variance = _typical(results, _GAIN, "activation_variance")
    return float(np.sqrt(variance.iloc[-1] / variance.loc[_SETTLED]))


def gain_gradient(results: Results) -> float:
    """Return the rms of delta in the first layer over that in the last, under Glorot with gain 5/3."""
    return _backward(results, _GAIN)


FACTS = (
    sum_variance,
    gradient_variance,
    glorot_forward,
    glorot_backward,
    normal_variance,
    uniform_variance,
    variance_with_mean,
    variance_with_correlation,
    units_apart,
    fixed_growth,
    tanh_fading,
    gain_holds,
    gain_gradient,
)


def _step(results: Results, step: str) -> float:
    return float(where(results["steps"], step=step)["measured"].iloc[0])


def _assumption(results: Results, assumption: str) -> float:
    return float(where(results["assumptions"], assumption=assumption)["measured"].iloc[0])


def _typical(results: Results, initializer: str, statistic: str) -> pd.Series[float]:
    """Return the geometric mean over networks, by layer."""
    networks = by_network(where(results["tanh_layers"], initializer=initializer), statistic)
    return networks.transform(np.log).mean().transform(np.exp)


def _backward(results: Results, initializer: str) -> float:
    variance = _typical(results, initializer, "delta_variance")
    return float(np.sqrt(variance.iloc[0] / variance.iloc[-1]))
