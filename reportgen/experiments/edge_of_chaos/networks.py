"""Networks at initialization, one at a time: what they do to the angle of two inputs, and to the length of one."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer, with_constants
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.averages import averages
from reportgen.experiments.columns import ACTIVATION, INITIALIZER, LAYER, REPLICATE, SIGMA_W2, SQUARE_WIDTH
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import forward
from reportgen.theory.maps import correlations

__all__ = ["Angles", "Lengths", "at_cosine", "cosines", "draw_network"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Angles:
    """Follow pairs of inputs at one angle through networks without biases."""

    initializer: str
    activation: str
    first_cosine: float
    networks: int
    width: int = 256
    depth: int = 30
    pairs: int = 8

    tables: ClassVar[Tables] = {
        "edge_angles": (
            INITIALIZER,
            ACTIVATION,
            SIGMA_W2,
            SQUARE_WIDTH,
            REPLICATE,
            LAYER,
            Column("cosine", "", "cosine of the pre-activations of two inputs, averaged over pairs"),
            Column("predicted", "", "the same in infinitely wide layers"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer of every network, and predict it."""
        sigma_w2 = self.width * (initializers.get(self.initializer).variance(self.width, self.width) or 0.0)
        phi = averages(self.activation)
        predicted = correlations(phi, sigma_w2, 0.0, 1.0, self.first_cosine, self.depth)
        measured = [self._network(member, streams) for member in range(self.networks)]
        columns = by_layer({"cosine": np.transpose(measured), "predicted": np.tile(predicted, (self.networks, 1)).T})
        return {"edge_angles": with_constants(columns, sigma_w2=sigma_w2)}

    def _network(self, member: int, streams: Streams) -> list[float]:
        """Return the cosine in every layer of one network, averaged over the pairs."""
        first, second = (
            sqrt(self.width) * at_cosine(streams.data(member), cosine, self.pairs, self.width)
            for cosine in (1.0, self.first_cosine)
        )
        parameters = draw_network(self.initializer, self.width, self.depth, member, streams)
        inputs = np.concatenate([first, second]).astype(np.float32)[None]
        tape = forward(Ensemble(parameters, activations.get(self.activation)), inputs, slopes=False)
        return [float(cosines(*np.split(z[0].astype(np.float64), 2)).mean()) for z in tape.pre_activations]


@dataclass(frozen=True, slots=True)
class Lengths:
    """Follow the length of one input through ReLU networks of one width.

    The distribution of the lengths is known exactly for weights that are not truncated.
    """

    width: int
    networks: int
    initializer: str = "he_normal(truncated=False)"
    depth: int = 48

    tables: ClassVar[Tables] = {
        "edge_lengths": (
            SQUARE_WIDTH,
            REPLICATE,
            LAYER,
            Column("log_squared_length", "nats", "ln of the squared length of h, the input having length 1"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer of every network."""
        logs = [self._network(member, streams) for member in range(self.networks)]
        return {"edge_lengths": by_layer({"log_squared_length": np.transpose(logs)})}

    def _network(self, member: int, streams: Streams) -> list[float]:
        inputs = at_cosine(streams.data(member), 1.0, 1, self.width).astype(np.float32)[None]
        parameters = draw_network(self.initializer, self.width, self.depth, member, streams)
        tape = forward(Ensemble(parameters, activations.get("relu")), inputs, slopes=False)
        return [float(np.log(np.square(h, dtype=np.float64).sum())) for h in tape.activations]


def draw_network(initializer: str, width: int, depth: int, member: int, streams: Streams) -> Parameters:
    """Draw the weights of one network of equal widths.

    Parameters
    ----------
    initializer
        Registry name.
    width, depth
        Units per layer, and number of inputs; number of layers.
    member
        Number of the network, which names its streams.
    """
    item, widths = initializers.get(initializer), [width] * (depth + 1)
    return draw_parameters(item, widths, lambda _, layer: streams.weights(member, layer), members=1)


def at_cosine(rng: np.random.Generator, cosine: float, count: int, width: int) -> Floats:
    """Return unit vectors, shape (count, width), at one cosine to those that cosine 1 and an equal generator give."""
    first, other = rng.standard_normal((2, count, width))
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    other -= (first * other).sum(axis=1, keepdims=True) * first
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    return np.asarray(cosine * first + sqrt(1 - cosine**2) * other)


def cosines(first: Array, second: Array) -> Floats:
    """Return the cosines of pairs of rows."""
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return np.asarray((first * second).sum(axis=1) / lengths)
