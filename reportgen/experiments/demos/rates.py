"""Whether a learning rate alone saves a start of the wrong size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reportgen.battery.cell import Streams
from reportgen.battery.columns import with_constants
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.columns import HIDDEN_ACTIVATION, INITIALIZER, LEARNING_RATE, START_REPLICATE, STEPS
from reportgen.experiments.demos.columns import UNITS
from reportgen.experiments.demos.problem import draw_points
from reportgen.experiments.trials import Grid, names
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble
from reportgen.nn.training import evaluate, train

__all__ = ["Rates"]


@dataclass(frozen=True, slots=True)
class Rates:
    """Train nets from some starts at several learning rates.

    Attributes
    ----------
    initializers
        Registry names of the starts.
    learning_rates
        Step sizes of gradient descent on all points.
    activation, hidden
        Of the hidden layers; units of each.
    steps
        Number of updates.
    points
        Points of the circle to train on.
    replicates
        Number of independent draws of each start.
    """

    initializers: tuple[str, ...]
    learning_rates: tuple[float, ...]
    activation: str
    hidden: tuple[int, ...]
    steps: int
    points: int
    replicates: int

    tables: ClassVar[Tables] = {
        "demos_rates": (
            INITIALIZER,
            LEARNING_RATE,
            START_REPLICATE,
            HIDDEN_ACTIVATION,
            UNITS,
            STEPS,
            Column("loss", "nats", "mean cross-entropy of the training points after the last update"),
            Column("accuracy", "share", "training points classified rightly; nan where the net has diverged"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Train all of them as one ensemble."""
        data, grid = draw_points(self.points, streams), Grid(self.initializers, self.learning_rates, self.replicates)
        widths = [data.inputs.shape[1], *self.hidden, data.classes]
        nets = Ensemble(grid.draw(widths, streams, float), activations.get(self.activation))
        train(nets, data, steps=self.steps, optimizer=grid.sgd())
        loss, accuracy = evaluate(nets, data)
        found = {**names(grid.trials), "loss": loss, "accuracy": accuracy}
        return {"demos_rates": with_constants(found, units=max(self.hidden))}
