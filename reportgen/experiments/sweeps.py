"""Sweeps: one problem and one architecture, from several starts at several learning rates, and how each trial ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import concatenate, with_constants
from reportgen.battery.experiment import Column, Columns, Factors
from reportgen.experiments.columns import (
    BATCH,
    CLASSES,
    OPTIMIZER,
    STEPS,
    TEST_ACCURACY,
    TEST_EXAMPLES,
    TRAINING_EXAMPLES,
    WIDTH,
)
from reportgen.experiments.trials import (
    MOMENTUM,
    OPTIMIZERS,
    Grid,
    Schedule,
    evenly,
    first_batch,
    names,
    train_and_record,
)
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Array, Ensemble
from reportgen.nn.examples import Examples, Split
from reportgen.nn.mlp import Gradients
from reportgen.nn.training import diverged_after, evaluate, loss_gradients

__all__ = [
    "ENDS",
    "UNITS",
    "VALIDATION",
    "Checkpoint",
    "Outcome",
    "Sweep",
    "ends_at",
    "run_sweep",
    "sizes",
    "tabulate_budgets",
    "tabulate_ends",
]

UNITS = 32
"""Units in each hidden layer, where nothing else is said."""

_TAIL = 0.1
"""The loss at the end is the mean over this last share of the updates: that of a single small batch jumps about."""

VALIDATION = 0.15
"""Share of the training examples that is held out to choose learning rates on: never the test examples."""

ENDS = (
    WIDTH,
    OPTIMIZER,
    STEPS,
    BATCH,
    Column("momentum", "", "share of the last step that is added to the next one; nan for Adam"),
    TRAINING_EXAMPLES,
    Column("validation_examples", "examples", "examples held out to choose the learning rate on"),
    TEST_EXAMPLES,
    CLASSES,
    Column("guess", "share", "test examples of the most frequent class"),
    Column("start_loss", "nats", "loss of the first batch before the first update"),
    Column("end_loss", "nats", "mean loss of the batches of the last tenth of the updates"),
    Column("validation_loss", "nats", "mean cross-entropy of the validation examples after training"),
    Column("test_loss", "nats", "mean cross-entropy of the test examples after training"),
    TEST_ACCURACY,
    Column("diverged_after", "updates", "updates until the loss was no longer finite; inf where it always was"),
)
"""The sizes of a sweep, and how each of its trials ended."""

Build = Callable[[Ensemble, Examples], Ensemble]
"""(plain networks as they were drawn, examples to train on) -> the networks that train."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What is trained, on what, and for how long; a part of an experiment adds what the sweep is for.

    Attributes
    ----------
    data
        Factors of the data set, at least ``data``.
    activation
        Of the hidden layers.
    depth, width
        Number of hidden layers; units in each.
    initializers, learning_rates, replicates, once
        The trials, as in `Grid`.
    steps, batch
        Number of updates; examples per update.
    checkpoints
        How often the trials are tested, after equal shares of the updates; the last time is after all of them.
    optimizer
        One of `OPTIMIZERS`.
    """

    data: Factors
    activation: str
    depth: int
    width: int = UNITS
    initializers: tuple[str, ...]
    learning_rates: tuple[float, ...]
    replicates: int
    once: tuple[str, ...] = ()
    steps: int
    batch: int = 24
    checkpoints: int = 1
    optimizer: str = "sgd"

    @property
    def grid(self) -> Grid:
        """The trials."""
        return Grid(self.initializers, self.learning_rates, self.replicates, self.once)

    @property
    def schedule(self) -> Schedule:
        """How long they train, and when they are tested."""
        return Schedule(self.steps, self.batch, evenly(self.steps, self.checkpoints)[1:])

    def split(self) -> Iterator[Self]:
        """Split the sweep as its grid is split, into ensembles that fit in a processor's cache."""
        for grid in self.grid.split():
            yield replace(self, initializers=grid.initializers)


