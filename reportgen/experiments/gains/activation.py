"""What every activation asks of a gain at variance one, and what becomes of nets that get it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.averages import averages, if_averaged
from reportgen.experiments.columns import ACTIVATION, LAYER
from reportgen.nn.activations import activations
from reportgen.theory.bands import changes
from reportgen.theory.fixed_points import critical_sigma_w2, gains, q_star
from reportgen.theory.maps import correlations
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import NotConverged

__all__ = ["Averages", "Differences"]

Floats = NDArray[np.float64]

_PUBLISHED: dict[str, Callable[[float], float]] = {
    "linear": lambda below: 1.0,
    "sigmoid": lambda below: 1.0,
    "tanh": lambda below: 5 / 3,
    "relu": lambda below: 2**0.5,
    "leaky_relu": lambda below: (2 / (1 + below**2)) ** 0.5,
    "selu": lambda below: 3 / 4,
}
"""PyTorch's recommended gains, as functions of the slope below zero: ``torch.nn.init.calculate_gain``."""

_SOON = 10
"""Layers after which the backward gain is looked at."""

_Q = np.geomspace(1e-4, 1e4, 49)

_CURVE = (
    ACTIVATION,
    Column("q", "", "variance of the normal pre-activations"),
    Column("second_moment", "activation²", "E[phi(z)²]"),
    Column("slope_second_moment", "", "E[phi'(z)²]"),
)


@dataclass(frozen=True, slots=True)
class Averages:
    """Take the averages of an activation and of its slope over normal pre-activations, and the gains they ask for."""

    activation: str

    tables: ClassVar[Tables] = {
        "activation_gains": (
            *_CURVE,
            Column("forward_gain", "", "1 / sqrt(E[phi²]): keeps the second moment of the signal"),
            Column("backward_gain", "", "1 / sqrt(E[phi'²]): keeps the second moment of the gradient"),
            Column("std_gain", "", "1 / sqrt(E[phi²] - E[phi]²): keeps the standard deviation of the signal"),
            Column("torch_gain", "", "torch.nn.init.calculate_gain; nan where PyTorch names none"),
            Column("mean_share", "", "E[phi]² / E[phi²]: share of the second moment that is a squared mean"),
            Column("response", "", "d ln q' / d ln q at q = 1 under the forward gain: below 1 differences in q shrink"),
            Column("q_from_small", "", "where q settles under the forward gain if it starts at a quarter"),
            Column("q_from_large", "", "where q settles under the forward gain if it starts at four"),
            Column("edge_gain", "", "least gain at which some inputs settle where chi_1 is 1, without biases"),
            Column("q_of_backward_gain", "", "where q settles under the backward gain for inputs of mean square one"),
            Column("backward_gradient", "", "rms of delta at layer 1 over that at layer 10 under the backward gain"),
        ),
        "gain_curves": _CURVE,
    }

    def measure(self, streams: Streams) -> Measured:
        """Return the gains at unit variance, and the averages over many."""
        phi = averages(self.activation)
        return if_averaged(lambda: {"activation_gains": self._gains(phi), "gain_curves": {**_moments(phi, _Q)}})

    def _gains(self, phi: Nonlinearity) -> Columns:
        """Return the gains at unit variance, and the published one."""
        columns = _moments(phi, np.ones(1))
        published = _PUBLISHED.get(self.activation.partition("(")[0])
        below = float(activations.get(self.activation).derivative(np.array([-1.0]))[0])
        forward, backward = gains(phi)
        squared_mean = phi.mean(np.ones(1)) ** 2
        numbers = {
            "forward_gain": forward,
            "backward_gain": backward,
            "torch_gain": np.nan if published is None else published(below),
            **_where_it_settles(phi, forward, backward),
        }
        with np.errstate(divide="ignore", invalid="ignore"):  # of an activation that is 0, or constant
            return {
                **columns,
                "std_gain": 1 / np.sqrt(columns["second_moment"] - squared_mean),
                "mean_share": squared_mean / columns["second_moment"],
                **{name: np.array([number]) for name, number in numbers.items()},
            }


_SETTLING = ("response", "q_from_small", "q_from_large", "edge_gain", "q_of_backward_gain", "backward_gradient")


def _where_it_settles(phi: Nonlinearity, forward: float, backward: float) -> dict[str, float]:
    """Return what becomes of nets with either gain; nan where a gain is not finite or an average is not to be had."""
    if not np.isfinite([forward, backward]).all():
        return dict.fromkeys(_SETTLING, np.nan)
    try:
        small, large = q_star(phi, forward**2, 0.0, np.array([0.25, 4.0]) / forward**2)
        numbers = (
            forward**2 * float(phi.growth(1.0)),
            float(small),
            float(large),
            float(np.sqrt(critical_sigma_w2(phi, 0.0))),
            float(q_star(phi, backward**2, 0.0)),
            float(changes(phi, backward, _SOON).gradient),
        )
    except NotConverged:
        return dict.fromkeys(_SETTLING, np.nan)
    return dict(zip(_SETTLING, numbers, strict=True))


def _moments(phi: Nonlinearity, q: Floats) -> dict[str, Floats]:
    return {"q": q, "second_moment": phi.second_moment(q), "slope_second_moment": phi.slope(q)}


@dataclass(frozen=True, slots=True)
class Differences:
    """Follow two inputs at right angles through layers with the forward gain, which keeps their lengths."""

    activation: str
    depth: int = 20

    tables: ClassVar[Tables] = {
        "gain_differences": (
            ACTIVATION,
            LAYER,
            Column("difference", "", "rms of the difference of two inputs' pre-activations; 1 in the first layer"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Return a row per layer."""
        phi = averages(self.activation)
        sigma_w2 = gains(phi).forward ** 2
        cosine = correlations(phi, sigma_w2, 0.0, 1 / sigma_w2, 0.0, self.depth)
        columns = {"layer": np.arange(1, self.depth + 1), "difference": np.sqrt(np.maximum(1 - cosine, 0.0))}
        return {"gain_differences": columns}
