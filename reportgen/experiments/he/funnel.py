"""Signals and gradients in networks whose fan_in and fan_out differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.columns import (
    DELTA_SECOND_MOMENT,
    INITIALIZER,
    LAYER,
    PRE_ACTIVATION_SECOND_MOMENT,
    REPLICATE,
)
from reportgen.experiments.he.block import draw_block, gaussian_inputs
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import rms

__all__ = ["Funnel"]


@dataclass(frozen=True, slots=True)
class Funnel:
    """Send signals and gradients through networks whose fan_in and fan_out differ."""

    block: int
    initializer: str
    networks: int = 48
    batch: int = 16
    widths: tuple[int, ...] = (64, 256, 256, 128, 128, 64, 64)

    tables: ClassVar[Tables] = {
        "he_fans": (
            INITIALIZER,
            REPLICATE,
            LAYER,
            Column("fan_in", "units", "inputs of the layer"),
            Column("fan_out", "units", "units of the layer"),
            PRE_ACTIVATION_SECOND_MOMENT,
            DELTA_SECOND_MOMENT,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer of the networks of a block."""
        parameters = draw_block(streams, self.block, self.initializer, list(self.widths), self.networks)
        inputs = gaussian_inputs(streams, self.block, self.networks, self.batch, self.widths[0])
        ensemble = Ensemble(parameters, activations.get("relu"))
        tape = forward(ensemble, inputs)
        cotangent = streams.cotangents(self.block).standard_normal((self.networks, self.batch, self.widths[-1]))
        gradients = backward(ensemble, tape, cotangent.astype(np.float32), parameters=False)
        columns = by_layer(
            {
                "pre_activation_second_moment": [rms(z) ** 2 for z in tape.pre_activations],
                "delta_second_moment": [rms(delta) ** 2 for delta in gradients.deltas],
            },
            replicate=self.block * self.networks,
        )
        fans, layer = np.array(self.widths), columns["layer"].astype(int)
        return {"he_fans": {**columns, "fan_in": fans[layer - 1], "fan_out": fans[layer]}}
