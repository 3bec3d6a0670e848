"""The weights that networks start from, kept for the next cell: many differ in activation or data alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.nn.initializers import Initializer
from reportgen.nn.statistics import distinct_units

__all__ = ["Drawn", "drawn_layers"]

_MOST = 64 * 2**20
"""Bytes of weights that a process keeps."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The weights of one layer of one network.

    Attributes
    ----------
    weights
        Shape (fan_in, fan_out), not to be written.
    distinct_units
        Units whose incoming weights differ.
    """

    weights: NDArray[Any]
    distinct_units: int

    def distinct_with(self, biases: NDArray[Any]) -> int:
        """Count the units whose incoming weights or biases, shape (fan_out,), differ."""
        return int(distinct_units(self.weights[None], biases[None, None])[0])

    @classmethod
    def of(cls, initializer: Initializer, rng: np.random.Generator, fan_in: int, fan_out: int, dtype: str) -> Drawn:
        """Draw the weights of a layer."""
        weights = initializer.draw(rng, fan_in, fan_out).astype(dtype)
        return cls(weights, int(distinct_units(weights[None])[0]))


@dataclass(slots=True)
class _Kept:
    """The layers of the start that was last asked for, the first ones only where all would be too many."""

    start: tuple[Any, ...] = ()
    size: int = 0
    layers: dict[tuple[Any, ...], Drawn] = field(default_factory=dict)

    def of(self, start: tuple[Any, ...]) -> dict[tuple[Any, ...], Drawn]:
        if self.start != start:
            self.start, self.size, self.layers = start, 0, {}
        return self.layers

    def keep(self, place: tuple[Any, ...], layer: Drawn) -> None:
        if self.size + layer.weights.nbytes <= _MOST:
            self.size += layer.weights.nbytes
            self.layers[place] = layer


_kept = _Kept()


def drawn_layers(
    initializer: Initializer, widths: list[int], replicate: int, streams: Streams, dtype: str
) -> Iterator[Drawn]:
    """Yield the layers of one network, drawn or kept.

    Parameters
    ----------
    widths
        Number of inputs, then the number of units of each layer.
    replicate
        Which network of the streams.
    dtype
        In which the network runs.
    """
    is_ours = isinstance(initializer.draw, partial)  # a plugin may draw what it likes, every time anew
    kept = _kept.of((initializer.name, streams.seed, dtype)) if is_ours else {}
    for layer, fans in enumerate(pairwise(widths), start=1):
        place = (replicate, layer, fans)
        drawn = kept.get(place) or Drawn.of(initializer, streams.weights(replicate, layer), *fans, dtype)
        if is_ours and place not in kept:
            _kept.keep(place, drawn)
        yield drawn
