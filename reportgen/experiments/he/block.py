"""What the networks of one block share: their random numbers, whatever the initializer."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import DTypeLike

from reportgen.battery.cell import Streams
from reportgen.nn.ensemble import Array, Parameters, draw_parameters
from reportgen.nn.initializers import initializers

__all__ = ["declared_variance", "draw_block", "gaussian_inputs"]


def draw_block(
    streams: Streams, block: int, initializer: str, widths: list[int], members: int, dtype: DTypeLike = np.float32
) -> Parameters:
    """Draw the networks of a block, which take turns at one generator per layer, whatever the initializer is."""

    @cache
    def generator(layer: int) -> np.random.Generator:
        return streams.weights(block, layer)

    return draw_parameters(
        initializers.get(initializer), widths, lambda _, layer: generator(layer), members, dtype=dtype
    )


def declared_variance(initializer: str, width: int) -> float:
    """Return the declared variance of a weight of a square layer; fixed weights, which declare none, have zero."""
    return initializers.get(initializer).variance(width, width) or 0.0


def gaussian_inputs(streams: Streams, block: int, *shape: int) -> Array:
    """Return standard normal inputs of this shape."""
    return streams.data(block).standard_normal(shape).astype(np.float32)
