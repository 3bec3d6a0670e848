"""Training an ensemble by stochastic gradient descent on the softmax cross-entropy.

All members see the same examples in the same order; they differ only in their parameters. The last layer is the
linear readout, with one unit per class. A member that diverges becomes inf or nan and leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.nn.activations import Activation
from reportgen.nn.mlp import Array, Parameters, backward, forward, softmax_cross_entropy

__all__ = ["Record", "copy", "evaluate", "join", "train"]

Labels = NDArray[np.integer]
Rows = NDArray[np.integer] | slice
Record = Callable[[int, Parameters], None]
"""Called with the number of updates made so far and the parameters at that moment, which it must not keep or change."""


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
    learning_rate: float,
    batch: int | None = None,
    order: np.random.Generator | None = None,
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
    learning_rate
        Each update subtracts this times the gradient of the batch's mean loss.
    batch
        Examples per update; None takes all of them every time (full-batch gradient descent).
    order
        Shuffles the examples anew for every pass; mini-batches need it.
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
    with np.errstate(all="ignore"):
        for step in range(steps + 1):
            if record is not None and step in record_at:
                record(step, parameters)
            if step < steps:
                rows = next(batches)
                losses[step] = _update(parameters, activation, inputs[rows], labels[rows], learning_rate)
    return losses


def evaluate(parameters: Parameters, activation: Activation, inputs: Array, labels: Labels) -> tuple[Array, Array]:
    """Return the mean cross-entropy in nats and the share of right answers of each member.

    Parameters
    ----------
    parameters, activation, inputs, labels
        As in `train`.

    Returns
    -------
    loss, accuracy
        Both of shape (members,). A member that diverged has a loss of nan or inf and, without answers, an accuracy of
        nan.
    """
    with np.errstate(all="ignore"):
        tape = forward(parameters, activation, inputs[None].astype(parameters.weights[0].dtype), linear_output=True)
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


def _update(
    parameters: Parameters, activation: Activation, inputs: Array, labels: Labels, learning_rate: float
) -> Array:
    tape = forward(parameters, activation, inputs[None], linear_output=True)
    loss, cotangent = softmax_cross_entropy(tape.activations[-1], labels)
    gradients = backward(parameters, tape, cotangent)
    for W, gradient in zip(parameters.weights, gradients.weights, strict=True):
        W -= learning_rate * gradient
    for b, gradient in zip(parameters.biases or (), gradients.biases or (), strict=True):
        b -= learning_rate * gradient
    return loss
