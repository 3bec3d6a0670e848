"""How long a little noise on equal weights takes: until the units have parted, and until the net learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import concatenate, with_constants
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.columns import HIDDEN_ACTIVATION, INITIALIZER, LEARNING_RATE, STEPS
from reportgen.experiments.demos.columns import UNITS
from reportgen.experiments.demos.problem import draw_points
from reportgen.experiments.symmetry.networks import Network, draw_network
from reportgen.experiments.trials import Schedule, evenly, train_and_record
from reportgen.nn import units
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble, join
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import evaluate

__all__ = ["Waits"]

_EVERY = 5
"""Updates between two measurements."""

_LEARNED = 0.9
"""Right answers from which on a net has learned the circle; no straight line gets near."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Train equal weights with noise of several sizes, and wait.

    Attributes
    ----------
    initializer
        Registry name of the equal weights.
    weight_noise
        Standard deviations of the noise on top of them.
    activation, hidden
        Of the hidden layers; units of each.
    learning_rate, steps
        Step size; number of updates.
    points
        Points of the circle to train on.
    replicates
        Number of independent draws of the points, and of the noise.
    """

    initializer: str
    weight_noise: tuple[float, ...]
    activation: str
    hidden: tuple[int, ...]
    learning_rate: float
    steps: int
    points: int
    replicates: int

    tables: ClassVar[Tables] = {
        "demos_waits": (
            INITIALIZER,
            Column("weight_noise", "weight", "standard deviation of the noise on top of the initial weights"),
            HIDDEN_ACTIVATION,
            UNITS,
            LEARNING_RATE,
            STEPS,
            Column("replicate", "", "number of the draw of the points and of the noise, from 0"),
            Column("parted", "updates", "until two units of a layer differ by what the weights started at, or inf"),
            Column("learned", "updates", "until 90 % of the training points are right, or inf"),
            Column("end_accuracy", "share", "training points right after the last update"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Train on the points of every replicate."""
        return {"demos_waits": concatenate(self._wait(replicate, streams) for replicate in range(self.replicates))}

    def _wait(self, replicate: int, streams: Streams) -> Columns:
        """Look at the units and at the answers every few updates."""
        data = draw_points(self.points, streams, replicate)
        networks = [Network(self.initializer, weight_noise=noise, replicate=replicate) for noise in self.weight_noise]
        widths = [data.inputs.shape[1], *self.hidden, data.classes]
        start = join([draw_network(network, widths, streams) for network in networks])
        schedule = Schedule(self.steps, None, evenly(self.steps, self.steps // _EVERY))
        _, looks = train_and_record(
            Ensemble(start, activations.get(self.activation)),
            data,
            schedule,
            sgd(self.learning_rate),
            streams,
            record=lambda _, now: (_spread(now), evaluate(now, data)[1]),
        )
        spread, accuracy = (np.array(each) for each in zip(*looks, strict=True))
        equal = np.abs(draw_network(Network(self.initializer), widths, streams).weights[0]).max()
        waits = {
            "weight_noise": np.array(self.weight_noise),
            "parted": _first(spread >= equal, schedule),
            "learned": _first(accuracy >= _LEARNED, schedule),
            "end_accuracy": accuracy[-1],
        }
        return with_constants(waits, replicate=replicate, units=max(self.hidden))


def _spread(ensemble: Ensemble) -> Array:
    """Return the greatest difference between two units of a hidden layer, shape (members,)."""
    return np.asarray(np.max([units.spread(W) for W in ensemble.parameters.weights[:-1]], axis=0))


def _first(reached: NDArray[np.bool_], schedule: Schedule) -> Array:
    """Return the number of updates at which each member had reached it first, inf where it never did.

    Parameters
    ----------
    reached
        Shape (checkpoints, members).
    """
    steps = np.array(schedule.checkpoints, float)
    return np.where(reached.any(axis=0), steps[reached.argmax(axis=0)], np.inf)
