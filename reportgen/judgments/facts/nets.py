"""Facts about the deep nets of the battery and of the front page's advice, before they train, on random inputs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import best_rates

__all__ = ["FACTS"]

_DEEP, _DEPTH = 50, 20


def torch_relu_signal(results: Results) -> float:
    """Return the rms behind fifty ReLU layers, with PyTorch's default weights, for inputs of rms one."""
    return _signal(results, "forward", "torch_default", "relu")


def glorot_relu_signal(results: Results) -> float:
    """Return the same under Glorot."""
    return _signal(results, "forward", "glorot_normal", "relu")


def he_relu_signal(results: Results) -> float:
    """Return the same under He."""
    return _signal(results, "forward", "he_normal", "relu")


def he_relu_gradient(results: Results) -> float:
    """Return the rms of delta in the first layer over that in the last of fifty ReLU layers, under He."""
    return _gradient(results, "gradients", "he_normal", "relu", _DEEP)


def glorot_tanh_signal(results: Results) -> float:
    """Return the rms of the last of fifty tanh layers' outputs, under Glorot."""
    return _signal(results, "forward", "glorot_normal", "tanh")


def glorot_tanh_gradient(results: Results) -> float:
    """Return the rms of delta in the first layer over that in the last of fifty tanh layers, under Glorot."""
    return _gradient(results, "gradients", "glorot_normal", "tanh", _DEEP)


def sigmoid_factor(results: Results) -> float:
    """Return the factor of the rms of delta per sigmoid layer, under Glorot, in nets of twenty layers."""
    return float(_gradient(results, "gradients", "glorot_normal", "sigmoid", _DEPTH) ** (1 / (_DEPTH - 1)))


def sigmoid_gradient(results: Results) -> float:
    """Return the rms of delta in the first layer over that in the last of fifty sigmoid layers, under Glorot."""
    return _gradient(results, "gradients", "glorot_normal", "sigmoid", _DEEP)


def centered_signal(results: Results) -> float:
    """Return the rms of what differs between inputs behind fifty sigmoid layers of centered weights."""
    return _signal(results, "advice_forward", _centered(results), "sigmoid", "activation_variance")


def centered_gradient(results: Results) -> float:
    """Return the rms of delta in the first layer over that in the last of those layers."""
    return _gradient(results, "advice_gradients", _centered(results), "sigmoid", _DEEP)


def shifted_difference(results: Results) -> float:
    """Return the greatest difference between the outputs of tanh nets and of the sigmoid nets that are made of them."""
    return float(results["advice_shifted"]["difference"].max())


def shifted_right(results: Results) -> float:
    """Return the share of right answers of the median of those sigmoid nets, at the least depth that was trained."""
    table = results["advice_shifted"]
    shallow = where(table, depth=table["depth"].min())
    return float(best_rates(shallow, ["depth"])["test_accuracy"].median())


FACTS = (
    torch_relu_signal,
    glorot_relu_signal,
    he_relu_signal,
    he_relu_gradient,
    glorot_tanh_signal,
    glorot_tanh_gradient,
    sigmoid_factor,
    sigmoid_gradient,
    centered_signal,
    centered_gradient,
    shifted_difference,
    shifted_right,
)


def _centered(results: Results) -> str:
    """Return the start of the advice whose weights sum to zero over the inputs of every sigmoid unit."""
    names = where(results["advice_starts"], activation="sigmoid")["initializer"]
    return str(names[names.str.startswith("centered_normal")].iloc[0])


def _signal(
    results: Results, table: str, initializer: str, activation: str, statistic: str = "activation_second_moment"
) -> float:
    """Return the root of a statistic of the last layer: the geometric mean over networks."""
    rows = where(results[table], initializer=initializer, activation=activation, data="gaussian", layer=_DEEP)
    return _typical(np.sqrt(rows[statistic]))


def _gradient(results: Results, table: str, initializer: str, activation: str, depth: int) -> float:
    rows = where(results[table], initializer=initializer, activation=activation, data="gaussian", depth=depth)
    first, last = (_typical(where(rows, layer=layer)["delta_rms"]) for layer in (1, depth))
    return first / last


def _typical(values: pd.Series[float]) -> float:
    with np.errstate(divide="ignore"):
        return float(np.exp(np.log(values).mean()))
