"""Forward and backward pass through an ensemble of multilayer perceptrons.

Normalization and residual branches are options of the same pass, described by the ensemble's architecture. In the
letters of Glorot & Bengio (2010) z is the argument s, h the activation, and ``delta = dLoss/dz``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from reportgen.nn.ensemble import Array, Ensemble
from reportgen.nn.normalization import Normalized, normalize, through_normalization

__all__ = ["Gradients", "LayerTape", "Tape", "affine", "backward", "forward", "lost_where"]


class LayerTape(NamedTuple):
    """What one layer leaves for the backward pass.

    Attributes
    ----------
    z, h
        Pre-activations and activations h = phi(z), behind a normalization h = phi(norm(z)); shape
        (members, batch, fan_out).
    slope
        phi' where `h` is phi, of the same shape; None where `forward` was not asked for it.
    normalized
        The normalized pre-activations, None without a normalization.
    branch
        Scale of the layer's residual branch, None without a shortcut.
    """

    z: Array
    h: Array
    slope: Array | None = None
    normalized: Normalized | None = None
    branch: float | None = None


@dataclass(frozen=True, slots=True)
class Tape:
    """What a forward pass leaves for the backward pass.

    Attributes
    ----------
    inputs
        Shape (members or 1, batch, fan_in of the first layer).
    layers
        From the first, next to the inputs, to the last.
    """

    inputs: Array
    layers: tuple[LayerTape, ...]

    @property
    def pre_activations(self) -> list[Array]:
        """Z of every layer."""
        return [layer.z for layer in self.layers]

    @property
    def activations(self) -> list[Array]:
        """H of every layer."""
        return [layer.h for layer in self.layers]

    @property
    def slopes(self) -> list[Array]:
        """The slope of every layer; empty if `forward` was not asked for slopes."""
        return [layer.slope for layer in self.layers if layer.slope is not None]

    @property
    def output(self) -> Array:
        """H of the last layer: the logits where that is a linear readout."""
        return self.layers[-1].h

    def upto(self, depth: int) -> Tape:
        """Return the tape of the same network cut off after `depth` layers."""
        return Tape(self.inputs, self.layers[:depth])


@dataclass(frozen=True, slots=True)
class Gradients:
    """Derivatives of the loss, one array per layer.

    Attributes
    ----------
    deltas
        dLoss/dz, shape (members, batch, fan_out).
    weights
        dLoss/dW, summed over the batch, shape (members, fan_in, fan_out).
    biases
        dLoss/db, summed over the batch, shape (members, 1, fan_out); None without biases.
    """

    deltas: list[Array]
    weights: list[Array]
    biases: list[Array] | None

    @property
    def arrays(self) -> list[Array]:
        """All derivatives by weights, then all by biases: in the order of `Parameters.arrays`."""
        return [*self.weights, *(self.biases or ())]


def forward(
    ensemble: Ensemble,
    inputs: Array,
    *,
    linear_output: bool = False,
    masks: Sequence[Array] = (),
    slopes: bool = True,
) -> Tape:
    """Run the inputs through every layer.

    Parameters
    ----------
    ensemble
        Its activation follows each layer, with `linear_output` each but the last.
    inputs
        Shape (members or 1, batch, fan_in).
    masks
        Multiply the activations of the hidden layers, one array each that broadcasts to (members, batch, units);
        none leaves them alone.
    slopes
        Whether phi' is wanted; without it there is no way back.
    """
    parameters = ensemble.parameters.layers
    hidden = parameters[:-1] if linear_output else parameters
    every_mask: Sequence[Array | None] = masks or [None] * len(hidden)
    h = inputs
    layers: list[LayerTape] = []
    for (W, b), mask in zip(hidden, every_mask, strict=True):
        below = layers[-1].z if layers else None
        layers.append(_hidden(ensemble, affine(h, W, b), below, mask, slopes=slopes))
        h = layers[-1].h
    if linear_output:
        z = affine(h, *parameters[-1])
        layers.append(LayerTape(z, z, np.ones_like(z) if slopes else None))
    return Tape(inputs, tuple(layers))


def affine(h: Array, W: Array, b: Array | None) -> Array:
    """Return ``h @ W + b``, or ``h @ W`` without biases.

    Parameters
    ----------
    h
        Shape (members or 1, batch, fan_in).
    W, b
        One layer of `Parameters`.
    """
    z: Array = h @ W
    if b is not None:
        z += b
    return z


def _hidden(ensemble: Ensemble, sums: Array, below: Array | None, mask: Array | None, *, slopes: bool) -> LayerTape:
    """Pass the weighted sums of a hidden layer through what stands around its weights.

    Parameters
    ----------
    sums
        ``h @ W + b``.
    below
        z of the layer below, None for the first layer.
    mask, slopes
        As in `forward`.
    """
    activation, normalization = ensemble.activation, ensemble.architecture.normalization
    branch = None if below is None else ensemble.architecture.branch
    z = sums if below is None or branch is None else below + sums.dtype.type(branch) * sums
    normalized = normalize(z, normalization) if normalization else None
    y = z if normalized is None else normalized.values
    if not slopes:
        return LayerTape(z, _masked(activation.phi(y), mask), None, normalized, branch)
    h, slope = activation.with_slope(y)
    return LayerTape(z, _masked(h, mask), _masked(lost_where(y, slope), mask), normalized, branch)


def _masked(values: Array, mask: Array | None) -> Array:
    return values if mask is None else values * mask


def backward(ensemble: Ensemble, tape: Tape, cotangent: Array, *, parameters: bool = True) -> Gradients:
    """Propagate a cotangent of the output down to every layer.

    Parameters
    ----------
    ensemble, tape
        As given to, and returned by, `forward`. A tape cut off by `Tape.upto` stands for the shallower network.
    cotangent
        dLoss/dh of the last layer, shape (members or 1, batch, fan_out).
    parameters
        Whether derivatives by weights and biases are wanted, which are half of the work; without, there are none.

    Notes
    -----
    ``delta_L = phi'(z_L) * cotangent``, ``delta_l = phi'(z_l) * (delta_{l+1} @ W_{l+1}^T)`` and
    ``dLoss/dW_l = h_{l-1}^T @ delta_l`` (Rumelhart, Hinton & Williams 1986). A normalization stands between z and
    phi; past a residual branch delta_{l+1} also reaches delta_l as it is.
    """
    weights, slopes = ensemble.parameters.weights, tape.slopes
    deltas: list[Array] = []
    branch_deltas: list[Array] = []
    weight_gradients: list[Array] = []
    upstream, shortcut = cotangent, None
    for index in reversed(range(len(slopes))):
        layer = tape.layers[index]
        delta = _below_normalization(slopes[index] * upstream, layer.normalized)
        if shortcut is not None:
            delta = delta + shortcut
        shortcut = None if layer.branch is None else delta
        into_branch = delta if layer.branch is None else delta.dtype.type(layer.branch) * delta
        deltas.append(delta)
        if parameters:
            below = tape.layers[index - 1].h if index else tape.inputs
            branch_deltas.append(into_branch)
            weight_gradients.append(below.swapaxes(-1, -2) @ into_branch)
        if index:
            upstream = into_branch @ weights[index].swapaxes(-1, -2)
    for layers in (deltas, branch_deltas, weight_gradients):
        layers.reverse()
    has_biases = parameters and ensemble.parameters.biases is not None
    biases = [delta.sum(axis=-2, keepdims=True) for delta in branch_deltas] if has_biases else None
    return Gradients(deltas, weight_gradients, biases)


def _below_normalization(delta: Array, normalized: Normalized | None) -> Array:
    return delta if normalized is None else through_normalization(delta, normalized)


def lost_where(z: Array, slope: Array) -> Array:
    """Return the slope, and nan where z is: a step function would quietly make a 0 or a 1 of it.

    Parameters
    ----------
    z, slope
        Of one shape.
    """
    lost = np.isnan(z)
    return np.where(lost, np.nan, slope).astype(slope.dtype) if lost.any() else slope
