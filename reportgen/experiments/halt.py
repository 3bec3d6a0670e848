"""The halt: nets that start too small, right, too large or far too large are trained, and measured meanwhile.

One ensemble per problem and activation holds every start at every learning rate, so that a start that gets nowhere
cannot blame its rate. The nets for the circle have the size of those in the well-known browser playground.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import concatenate, with_constants
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan, Tables
from reportgen.experiments.columns import (
    BATCH,
    CLASSES,
    HIDDEN_ACTIVATION,
    HIDDEN_LAYERS,
    LAYER,
    LEARNING_RATE,
    MEAN_SQUARED_SLOPE,
    NEGLIGIBLE_FRACTION,
    PROBLEM,
    SATURATED_FRACTION,
    START_REPLICATE,
    STEP,
    TRAINING_EXAMPLES,
    WEIGHT_FACTOR,
)
from reportgen.experiments.trials import MOMENTUM, Grid, Schedule, evenly, names, train_and_record
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Array, Ensemble
from reportgen.nn.examples import Examples
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import frobenius, gradient_statistics, rms
from reportgen.nn.training import evaluate, softmax_cross_entropy

__all__ = ["EXPERIMENT", "Halt"]

STARTS = ("random_normal(stddev=0.01)", "glorot_normal", "random_normal(stddev=1)", "random_normal(stddev=10)")
LEARNING_RATES = (0.003, 0.03, 0.3)

CHECKPOINTS = 16
"""A net is measured before its first update and this many times after, at equal distances."""

PROBE = 128
"""Every checkpoint sees the same examples: this many of those to train on, or all if there are fewer."""

_ACTIVATIONS = ("tanh", "sigmoid")

_LEAST_REPLICATES = 3
"""Gradients of single nets differ by orders of magnitude; the chapter takes medians, and that of two is their mean."""

_NET = (
    PROBLEM,
    HIDDEN_ACTIVATION,
    Column("initializer", "", "registry name of the initializer of all weights"),
    LEARNING_RATE,
    START_REPLICATE,
)
_UNITS = Column("units", "units", "units per hidden layer")
_CHECKPOINT = (
    *_NET,
    _UNITS,
    STEP,
    Column("epoch", "passes", "the same in passes through the training examples"),
    Column("loss", "nats", "mean cross-entropy of the probe, which is the same at every checkpoint"),
)
NETS = (
    *_NET,
    HIDDEN_LAYERS,
    _UNITS,
    CLASSES,
    TRAINING_EXAMPLES,
    BATCH,
    Column("epochs", "passes", "length of the training"),
    Column("momentum", "", "share of the last step that is taken again"),
    Column("start_loss", "nats", "loss on the probe before the first update"),
    Column("end_loss", "nats", "loss on all training examples after the last update"),
    Column("test_accuracy", "share", "right answers on held-out examples after the last update"),
)
LAYERS = (
    *_CHECKPOINT,
    LAYER,
    SATURATED_FRACTION,
    MEAN_SQUARED_SLOPE,
    WEIGHT_FACTOR,
    Column("upstream_rms", "nats", "root mean square of dLoss/dh over inputs and units: delta before the slopes"),
    Column("delta_rms", "nats", "root mean square of delta = dLoss/dz over inputs and units"),
    NEGLIGIBLE_FRACTION,
    Column("gradient_norm", "nats", "Frobenius norm of dLoss/dW"),
    Column("agreement", "", "cosine between dLoss/dW of the one half of the probe and of the other"),
)


@dataclass(frozen=True, slots=True)
class Halt:
    """Train nets from every start at every learning rate, and measure them meanwhile.

    Attributes
    ----------
    problem
        What is to be learned: "circle" or "digits".
    activation
        Of the hidden layers.
    hidden
        Units of each hidden layer.
    training_examples, test_examples
        How many are drawn to train on, and held out.
    batch
        Examples per update.
    epochs
        Passes through the training examples.
    replicates
        Number of independent draws of every start.
    """

    problem: str
    activation: str
    hidden: tuple[int, ...]
    training_examples: int
    test_examples: int
    batch: int
    epochs: int
    replicates: int

    tables: ClassVar[Tables] = {"halt_nets": NETS, "halt_layers": LAYERS}

    def measure(self, streams: Streams) -> Measured:
        """Measure every hidden layer at every checkpoint, and how every net ended."""
        grid = Grid(STARTS, LEARNING_RATES, self.replicates)
        data = split({"data": self.problem}, streams.data(0), self.training_examples, self.test_examples)
        ensemble = Ensemble(grid.draw(data.widths(self.hidden), streams), activations.get(self.activation))
        trials, probe = names(grid.trials), data.training[:PROBE]
        _, checkpoints = train_and_record(
            ensemble,
            data.training,
            self._schedule(),
            grid.sgd(MOMENTUM),
            streams,
            record=lambda step, now: self._checkpoint(step, trials, _layers(now, probe)),
        )
        nets = {
            **trials,
            "start_loss": checkpoints[0]["loss"][: len(grid.trials)],
            "end_loss": evaluate(ensemble, data.training)[0],
            "test_accuracy": evaluate(ensemble, data.test)[1],
        }
        sizes = {"hidden_layers": len(self.hidden), "classes": data.training.classes}
        units = max(self.hidden)
        return {
            "halt_nets": with_constants(nets, momentum=MOMENTUM, units=units, **sizes),
            "halt_layers": with_constants(concatenate(checkpoints), units=units),
        }

    @property
    def _updates_per_epoch(self) -> int:
        return self.training_examples // self.batch

    def _schedule(self) -> Schedule:
        steps = self.epochs * self._updates_per_epoch
        return Schedule(steps, self.batch, evenly(steps, CHECKPOINTS))

    def _checkpoint(self, step: int, trials: Columns, layers: list[Columns]) -> Columns:
        """Lay out what is measured after some updates, layer by layer."""
        columns = concatenate({**trials, **with_constants(layer, layer=index)} for index, layer in enumerate(layers, 1))
        return with_constants(columns, step=step, epoch=step / self._updates_per_epoch)


def _layers(ensemble: Ensemble, probe: Examples) -> list[Columns]:
    """Measure every hidden layer of every net on the probe; every value has shape (members,)."""
    weights = ensemble.parameters.weights
    inputs = probe.inputs[None].astype(ensemble.parameters.dtype)
    tape = forward(ensemble, inputs, linear_output=True)
    loss, cotangent = softmax_cross_entropy(tape.output, probe.labels)
    deltas = backward(ensemble, tape, cotangent, parameters=False).deltas
    below = [inputs, *tape.activations]
    return [
        {
            "loss": loss,
            **gradient_statistics(W, slope, deltas[index], ensemble.activation),
            **_weight_gradient(below[index], deltas[index]),
            "upstream_rms": rms(deltas[index + 1] @ weights[index + 1].swapaxes(-1, -2)),
        }
        for index, (W, slope) in enumerate(zip(weights[:-1], tape.slopes, strict=False))
    ]


def _weight_gradient(below: Array, delta: Array) -> Columns:
    """Measure how long dLoss/dW is, and whether the two halves of the probe agree on where it points."""
    half = delta.shape[1] // 2
    first, second = (
        below[:, rows].swapaxes(-1, -2) @ delta[:, rows] for rows in (slice(None, half), slice(half, None))
    )
    return {"gradient_norm": frobenius(first + second), "agreement": _cosine(first, second)}


def _cosine(one: Array, other: Array) -> Array:
    """Return the cosine between two matrices of each member; 0 where one of them is zero."""
    lengths = frobenius(one) * frobenius(other)
    products = np.einsum("mij,mij->m", one, other, dtype=np.float64)
    return np.asarray(np.divide(products, lengths, out=np.zeros_like(lengths), where=lengths > 0))


def _work(plan: Plan) -> Iterator[Halt]:
    """Yield those that take longest first; small nets differ more from one another, and twice as many cost little."""
    quick, replicates = plan.effort < 1, max(plan.replicates, _LEAST_REPLICATES)
    for activation in _ACTIVATIONS:
        yield Halt("digits", activation, (16,) * 5, 1297, 500, 32, epochs=6 if quick else 10, replicates=replicates)
    for activation in _ACTIVATIONS:
        yield Halt(
            "circle", activation, (4, 4, 4), 200, 800, 20, epochs=60 if quick else 100, replicates=2 * replicates
        )


EXPERIMENT = Experiment(
    name="halt",
    summary="Training that halts: loss, saturation and gradients of nets that start too small, right or too large",
    parts=(Halt,),
    work=_work,
)
