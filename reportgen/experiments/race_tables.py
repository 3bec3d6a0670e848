"""The tables of a race: how every network ended, how it got there, and how large its first step was."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reportgen.battery.experiment import Column, Columns, Measured
from reportgen.experiments.columns import (
    ACTIVATION,
    BATCH,
    CLASSES,
    DATA,
    DEPTH,
    INITIALIZER,
    START_REPLICATE,
    STEP,
    STEPS,
    TEST_ACCURACY,
    TEST_EXAMPLES,
    TRAINING_EXAMPLES,
    WIDTH,
)
from reportgen.experiments.races import MOMENTUM, Finish, Race
from reportgen.nn.statistics import frobenius

__all__ = ["ENDS", "TABLES", "tabulate_ends", "tabulate_race"]

_NETWORK = (
    Column("study", "", "what the race is for: map, rate, deep, gain or plane"),
    DATA,
    ACTIVATION,
    DEPTH,
    INITIALIZER,
    Column("learning_rate", "", "step size of gradient descent with momentum"),
    START_REPLICATE,
)

ENDS = (
    WIDTH,
    STEPS,
    BATCH,
    Column("momentum", "", "share of the last step that is added to the next one"),
    TRAINING_EXAMPLES,
    TEST_EXAMPLES,
    CLASSES,
    Column("guess", "share", "test examples of the most frequent class"),
    Column("start_loss", "nats", "loss of the first batch before the first update"),
    Column("end_loss", "nats", "mean loss of the batches of the last tenth of the updates"),
    Column("test_loss", "nats", "mean cross-entropy of the test examples after training"),
    TEST_ACCURACY,
    Column("diverged_after", "updates", "updates until the loss was no longer finite; inf where it always was"),
)
"""The sizes of a race, and how each of its networks ended."""

TABLES: Mapping[str, tuple[Column, ...]] = {
    "training_races": (
        *_NETWORK,
        *ENDS,
    ),
    "training_curves": (
        *_NETWORK,
        STEP,
        Column("test_loss", "nats", "mean cross-entropy of the test examples"),
        TEST_ACCURACY,
    ),
    "training_first_steps": (
        *(column for column in _NETWORK if column.name != "learning_rate"),
        Column("layer", "", "layer, from 1 (next to the inputs); the last one is the readout"),
        Column("weight_norm", "weight", "Frobenius norm of the weights before the first update"),
        Column("gradient_norm", "nats/weight", "Frobenius norm of the first gradient of the batch's mean loss"),
    ),
    "training_theory": (
        ACTIVATION,
        Column("gain", "", "sigma_w, the standard deviation of the weights times the root of fan_in; no biases"),
        Column("initializer", "", "registry name of the initializer with this gain"),
        Column("chi_1", "", "factor of a small difference's mean square, and of a gradient's, per layer"),
        Column(
            "xi_c",
            "layers",
            "depth over which the correlation of two inputs settles by a factor of e; limit of small biases",
        ),
    ),
}


def tabulate_race(study: str, race: Race, finish: Finish) -> Measured:
    """Return the tables that this race has something to say in: curves if it was looked at on the way."""
    tables = {"training_races": tabulate_ends(race, finish)}
    if race.looks > 1:
        tables["training_curves"] = _curves(race, finish)
    if study == "map":
        tables["training_first_steps"] = _first_steps(race, finish)
    return tables


def _networks(race: Race) -> Columns:
    names, rates, replicates = (np.array(part) for part in zip(*race.runners, strict=True))
    return {"initializer": names, "learning_rate": rates, "replicate": replicates}


def tabulate_ends(race: Race, finish: Finish) -> Columns:
    """Return one row per network: its name in the race and the columns of `ENDS` that are no factors of the cell."""
    data, last = finish.data, finish.looks[-1]
    rows = len(race.runners)
    same = {
        "momentum": MOMENTUM,
        "training_examples": len(data.training),
        "test_examples": len(data.test),
        "classes": data.training.classes,
        "guess": np.bincount(data.test.labels).max() / len(data.test),
    }
    return {
        **_networks(race),
        **{name: np.full(rows, value) for name, value in same.items()},
        "start_loss": finish.start_loss,
        "end_loss": finish.end_loss,
        "test_loss": last.test_loss,
        "test_accuracy": last.test_accuracy,
        "diverged_after": finish.diverged_after,
    }


def _curves(race: Race, finish: Finish) -> Columns:
    rows, looks = len(race.runners), len(finish.looks)
    return {
        **{name: np.tile(column, looks) for name, column in _networks(race).items()},
        "step": np.repeat([look.step for look in finish.looks], rows),
        "test_loss": np.concatenate([look.test_loss for look in finish.looks]),
        "test_accuracy": np.concatenate([look.test_accuracy for look in finish.looks]),
    }


def _first_steps(race: Race, finish: Finish) -> Columns:
    """Lay out one row per network and layer; networks that differ in the learning rate alone begin alike."""
    networks = _networks(race)
    once = np.flatnonzero(networks["learning_rate"] == race.learning_rates[0])
    weights = np.stack([frobenius(W) for W in finish.start.weights], axis=1)[once]
    gradients = np.stack([frobenius(gradient) for gradient in finish.first.weights], axis=1)[once]
    layers = weights.shape[1]
    return {
        "initializer": np.repeat(networks["initializer"][once], layers),
        "replicate": np.repeat(networks["replicate"][once], layers),
        "layer": np.tile(np.arange(1, layers + 1), len(once)),
        "weight_norm": weights.ravel(),
        "gradient_norm": gradients.ravel(),
    }
