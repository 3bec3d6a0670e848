"""The tables of a sweep: how every trial ended, how it got there, and how large its first step was."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reportgen.battery.experiment import Column, Columns, Measured
from reportgen.experiments.columns import (
    ACTIVATION,
    DATA,
    DEPTH,
    INITIALIZER,
    START_REPLICATE,
    STEP,
    TEST_ACCURACY,
)
from reportgen.experiments.sweeps import ENDS, Outcome, Sweep, tabulate_ends
from reportgen.experiments.trials import names
from reportgen.nn.statistics import frobenius

__all__ = ["TABLES", "tabulate_sweep"]

_NETWORK = (
    Column("study", "", "what the race is for: map, rate, deep, gain or plane"),
    DATA,
    ACTIVATION,
    DEPTH,
    INITIALIZER,
    Column("learning_rate", "", "step size of gradient descent with momentum"),
    START_REPLICATE,
)

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


def tabulate_sweep(study: str, sweep: Sweep, outcome: Outcome) -> Measured:
    """Return the tables that this sweep has something to say in: curves if it was recorded on the way."""
    tables = {"training_races": tabulate_ends(sweep, outcome)}
    if len(outcome.checkpoints) > 1:
        tables["training_curves"] = _curves(sweep, outcome)
    if study == "map":
        tables["training_first_steps"] = _first_steps(sweep, outcome)
    return tables


def _curves(sweep: Sweep, outcome: Outcome) -> Columns:
    trials, checkpoints = sweep.grid.trials, outcome.checkpoints
    return {
        **{name: np.tile(column, len(checkpoints)) for name, column in names(trials).items()},
        "step": np.repeat([checkpoint.step for checkpoint in checkpoints], len(trials)),
        "test_loss": np.concatenate([checkpoint.test_loss for checkpoint in checkpoints]),
        "test_accuracy": np.concatenate([checkpoint.test_accuracy for checkpoint in checkpoints]),
    }


def _first_steps(sweep: Sweep, outcome: Outcome) -> Columns:
    """Lay out one row per network and layer; networks that differ in the learning rate alone start alike."""
    trials = names(sweep.grid.trials)
    once = np.flatnonzero(trials["learning_rate"] == sweep.grid.learning_rates[0])
    weights = np.stack([frobenius(W) for W in outcome.start.weights], axis=1)[once]
    gradients = np.stack([frobenius(gradient) for gradient in outcome.first.weights], axis=1)[once]
    layers = weights.shape[1]
    return {
        "initializer": np.repeat(trials["initializer"][once], layers),
        "replicate": np.repeat(trials["replicate"][once], layers),
        "layer": np.tile(np.arange(1, layers + 1), len(once)),
        "weight_norm": weights.ravel(),
        "gradient_norm": gradients.ravel(),
    }
