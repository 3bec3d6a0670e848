"""What a course of training comes to: how alike its units were, what it learned, how that looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from reportgen.battery.columns import concatenate, of_rows
from reportgen.battery.experiment import Columns, Measured
from reportgen.experiments.symmetry.courses import POINTS, Finished
from reportgen.nn import units
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters
from reportgen.nn.examples import Examples
from reportgen.nn.mlp import forward
from reportgen.nn.plane import best_line
from reportgen.nn.statistics import distinct_units
from reportgen.nn.training import evaluate

__all__ = ["tabulate_course"]

GRID = np.linspace(-2.5, 2.5, 41)
"""The decision map is taken at these values of either input."""

PIECE = 200
"""So many examples are evaluated at a time."""


def tabulate_course(finished: Finished) -> Measured:
    """Return every table that this course has something to say in."""
    tables = {
        "symmetry_courses": _course(finished),
        "symmetry_layers": concatenate(_layers(finished)),
        "symmetry_learning": concatenate(_learning(finished)),
    }
    if finished.course.hidden:
        tables["symmetry_single_unit"] = _single_unit(finished)
        tables["symmetry_cosines"] = concatenate(_cosines(finished))
    if finished.course.filmed:
        tables["symmetry_weights"] = concatenate(_weights(finished))
        tables["symmetry_map"] = concatenate(_map(finished))
        tables["symmetry_points"] = _points(finished)
    return tables


def _course(finished: Finished) -> Columns:
    course, data = finished.course, finished.data
    known = len(data.training)
    # The search goes through all pairs of points: with many points it would take longer than the training.
    is_searched = course.problem == "circle" and known <= POINTS
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
        "test_examples": len(data.test),
        "best_line_accuracy": best_line(data.training.inputs, data.training.labels) if is_searched else np.nan,
    }
    return of_rows([row])


def _networks(finished: Finished, members: Iterable[int] | None = None) -> Columns:
    """Name the members of the ensemble, all of them or those asked for."""
    starts = [finished.starts[member] for member in (range(len(finished.starts)) if members is None else members)]
    names, weight_noise, bias_noise, dropout, replicates = (np.array(part) for part in zip(*starts, strict=True))
    return {
        "start": names,
        "weight_noise": weight_noise,
        "bias_noise": bias_noise,
        "dropout": dropout,
        "replicate": replicates,
    }


def _layers(finished: Finished) -> Iterator[Columns]:
    networks, members = _networks(finished), len(finished.starts)
    first = _joined(finished.looks[0][1])
    for step, parameters in finished.looks:
        for layer, (units_of_layer, start) in enumerate(zip(_joined(parameters), first, strict=True), start=1):
            W, b = units_of_layer[:, :-1], units_of_layer[:, -1:]
            yield {
                **networks,
                "step": np.full(members, step),
                "layer": np.full(members, layer),
                "kind": np.full(members, "readout" if layer == len(first) else "hidden"),
                "spread": units.spread(units_of_layer),
                "moved": np.abs(W - start[:, :-1]).max(axis=(1, 2)),
                "bitwise_units": distinct_units(units_of_layer),
                "distinct_units": units.distinct(units_of_layer),
                "rank": units.rank(W),
                "stable_rank": units.stable_rank(W),
                "mean_absolute_cosine": units.mean_absolute_cosine(W),
                "largest_weight": np.abs(W).max(axis=(1, 2)),
                "largest_bias": np.abs(b).max(axis=(1, 2)),
            }


def _joined(parameters: Parameters) -> list[Array]:
    """Return the units of each layer: their weights, and their bias as the last row."""
    layers = zip(parameters.weights, parameters.biases or (), strict=True)
    return [np.concatenate([W, b], axis=1) for W, b in layers]


def _learning(finished: Finished) -> Iterator[Columns]:
    networks = _networks(finished)
    for step, parameters in finished.looks:
        ensemble = Ensemble(parameters, activations.get(finished.course.activation))
        loss, accuracy = _evaluate(ensemble, finished.data.training)
        test_loss, test_accuracy = _evaluate(ensemble, finished.data.test)
        yield {
            **networks,
            "step": np.full(len(loss), step),
            "train_loss": loss,
            "train_accuracy": accuracy,
            "test_loss": test_loss,
            "test_accuracy": test_accuracy,
        }


def _evaluate(ensemble: Ensemble, examples: Examples) -> Array:
    """Return loss and accuracy, shape (2, members), piece by piece: arrays that fit the caches are far quicker."""
    pieces = [examples[start : start + PIECE] for start in range(0, len(examples), PIECE)]
    results = [evaluate(ensemble, piece) for piece in pieces]
    return np.asarray(np.average(results, axis=0, weights=[len(piece) for piece in pieces]))


def _single_unit(finished: Finished) -> Columns:
    """Compare the trained networks with those of one unit per layer, which gets the weight of all it stands for."""
    parameters, biases = finished.looks[-1][1], finished.looks[-1][1].biases or []
    summed = [parameters.weights[0], *(W.sum(axis=1, keepdims=True) for W in parameters.weights[1:])]
    narrow = Parameters(
        [*(W[..., :1] for W in summed[:-1]), summed[-1]], [*(b[..., :1] for b in biases[:-1]), biases[-1]]
    )
    full, single = (_logits(finished, network, finished.data.test.inputs) for network in (parameters, narrow))
    return {**_networks(finished), "gap": np.abs(full - single).max(axis=(1, 2))}


def _logits(finished: Finished, parameters: Parameters, inputs: Array) -> Array:
    ensemble = Ensemble(parameters, activations.get(finished.course.activation))
    return forward(ensemble, inputs[None], linear_output=True).output


def _weights(finished: Finished) -> Iterator[Columns]:
    """Lay out every hidden weight of the first replicate of each start."""
    for step, layer, member, W in _hidden_matrices(finished, finished.looks):
        yield {**_entries(finished, step, layer, member, W.shape, ("input", "unit")), "weight": W.ravel()}


def _cosines(finished: Finished) -> Iterator[Columns]:
    """Lay out the cosines between hidden units before and after training."""
    for step, layer, member, W in _hidden_matrices(finished, [finished.looks[0], finished.looks[-1]]):
        cosines = units.cosines(W[None])[0]
        entries = _entries(finished, step, layer, member, cosines.shape, ("unit", "other_unit"))
        yield {**entries, "cosine": cosines.ravel()}


def _hidden_matrices(
    finished: Finished, looks: Iterable[tuple[int, Parameters]]
) -> Iterator[tuple[int, int, int, Array]]:
    """Yield (step, layer, member, weights) of every hidden layer of the first replicate of each start."""
    for step, parameters in looks:
        for layer, W in enumerate(parameters.weights[:-1], start=1):
            for member in _shown(finished):
                yield step, layer, member, W[member]


def _shown(finished: Finished) -> list[int]:
    return [member for member, start in enumerate(finished.starts) if start.replicate == 0]


def _entries(
    finished: Finished, step: int, layer: int, member: int, shape: tuple[int, ...], names: tuple[str, str]
) -> Columns:
    """Name every entry of a matrix."""
    places = dict(zip(names, (indices.ravel() for indices in np.indices(shape)), strict=True))
    size = shape[0] * shape[1]
    network = {name: np.repeat(value, size) for name, value in _networks(finished, [member]).items()}
    return {**network, "step": np.full(size, step), "layer": np.full(size, layer), **places}


def _map(finished: Finished) -> Iterator[Columns]:
    """Ask every trained network shown about the points of a grid."""
    x1, x2 = (axis.ravel() for axis in np.meshgrid(GRID, GRID))
    logits = _logits(finished, finished.looks[-1][1], np.stack([x1, x2], axis=1))
    for member in _shown(finished):
        network = {name: np.repeat(value, len(x1)) for name, value in _networks(finished, [member]).items()}
        yield {**network, "x1": x1, "x2": x2, "logit": np.diff(logits[member])[:, 0]}


def _points(finished: Finished) -> Columns:
    x1, x2 = finished.data.training.inputs.T
    return {"x1": x1, "x2": x2, "label": finished.data.training.labels}
