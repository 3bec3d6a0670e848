"""Facts about the gain of an activation: averages over normal numbers, and nets that were started with them."""

from __future__ import annotations

import numpy as np

from reportgen.battery.results import Results
from reportgen.judgments.frames import where

__all__ = ["FACTS"]

_DEEP = 50


def tanh_forward_gain(results: Results) -> float:
    """Return the gain at which tanh keeps a signal of variance one."""
    return _gain(results, "tanh", "forward_gain")


def tanh_backward_gain(results: Results) -> float:
    """Return the gain at which tanh keeps a gradient, where the signal has variance one."""
    return _gain(results, "tanh", "backward_gain")


def other_gains_apart(results: Results) -> float:
    """Return by which factor they are apart at least for activations that are not made of straight lines."""
    table = results["activation_gains"].set_index("activation").drop(["linear", "relu", "leaky_relu"])
    return float(np.exp(np.abs(np.log(table["forward_gain"] / table["backward_gain"])).min()))


def relu_gains_apart(results: Results) -> float:
    """Return how far these two gains are apart for ReLU."""
    return abs(_gain(results, "relu", "forward_gain") - _gain(results, "relu", "backward_gain"))


def selu_forward_gain(results: Results) -> float:
    """Return the gain at which SELU keeps a signal of variance one."""
    return _gain(results, "selu", "forward_gain")


def selu_torch_gain(results: Results) -> float:
    """Return the gain that PyTorch recommends for SELU."""
    return _gain(results, "selu", "torch_gain")


def selu_signal(results: Results) -> float:
    """Return the rms of the signal in the last layer over that in the first of deep SELU nets with PyTorch's gain."""
    rows = where(results["gain_layers"], activation="selu", gain=0.75)
    layers = np.exp(np.log(rows["pre_activation_second_moment"]).groupby(rows["layer"]).mean())
    return float(np.sqrt(layers.iloc[-1] / layers.iloc[0]))


def sigmoid_mean_share(results: Results) -> float:
    """Return the squared mean's share of the mean square of sigmoid's output, at variance one."""
    return _gain(results, "sigmoid", "mean_share")


def gelu_gain_of_short(results: Results) -> float:
    """Return the gain that changes fifty GELU layers least, for inputs of mean square a quarter."""
    return _best(results, 0.25)


def gelu_gain_of_long(results: Results) -> float:
    """Return the same for inputs of mean square four."""
    return _best(results, 4.0)


FACTS = (
    tanh_forward_gain,
    tanh_backward_gain,
    other_gains_apart,
    relu_gains_apart,
    selu_forward_gain,
    selu_torch_gain,
    selu_signal,
    sigmoid_mean_share,
    gelu_gain_of_short,
    gelu_gain_of_long,
)


def _gain(results: Results, activation: str, column: str) -> float:
    return float(where(results["activation_gains"], activation=activation)[column].iloc[0])


def _best(results: Results, q0: float) -> float:
    return float(where(results["gain_bands"], activation="gelu", depth=_DEEP, q0=q0)["best_gain"].iloc[0])
