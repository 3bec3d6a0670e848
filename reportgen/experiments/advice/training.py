"""To which depth the starts of one activation learn, within two budgets, at a learning rate of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import concatenate, with_constants
from reportgen.battery.experiment import Columns, Factors, Measured, Tables
from reportgen.experiments.columns import (
    ACTIVATION,
    DEPTH,
    INITIALIZER,
    LEARNING_RATE_WITH_MOMENTUM,
    START_REPLICATE,
)
from reportgen.experiments.sweeps import ENDS, UNITS, VALIDATION, Checkpoint, ends_at, sizes
from reportgen.experiments.trials import OPTIMIZERS, Grid, Trial, names
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Array, Ensemble, Parameters, join
from reportgen.nn.examples import Examples, Split
from reportgen.nn.training import Batches, evaluate, updates

__all__ = ["LEARNED", "Learning"]

LEARNED = 0.25
"""Who has come this share of the way from guessing to all right has learned, and goes on to the next depth."""

_CLEARLY, _BEGUN = 0.5, 0.05
"""Where every network has come so far after the short budget, or none has begun, the long one is spared."""

_PILOT = 1 / 3
"""Share of the short budget after which the learning rates of a start are compared, on its first network."""


class _Entrant(NamedTuple):
    """A start with its learning rate."""

    initializer: str
    learning_rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Train the starts of one activation, deeper and deeper, as long as most of their networks learn.

    The rate of each start and depth is chosen by the validation loss of one network after a part of the short budget. A
    start is not tried in deeper nets than the first in which half of its networks, or fewer, learn within the short
    budget. The long one is spared where all networks of a depth have clearly learned, or none has begun to.

    Attributes
    ----------
    data, activation, optimizer, width, batch
        As in `Sweep`.
    initializers
        Canonical registry names.
    learning_rates
        To choose from.
    depths
        Numbers of hidden layers.
    networks
        Independent networks of each start.
    short, long
        Numbers of updates.
    """

    data: Factors
    activation: str
    optimizer: str
    initializers: tuple[str, ...]
    learning_rates: tuple[float, ...]
    depths: tuple[int, ...]
    networks: int
    short: int
    long: int
    width: int = UNITS
    batch: int = 24

    tables: ClassVar[Tables] = {
        "advice_training": (
            ACTIVATION,
            DEPTH,
            INITIALIZER,
            LEARNING_RATE_WITH_MOMENTUM,
            START_REPLICATE,
            *ENDS,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Return a row per network and budget; starts that no longer learn have none at greater depths."""
        return {"advice_training": concatenate(self._at_each_depth(streams))}

    def _at_each_depth(self, streams: Streams) -> Iterator[Columns]:
        data, validation = split(self.data, streams.data(0)).held_out(VALIDATION)
        starts = self.initializers
        for depth in sorted(self.depths):
            if starts:
                run = _Run(self, depth, data, validation, streams)
                rows, learned = run.train(run.entrants(starts))
                yield with_constants(rows, depth=depth)
                starts = tuple(start for start, share in learned.items() if share > 1 / 2)


@dataclass(frozen=True, slots=True)
class _Run:
    """The trainings of one depth."""

    part: Learning
    depth: int
    data: Split
    validation: Examples
    streams: Streams

    def entrants(self, starts: Sequence[str]) -> list[_Entrant]:
        """Return each start with the rate of the least validation loss of its first network after part of a budget."""
        rates = self.part.learning_rates
        if len(rates) == 1:
            return [_Entrant(start, rates[0]) for start in starts]
        pilots = Grid(tuple(starts), rates, 1)
        ensemble = self._ensemble(pilots.draw(self._widths, self.streams))
        for _ in zip(range(round(_PILOT * self.part.short)), self._updates(ensemble, pilots.trials), strict=False):
            pass
        loss = evaluate(ensemble, self.validation)[0].reshape(len(starts), len(rates))
        best = np.where(np.isfinite(loss), loss, np.inf).argmin(axis=1)
        return [_Entrant(start, rates[int(index)]) for start, index in zip(starts, best, strict=True)]

    def train(self, entrants: Sequence[_Entrant]) -> tuple[Columns, dict[str, float]]:
        """Train all entrants as one ensemble; return their rows, and the share of each one's that soon learned."""
        part = self.part
        trials = [Trial(*entrant, replicate) for entrant in entrants for replicate in range(part.networks)]
        grids = (Grid((one.initializer,), (one.learning_rate,), part.networks) for one in entrants)
        ensemble = self._ensemble(join([grid.draw(self._widths, self.streams) for grid in grids]))
        training, ahead = self._updates(ensemble, trials), np.zeros(len(trials), bool)
        losses: list[Array] = []
        checkpoints: list[Checkpoint] = []
        for budget in (part.short, part.long):
            losses += [loss for _, loss in zip(range(budget - len(losses)), training, strict=False)]
            loss, right = evaluate(ensemble, self.validation)
            checkpoints.append(Checkpoint(budget, loss, *evaluate(ensemble, self.data.test)))
            progress = self._progress(right)
            ahead = progress >= LEARNED if budget == part.short else ahead
            if (progress >= _CLEARLY).all() or not (progress >= _BEGUN).any():
                break
        shares = {
            entrant.initializer: float(np.mean(ahead[at * part.networks : (at + 1) * part.networks]))
            for at, entrant in enumerate(entrants)
        }
        return self._rows(trials, np.array(losses), checkpoints), shares

    def _rows(self, trials: Sequence[Trial], losses: Array, checkpoints: Sequence[Checkpoint]) -> Columns:
        named = names(trials)
        shared = sizes(self.data, len(self.validation), self.part.optimizer)
        return concatenate(
            with_constants({**named, **ends_at(one, losses)}, **shared, steps=one.step) for one in checkpoints
        )

    @property
    def _widths(self) -> list[int]:
        return self.data.widths([self.part.width] * self.depth)

    def _ensemble(self, parameters: Parameters) -> Ensemble:
        return Ensemble(parameters, activations.get(self.part.activation))

    def _updates(self, ensemble: Ensemble, trials: Sequence[Trial]) -> Iterator[Array]:
        optimizer = OPTIMIZERS[self.part.optimizer]([trial.learning_rate for trial in trials])
        batches = Batches(self.part.batch, self.streams.order(0))
        return updates(ensemble, self.data.training, optimizer=optimizer, batches=batches)

    def _progress(self, right: Array) -> NDArray[np.float64]:
        """Return which share of the way from guessing to all right each network has come on the validation examples."""
        guess = np.bincount(self.validation.labels).max() / len(self.validation)
        return np.asarray((np.nan_to_num(right) - guess) / (1 - guess))
