"""The halt: nets that start too small, right, too large or far too large are trained, and measured meanwhile.

One ensemble per problem and activation holds every start at every learning rate, so that a start that gets nowhere
cannot blame its rate. The nets for the circle have the size of those in the well-known browser playground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.columns import concatenate
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan
from reportgen.experiments.columns import (
    BATCH,
    CLASSES,
    HIDDEN_ACTIVATION,
    LAYER,
    LEARNING_RATE,
    SATURATED_FRACTION,
    START_REPLICATE,
    STEP,
    TRAINING_EXAMPLES,
)
from reportgen.experiments.trials import MOMENTUM, Grid, Schedule, evenly, names, train_and_record
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Array, Ensemble
from reportgen.nn.examples import Examples, Split
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import frobenius, gradient_statistics, rms
from reportgen.nn.training import evaluate, softmax_cross_entropy

__all__ = ["EXPERIMENT"]

STARTS = ("random_normal(stddev=0.01)", "glorot_normal", "random_normal(stddev=1)", "random_normal(stddev=10)")
ACTIVATIONS = ("tanh", "sigmoid")
LEARNING_RATES = (0.003, 0.03, 0.3)

CHECKPOINTS = 16
"""A net is measured before its first update and this many times after, at equal distances."""

PROBE = 128
"""Every checkpoint sees the same examples: this many of those to train on, or all if there are fewer."""

_LEAST_REPLICATES = 3
"""Gradients of single nets differ by orders of magnitude; the chapter takes medians, and that of two is their mean."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be learned, by which nets, and for how long.

    Attributes
    ----------
    hidden
        Units of each hidden layer.
    training, test
        Number of examples.
    batch
        Examples per update.
    epochs, quick_epochs
        Passes through the training examples; the second at the preset quick.
    repeats
        Nets per replicate of the preset: small nets differ more from one another, and cost little.
    """

    hidden: tuple[int, ...]
    training: int
    test: int
    batch: int
    epochs: int
    quick_epochs: int
    repeats: int


PROBLEMS: Mapping[str, Problem] = {
    "digits": Problem((16,) * 5, 1297, 500, 32, 10, 6, repeats=1),
    "circle": Problem((4, 4, 4), 200, 800, 20, 100, 60, repeats=2),
}
"""Those that take longest come first."""


_NET = (
    Column("problem", "", "circle or digits"),
    HIDDEN_ACTIVATION,
    Column("initializer", "", "registry name of the initializer of all weights"),
    LEARNING_RATE,
    START_REPLICATE,
)
_CHECKPOINT = (
    *_NET,
    STEP,
    Column("epoch", "passes", "the same in passes through the training examples"),
    Column("loss", "nats", "mean cross-entropy of the probe, which is the same at every checkpoint"),
)
TABLES: Mapping[str, tuple[Column, ...]] = {
    "halt_nets": (
        *_NET,
        Column("hidden_layers", "layers", "number of hidden layers"),
        Column("units", "units", "units per hidden layer"),
        CLASSES,
        TRAINING_EXAMPLES,
        BATCH,
        Column("epochs", "passes", "length of the training"),
        Column("momentum", "", "share of the last step that is taken again"),
        Column("start_loss", "nats", "loss on the probe before the first update"),
        Column("end_loss", "nats", "loss on all training examples after the last update"),
        Column("test_accuracy", "share", "right answers on held-out examples after the last update"),
    ),
    "halt_layers": (
        *_CHECKPOINT,
        LAYER,
        SATURATED_FRACTION,
        Column("mean_squared_slope", "", "mean of phi'(z)² over inputs and units"),
        Column("weight_factor", "", "fan_out times the mean squared weight of this layer"),
        Column("upstream_rms", "nats", "root mean square of dLoss/dh over inputs and units: delta before the slopes"),
        Column("delta_rms", "nats", "root mean square of delta = dLoss/dz over inputs and units"),
        Column("negligible_fraction", "share", "share of deltas below a thousandth of their layer's root mean square"),
        Column("gradient_norm", "nats", "Frobenius norm of dLoss/dW"),
        Column("agreement", "", "cosine between dLoss/dW of the one half of the probe and of the other"),
    ),
}


def _cells(plan: Plan) -> list[Cell]:
    return [
        Cell.of(
            EXPERIMENT.name,
            problem=name,
            activation=activation,
            epochs=problem.quick_epochs if plan.effort < 1 else problem.epochs,
            replicates=max(plan.replicates, _LEAST_REPLICATES) * problem.repeats,
        )
        for name, problem in PROBLEMS.items()
        for activation in ACTIVATIONS
    ]


def _measure(cell: Cell, streams: Streams) -> Measured:
    name, epochs = cell.text("problem"), cell.number("epochs")
    problem, activation = PROBLEMS[name], activations.get(cell.text("activation"))
    grid = Grid(STARTS, LEARNING_RATES, cell.number("replicates"))
    data = split({"data": name}, streams.data(0), problem.training, problem.test)
    ensemble = Ensemble(grid.draw(data.widths(problem.hidden), streams), activation)
    steps = epochs * (problem.training // problem.batch)
    schedule = Schedule(steps, problem.batch, evenly(steps, CHECKPOINTS))
    _, recorded = train_and_record(
        ensemble,
        data.training,
        schedule,
        grid.sgd(MOMENTUM),
        streams,
        record=lambda _, now: _layers(now, data.training[:PROBE]),
    )
    layers = [
        {**_constant(len(grid.trials), step=step, epoch=epochs * step / steps), **layer}
        for step, measured in zip(schedule.checkpoints, recorded, strict=True)
        for layer in measured
    ]
    return {
        "halt_nets": {
            **names(grid.trials),
            **_constant(len(grid.trials), **_sizes(problem, data)),
            "start_loss": layers[0]["loss"],
            "end_loss": evaluate(ensemble, data.training)[0],
            "test_accuracy": evaluate(ensemble, data.test)[1],
        },
        "halt_layers": {
            **{column: np.tile(values, len(layers)) for column, values in names(grid.trials).items()},
            **concatenate(layers),
        },
    }


def _sizes(problem: Problem, data: Split) -> dict[str, float]:
    return {
        "hidden_layers": len(problem.hidden),
        "units": max(problem.hidden),
        "classes": data.training.classes,
        "training_examples": len(data.training),
        "batch": problem.batch,
        "momentum": MOMENTUM,
    }


def _constant(rows: int, **values: float) -> Columns:
    return {name: np.repeat(value, rows) for name, value in values.items()}


def _layers(ensemble: Ensemble, probe: Examples) -> list[Columns]:
    """Measure every hidden layer of every net on the probe; every value has shape (members,)."""
    weights = ensemble.parameters.weights
    inputs = probe.inputs[None].astype(ensemble.parameters.dtype)
    tape = forward(ensemble, inputs, linear_output=True)
    loss, cotangent = softmax_cross_entropy(tape.output, probe.labels)
    deltas = backward(ensemble, tape, cotangent).deltas
    below = [inputs, *tape.activations]
    return [
        {
            "loss": loss,
            "layer": np.repeat(index + 1, len(loss)),
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
    products = (one.astype(np.float64) * other).sum(axis=(1, 2))
    return np.asarray(np.divide(products, lengths, out=np.zeros_like(lengths), where=lengths > 0))


EXPERIMENT = Experiment(
    name="halt",
    summary="Training that halts: loss, saturation and gradients of nets that start too small, right or too large",
    tables=TABLES,
    cells=_cells,
    measure=_measure,
)
