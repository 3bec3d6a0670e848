"""Gains: what keeps the signal, what keeps the gradient, and what the one does to the other in deep networks.

The averages are taken over normal pre-activations; the networks are square, without biases, at initialization.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Part, Plan, Tables
from reportgen.experiments.averages import averages, if_averaged
from reportgen.experiments.columns import (
    ACTIVATION,
    DELTA_SECOND_MOMENT,
    LAYER,
    PRE_ACTIVATION_SECOND_MOMENT,
    REPLICATE,
    SQUARE_WIDTH,
)
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import rms
from reportgen.theory.maps import backward_moments, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity

__all__ = ["EXPERIMENT", "Averages", "Layers"]

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

_TRIED = (("tanh", 1.0), ("tanh", 5 / 3), ("selu", 1.0), ("selu", 3 / 4))
"""Activation and gain of the deep networks."""

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
            Column("torch_gain", "", "torch.nn.init.calculate_gain; nan where PyTorch names none"),
        ),
        "gain_curves": _CURVE,
    }

    def measure(self, streams: Streams) -> Measured:
        """Return the gains at unit variance, and the averages over many."""
        phi = averages(self.activation)
        return if_averaged(lambda: {"activation_gains": self._gains(phi), "gain_curves": {**_moments(phi, _Q)}})

    def _gains(self, phi: Nonlinearity) -> Columns:
        """Return both gains at unit variance, and the published one."""
        columns = _moments(phi, np.ones(1))
        published = _PUBLISHED.get(self.activation.partition("(")[0])
        below = float(activations.get(self.activation).derivative(np.array([-1.0]))[0])
        return {
            **columns,
            "forward_gain": 1 / np.sqrt(columns["second_moment"]),
            "backward_gain": 1 / np.sqrt(columns["slope_second_moment"]),
            "torch_gain": np.array([np.nan if published is None else published(below)]),
        }


def _moments(phi: Nonlinearity, q: Floats) -> dict[str, Floats]:
    return {"q": q, "second_moment": phi.second_moment(q), "slope_second_moment": phi.slope(q)}


@dataclass(frozen=True, slots=True)
class Layers:
    """Send signals up and gradients down deep networks of some gain; all gains scale the same draws."""

    activation: str
    gain: float
    networks: int
    depth: int = 50
    width: int = 128
    batch: int = 32

    tables: ClassVar[Tables] = {
        "gain_layers": (
            ACTIVATION,
            Column("gain", "", "weights have the variance gain² / width"),
            SQUARE_WIDTH,
            REPLICATE,
            LAYER,
            PRE_ACTIVATION_SECOND_MOMENT,
            DELTA_SECOND_MOMENT,
            Column("predicted_q", "input std²", "what mean field theory says of the former"),
            Column("predicted_delta", "cotangent std²", "what mean field theory says of the latter"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer, and predict it."""
        shape = self.batch, self.width
        inputs, cotangents = (
            np.stack([rng(replicate).standard_normal(shape, np.float32) for replicate in range(self.networks)])
            for rng in (streams.data, streams.cotangents)
        )
        initializer = initializers.get(f"glorot_normal(gain={self.gain:.12g}, truncated=False)")
        widths = [self.width] * (self.depth + 1)
        parameters = draw_parameters(initializer, widths, streams.weights, self.networks)
        ensemble = Ensemble(parameters, activations.get(self.activation))
        tape = forward(ensemble, inputs)
        columns = by_layer(
            {
                "pre_activation_second_moment": [rms(z) ** 2 for z in tape.pre_activations],
                "delta_second_moment": [rms(delta) ** 2 for delta in backward(ensemble, tape, cotangents).deltas],
                **self._predicted(np.square(inputs, dtype=np.float64).mean(axis=-1)),
            }
        )
        return {"gain_layers": columns}

    def _predicted(self, q0: Floats) -> dict[str, Floats]:
        """Apply the maps to each input, shape (networks, batch), and average: shape (layers, networks)."""
        phi, sigma_w2 = averages(self.activation), self.gain**2
        q, _ = forward_moments(phi, sigma_w2, 0.0, q0, self.depth)
        delta2 = backward_moments(phi.slope(q), sigma_w2)
        return {"predicted_q": q.mean(axis=-1), "predicted_delta": delta2.mean(axis=-1)}


def _work(plan: Plan) -> Iterator[Part]:
    yield from map(Averages, plan.activations)
    networks = max(12, round(16 * plan.effort))
    yield from (Layers(activation, gain, networks) for activation, gain in _TRIED)


EXPERIMENT = Experiment(
    name="gains",
    summary="Forward and backward gains of every activation, and deep networks with gains that keep only one of them",
    parts=(Averages, Layers),
    work=_work,
)
