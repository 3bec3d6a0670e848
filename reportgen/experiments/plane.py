"""Decision maps: small nets learn two problems in the plane, and are asked about every point of a grid.

The nets are as wide as a well-known browser playground allows, and learn its circle and its spiral. All starts of one
problem and activation train as one ensemble. Of the networks from one start the grid is stored for the typical one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import concatenate, with_constants
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan, Tables
from reportgen.experiments.columns import ACTIVATION, DATA, DEPTH, INITIALIZER, START_REPLICATE, WIDTH
from reportgen.experiments.sweeps import ENDS, Sweep, run_sweep, tabulate_ends
from reportgen.experiments.trials import names
from reportgen.nn.ensemble import Array, Ensemble
from reportgen.nn.examples import Examples
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import forward

__all__ = ["EXPERIMENT", "GRID", "STARTS", "Plane"]

GRID = np.linspace(-2.2, 2.2, 45)
"""Both coordinates of the points of the grid; the problems are standardized, and their points lie within."""

STARTS = (
    "zeros",
    "random_normal(stddev=0.01)",
    "glorot_normal",
    "he_normal",
    "random_normal(stddev=1)",
    "random_normal(stddev=5)",
)
"""From no spread at all to the largest."""

_PROBLEMS, _ACTIVATIONS = ("circle", "spiral"), ("tanh", "relu")
_DEPTH, _UNITS, _RATE, _STEPS, _NETWORKS = 4, 8, 0.03, 600, 5
_POINTS = 150
"""Training points that are stored, to be drawn over the answers."""

_WHERE = Column("x1", "std", "first input"), Column("x2", "std", "second input")
_START = DATA, ACTIVATION, DEPTH, INITIALIZER


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane(Sweep):
    """Train all starts on one problem in the plane with one activation, and ask the typical network of each."""

    tables: ClassVar[Tables] = {
        "plane_nets": (
            *_START,
            Column("learning_rate", "", "step size of gradient descent with momentum"),
            START_REPLICATE,
            *ENDS,
            Column("typical", "", "whether its answers on the grid are stored: those of the start's median network"),
        ),
        "plane_answers": (
            *_START,
            WIDTH,
            *_WHERE,
            Column("answer", "share", "probability that the network gives to label 1; nan where it has diverged"),
        ),
        "plane_points": (DATA, ACTIVATION, *_WHERE, Column("label", "", "1 or 0")),
    }

    def measure(self, streams: Streams) -> Measured:
        """Train, and ask about every point of the grid."""
        trained: list[Ensemble] = []

        def keep(drawn: Ensemble, _: Examples) -> Ensemble:
            trained.append(drawn)  # it trains in place
            return drawn

        outcome = run_sweep(self, streams, keep)
        ends = tabulate_ends(self, outcome)
        typical = _typical(ends["test_accuracy"].reshape(len(self.initializers), self.replicates))
        inputs, labels = outcome.data.training.inputs[:_POINTS], outcome.data.training.labels[:_POINTS]
        return {
            "plane_nets": {**ends, "typical": typical.ravel()},
            "plane_answers": self._ask(trained[0], np.flatnonzero(typical)),
            "plane_points": {"x1": inputs[:, 0], "x2": inputs[:, 1], "label": labels},
        }

    def _ask(self, ensemble: Ensemble, members: NDArray[np.intp]) -> Columns:
        x1, x2 = (axis.ravel() for axis in np.meshgrid(GRID, GRID))
        with np.errstate(all="ignore"):
            answers = _answers(ensemble, np.stack([x1, x2], axis=1))
        starts = names(self.grid.trials)["initializer"]
        return concatenate(
            with_constants(
                {"x1": x1, "x2": x2, "answer": answers[member]}, initializer=str(starts[member]), width=_UNITS
            )
            for member in members
        )


def _typical(accuracy: Array) -> Array:
    """Mark the network of every start that is the median of its networks; those that diverged are the worst.

    Parameters
    ----------
    accuracy
        Shape (starts, networks).
    """
    order = np.argsort(np.nan_to_num(accuracy, nan=-1.0), axis=1, kind="stable")
    middle = order[:, (accuracy.shape[1] - 1) // 2, None]
    return np.asarray(np.arange(accuracy.shape[1]) == middle)


def _answers(ensemble: Ensemble, inputs: Array) -> Array:
    """Return the probability of label 1, shape (members, points)."""
    outputs = forward(ensemble, inputs[None].astype(ensemble.parameters.dtype), linear_output=True, slopes=False).output
    logits = np.diff(outputs.astype(np.float64), axis=-1)[..., 0]
    return np.asarray(1 / (1 + np.exp(-logits)))


def _work(_: Plan) -> Iterator[Plane]:
    for problem, activation in product(_PROBLEMS, _ACTIVATIONS):
        yield Plane(
            data={"data": problem},
            activation=activation,
            depth=_DEPTH,
            width=_UNITS,
            initializers=tuple(initializers.get(start).name for start in STARTS),
            learning_rates=(_RATE,),
            replicates=_NETWORKS,
            steps=_STEPS,
        )


EXPERIMENT = Experiment(
    name="plane",
    summary="Two problems in the plane: what nets of several starts answer about every point after a training",
    parts=(Plane,),
    work=_work,
)
