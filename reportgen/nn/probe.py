"""A signal sent up through one plain network, and gradients down through it, measured layer by layer.

It does what `reportgen.nn.mlp` does, for plain networks that are only looked at: one at a time and in arrays that are
kept, so that a layer stays in the processor's cache from the product that makes it to the statistics that are taken of
it, and the gradients of all depths pass a layer together. Letters as in `reportgen.nn.mlp`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, isnan, log2, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from reportgen.nn.activation import Activation, Array
from reportgen.nn.mlp import lost_where
from reportgen.nn.moments import mean_square, moments_of
from reportgen.nn.statistics import layer_statistics

__all__ = ["Arrived", "Network", "Probe"]

_FAINT = 2.0**-40
"""A signal of a smaller rms may hold subnormal numbers, with which a product takes a hundred times as long."""

_GREATEST_LIFT = 120
"""Power of 2 that such a signal is multiplied with at most; single precision has numbers up to 2^127."""


@dataclass(frozen=True, slots=True)
class Network:
    """One network without a readout.

    Attributes
    ----------
    weights
        One array of shape (fan_in, fan_out) per layer; all layers are equally wide.
    biases
        One array of shape (fan_out,) per layer, or None.
    activation
        Follows every layer.
    """

    weights: Sequence[Array]
    biases: Sequence[Array] | None
    activation: Activation


class Arrived(NamedTuple):
    """What of a gradient has come down to a layer.

    Attributes
    ----------
    depth, layer
        Where it came in, and where it is, counted from 1.
    delta_rms
        Root mean square of dLoss/dz over inputs and units.
    gradient_norm
        Frobenius norm of dLoss/dW, summed over the batch.
    finite_fraction
        Share of dLoss/dz that is neither inf nor nan.
    """

    depth: int
    layer: int
    delta_rms: float
    gradient_norm: float
    finite_fraction: float


class Probe:
    """Arrays for networks of one shape, one after the other.

    Parameters
    ----------
    depths
        Numbers of layers after which gradients come in.
    batch, width
        Inputs, and units of each layer.
    dtype
        Floating-point type in which the networks run.
    """

    def __init__(self, depths: Sequence[int], batch: int, width: int, dtype: DTypeLike) -> None:
        self._depths = sorted(depths, reverse=True)
        self._space, self._z = np.empty((2, batch, width), dtype)
        self._pairs = np.empty((self._depths[0], 2, batch, width), dtype)
        self._upstream, self._deltas = np.empty((2, len(depths), batch, width), dtype)
        self._signals: list[Array] = []
        self._slopes: list[Array] = []
        self._sizes: list[float] = []

    def up(self, network: Network, inputs: Array) -> Iterator[dict[str, float]]:
        """Yield the statistics of every layer, from the first; see `layer_statistics`.

        Parameters
        ----------
        inputs
            Shape (batch, fan_in of the first layer).
        """
        self._signals, self._slopes, self._sizes = [inputs], [], [sqrt(mean_square(inputs))]
        for layer, W in enumerate(network.weights):
            z = _product(self._signals[-1], W, self._z, self._sizes[-1])
            if network.biases:
                z += network.biases[layer]
            h, slope = network.activation.with_slope(z, (self._pairs[layer, 0], self._pairs[layer, 1]))
            below = moments_of(z, self._space)
            slope = lost_where(z, slope) if isnan(below.second_moment) else slope
            statistics = layer_statistics(below, h, slope, network.activation, self._space)
            self._signals.append(h)
            self._slopes.append(slope)
            self._sizes.append(sqrt(statistics["activation_second_moment"]))
            yield statistics

    def down(self, network: Network, cotangent: Array) -> Iterator[Arrived]:
        """Yield what arrives at every layer of the gradient that enters at each depth, from the last layer down.

        Parameters
        ----------
        network
            The one that the last signal went up through, all the way.
        cotangent
            dLoss/dh of the last layer of every depth, shape (batch, units).
        """
        entered = 0
        for layer in range(self._depths[0], 0, -1):
            if layer in self._depths:
                self._upstream[entered] = cotangent
                entered += 1
            below, gradient = self._signals[layer - 1], np.empty_like(network.weights[layer - 1])
            for depth, upstream, delta in zip(self._depths[:entered], self._upstream, self._deltas, strict=False):
                np.multiply(self._slopes[layer - 1], upstream, out=delta)
                size = sqrt(mean_square(delta))
                _product(below.T, delta, gradient, self._sizes[layer - 1], size)
                yield Arrived(depth, layer, size, _norm(gradient), _finite(delta, size))
                if layer > 1:
                    _product(delta, network.weights[layer - 1].T, upstream, size)


def _product(a: Array, b: Array, out: Array, size: float, other: float = 1.0) -> Array:
    """Write ``a @ b``, of arrays whose rms is `size` and `other`; faint ones are lifted by a power of 2 meanwhile."""
    lift, second = _lift(size), _lift(other)
    np.matmul(_lifted(a, lift), _lifted(b, second), out=out)
    if lift * second != 1:
        out *= out.dtype.type(1 / (lift * second))
    return out


def _lift(size: float) -> float:
    return 2.0 ** min(_GREATEST_LIFT, -round(log2(size))) if 0 < size < _FAINT else 1.0


def _lifted(values: Array, lift: float) -> Array:
    return values if lift == 1 else values * values.dtype.type(lift)


def _norm(matrix: Array) -> float:
    return sqrt(mean_square(matrix) * matrix.size)


def _finite(values: Array, size: float) -> float:
    return 1.0 if size < inf else np.count_nonzero(np.isfinite(values)) / values.size
