"""Ensembles: networks of one shape, which run, and train, together.

Every array has a leading members axis, so that an ensemble runs in batched matrix products. Rows are examples and
``z = h @ W + b`` with weights of shape (fan_in, fan_out), as in Keras and JAX; PyTorch's ``nn.Linear`` holds the
transpose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from reportgen.nn.activations import Activation
from reportgen.nn.initializers import Initializer
from reportgen.nn.normalization import Normalization

__all__ = ["PLAIN", "Architecture", "Array", "Ensemble", "Generators", "Parameters", "draw_parameters", "join"]

Array = NDArray[np.floating]
Generators = Callable[[int, int], np.random.Generator]
"""(member, layer) -> the generator of that layer's weights."""


@dataclass(slots=True)
class Parameters:
    """Weights and biases of an ensemble.

    Attributes
    ----------
    weights
        One array of shape (members, fan_in, fan_out) per layer.
    biases
        One array of shape (members, 1, fan_out) per layer, or None for networks without biases.
    """

    weights: list[Array]
    biases: list[Array] | None = None

    @property
    def members(self) -> int:
        """Number of networks."""
        return len(self.weights[0])

    @property
    def dtype(self) -> np.dtype[Any]:
        """Floating-point type in which the networks run."""
        return self.weights[0].dtype

    @property
    def layers(self) -> list[tuple[Array, Array | None]]:
        """Weights and biases, layer by layer."""
        biases: Sequence[Array | None] = self.biases or [None] * len(self.weights)
        return list(zip(self.weights, biases, strict=True))

    @property
    def arrays(self) -> list[Array]:
        """All weights, then all biases: what an optimizer moves."""
        return [*self.weights, *(self.biases or ())]

    def __getitem__(self, members: slice) -> Parameters:
        """Return some of the networks; they share their arrays with these."""
        biases = None if self.biases is None else [b[members] for b in self.biases]
        return Parameters([W[members] for W in self.weights], biases)

    def copy(self) -> Parameters:
        """Return parameters that further training leaves alone."""
        biases = None if self.biases is None else [b.copy() for b in self.biases]
        return Parameters([W.copy() for W in self.weights], biases)


@dataclass(frozen=True, slots=True)
class Architecture:
    """What stands around the weights of a layer; by default nothing does.

    Attributes
    ----------
    normalization
        ``h = phi(norm(z))``, over units (layer) or examples (batch), in place of ``h = phi(z)``.
    branch
        Scale s of residual branches: from the second layer on ``z_l = z_{l-1} + s (h_{l-1} @ W_l + b_l)``, the
        pre-activation form (He et al. 2016, section 4, where s = 1). None has no such shortcut. All hidden layers are
        then equally wide.
    """

    normalization: Normalization | None = None
    branch: float | None = None


PLAIN = Architecture()


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Networks of one shape, which differ in their weights and biases alone.

    Attributes
    ----------
    parameters
        Weights, and biases where the networks have them. Training changes these arrays in place.
    activation
        Follows every layer but a linear readout.
    architecture
        Of the hidden layers.
    """

    parameters: Parameters
    activation: Activation
    architecture: Architecture = PLAIN

    def split(self, size: int) -> list[Ensemble]:
        """Return ensembles of this many networks, the last of what is left; they share their arrays with this one.

        Parameters
        ----------
        size
            Number of networks.
        """
        starts = range(0, self.parameters.members, size)
        return [replace(self, parameters=self.parameters[start : start + size]) for start in starts]


def draw_parameters(
    initializer: Initializer,
    widths: Sequence[int],
    generators: Generators,
    members: int,
    *,
    biases: bool = False,
    dtype: DTypeLike = np.float32,
) -> Parameters:
    """Draw the weights of an ensemble; biases, where asked for, start at zero.

    Parameters
    ----------
    initializer
        Draws one matrix of shape (fan_in, fan_out).
    widths
        Number of inputs, then the number of units of each layer.
    generators
        Gives the generator of (member, layer), layers counted from 1.
    members
        Number of networks.
    """
    weights = [
        np.stack([initializer.draw(generators(member, layer), fan_in, fan_out) for member in range(members)]).astype(
            dtype
        )
        for layer, (fan_in, fan_out) in enumerate(pairwise(widths), start=1)
    ]
    zeros = [np.zeros((members, 1, fan_out), dtype) for fan_out in widths[1:]] if biases else None
    return Parameters(weights, zeros)


def join(parts: Sequence[Parameters]) -> Parameters:
    """Put the parameters of networks of one shape into one ensemble, in the order given.

    Parameters
    ----------
    parts
        All of them have biases, or none has.
    """
    weights = [np.concatenate(layer) for layer in zip(*(part.weights for part in parts), strict=True)]
    biases = [part.biases for part in parts if part.biases is not None]
    return Parameters(weights, [np.concatenate(layer) for layer in zip(*biases, strict=True)] if biases else None)
