"""The tables of a course of training: what was trained, how alike its units were, what it learned, how that looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from reportgen.battery.experiment import Column, Columns, Measured
from reportgen.experiments.courses import Finished
from reportgen.nn import units
from reportgen.nn.activations import activations
from reportgen.nn.datasets import best_line
from reportgen.nn.mlp import Array, Parameters, forward
from reportgen.nn.training import evaluate

__all__ = ["TABLES", "tabulate_course"]

GRID = np.linspace(-2.5, 2.5, 41)
"""The decision map is taken at these values of either input."""

_COURSE = Column("course", "", "name of the course of training")
_START = Column("start", "", "registry name of the initializer")
_STEP = Column("step", "updates", "number of updates made so far")
_NETWORK = (
    _COURSE,
    _START,
    Column("weight_noise", "weight", "standard deviation of the noise on top of the initial weights"),
    Column("bias_noise", "weight", "standard deviation of the noise on top of the initial biases"),
    Column("replicate", "", "number of the independent start, from 0; zeros and a plain constant have only one"),
    _STEP,
)
_LAYER = Column("layer", "", "layer, from 1 (next to the inputs)")
_UNIT = Column("unit", "", "number of the unit, from 0")

TABLES: Mapping[str, tuple[Column, ...]] = {
    "symmetry_courses": (
        _COURSE,
        Column("problem", "", "circle or digits"),
        Column("activation", "", "registry name of the activation of the hidden layers"),
        Column("hidden_layers", "layers", "number of hidden layers"),
        Column("units", "units", "units per hidden layer; 0 where there is none"),
        Column("steps", "updates", "length of the course"),
        Column("learning_rate", "", "step size of gradient descent"),
        Column("constant_value", "weight", "value of the start at a constant"),
        Column("batch", "examples", "examples per update"),
        Column("training_examples", "examples", "examples to train on"),
        Column("test_examples", "examples", "examples held out"),
        Column("best_line_accuracy", "share", "training points that the best straight line gets right; nan for digits"),
    ),
    "symmetry_layers": (
        *_NETWORK,
        _LAYER,
        Column("kind", "", "hidden; or readout, the last layer, whose units are the classes"),
        Column("spread", "weight", "greatest difference between two units in any incoming weight or bias"),
        Column("distinct_units", "units", "units that differ from all before them by more than 1e-10"),
        Column("rank", "", "singular values of the weights above 1e-10 of the greatest"),
        Column("largest_weight", "weight", "greatest absolute weight"),
        Column("largest_bias", "weight", "greatest absolute bias"),
    ),
    "symmetry_learning": (
        *_NETWORK,
        Column("train_loss", "nats", "mean cross-entropy of the training examples"),
        Column("train_accuracy", "share", "training examples classified rightly"),
        Column("test_accuracy", "share", "test examples classified rightly"),
    ),
    "symmetry_weights": (
        _COURSE,
        _START,
        _STEP,
        _LAYER,
        Column("input", "", "number of the input or unit below, from 0"),
        _UNIT,
        Column("weight", "weight", "the weight between them"),
    ),
    "symmetry_cosines": (
        _COURSE,
        _START,
        _STEP,
        _LAYER,
        _UNIT,
        Column("other_unit", "", "number of another unit, from 0"),
        Column("cosine", "", "cosine between their incoming weights; nan where one has none"),
    ),
    "symmetry_map": (
        _COURSE,
        _START,
        Column("x1", "input std", "first input"),
        Column("x2", "input std", "second input"),
        Column("logit", "nats", "score of the disc minus score of the ring after training"),
    ),
    "symmetry_points": (
        _COURSE,
        Column("x1", "input std", "first input of a training point"),
        Column("x2", "input std", "second input of a training point"),
        Column("label", "", "1 in the disc, 0 in the ring"),
    ),
}


def tabulate_course(finished: Finished) -> Measured:
    """Return every table that this course has something to say in."""
    tables = {
        "symmetry_courses": _course(finished),
        "symmetry_layers": _concatenate(_layers(finished)),
        "symmetry_learning": _concatenate(_learning(finished)),
    }
    if finished.course.hidden and not finished.course.weight_noise:
        tables["symmetry_cosines"] = _concatenate(_cosines(finished))
    if finished.course.filmed:
        tables["symmetry_weights"] = _concatenate(_weights(finished))
        tables["symmetry_map"] = _concatenate(_map(finished))
        tables["symmetry_points"] = _points(finished)
    return tables


def _course(finished: Finished) -> Columns:
    course, examples = finished.course, finished.examples
    known = len(examples.labels)
    row = {
        "problem": course.problem,
        "activation": course.activation,
        "hidden_layers": len(course.hidden),
        "units": max(course.hidden, default=0),
        "steps": course.steps,
        "learning_rate": course.learning_rate,
        "constant_value": course.constant,
        "batch": course.batch or known,
        "training_examples": known,
        "test_examples": len(examples.test_labels),
        "best_line_accuracy": best_line(*examples[:2]) if course.problem == "circle" else np.nan,
    }
    return {name: np.array([value]) for name, value in row.items()}


def _networks(finished: Finished, step: int) -> Columns:
    """Name every member of the ensemble at one look."""
    names, weight_noise, bias_noise, replicates = (np.array(part) for part in zip(*finished.starts, strict=True))
    return {
        "start": names,
        "weight_noise": weight_noise,
        "bias_noise": bias_noise,
        "replicate": replicates,
        "step": np.full(len(names), step),
    }


def _layers(finished: Finished) -> Iterator[Columns]:
    for step, parameters in finished.looks:
        networks = _networks(finished, step)
        members, depth = len(finished.starts), len(parameters.weights)
        for layer, (W, b) in enumerate(zip(parameters.weights, parameters.biases or (), strict=True), start=1):
            with_bias = np.concatenate([W, b], axis=1)
            yield {
                **networks,
                "layer": np.full(members, layer),
                "kind": np.full(members, "readout" if layer == depth else "hidden"),
                "spread": units.spread(with_bias),
                "distinct_units": units.distinct(with_bias),
                "rank": units.rank(W),
                "largest_weight": np.abs(W).max(axis=(1, 2)),
                "largest_bias": np.abs(b).max(axis=(1, 2)),
            }


def _learning(finished: Finished) -> Iterator[Columns]:
    activation, examples = activations.get(finished.course.activation), finished.examples
    for step, parameters in finished.looks:
        loss, accuracy = evaluate(parameters, activation, examples.inputs, examples.labels)
        _, test_accuracy = evaluate(parameters, activation, examples.test_inputs, examples.test_labels)
        measured = {"train_loss": loss, "train_accuracy": accuracy, "test_accuracy": test_accuracy}
        yield {**_networks(finished, step), **measured}


def _weights(finished: Finished) -> Iterator[Columns]:
    """Lay out every hidden weight of the first replicate of each start."""
    for step, layer, name, W in _hidden_matrices(finished, finished.looks):
        yield {**_entries(step, layer, name, W.shape, "input", "unit"), "weight": W.ravel()}


def _cosines(finished: Finished) -> Iterator[Columns]:
    """Lay out the cosines between hidden units before and after training."""
    for step, layer, name, W in _hidden_matrices(finished, [finished.looks[0], finished.looks[-1]]):
        cosines = units.cosines(W[None])[0]
        yield {**_entries(step, layer, name, cosines.shape, "unit", "other_unit"), "cosine": cosines.ravel()}


def _hidden_matrices(
    finished: Finished, looks: Iterable[tuple[int, Parameters]]
) -> Iterator[tuple[int, int, str, Array]]:
    """Yield (step, layer, start, weights) of every hidden layer of the first replicate of each start."""
    for step, parameters in looks:
        for layer, W in enumerate(parameters.weights[:-1], start=1):
            for member, start in _shown(finished):
                yield step, layer, start, W[member]


def _shown(finished: Finished) -> list[tuple[int, str]]:
    return [(member, start.initializer) for member, start in enumerate(finished.starts) if start.replicate == 0]


def _entries(step: int, layer: int, start: str, shape: tuple[int, ...], row: str, column: str) -> Columns:
    """Name every entry of a matrix."""
    rows, columns = (indices.ravel() for indices in np.indices(shape))
    size = rows.size
    named = {"start": np.full(size, start), "step": np.full(size, step), "layer": np.full(size, layer)}
    return {**named, row: rows, column: columns}


def _map(finished: Finished) -> Iterator[Columns]:
    """Ask every trained network shown about the points of a grid."""
    x1, x2 = (axis.ravel() for axis in np.meshgrid(GRID, GRID))
    tape = forward(
        finished.looks[-1][1],
        activations.get(finished.course.activation),
        np.stack([x1, x2], axis=1)[None],
        linear_output=True,
    )
    logits = tape.activations[-1]
    for member, start in _shown(finished):
        yield {"start": np.full(len(x1), start), "x1": x1, "x2": x2, "logit": np.diff(logits[member])[:, 0]}


def _points(finished: Finished) -> Columns:
    x1, x2 = finished.examples.inputs.T
    return {"x1": x1, "x2": x2, "label": finished.examples.labels}


def _concatenate(parts: Iterable[Columns]) -> Columns:
    pieces = list(parts)
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
