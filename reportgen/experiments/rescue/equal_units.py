"""Trainings of networks whose units start equal: what tells them apart, and what does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.columns import (
    ACTIVATION,
    BATCH,
    DEPTH,
    INITIALIZER,
    STEPS,
    TEST_ACCURACY,
    WIDTH,
)
from reportgen.experiments.rescue.forms import FORM, FORMS, seen
from reportgen.experiments.trials import Grid, Schedule, train_and_record
from reportgen.nn import units
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Ensemble
from reportgen.nn.examples import Split
from reportgen.nn.training import evaluate

__all__ = ["EqualUnits"]


@dataclass(frozen=True, slots=True)
class EqualUnits:
    """Train zeros and equal weights in one form, and see whether their units ever differ.

    The networks are small, and compute in float64, where "identical" means more than "within 1e-7".
    """

    form: str
    activation: str = "tanh"
    depth: int = 2
    width: int = 16
    steps: int = 100
    batch: int = 50
    initializers: tuple[str, ...] = ("zeros", "constant")
    learning_rate: float = 0.1

    tables: ClassVar[Tables] = {
        "rescue_symmetry": (
            FORM,
            ACTIVATION,
            INITIALIZER,
            DEPTH,
            WIDTH,
            STEPS,
            BATCH,
            Column("spread", "weight", "greatest difference between two units of a hidden layer after training"),
            Column("distinct_units", "units", "most units of a hidden layer that differ by more than 1e-10"),
            Column("movement", "weight", "greatest change of any weight"),
            TEST_ACCURACY,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Train, and compare the units of every hidden layer."""
        data, grid = split({"data": "digits"}, streams.data(0)), self._grid
        ensemble = self._start(data, streams)
        _, (start, end) = train_and_record(
            ensemble,
            data.training,
            Schedule(self.steps, self.batch, checkpoints=(0, self.steps)),
            grid.sgd(),
            streams,
            record=lambda _, now: now.parameters.copy(),
        )
        hidden = end.weights[:-1]
        changes = [np.abs(W - V).max(axis=(1, 2)) for W, V in zip(end.weights, start.weights, strict=True)]
        columns = {
            "initializer": np.array(self.initializers),
            "spread": np.max([units.spread(W) for W in hidden], axis=0),
            "distinct_units": np.max([units.distinct(W) for W in hidden], axis=0),
            "movement": np.max(changes, axis=0),
            "test_accuracy": evaluate(ensemble, data.test)[1],
        }
        return {"rescue_symmetry": columns}

    @property
    def _grid(self) -> Grid:
        return Grid(self.initializers, (self.learning_rate,), replicates=1)

    def _start(self, data: Split, streams: Streams) -> Ensemble:
        parameters = self._grid.draw(data.widths([self.width] * self.depth), streams, np.float64)
        drawn = Ensemble(parameters, activations.get(self.activation))
        return FORMS[self.form].start(drawn, self.depth, seen(data.training, drawn)).ensemble
