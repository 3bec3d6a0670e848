"""Trainings: how every trial ended, how it got there, and how large its first step was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_index, concatenate, merge, with_constants
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.columns import (
    ACTIVATION,
    DATA,
    DEPTH,
    INITIALIZER,
    LEARNING_RATE_WITH_MOMENTUM,
    START_REPLICATE,
    STEP,
    TEST_ACCURACY,
    TEST_LOSS,
    WIDTH,
)
from reportgen.experiments.sweeps import ENDS, Outcome, Sweep, run_sweep, tabulate_budgets, tabulate_ends
from reportgen.experiments.trials import names
from reportgen.nn.ensemble import Ensemble
from reportgen.nn.examples import Examples
from reportgen.nn.statistics import frobenius

__all__ = ["Training"]

_READOUT = Column("readout", "", "what the weights of the last layer were multiplied with before the training")
_START = (
    Column("study", "", "what the race is for: map, rate, small, deep, gain or readout"),
    DATA,
    ACTIVATION,
    DEPTH,
    INITIALIZER,
)
_NETWORK = (*_START, LEARNING_RATE_WITH_MOMENTUM, START_REPLICATE)
_BUDGETS = ("rate", "readout")
"""Studies that tell how every trial would have ended, had it ended at a checkpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training(Sweep):
    """Train all initializers, learning rates and replicates of one activation and depth.

    Attributes
    ----------
    study
        What the sweep is for: the map, the learning rate, small weights, the deep net, the gain, or the
        readout.
    readout
        What the weights of the last layer are multiplied with before the training.
    """

    study: str
    readout: float = 1.0

    tables: ClassVar[Tables] = {
        "training_races": (*_NETWORK, _READOUT, *ENDS),
        "training_curves": (
            *_NETWORK,
            WIDTH,
            STEP,
            TEST_LOSS,
            TEST_ACCURACY,
        ),
        "training_first_steps": (
            *_START,
            START_REPLICATE,
            WIDTH,
            Column("layer", "", "layer, from 1 (next to the inputs); the last one is the readout"),
            Column("weight_norm", "weight", "Frobenius norm of the weights before the first update"),
            Column("gradient_norm", "nats/weight", "Frobenius norm of the first gradient of the batch's mean loss"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Train, ensemble by ensemble."""
        return merge(one.tabulate(run_sweep(one, streams, self._build)) for one in self.split())

    def _build(self, drawn: Ensemble, _: Examples) -> Ensemble:
        drawn.parameters.weights[-1] *= self.readout
        return drawn

    def tabulate(self, outcome: Outcome) -> Measured:
        """Return the tables that this sweep has something to say in: curves or budgets if it was tested on the way.

        Parameters
        ----------
        outcome
            What the sweep came to.
        """
        tables = {"training_races": self._ends(outcome)}
        if len(outcome.checkpoints) > 1 and self.study not in _BUDGETS:
            tables["training_curves"] = self._curves(outcome)
        if self.study == "map" and self.optimizer == "sgd":
            tables["training_first_steps"] = self._first_steps(outcome)
        return tables

    def _ends(self, outcome: Outcome) -> Columns:
        return (tabulate_budgets if self.study in _BUDGETS else tabulate_ends)(self, outcome)

    def _curves(self, outcome: Outcome) -> Columns:
        trials = names(self.grid.trials)
        tested = (
            with_constants({"test_loss": one.test_loss, "test_accuracy": one.test_accuracy}, step=one.step)
            for one in outcome.checkpoints
        )
        return concatenate({**trials, **columns} for columns in tested)

    def _first_steps(self, outcome: Outcome) -> Columns:
        """Lay out one row per network and layer; networks that differ in the learning rate alone start alike."""
        trials = names(self.grid.trials)
        once = np.flatnonzero(trials["learning_rate"] == self.learning_rates[0])
        norms = {
            name: np.stack([frobenius(W)[once] for W in matrices], axis=1)
            for name, matrices in (
                ("weight_norm", outcome.start.parameters.weights),
                ("gradient_norm", outcome.first.weights),
            )
        }
        columns = by_index(norms, network=0, layer=1)
        network = once[columns.pop("network")]
        return {"initializer": trials["initializer"][network], "replicate": trials["replicate"][network], **columns}
