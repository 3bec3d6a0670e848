"""Training an ensemble on the softmax cross-entropy.

All members see the same examples in the same order; they differ only in their parameters. The last layer is the
linear readout, with one unit per class. A member that diverges becomes inf or nan and leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from reportgen.nn.ensemble import Array, Ensemble, Parameters
from reportgen.nn.examples import Examples, Rows
from reportgen.nn.loss import softmax_cross_entropy
from reportgen.nn.mlp import Gradients, backward, forward
from reportgen.nn.optimizers import Optimizer
from reportgen.nn.steps import PlainSteps
from reportgen.nn.subnormal import taken_as_zero

__all__ = [
    "Batches",
    "Dropout",
    "diverged_after",
    "evaluate",
    "loss_gradients",
    "softmax_cross_entropy",
    "train",
    "updates",
]

_AT_ONCE = 2**15
"""Values of a layer, of all examples and of some networks, that fit in a processor's cache."""


@dataclass(frozen=True, slots=True)
class Batches:
    """Mini-batches in random order.

    Attributes
    ----------
    size
        Examples per update; a set that has fewer is taken whole.
    order
        Shuffles the examples anew for every pass.
    """

    size: int
    order: np.random.Generator

    def rows(self, examples: int) -> Iterator[Rows]:
        """Yield the rows of one batch after another without end; a pass leaves out a last batch that is not full.

        Parameters
        ----------
        examples
            Number of examples that there are.
        """
        size = min(self.size, examples)
        while True:
            rows = self.order.permutation(examples)
            yield from (rows[start : start + size] for start in range(0, examples - size + 1, size))


@dataclass(frozen=True, slots=True)
class Dropout:
    """Units that are left out of an update at random (Srivastava et al. 2014), the others scaled up to make up for it.

    Attributes
    ----------
    rate
        Chance of a unit to be left out for one example, at least 0 and below 1.
    rng
        Draws which ones are left out.
    """

    rate: float
    rng: np.random.Generator

    def masks(self, parameters: Parameters, batch: int) -> list[Array]:
        """Draw one mask of shape (1, batch, units) per hidden layer: 0, or 1 / (1 - rate)."""
        kept = 1 - self.rate
        return [
            ((self.rng.random((1, batch, W.shape[2])) < kept) / kept).astype(W.dtype) for W in parameters.weights[:-1]
        ]


def train(
    ensemble: Ensemble,
    examples: Examples,
    *,
    steps: int,
    optimizer: Optimizer,
    batches: Batches | None = None,
    dropout: Dropout | None = None,
) -> Array:
    """Train all members at once and change their parameters in place, in their own dtype.

    Parameters
    ----------
    steps
        Number of updates.
    ensemble, examples, optimizer, batches, dropout
        As in `updates`.

    Returns
    -------
    ndarray
        Loss on the batch before each update, in nats, shape (steps, members).
    """
    losses = np.empty((steps, ensemble.parameters.members))
    run = updates(ensemble, examples, optimizer=optimizer, batches=batches, dropout=dropout)
    for step in range(steps):
        losses[step] = next(run)
    return losses


def updates(
    ensemble: Ensemble,
    examples: Examples,
    *,
    optimizer: Optimizer,
    batches: Batches | None = None,
    dropout: Dropout | None = None,
) -> Iterator[Array]:
    """Make one update of all members after another, without end, and yield what the loss was before each.

    Parameters
    ----------
    ensemble
        Its parameters change in place, in their own dtype. The readout is their last layer; batch normalization takes
        the statistics of each batch.
    examples
        To learn from, with labels.
    optimizer
        Turns the gradients of the batch's mean loss into updates, e.g. ``sgd(0.1)``.
    batches
        Chooses the examples of each update; None takes all of them every time (full-batch gradient descent).
    dropout
        Drops units of the hidden layers, the same ones in every member.

    Yields
    ------
    ndarray
        Loss on the batch before an update that has now been made, in nats, shape (members,).
    """
    examples = examples.astype(ensemble.parameters.dtype)
    size = len(examples) if batches is None else min(batches.size, len(examples))
    with np.errstate(all="ignore"):
        is_plain = dropout is None and PlainSteps.fits(ensemble)
    step = (
        PlainSteps(ensemble, examples, optimizer, size)
        if is_plain
        else _any_steps(ensemble, examples, optimizer, dropout)
    )
    for rows in repeat(slice(None)) if batches is None else batches.rows(len(examples)):
        with np.errstate(all="ignore"), taken_as_zero():
            loss = step(rows)
        yield loss


def _any_steps(
    ensemble: Ensemble, examples: Examples, optimizer: Optimizer, dropout: Dropout | None
) -> Callable[[Rows], Array]:
    """Return what makes an update of networks of any architecture on some rows, and returns the loss before it."""
    update = optimizer(ensemble.parameters.arrays)

    def step(rows: Rows) -> Array:
        batch = examples[rows]
        masks = dropout.masks(ensemble.parameters, len(batch)) if dropout else ()
        loss, gradients = loss_gradients(ensemble, batch, masks)
        update(gradients.arrays)
        return loss

    return step


def loss_gradients(ensemble: Ensemble, examples: Examples, masks: Sequence[Array] = ()) -> tuple[Array, Gradients]:
    """Return the mean cross-entropy of each member in nats, shape (members,), and its gradients.

    Parameters
    ----------
    ensemble, examples
        As in `updates`.
    masks
        As in `forward`.
    """
    inputs = examples.inputs.astype(ensemble.parameters.dtype, copy=False)
    tape = forward(ensemble, inputs[None], linear_output=True, masks=masks)
    loss, cotangent = softmax_cross_entropy(tape.output, examples.labels)
    return loss, backward(ensemble, tape, cotangent)


def diverged_after(losses: Array) -> Array:
    """Return after how many updates each member's loss was no longer a finite number; inf where it always was.

    Parameters
    ----------
    losses
        As `train` returns them, shape (steps, members).
    """
    lost = ~np.isfinite(losses)
    return np.where(lost.any(axis=0), lost.argmax(axis=0), np.inf)


def evaluate(ensemble: Ensemble, examples: Examples) -> tuple[Array, Array]:
    """Return the mean cross-entropy in nats and the share of right answers of each member.

    Parameters
    ----------
    ensemble
        Its readout is the last layer. Batch normalization takes the statistics of these examples.
    examples
        With labels.

    Returns
    -------
    loss, accuracy
        Both of shape (members,). A member that diverged has a loss of nan or inf and, without answers, an accuracy of
        nan.
    """
    values = len(examples) * max(W.shape[2] for W in ensemble.parameters.weights)
    found = [_evaluate(some, examples) for some in ensemble.split(max(1, _AT_ONCE // values))]
    loss, accuracy = (np.concatenate(each) for each in zip(*found, strict=True))
    return loss, accuracy


def _evaluate(ensemble: Ensemble, examples: Examples) -> tuple[Array, Array]:
    inputs = examples.inputs.astype(ensemble.parameters.dtype, copy=False)
    with np.errstate(all="ignore"):
        logits = forward(ensemble, inputs[None], linear_output=True, slopes=False).output
        loss, _ = softmax_cross_entropy(logits, examples.labels)
    accuracy = (logits.argmax(axis=-1) == examples.labels).mean(axis=-1)
    return loss, np.where(np.isfinite(loss), accuracy, np.nan)
