"""Gains: what keeps the signal, what keeps the gradient, and what the one does to the other in deep networks.

The averages are taken over normal pre-activations; the networks are square, without biases, at initialization.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.columns import by_layer
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan
from reportgen.experiments.averages import averages, if_averaged
from reportgen.experiments.columns import (
    ACTIVATION,
    DELTA_SECOND_MOMENT,
    LAYER,
    PRE_ACTIVATION_SECOND_MOMENT,
    REPLICATE,
    SQUARE_WIDTH,
)
from reportgen.nn.activations import Activation, activations
from reportgen.nn.ensemble import Ensemble, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import rms
from reportgen.theory.maps import backward_moments, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity

__all__ = ["EXPERIMENT"]

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

_Q = np.geomspace(1e-4, 1e4, 49)
_TRIED = (("tanh", 1.0), ("tanh", 5 / 3), ("selu", 1.0), ("selu", 3 / 4))
_DEPTH, _WIDTH, _BATCH = 50, 128, 32

_Q_COLUMN = Column("q", "", "variance of the normal pre-activations")
_MOMENT = Column("second_moment", "activation²", "E[phi(z)²]")
_SLOPE = Column("slope_second_moment", "", "E[phi'(z)²]")

GAINS = (
    ACTIVATION,
    _Q_COLUMN,
    _MOMENT,
    _SLOPE,
    Column("forward_gain", "", "1 / sqrt(E[phi²]): keeps the second moment of the signal"),
    Column("backward_gain", "", "1 / sqrt(E[phi'²]): keeps the second moment of the gradient"),
    Column("torch_gain", "", "torch.nn.init.calculate_gain; nan where PyTorch names none"),
)
CURVES = (ACTIVATION, _Q_COLUMN, _MOMENT, _SLOPE)
LAYERS = (
    ACTIVATION,
    Column("gain", "", "weights have the variance gain² / width"),
    SQUARE_WIDTH,
    REPLICATE,
    LAYER,
    PRE_ACTIVATION_SECOND_MOMENT,
    DELTA_SECOND_MOMENT,
    Column("predicted_q", "input std²", "what mean field theory says of the former"),
    Column("predicted_delta", "cotangent std²", "what mean field theory says of the latter"),
)


def _cells(plan: Plan) -> list[Cell]:
    averages = [Cell.of(EXPERIMENT.name, activation=activation) for activation in plan.activations]
    networks = max(12, round(16 * plan.effort))
    return averages + [
        Cell.of(EXPERIMENT.name, activation=activation, gain=gain, width=_WIDTH, networks=networks)
        for activation, gain in _TRIED
    ]


def _measure(cell: Cell, streams: Streams) -> Measured:
    activation = activations.get(cell.text("activation"))
    if "gain" in cell.mapping():
        return {"gain_layers": _layers(cell, streams, activation)}
    phi = averages(activation.name)
    return if_averaged(lambda: {"activation_gains": _gains(activation, phi), "gain_curves": {**_moments(phi, _Q)}})


def _moments(phi: Nonlinearity, q: Floats) -> dict[str, Floats]:
    return {"q": q, "second_moment": phi.second_moment(q), "slope_second_moment": phi.slope(q)}


def _gains(activation: Activation, phi: Nonlinearity) -> Columns:
    """Return both gains at unit variance, and the published one."""
    columns = _moments(phi, np.ones(1))
    published = _PUBLISHED.get(activation.name.partition("(")[0])
    below = float(activation.derivative(np.array([-1.0]))[0])
    return {
        **columns,
        "forward_gain": 1 / np.sqrt(columns["second_moment"]),
        "backward_gain": 1 / np.sqrt(columns["slope_second_moment"]),
        "torch_gain": np.array([np.nan if published is None else published(below)]),
    }


def _layers(cell: Cell, streams: Streams, activation: Activation) -> Columns:
    """Send signals up and gradients down deep networks; all gains scale the same draws."""
    networks = cell.number("networks")
    gain = float(cell["gain"])  # type: ignore[arg-type]
    inputs, cotangents = (
        np.stack([rng(replicate).standard_normal((_BATCH, _WIDTH), np.float32) for replicate in range(networks)])
        for rng in (streams.data, streams.cotangents)
    )
    parameters = draw_parameters(
        initializers.get(f"glorot_normal(gain={gain:.12g}, truncated=False)"),
        [_WIDTH] * (_DEPTH + 1),
        streams.weights,
        networks,
    )
    ensemble = Ensemble(parameters, activation)
    tape = forward(ensemble, inputs)
    deltas = backward(ensemble, tape, cotangents).deltas
    return by_layer(
        {
            "pre_activation_second_moment": [rms(z) ** 2 for z in tape.pre_activations],
            "delta_second_moment": [rms(delta) ** 2 for delta in deltas],
            **_predicted(averages(activation.name), gain**2, np.square(inputs, dtype=np.float64).mean(axis=-1)),
        }
    )


def _predicted(phi: Nonlinearity, sigma_w2: float, q0: Floats) -> dict[str, Floats]:
    """Apply the maps to each input, shape (networks, batch), and average: shape (layers, networks)."""
    q, _ = forward_moments(phi, sigma_w2, 0.0, q0, _DEPTH)
    delta2 = backward_moments(phi.slope(q), sigma_w2)
    return {"predicted_q": q.mean(axis=-1), "predicted_delta": delta2.mean(axis=-1)}


EXPERIMENT = Experiment(
    name="gains",
    summary="Forward and backward gains of every activation, and deep networks with gains that keep only one of them",
    tables={"activation_gains": GAINS, "gain_curves": CURVES, "gain_layers": LAYERS},
    cells=_cells,
    measure=_measure,
)
