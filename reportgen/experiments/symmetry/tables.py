"""What a run comes to: how alike its units were, what it learned, how that looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from reportgen.battery.columns import concatenate, of_rows
from reportgen.battery.experiment import Columns, Measured
from reportgen.experiments.symmetry.runs import POINTS, Start, Trained
from reportgen.experiments.trials import names
from reportgen.nn import units
from reportgen.nn.ensemble import Array, Ensemble, Parameters
from reportgen.nn.examples import Examples
from reportgen.nn.mlp import forward
from reportgen.nn.plane import best_line
from reportgen.nn.statistics import distinct_units
from reportgen.nn.training import evaluate

__all__ = ["tabulate_run"]

GRID = np.linspace(-2.5, 2.5, 41)
"""The decision map is taken at these values of either input."""

PIECE = 200
"""So many examples are evaluated at a time."""


def tabulate_run(trained: Trained) -> Measured:
    """Return every table that this run has something to say in."""
    tables = {
        "symmetry_courses": _run(trained),
        "symmetry_layers": concatenate(_layers(trained)),
        "symmetry_learning": concatenate(_learning(trained)),
    }
    if trained.run.hidden:
        tables["symmetry_single_unit"] = _single_unit(trained)
        tables["symmetry_cosines"] = concatenate(_cosines(trained))
    if trained.run.filmed:
        tables["symmetry_weights"] = concatenate(_weights(trained))
        tables["symmetry_map"] = concatenate(_map(trained))
        tables["symmetry_points"] = _points(trained)
    return tables


def _run(trained: Trained) -> Columns:
    run, data = trained.run, trained.data
    known = len(data.training)
    # The search goes through all pairs of points: with many points it would take longer than the training.
    is_searched = run.problem == "circle" and known <= POINTS
    row = {
        "problem": run.problem,
        "activation": run.activation,
        "hidden_layers": len(run.hidden),
        "units": max(run.hidden, default=0),
        "steps": run.steps,
        "learning_rate": run.learning_rate,
        "constant_value": run.constant,
        "batch": run.batch or known,
        "training_examples": known,
        "test_examples": len(data.test),
        "best_line_accuracy": best_line(data.training.inputs, data.training.labels) if is_searched else np.nan,
    }
    return of_rows([row])


def _networks(trained: Trained, members: Iterable[int] | None = None) -> Columns:
    """Name the members of the ensemble, all of them or those asked for."""
    starts = [trained.starts[member] for member in (range(len(trained.starts)) if members is None else members)]
    return names(starts, ("start", *Start._fields[1:]))


def _layers(trained: Trained) -> Iterator[Columns]:
    networks, members = _networks(trained), len(trained.starts)
    first = _joined(trained.checkpoints[0][1].parameters)
    for step, ensemble in trained.checkpoints:
        for layer, (units_of_layer, start) in enumerate(zip(_joined(ensemble.parameters), first, strict=True), start=1):
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


def _learning(trained: Trained) -> Iterator[Columns]:
    networks = _networks(trained)
    for step, ensemble in trained.checkpoints:
        loss, accuracy = _evaluate(ensemble, trained.data.training)
        test_loss, test_accuracy = _evaluate(ensemble, trained.data.test)
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


def _single_unit(trained: Trained) -> Columns:
    """Compare the trained networks with those of one unit per layer, which gets the weight of all it stands for."""
    first, *others = trained.end.parameters.weights
    *hidden, readout = first, *(W.sum(axis=1, keepdims=True) for W in others)
    biases = trained.end.parameters.biases or []
    narrow = Parameters([*(W[..., :1] for W in hidden), readout], [*(b[..., :1] for b in biases[:-1]), biases[-1]])
    ensembles = trained.end, replace(trained.end, parameters=narrow)
    full, single = (_logits(ensemble, trained.data.test.inputs) for ensemble in ensembles)
    return {**_networks(trained), "gap": np.abs(full - single).max(axis=(1, 2))}


def _logits(ensemble: Ensemble, inputs: Array) -> Array:
    return forward(ensemble, inputs[None], linear_output=True).output


def _weights(trained: Trained) -> Iterator[Columns]:
    """Lay out every hidden weight of the first replicate of each start."""
    for step, layer, member, W in _hidden_matrices(trained, trained.checkpoints):
        yield {**_entries(trained, step, layer, member, W.shape, ("input", "unit")), "weight": W.ravel()}


def _cosines(trained: Trained) -> Iterator[Columns]:
    """Lay out the cosines between hidden units before and after training."""
    for step, layer, member, W in _hidden_matrices(trained, [trained.checkpoints[0], trained.checkpoints[-1]]):
        cosines = units.cosines(W[None])[0]
        entries = _entries(trained, step, layer, member, cosines.shape, ("unit", "other_unit"))
        yield {**entries, "cosine": cosines.ravel()}


def _hidden_matrices(
    trained: Trained, checkpoints: Iterable[tuple[int, Ensemble]]
) -> Iterator[tuple[int, int, int, Array]]:
    """Yield (step, layer, member, weights) of every hidden layer of the first replicate of each start."""
    for step, ensemble in checkpoints:
        for layer, W in enumerate(ensemble.parameters.weights[:-1], start=1):
            for member in _first_replicates(trained):
                yield step, layer, member, W[member]


def _first_replicates(trained: Trained) -> list[int]:
    return [member for member, start in enumerate(trained.starts) if start.replicate == 0]


def _entries(
    trained: Trained, step: int, layer: int, member: int, shape: tuple[int, ...], names: tuple[str, str]
) -> Columns:
    """Name every entry of a matrix."""
    places = dict(zip(names, (indices.ravel() for indices in np.indices(shape)), strict=True))
    size = shape[0] * shape[1]
    network = {name: np.repeat(value, size) for name, value in _networks(trained, [member]).items()}
    return {**network, "step": np.full(size, step), "layer": np.full(size, layer), **places}


def _map(trained: Trained) -> Iterator[Columns]:
    """Ask the first replicate of each start, after training, about the points of a grid."""
    x1, x2 = (axis.ravel() for axis in np.meshgrid(GRID, GRID))
    logits = _logits(trained.end, np.stack([x1, x2], axis=1))
    for member in _first_replicates(trained):
        network = {name: np.repeat(value, len(x1)) for name, value in _networks(trained, [member]).items()}
        yield {**network, "x1": x1, "x2": x2, "logit": np.diff(logits[member])[:, 0]}


def _points(trained: Trained) -> Columns:
    x1, x2 = trained.data.training.inputs.T
    return {"x1": x1, "x2": x2, "label": trained.data.training.labels}
