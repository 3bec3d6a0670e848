"""Training an ensemble on the softmax cross-entropy.

All members see the same examples in the same order; they differ only in their parameters. The last layer is the
linear readout, with one unit per class. A member that diverges becomes inf or nan and leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.nn.activations import Activation
from reportgen.nn.mlp import (
    PLAIN,
    Architecture,
    Array,
    Gradients,
    Parameters,
    backward,
    forward,
    softmax_cross_entropy,
)
from reportgen.nn.optimizers import Optimizer

__all__ = ["Dropout", "Record", "copy", "diverged_after", "evaluate", "join", "loss_gradients", "train"]

Labels = NDArray[np.integer]
Rows = NDArray[np.integer] | slice
Record = Callable[[int, Parameters], None]
"""Called with the number of updates made so far and the parameters at that moment, which it must not keep or change."""


@dataclass(frozen=True, slots=True)
class Dropout:
    """Units that are left out of an update at random (Srivastava et al. 2014), the others scaled up to make up for it.

    Attributes
    ----------
    rate
        Chance of a unit to be left out for one example, at least 0 and below 1.
    rng
        Draws who is left out.
    """

    rate: float
    rng: np.random.Generator

    def masks(self, parameters: Parameters, batch: int) -> list[Array]:
        """Draw one mask of shape (1, batch, units) per hidden layer: 0, or 1 / (1 - rate)."""
        kept = 1 - self.rate
        return [
            ((self.rng.random((1, batch, W.shape[2])) < kept) / kept).astype(W.dtype) for W in parameters.weights[:-1]
        ]


def copy(parameters: Parameters) -> Parameters:
    """Return parameters that further training leaves alone."""
    biases = None if parameters.biases is None else [b.copy() for b in parameters.biases]
    return Parameters([W.copy() for W in parameters.weights], biases)


def join(ensembles: Sequence[Parameters]) -> Parameters:
    """Put ensembles of networks of one shape into one, in the order given; all have biases, or none has."""
    weights = [np.concatenate(layer) for layer in zip(*(one.weights for one in ensembles), strict=True)]
    biases = [one.biases for one in ensembles if one.biases is not None]
    return Parameters(weights, [np.concatenate(layer) for layer in zip(*biases, strict=True)] if biases else None)


def train(
    parameters: Parameters,
    activation: Activation,
    inputs: Array,
    labels: Labels,
    *,
    steps: int,
    optimizer: Optimizer,
    batch: int | None = None,
    order: np.random.Generator | None = None,
    architecture: Architecture = PLAIN,
    dropout: Dropout | None = None,
    record: Record | None = None,
    record_at: Collection[int] = (),
) -> Array:
    """Train all members at once and change `parameters` in place, in their own dtype.

    Parameters
    ----------
    parameters
        Weights, and biases where the networks have them; the readout is their last layer.
    activation
        Of the hidden layers.
    inputs
        Shape (examples, features).
    labels
        Class numbers 0 .. classes - 1, shape (examples,).
    steps
        Number of updates.
    optimizer
        Turns the gradients of the batch's mean loss into updates, e.g. ``sgd(0.1)``.
    batch
        Examples per update; None takes all of them every time (full-batch gradient descent).
    order
        Shuffles the examples anew for every pass; mini-batches need it.
    architecture
        Of the hidden layers. Batch normalization takes the statistics of each batch.
    dropout
        Drops units of the hidden layers, the same ones in every member.
    record
        Called before the first update (0), after the last (`steps`) and in between, wherever `record_at` says.

    Returns
    -------
    ndarray
        Loss on the batch before each update, in nats, shape (steps, members).
    """
    inputs = inputs.astype(parameters.weights[0].dtype, copy=False)
    losses = np.empty((steps, len(parameters.weights[0])))
    batches = _batches(len(inputs), batch, order)
    update = optimizer([*parameters.weights, *(parameters.biases or ())])
    with np.errstate(all="ignore"):
        for step in range(steps + 1):
            if record is not None and step in record_at:
                record(step, parameters)
            if step < steps:
                rows = next(batches)
                masks = dropout.masks(parameters, len(inputs[rows])) if dropout else ()
                losses[step], gradients = loss_gradients(
                    parameters, activation, inputs[rows], labels[rows], architecture=architecture, masks=masks
                )
                update([*gradients.weights, *(gradients.biases or ())])
    return losses


def loss_gradients(
    parameters: Parameters,
    activation: Activation,
    inputs: Array,
    labels: Labels,
    *,
    architecture: Architecture = PLAIN,
    masks: Sequence[Array] = (),
) -> tuple[Array, Gradients]:
    """Return the mean cross-entropy of each member in nats, shape (members,), and its gradients.

    Parameters
    ----------
    parameters, activation, inputs, labels, architecture
        As in `train`.
    masks
        As in `forward`.
    """
    inputs = inputs.astype(parameters.weights[0].dtype, copy=False)
    tape = forward(parameters, activation, inputs[None], architecture=architecture, linear_output=True, masks=masks)
    loss, cotangent = softmax_cross_entropy(tape.activations[-1], labels)
    return loss, backward(parameters, tape, cotangent)


def diverged_after(losses: Array) -> Array:
    """Return after how many updates each member's loss was no longer a finite number; inf where it always was.

    Parameters
    ----------
    losses
        As `train` returns them, shape (steps, members).
    """
    lost = ~np.isfinite(losses)
    return np.where(lost.any(axis=0), lost.argmax(axis=0), np.inf)


def evaluate(
    parameters: Parameters,
    activation: Activation,
    inputs: Array,
    labels: Labels,
    *,
    architecture: Architecture = PLAIN,
) -> tuple[Array, Array]:
    """Return the mean cross-entropy in nats and the share of right answers of each member.

    Parameters
    ----------
    parameters, activation, inputs, labels, architecture
        As in `train`. Batch normalization takes the statistics of these examples.

    Returns
    -------
    loss, accuracy
        Both of shape (members,). A member that diverged has a loss of nan or inf and, without answers, an accuracy of
        nan.
    """
    with np.errstate(all="ignore"):
        examples = inputs[None].astype(parameters.weights[0].dtype)
        tape = forward(parameters, activation, examples, architecture=architecture, linear_output=True, slopes=False)
        logits = tape.activations[-1]
        loss, _ = softmax_cross_entropy(logits, labels)
    accuracy = (logits.argmax(axis=-1) == labels).mean(axis=-1)
    return loss, np.where(np.isfinite(loss), accuracy, np.nan)


def _batches(examples: int, batch: int | None, order: np.random.Generator | None) -> Iterator[Rows]:
    """Yield the rows of one batch after another without end; a pass leaves out a last batch that is not full."""
    while batch is None:
        yield slice(None)
    if order is None:
        raise TypeError("mini-batches need the generator of their order")
    size = min(batch, examples)
    while True:
        rows = order.permutation(examples)
        yield from (rows[start : start + size] for start in range(0, examples - size + 1, size))
