"""What depth does to the moments of a signal, and to the lengths of two inputs and the angle between them."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer, with_constants
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.columns import (
    INITIALIZER,
    LAYER,
    PRE_ACTIVATION_SECOND_MOMENT,
    PRE_ACTIVATION_VARIANCE,
    REPLICATE,
    SIGMA_W2,
    SQUARE_WIDTH,
)
from reportgen.experiments.he.block import declared_variance, draw_block, gaussian_inputs
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble
from reportgen.nn.mlp import forward
from reportgen.nn.statistics import moments, rms

__all__ = ["Moments", "Pairs"]


@dataclass(frozen=True, slots=True)
class Moments:
    """Follow the moments through layers of equal width, behind a ReLU with some slope on its negative side."""

    block: int
    initializer: str
    negative_slope: float
    networks: int = 16
    depth: int = 20
    width: int = 128
    batch: int = 64

    tables: ClassVar[Tables] = {
        "he_layers": (
            INITIALIZER,
            Column("negative_slope", "", "slope of the leaky ReLU below 0; 0 is ReLU itself"),
            SIGMA_W2,
            SQUARE_WIDTH,
            REPLICATE,
            LAYER,
            PRE_ACTIVATION_SECOND_MOMENT,
            PRE_ACTIVATION_VARIANCE,
            Column("activation_second_moment", "input std²", "mean of h² over inputs and units"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer of the networks of a block."""
        inputs = gaussian_inputs(streams, self.block, self.networks, self.batch, self.width)
        parameters = draw_block(streams, self.block, self.initializer, [self.width] * (self.depth + 1), self.networks)
        slope = self.negative_slope
        activation = activations.get(f"leaky_relu(negative_slope={slope})" if slope else "relu")
        tape = forward(Ensemble(parameters, activation), inputs, slopes=False)
        pre_activation = np.array([moments(z) for z in tape.pre_activations])
        columns = by_layer(
            {
                "pre_activation_second_moment": pre_activation[:, 1],
                "pre_activation_variance": pre_activation[:, 2],
                "activation_second_moment": [rms(h) ** 2 for h in tape.activations],
            },
            replicate=self.block * self.networks,
        )
        sigma_w2 = self.width * declared_variance(self.initializer, self.width)
        return {"he_layers": with_constants(columns, sigma_w2=sigma_w2)}


@dataclass(frozen=True, slots=True)
class Pairs:
    """Follow two inputs at a given angle through deep, narrow networks: their lengths, and the cosine between them.

    The distribution of the lengths is known exactly for weights that are not truncated.
    """

    block: int
    initializer: str = "he_normal(truncated=False)"
    first_cosine: float = 0.3
    networks: int = 64
    depth: int = 50
    width: int = 64

    tables: ClassVar[Tables] = {
        "he_pairs": (
            SQUARE_WIDTH,
            REPLICATE,
            Column("layer", "", "hidden layer; 0 stands for the inputs"),
            Column("log_squared_length", "nats", "ln of the squared length of h, inputs having length 1"),
            Column("cosine", "", "cosine of the angle between the h of two inputs"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Measure the inputs and every layer of the networks of a block."""
        inputs = _at_angle(gaussian_inputs(streams, self.block, self.networks, 2, self.width), self.first_cosine)
        parameters = draw_block(streams, self.block, self.initializer, [self.width] * (self.depth + 1), self.networks)
        tape = forward(Ensemble(parameters, activations.get("relu")), inputs, slopes=False)
        # Products within each pair, shape (layers, members, 2, 2); the first layer is that of the inputs.
        products = np.array([_gram(h) for h in (inputs, *tape.activations)])
        squared = np.diagonal(products, axis1=2, axis2=3)
        cosine = products[..., 0, 1] / np.sqrt(squared.prod(axis=-1))
        measured = {"log_squared_length": np.log(squared[..., 0]), "cosine": cosine}
        return {"he_pairs": by_layer(measured, replicate=self.block * self.networks, layer=0)}


def _at_angle(pairs: Array, cosine: float) -> Array:
    """Turn pairs of vectors, shape (members, 2, units), into unit vectors with the given cosine."""
    first, second = (vector / np.linalg.norm(vector, axis=-1, keepdims=True) for vector in pairs.swapaxes(0, 1))
    across = second - (first * second).sum(axis=-1, keepdims=True) * first
    across /= np.linalg.norm(across, axis=-1, keepdims=True)
    return np.stack([first, cosine * first + sqrt(1 - cosine**2) * across], axis=1)


def _gram(h: Array) -> NDArray[np.float64]:
    wide = h.astype(np.float64)
    return np.asarray(wide @ wide.swapaxes(1, 2))