class Checkpoint(NamedTuple):
    """What is measured of all trials after some updates: arrays of shape (members,)."""

    step: int
    validation_loss: Array
    test_loss: Array
    test_accuracy: Array


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sweep comes to.

    Attributes
    ----------
    data
        What was trained on and tested with.
    validation
        Number of examples that were held out to choose learning rates on.
    start
        The networks before the first update.
    batch
        Examples of the first update.
    losses
        Training loss of each batch before its update, shape (steps, members).
    checkpoints
        In the order of the updates.
    """

    data: Split
    validation: int
    start: Ensemble
    batch: Examples
    losses: Array
    checkpoints: list[Checkpoint]

    @property
    def first(self) -> Gradients:
        """Gradients of the first update."""
        with np.errstate(all="ignore"):
            return loss_gradients(self.start, self.batch)[1]


def run_sweep(sweep: Sweep, streams: Streams, build: Build | None = None) -> Outcome:
    """Train all trials of a sweep as one ensemble.

    Parameters
    ----------
    streams
        Replicate 0 gives the examples and their order.
    build
        Makes other networks of the plain ones that were drawn.
    """
    data, validation = split(sweep.data, streams.data(0)).held_out(VALIDATION)
    schedule = sweep.schedule
    parameters = sweep.grid.draw(data.widths([sweep.width] * sweep.depth), streams)
    drawn = Ensemble(parameters, activations.get(sweep.activation))
    ensemble = build(drawn, data.training) if build else drawn
    start = replace(ensemble, parameters=ensemble.parameters.copy())
    losses, checkpoints = train_and_record(
        ensemble,
        data.training,
        schedule,
        OPTIMIZERS[sweep.optimizer]([trial.learning_rate for trial in sweep.grid.trials]),
        streams,
        record=lambda step, now: Checkpoint(step, evaluate(now, validation)[0], *evaluate(now, data.test)),
    )
    first = first_batch(data.training, schedule, streams)
    return Outcome(data, len(validation), start, first, losses, checkpoints)


def tabulate_ends(sweep: Sweep, outcome: Outcome) -> Columns:
    """Return one row per trial: its name in the grid and the columns of `ENDS` that are no factors of the sweep."""
    return _ends(sweep, outcome, outcome.checkpoints[-1])


def tabulate_budgets(sweep: Sweep, outcome: Outcome) -> Columns:
    """Return the rows of `tabulate_ends` for every checkpoint, as if training had ended there: `steps` tells where."""
    return concatenate(_ends(sweep, outcome, checkpoint, steps=checkpoint.step) for checkpoint in outcome.checkpoints)


def _ends(sweep: Sweep, outcome: Outcome, last: Checkpoint, **steps: int) -> Columns:
    ends = {**names(sweep.grid.trials), **ends_at(last, outcome.losses)}
    return with_constants(ends, **sizes(outcome.data, outcome.validation, sweep.optimizer), **steps)


def ends_at(checkpoint: Checkpoint, losses: Array) -> Columns:
    """Return how each trial stood at a checkpoint, as if training had ended there.

    Parameters
    ----------
    losses
        Training loss of each batch before its update, shape (steps, members); later ones are left out.
    """
    made = losses[: checkpoint.step]
    return {
        "start_loss": made[0],
        "end_loss": made[-max(1, round(_TAIL * len(made))) :].mean(axis=0),
        "validation_loss": checkpoint.validation_loss,
        "test_loss": checkpoint.test_loss,
        "test_accuracy": checkpoint.test_accuracy,
        "diverged_after": diverged_after(made),
    }


def sizes(data: Split, validation: int, optimizer: str) -> dict[str, float]:
    """Return what is the same for all trials on some data: numbers of examples, what guessing gets, the momentum."""
    return {
        "momentum": MOMENTUM if optimizer == "sgd" else np.nan,
        "training_examples": len(data.training),
        "validation_examples": validation,
        "test_examples": len(data.test),
        "classes": data.training.classes,
        "guess": np.bincount(data.test.labels).max() / len(data.test),
    }
