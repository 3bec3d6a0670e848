"""Trials: networks of one shape that train together as an ensemble, and what is recorded of them on the way.

A trial is one network. Those of an ensemble see the same examples in the same order, which replicate 0 of the streams
gives; they differ in their start, their learning rate or their draw alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, product
from math import ceil
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters, join
from reportgen.nn.examples import Examples
from reportgen.nn.initializers import initializers
from reportgen.nn.optimizers import Optimizer, adam, sgd
from reportgen.nn.training import Batches, Dropout, updates

__all__ = ["MOMENTUM", "OPTIMIZERS", "Grid", "Schedule", "Trial", "evenly", "first_batch", "names", "train_and_record"]

MOMENTUM = 0.9
"""Of every training that is not plain gradient descent."""

OPTIMIZERS: Mapping[str, Callable[[Sequence[float]], Optimizer]] = {
    "sgd": lambda rates: sgd(rates, momentum=MOMENTUM),
    "adam": adam,
}
"""Name -> the optimizer with these learning rates, one per trial."""

_TOGETHER = 32
"""Networks in one ensemble: fewer wait for the library, and with more a step outgrows the cache."""

Recorded = TypeVar("Recorded")


class Trial(NamedTuple):
    """One network of a grid."""

    initializer: str
    learning_rate: float
    replicate: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Trials of every start at every learning rate.

    Attributes
    ----------
    initializers
        Registry names of the starts.
    learning_rates
        Step sizes; a start that gets nowhere at one of them may at another.
    replicates
        Number of independent draws of every start.
    once
        Starts that are drawn but once: where no weight is random, one network tells as much as many.
    """

    initializers: tuple[str, ...]
    learning_rates: tuple[float, ...]
    replicates: int
    once: tuple[str, ...] = ()

    @property
    def trials(self) -> tuple[Trial, ...]:
        """The trials, in the order of the ensemble's members."""
        pairs = product(self.initializers, self.learning_rates)
        return tuple(Trial(*pair, replicate) for pair in pairs for replicate in range(self.draws(pair[0])))

    def draws(self, initializer: str) -> int:
        """Return how many networks of a start train at each learning rate.

        Parameters
        ----------
        initializer
            One of the grid's.
        """
        return 1 if initializer in self.once else self.replicates

    def split(self) -> Iterator[Grid]:
        """Split the grid by initializers into ensembles of about one size, small enough for a processor's cache.

        Nobody notices: a network's numbers do not depend on who trains beside it.
        """
        sizes = [len(self.learning_rates) * self.draws(name) for name in self.initializers]
        pieces = ceil(sum(sizes) / _TOGETHER)
        # A start goes where the middle of its networks is.
        piece = [pieces * (end - size / 2) // sum(sizes) for end, size in zip(accumulate(sizes), sizes, strict=True)]
        for _, some in groupby(zip(piece, self.initializers, strict=True), key=itemgetter(0)):
            yield replace(self, initializers=tuple(name for _, name in some))

    def draw(self, widths: Sequence[int], streams: Streams, dtype: DTypeLike = np.float32) -> Parameters:
        """Draw all networks, with biases of zero; those that differ in the learning rate alone start alike.

        Parameters
        ----------
        widths
            Number of inputs, then the number of units of each layer.
        streams
            Give the weights of every replicate.
        dtype
            Floating-point type in which the networks run.
        """
        starts = (
            draw_parameters(initializers.get(name), widths, streams.weights, self.draws(name), biases=True, dtype=dtype)
            for name in self.initializers
        )
        return join([start for start in starts for _ in self.learning_rates])

    def sgd(self, momentum: float = 0.0) -> Optimizer:
        """Return gradient descent in which each trial has its own learning rate."""
        return sgd([trial.learning_rate for trial in self.trials], momentum=momentum)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long an ensemble trains, and when it is recorded.

    Attributes
    ----------
    steps
        Number of updates.
    batch
        Examples per update; None takes all of them.
    checkpoints
        Numbers of updates made when something is recorded, from 0 to `steps`, in ascending order.
    """

    steps: int
    batch: int | None
    checkpoints: tuple[int, ...]

    def batches(self, streams: Streams) -> Batches | None:
        """Return the mini-batches in the order that the streams give."""
        return None if self.batch is None else Batches(self.batch, streams.order(0))


def train_and_record(
    ensemble: Ensemble,
    examples: Examples,
    schedule: Schedule,
    optimizer: Optimizer,
    streams: Streams,
    record: Callable[[int, Ensemble], Recorded],
    dropout: Dropout | None = None,
) -> tuple[Array, list[Recorded]]:
    """Train an ensemble in place and record it at every checkpoint.

    Parameters
    ----------
    ensemble, examples, optimizer, dropout
        As in `reportgen.nn.training.updates`.
    schedule
        How long, and when to record.
    streams
        Give the order of the examples.
    record
        Called at a checkpoint with the number of updates made so far and the ensemble as it then is. What it returns
        is kept: nothing that further updates change.

    Returns
    -------
    losses
        Loss on the batch before each update, in nats, shape (steps, members).
    recorded
        What `record` returned at each checkpoint.
    """
    training = updates(ensemble, examples, optimizer=optimizer, batches=schedule.batches(streams), dropout=dropout)
    losses = np.empty((schedule.steps, ensemble.parameters.members))
    recorded = []
    for step in range(schedule.steps + 1):
        if step in schedule.checkpoints:
            with np.errstate(all="ignore"):
                recorded.append(record(step, ensemble))
        if step < schedule.steps:
            losses[step] = next(training)
    return losses, recorded


def first_batch(examples: Examples, schedule: Schedule, streams: Streams) -> Examples:
    """Return the examples of the first update that `train_and_record` makes."""
    batches = schedule.batches(streams)
    return examples if batches is None else examples[next(batches.rows(len(examples)))]


def evenly(steps: int, number: int) -> tuple[int, ...]:
    """Return checkpoints before the first update and after this many equal shares of all, the last of them at the end.

    Examples
    --------
    >>> evenly(10, 4)
    (0, 2, 5, 7, 10)
    """
    return tuple(sorted({steps * share // number for share in range(number + 1)}))


def names(trials: Sequence[tuple[Any, ...]], fields: Sequence[str] = Trial._fields) -> Columns:
    """Return the columns that name each member of an ensemble.

    Parameters
    ----------
    trials
        In the order of the members.
    fields
        Names of the columns, one per entry of a trial.
    """
    return dict(zip(fields, map(np.array, zip(*trials, strict=True)), strict=True))
