"""The networks of a run: where each starts, and what training leaves of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.examples import Split
from reportgen.nn.initializers import initializers

__all__ = ["Network", "Trained", "draw_network"]


class Network(NamedTuple):
    """Where one network of a run starts, and the dropout it is trained with; named as the columns of its tables.

    Attributes
    ----------
    start
        Registry name of the initializer.
    weight_noise, bias_noise
        Standard deviations of the noise on top of it.
    dropout
        Chance of a hidden unit to be left out of an update.
    replicate
        Number of the independent start, which names its streams.
    """

    start: str
    weight_noise: float = 0.0
    bias_noise: float = 0.0
    dropout: float = 0.0
    replicate: int = 0


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run leaves.

    Attributes
    ----------
    data
        What was trained on and tested with.
    networks
        One per member of the ensemble.
    checkpoints
        Number of updates made, and the ensemble after them, from before the first update to after the last.
    """

    data: Split
    networks: tuple[Network, ...]
    checkpoints: list[tuple[int, Ensemble]]

    @property
    def end(self) -> Ensemble:
        """The ensemble after the last update."""
        return self.checkpoints[-1][1]


def draw_network(network: Network, widths: list[int], streams: Streams) -> Parameters:
    """Draw one network in float64; its noise is the same pattern at every size.

    Parameters
    ----------
    network
        Where it starts.
    widths
        Number of inputs, then the number of units of each layer.
    streams
        Give the weights and the noise of its replicate.
    """
    plain = draw_parameters(
        initializers.get(network.start),
        widths,
        lambda _, layer: streams.weights(network.replicate, layer),
        1,
        biases=True,
        dtype=np.float64,
    )
    noise = [streams.biases(network.replicate, layer) for layer in range(1, len(widths))]
    weights = [_noisy(W, network.weight_noise, rng) for W, rng in zip(plain.weights, noise, strict=True)]
    biases = [_noisy(b, network.bias_noise, rng) for b, rng in zip(plain.biases or (), noise, strict=True)]
    return Parameters(weights, biases)


def _noisy(values: Array, size: float, rng: np.random.Generator) -> Array:
    return values + size * rng.standard_normal(values.shape)
