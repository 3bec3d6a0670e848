"""What a run comes to: how alike its units were, what it learned, how that looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from reportgen.battery.columns import by_index, concatenate, with_constants
from reportgen.battery.experiment import Columns, Measured
from reportgen.experiments.symmetry.networks import Network, Trained
from reportgen.experiments.trials import names
from reportgen.nn import units
from reportgen.nn.ensemble import Array, Ensemble, Parameters
from reportgen.nn.examples import Examples
from reportgen.nn.mlp import forward
from reportgen.nn.statistics import distinct_units
from reportgen.nn.training import evaluate

__all__ = ["tabulate_film", "tabulate_units"]

GRID = np.linspace(-2.5, 2.5, 41)
"""The decision map is taken at these values of either input."""

PIECE = 200
"""So many examples are evaluated at a time."""


def tabulate_units(trained: Trained) -> Measured:
    """Return the tables of any run: its layers and what it learned, and where it has hidden units what these are."""
    tables = {
        "symmetry_layers": concatenate(_layers(trained)),
        "symmetry_learning": concatenate(_learning(trained)),
    }
    if len(trained.end.parameters.weights) > 1:
        tables["symmetry_single_unit"] = _single_unit(trained)
        tables["symmetry_cosines"] = concatenate(_cosines(trained))
    return tables


def tabulate_film(trained: Trained) -> Measured:
    """Return what a film of a run in the plane shows: single weights, decisions and the points."""
    return {
        "symmetry_weights": concatenate(_weights(trained)),
        "symmetry_map": concatenate(_map(trained)),
        "symmetry_points": _points(trained),
    }


def _networks(trained: Trained) -> Columns:
    """Name the members of the ensemble."""
    return names(trained.networks, Network._fields)


def _layers(trained: Trained) -> Iterator[Columns]:
    networks, first = _networks(trained), _joined(trained.checkpoints[0][1].parameters)
    for step, ensemble in trained.checkpoints:
        for layer, (now, start) in enumerate(zip(_joined(ensemble.parameters), first, strict=True), start=1):
            kind = "readout" if layer == len(first) else "hidden"
            yield with_constants({**networks, **_layer(now, start)}, step=step, layer=layer, kind=kind)


def _layer(now: Array, start: Array) -> Columns:
    """Compare the units of one layer, and each with its start; every value has shape (members,)."""
    W, b = now[:, :-1], now[:, -1:]
    singular = units.singular_values(W)
    return {
        "spread": units.spread(now),
        "moved": np.abs(W - start[:, :-1]).max(axis=(1, 2)),
        "bitwise_units": distinct_units(now),
        "distinct_units": units.distinct(now),
        "rank": units.rank(singular),
        "stable_rank": units.stable_rank(singular),
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
        learned = {
            "train_loss": loss,
            "train_accuracy": accuracy,
            "test_loss": test_loss,
            "test_accuracy": test_accuracy,
        }
        yield with_constants({**networks, **learned}, step=step)


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
    return forward(ensemble, inputs[None], linear_output=True, slopes=False).output


def _weights(trained: Trained) -> Iterator[Columns]:
    """Lay out every hidden weight of the first replicate of each start."""
    for step, layer, network, W in _hidden_matrices(trained, trained.checkpoints):
        yield with_constants(by_index({"weight": W}, input=0, unit=0), step=step, layer=layer, **network._asdict())


def _cosines(trained: Trained) -> Iterator[Columns]:
    """Lay out the cosines between hidden units before and after training."""
    for step, layer, network, W in _hidden_matrices(trained, [trained.checkpoints[0], trained.checkpoints[-1]]):
        columns = by_index({"cosine": units.cosines(W[None])[0]}, unit=0, other_unit=0)
        yield with_constants(columns, step=step, layer=layer, **network._asdict())


def _hidden_matrices(
    trained: Trained, checkpoints: Iterable[tuple[int, Ensemble]]
) -> Iterator[tuple[int, int, Network, Array]]:
    """Yield (step, layer, network, weights) of every hidden layer of the first replicate of each start."""
    for step, ensemble in checkpoints:
        for layer, W in enumerate(ensemble.parameters.weights[:-1], start=1):
            for member, network in _first_replicates(trained):
                yield step, layer, network, W[member]


def _first_replicates(trained: Trained) -> list[tuple[int, Network]]:
    return [(member, network) for member, network in enumerate(trained.networks) if network.replicate == 0]


def _map(trained: Trained) -> Iterator[Columns]:
    """Ask the first replicate of each start, after training, about the points of a grid."""
    x1, x2 = (axis.ravel() for axis in np.meshgrid(GRID, GRID))
    logits = _logits(trained.end, np.stack([x1, x2], axis=1))
    for member, network in _first_replicates(trained):
        answers = {"x1": x1, "x2": x2, "logit": np.diff(logits[member])[:, 0]}
        yield with_constants(answers, **network._asdict())


def _points(trained: Trained) -> Columns:
    x1, x2 = trained.data.training.inputs.T
    return {"x1": x1, "x2": x2, "label": trained.data.training.labels}
