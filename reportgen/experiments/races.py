"""Races: ensembles of networks of one shape that train on the same examples and differ in how they start.

All of them see the same batches in the same order, whatever their initializer, learning rate or replicate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import NamedTuple

import numpy as np

from reportgen.battery.cell import Cell, Factor, Streams
from reportgen.nn.activations import activations
from reportgen.nn.datasets import DATA_FACTORS, split
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters, join
from reportgen.nn.examples import Split
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import Gradients
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import Batches, diverged_after, evaluate, loss_gradients, updates

__all__ = ["MOMENTUM", "Finish", "Look", "Race", "Runner", "run"]

MOMENTUM = 0.9

_CACHED = 16
"""Networks in one ensemble: with more of them, a training step outgrows the cache and takes longer per network."""

_TAIL = 0.1
"""The loss at the end is the mean over this last share of the updates: that of a single small batch jumps about."""


Preparation = Callable[[Ensemble, Split], Ensemble]


class Runner(NamedTuple):
    """One network of a race."""

    initializer: str
    learning_rate: float
    replicate: int


@dataclass(frozen=True, slots=True)
class Race:
    """Who runs, on what, and for how long.

    Attributes
    ----------
    data
        Factors of the data set, at least ``data``.
    activation
        Of the hidden layers.
    depth, width
        Number of hidden layers; units in each.
    initializers, learning_rates, replicates
        Every combination of them is a network of the race.
    steps, batch
        Number of updates; examples per update.
    looks
        The race is looked at this many times, at equal distances; the last time after the last update.
    """

    data: Mapping[str, Factor]
    activation: str
    depth: int
    width: int
    initializers: tuple[str, ...]
    learning_rates: tuple[float, ...]
    replicates: int
    steps: int
    batch: int
    looks: int

    @classmethod
    def of(cls, cell: Cell) -> Race:
        """Read a race from the factors of a cell, which may have others beside."""
        factors = cell.mapping()
        own = {field.name: factors[field.name] for field in fields(cls) if field.name != "data"}
        data = {name: factors[name] for name in DATA_FACTORS if name in factors}
        return cls(data=data, **own)  # type: ignore[arg-type]

    def heats(self) -> Iterator[Race]:
        """Split the race by initializers into ensembles small enough for a processor's cache.

        Nobody notices: a network's numbers do not depend on who trains beside it.
        """
        together = max(1, _CACHED // (len(self.learning_rates) * self.replicates))
        for start in range(0, len(self.initializers), together):
            yield replace(self, initializers=self.initializers[start : start + together])

    @property
    def runners(self) -> tuple[Runner, ...]:
        """The networks, in the order of the ensemble's members."""
        return tuple(Runner(*one) for one in product(self.initializers, self.learning_rates, range(self.replicates)))


class Look(NamedTuple):
    """What is seen of all runners after some updates: two arrays of shape (members,)."""

    step: int
    test_loss: Array
    test_accuracy: Array


@dataclass(frozen=True, slots=True)
class Finish:
    """How a race ended.

    Attributes
    ----------
    data
        What was trained on and tested with.
    start
        Parameters before the first update.
    first
        Gradients of the first update.
    start_loss, end_loss
        Training loss of the first batch, and the mean over the last tenth of the updates; shape (members,).
    diverged_after
        Updates after which the loss was no longer finite, inf where it always was; shape (members,).
    looks
        In the order of the updates.
    """

    data: Split
    start: Parameters
    first: Gradients
    start_loss: Array
    end_loss: Array
    diverged_after: Array
    looks: list[Look]


def run(race: Race, streams: Streams, prepare: Preparation | None = None) -> Finish:
    """Train all runners as one ensemble; replicate 0 of the streams gives the examples and their order.

    Parameters
    ----------
    prepare
        Makes the starts of plain networks that were drawn, those of one initializer at a time.
    """
    data = split(race.data, streams.data(0))
    ensemble = _start(race, data, streams, prepare)
    start = ensemble.parameters.copy()
    with np.errstate(all="ignore"):
        rows = next(Batches(race.batch, streams.order(0)).rows(len(data.training)))
        _, first = loss_gradients(ensemble, data.training[rows])
    looks: list[Look] = []
    losses = np.empty((race.steps, len(race.runners)))
    training = updates(
        ensemble,
        data.training,
        optimizer=sgd([runner.learning_rate for runner in race.runners], momentum=MOMENTUM),
        batches=Batches(race.batch, streams.order(0)),
    )
    looked_at = {race.steps * (look + 1) // race.looks for look in range(race.looks)}
    for step in range(race.steps):
        losses[step] = next(training)
        if step + 1 in looked_at:
            looks.append(Look(step + 1, *evaluate(ensemble, data.test)))
    tail = losses[-max(1, round(_TAIL * race.steps)) :]
    return Finish(data, start, first, losses[0], tail.mean(axis=0), diverged_after(losses), looks)


def _start(race: Race, data: Split, streams: Streams, prepare: Preparation | None) -> Ensemble:
    """Draw the networks in the order of the runners; those that differ in the learning rate alone begin alike."""
    widths, activation = data.widths([race.width] * race.depth), activations.get(race.activation)
    parts: list[Ensemble] = []
    for name in race.initializers:
        parameters = draw_parameters(initializers.get(name), widths, streams.weights, race.replicates, biases=True)
        drawn = Ensemble(parameters, activation)
        parts += [prepare(drawn, data) if prepare else drawn] * len(race.learning_rates)
    return replace(parts[0], parameters=join([part.parameters for part in parts]))
