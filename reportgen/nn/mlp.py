"""Forward and backward pass through an ensemble of multilayer perceptrons.

Normalization and residual branches are options of the same pass, described by the ensemble's architecture. In the
letters of Glorot & Bengio (2010) z is the argument s, h the activation, and ``delta = dLoss/dz``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reportgen.nn.activations import Activation
from reportgen.nn.ensemble import Array, Ensemble
from reportgen.nn.normalization import Normalized, normalize, through_normalization

__all__ = ["Gradients", "Tape", "affine", "backward", "forward", "softmax_cross_entropy"]


@dataclass(frozen=True, slots=True)
class Tape:
    """What a forward pass leaves for the backward pass.

    Attributes
    ----------
    inputs
        Shape (members or 1, batch, fan_in of the first layer).
    pre_activations, activations, slopes
        z, h = phi(z) and phi'(z): one array of shape (members, batch, fan_out) per layer. Behind a normalization
        they are h = phi(norm(z)) and phi'(norm(z)).
    normalized
        The normalized pre-activations of each layer, None where there is no normalization.
    branches
        Scale of each layer's residual branch, None where there is no shortcut.
    """

    inputs: Array
    pre_activations: list[Array] = field(default_factory=list)
    activations: list[Array] = field(default_factory=list)
    slopes: list[Array] = field(default_factory=list)
    normalized: list[Normalized | None] = field(default_factory=list)
    branches: list[float | None] = field(default_factory=list)

    def upto(self, depth: int) -> Tape:
        """Return the tape of the same network cut off after `depth` layers."""
        layers = (self.pre_activations, self.activations, self.slopes, self.normalized, self.branches)
        return Tape(self.inputs, *(layer[:depth] for layer in layers))  # type: ignore[arg-type]


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
    tape = Tape(inputs)
    h = inputs
    parameters, activation, architecture = ensemble.parameters, ensemble.activation, ensemble.architecture
    for index, (W, b) in enumerate(parameters.layers):
        is_linear = linear_output and index == len(parameters.weights) - 1
        z = affine(h, W, b)
        branch = architecture.branch if index and not is_linear else None
        if branch is not None:
            z = tape.pre_activations[-1] + z.dtype.type(branch) * z
        normalized = normalize(z, architecture.normalization) if architecture.normalization and not is_linear else None
        y = z if normalized is None else normalized.values
        mask = masks[index] if masks and not is_linear else None
        h = z if is_linear else _masked(activation.phi(y), mask)
        if slopes:
            tape.slopes.append(np.ones_like(z) if is_linear else _masked(_slope(activation, y), mask))
        tape.pre_activations.append(z)
        tape.activations.append(h)
        tape.normalized.append(normalized)
        tape.branches.append(branch)
    return tape


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


def _masked(values: Array, mask: Array | None) -> Array:
    return values if mask is None else values * mask


def backward(ensemble: Ensemble, tape: Tape, cotangent: Array) -> Gradients:
    """Propagate a cotangent of the output down to every layer.

    Parameters
    ----------
    ensemble, tape
        As given to, and returned by, `forward`. A tape cut off by `Tape.upto` stands for the shallower network.
    cotangent
        dLoss/dh of the last layer, shape (members or 1, batch, fan_out).

    Notes
    -----
    ``delta_L = phi'(z_L) * cotangent``, ``delta_l = phi'(z_l) * (delta_{l+1} @ W_{l+1}^T)`` and
    ``dLoss/dW_l = h_{l-1}^T @ delta_l`` (Rumelhart, Hinton & Williams 1986). A normalization stands between z and
    phi; past a residual branch delta_{l+1} also reaches delta_l as it is.
    """
    deltas: list[Array] = []
    branch_deltas: list[Array] = []
    weight_gradients: list[Array] = []
    upstream, shortcut = cotangent, None
    for index in reversed(range(len(tape.slopes))):
        delta = _below_activation(tape, index, upstream)
        if shortcut is not None:
            delta = delta + shortcut
        branch = tape.branches[index]
        shortcut = None if branch is None else delta
        into_branch = delta if branch is None else delta.dtype.type(branch) * delta
        below = tape.activations[index - 1] if index else tape.inputs
        deltas.append(delta)
        branch_deltas.append(into_branch)
        weight_gradients.append(below.swapaxes(-1, -2) @ into_branch)
        if index:
            upstream = into_branch @ ensemble.parameters.weights[index].swapaxes(-1, -2)
    for layers in (deltas, branch_deltas, weight_gradients):
        layers.reverse()
    has_biases = ensemble.parameters.biases is not None
    biases = [delta.sum(axis=-2, keepdims=True) for delta in branch_deltas] if has_biases else None
    return Gradients(deltas, weight_gradients, biases)


def _below_activation(tape: Tape, index: int, upstream: Array) -> Array:
    """Turn dLoss/dh of a layer into dLoss/dz, past its activation and its normalization."""
    delta = tape.slopes[index] * upstream
    normalized = tape.normalized[index]
    return delta if normalized is None else through_normalization(delta, normalized)


def _slope(activation: Activation, z: Array) -> Array:
    """Return phi'(z), and nan where z is lost: a step function would quietly make a 0 or a 1 of it."""
    slope = activation.derivative(z)
    lost = np.isnan(z)
    if lost.any():
        slope = np.where(lost, np.nan, slope).astype(slope.dtype)
    return slope


def softmax_cross_entropy(logits: Array, labels: NDArray[np.integer]) -> tuple[Array, Array]:
    """Return the mean cross-entropy of each member, and its derivative by the logits.

    Parameters
    ----------
    logits
        Shape (members, batch, classes).
    labels
        Class numbers 0 .. classes - 1, shape (batch,).

    Returns
    -------
    loss
        Mean over the batch in nats, shape (members,). A net that knows nothing has ln(classes).
    cotangent
        dLoss/dlogits, shape (members, batch, classes).
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_probability = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    rows = np.arange(len(labels))
    loss = -log_probability[:, rows, labels].mean(axis=-1)
    cotangent = np.exp(log_probability)
    cotangent[:, rows, labels] -= 1
    return loss, cotangent / len(labels)
