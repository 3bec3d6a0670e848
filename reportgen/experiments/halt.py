"""The halt: nets that start too small, right, too large or far too large are trained, and looked into meanwhile.

One ensemble per problem and activation holds every start at every learning rate, so that a start that gets nowhere
cannot blame its rate. The nets for the circle have the size of those in the well-known browser playground.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

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
from reportgen.nn.activations import Activation, activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters, join
from reportgen.nn.examples import Examples, Split
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import backward, forward, softmax_cross_entropy
from reportgen.nn.optimizers import sgd
from reportgen.nn.statistics import frobenius, rms, saturated
from reportgen.nn.training import Batches, evaluate, updates

__all__ = ["EXPERIMENT"]

STARTS = ("random_normal(stddev=0.01)", "glorot_normal", "random_normal(stddev=1)", "random_normal(stddev=10)")
ACTIVATIONS = ("tanh", "sigmoid")
LEARNING_RATES = (0.003, 0.03, 0.3)
MOMENTUM = 0.9

LOOKS = 16
"""A net is looked into before its first update and this many times after, at equal distances."""

PROBE = 128
"""Every look sees the same examples: this many of those to train on, or all if there are fewer."""

_LEAST_REPLICATES = 3
"""Gradients of single nets differ by orders of magnitude; the chapter takes medians, and that of two is their mean."""

_NEGLIGIBLE = 1e-3
"""A delta below this share of its layer's root mean square counts as nothing."""


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


class Net(NamedTuple):
    """One member of an ensemble."""

    initializer: str
    learning_rate: float
    replicate: int


_NET = (
    Column("problem", "", "circle or digits"),
    HIDDEN_ACTIVATION,
    Column("initializer", "", "registry name of the initializer of all weights"),
    LEARNING_RATE,
    START_REPLICATE,
)
_LOOK = (
    *_NET,
    STEP,
    Column("epoch", "passes", "the same in passes through the training examples"),
    Column("loss", "nats", "mean cross-entropy of the probe, which is the same at every look"),
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
        *_LOOK,
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
    name, epochs, replicates = cell.text("problem"), cell.number("epochs"), cell.number("replicates")
    problem, activation = PROBLEMS[name], activations.get(cell.text("activation"))
    nets = [Net(*net) for net in product(STARTS, LEARNING_RATES, range(replicates))]
    data = split({"data": name}, streams.data(0), problem.training, problem.test)
    ensemble = Ensemble(_draw(data.widths(problem.hidden), replicates, streams), activation)
    looks: list[Columns] = []
    steps = epochs * (problem.training // problem.batch)
    training = updates(
        ensemble,
        data.training,
        optimizer=sgd([net.learning_rate for net in nets], momentum=MOMENTUM),
        batches=Batches(problem.batch, streams.order(0)),
    )
    looked_at = {steps * look // LOOKS for look in range(LOOKS + 1)}
    for step in range(steps + 1):
        if step in looked_at:
            with np.errstate(all="ignore"):
                looks.extend(_look(nets, step, epochs * step / steps, ensemble, data.training[:PROBE]))
        if step < steps:
            next(training)
    end_loss, _ = evaluate(ensemble, data.training)
    _, accuracy = evaluate(ensemble, data.test)
    ends = {"start_loss": looks[0]["loss"], "end_loss": end_loss, "test_accuracy": accuracy}
    return {
        "halt_nets": {**_names(nets), **_sizes(problem, data, len(nets)), **ends},
        "halt_layers": concatenate(looks),
    }


def _draw(widths: list[int], replicates: int, streams: Streams) -> Parameters:
    """Draw the nets in their order; those that differ in the learning rate alone begin alike."""
    drawn = [
        draw_parameters(initializers.get(start), widths, streams.weights, replicates, biases=True) for start in STARTS
    ]
    return join([ensemble for ensemble in drawn for _ in LEARNING_RATES])


def _names(nets: list[Net]) -> Columns:
    starts, rates, replicates = (np.array(part) for part in zip(*nets, strict=True))
    return {"initializer": starts, "learning_rate": rates, "replicate": replicates}


def _sizes(problem: Problem, data: Split, members: int) -> Columns:
    row = {
        "hidden_layers": len(problem.hidden),
        "units": max(problem.hidden),
        "classes": data.training.classes,
        "training_examples": len(data.training),
        "batch": problem.batch,
        "momentum": MOMENTUM,
    }
    return {name: np.repeat(value, members) for name, value in row.items()}


def _look(nets: list[Net], step: int, epoch: float, ensemble: Ensemble, probe: Examples) -> Iterator[Columns]:
    """Measure every hidden layer of every net on the probe."""
    weights = ensemble.parameters.weights
    inputs = probe.inputs[None].astype(ensemble.parameters.dtype)
    tape = forward(ensemble, inputs, linear_output=True)
    loss, cotangent = softmax_cross_entropy(tape.output, probe.labels)
    deltas = backward(ensemble, tape, cotangent).deltas
    seen = {"step": np.repeat(step, len(nets)), "epoch": np.repeat(epoch, len(nets)), "loss": loss}
    below = [inputs, *tape.activations]
    for index, (W, slope, delta) in enumerate(zip(weights[:-1], tape.slopes, deltas, strict=False)):
        measured = _layer(W, below[index], slope, delta, ensemble.activation)
        measured["upstream_rms"] = rms(deltas[index + 1] @ weights[index + 1].swapaxes(-1, -2))
        yield {**_names(nets), **seen, "layer": np.repeat(index + 1, len(nets)), **measured}


def _layer(W: Array, below: Array, slope: Array, delta: Array, activation: Activation) -> Columns:
    """Measure one layer; every value has shape (members,)."""
    half = delta.shape[1] // 2
    first, second = (
        below[:, rows].swapaxes(-1, -2) @ delta[:, rows] for rows in (slice(None, half), slice(half, None))
    )
    delta_rms = rms(delta)
    return {
        "saturated_fraction": saturated(slope, activation).mean(axis=(1, 2)),
        "mean_squared_slope": rms(slope) ** 2,
        "weight_factor": rms(W) ** 2 * W.shape[2],
        "delta_rms": delta_rms,
        "negligible_fraction": (np.abs(delta) < _NEGLIGIBLE * delta_rms[:, None, None]).mean(axis=(1, 2)),
        "gradient_norm": frobenius(first + second),
        "agreement": _cosine(first, second),
    }


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
