"""Deep tanh networks under Glorot's initialization, with gain 1 and with the gain 5/3.

Zero biases and standard normal inputs. tanh is odd and the weights are symmetric around zero, so every mean is zero
and the mean square of z, h and delta is their variance over networks, units and inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer, concatenate
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.columns import INITIALIZER, LAYER, REPLICATE, WIDTH
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import rms

__all__ = ["TanhLayers"]


@dataclass(frozen=True, slots=True)
class TanhLayers:
    """Send signals up and gradients down deep tanh networks; initializers share their base draws."""

    initializer: str
    networks: int
    width: int = 256
    depth: int = 50
    batch: int = 32

    tables: ClassVar[Tables] = {
        "tanh_layers": (
            INITIALIZER,
            WIDTH,
            REPLICATE,
            LAYER,
            Column("pre_activation_variance", "input std²", "mean of z² over inputs and units"),
            Column("activation_variance", "activation²", "mean of h² over inputs and units"),
            Column("delta_variance", "cotangent std²", "mean of (dLoss/dz)² over inputs and units"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer of every network."""
        return {"tanh_layers": concatenate(self._network(replicate, streams) for replicate in range(self.networks))}

    def _network(self, replicate: int, streams: Streams) -> Columns:
        inputs, cotangent = (
            rng.standard_normal((1, self.batch, self.width), np.float32)
            for rng in (streams.data(replicate), streams.cotangents(replicate))
        )
        initializer, widths = initializers.get(self.initializer), [self.width] * (self.depth + 1)
        parameters = draw_parameters(initializer, widths, lambda _, layer: streams.weights(replicate, layer), members=1)
        ensemble = Ensemble(parameters, activations.get("tanh"))
        tape = forward(ensemble, inputs)
        measured = {
            "pre_activation_variance": tape.pre_activations,
            "activation_variance": tape.activations,
            "delta_variance": backward(ensemble, tape, cotangent, parameters=False).deltas,
        }
        variances = {name: [rms(layer)[0] ** 2 for layer in layers] for name, layers in measured.items()}
        return by_layer(variances, replicate=replicate)
