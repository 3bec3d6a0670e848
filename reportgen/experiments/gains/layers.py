"""Gains: what keeps the signal, what keeps the gradient, and what the one does to the other in deep networks.

The averages are taken over normal pre-activations; the networks are square, without biases, at initialization.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.averages import averages
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

__all__ = ["Layers"]

Floats = NDArray[np.float64]


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
        deltas = backward(ensemble, tape, cotangents, parameters=False).deltas
        columns = by_layer(
            {
                "pre_activation_second_moment": [rms(z) ** 2 for z in tape.pre_activations],
                "delta_second_moment": [rms(delta) ** 2 for delta in deltas],
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
