"""Networks that are silent from the start: a layer that is all zeros for every input."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import with_constants
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.columns import DEPTH, INITIALIZER, REPLICATE, SQUARE_WIDTH
from reportgen.experiments.he.block import declared_variance, draw_block
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble
from reportgen.nn.mlp import forward

__all__ = ["BornDead"]


@dataclass(frozen=True, slots=True)
class BornDead:
    """Find the layer in which networks fall silent that are so narrow that a whole layer is often inactive."""

    block: int
    initializer: str
    networks: int = 200
    depth: int = 20
    width: int = 4
    batch: int = 64

    tables: ClassVar[Tables] = {
        "he_born_dead": (
            INITIALIZER,
            Column("stddev", "", "standard deviation of the weights"),
            SQUARE_WIDTH,
            REPLICATE,
            DEPTH,
            Column("silent_layer", "", "first layer that is all zeros for every input; 0 if there is none"),
            Column("silent_layer_one_input", "", "the same for the first input alone"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Look at every network of a block."""
        # float64: at the smallest scale the signal of twenty layers would leave the range of float32.
        inputs = streams.data(self.block).standard_normal((self.networks, self.batch, self.width))
        widths = [self.width] * (self.depth + 1)
        parameters = draw_block(streams, self.block, self.initializer, widths, self.networks, np.float64)
        tape = forward(Ensemble(parameters, activations.get("relu")), inputs, slopes=False)
        silent = np.array([(h == 0).all(axis=2) for h in tape.activations])
        columns: Columns = {
            "replicate": self.block * self.networks + np.arange(self.networks),
            "silent_layer": _first_layer(np.all(silent, axis=2)),
            "silent_layer_one_input": _first_layer(silent[..., 0]),
        }
        stddev = sqrt(declared_variance(self.initializer, self.width))
        return {"he_born_dead": with_constants(columns, stddev=stddev)}


def _first_layer(silent: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the number of the first layer that is true, 0 for none; shape (layers, members) to (members,)."""
    return np.where(silent.any(axis=0), silent.argmax(axis=0) + 1, 0)
