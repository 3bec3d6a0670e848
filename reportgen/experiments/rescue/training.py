"""Short trainings on digits in every form, from bad starts and from equal units.

The networks of a cell see the same examples in the same order and differ in their start and learning rate alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.columns import concatenate
from reportgen.battery.experiment import Column, Columns, Measured
from reportgen.experiments.columns import (
    ACTIVATION,
    BATCH,
    DEPTH,
    INITIALIZER,
    START_REPLICATE,
    STEPS,
    TEST_ACCURACY,
    WIDTH,
)
from reportgen.experiments.rescue.forms import FORMS
from reportgen.experiments.sweeps import ENDS, Sweep, run_sweep, tabulate_ends
from reportgen.experiments.trials import Grid, Schedule, train_and_record
from reportgen.nn import units
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Array, Ensemble
from reportgen.nn.examples import Examples, Split
from reportgen.nn.training import evaluate

__all__ = ["TABLES", "measure_symmetry", "measure_training", "training_cell"]

_DEPTH, _WIDTH, _BATCH = 20, 32, 24
_RATES = (0.01, 0.1)

_CALIBRATION = 256
"""Examples that LSUV sees."""

# Equal units: a small network, in float64, where "identical" means more than "within 1e-7".
_EQUAL = Grid(("zeros", "constant"), (0.1,), replicates=1)
_EQUAL_ACTIVATION, _EQUAL_DEPTH, _EQUAL_WIDTH = "tanh", 2, 16
_EQUAL_STEPS, _EQUAL_BATCH = 100, 50

_FORM = Column("form", "", "what stands around the weights, or is done to them")

TABLES: Mapping[str, tuple[Column, ...]] = {
    "rescue_training": (
        _FORM,
        ACTIVATION,
        INITIALIZER,
        Column("learning_rate", "", "step size of gradient descent with momentum"),
        START_REPLICATE,
        DEPTH,
        *ENDS,
    ),
    "rescue_symmetry": (
        _FORM,
        ACTIVATION,
        INITIALIZER,
        DEPTH,
        WIDTH,
        STEPS,
        BATCH,
        Column("spread", "weight", "greatest difference between two units of a hidden layer after training"),
        Column("distinct_units", "units", "most units of a hidden layer that differ by more than 1e-10"),
        Column("movement", "weight", "greatest change of any weight"),
        TEST_ACCURACY,
    ),
}


def training_cell(experiment: str, form: str, activation: str, starts: tuple[str, ...], **sizes: int) -> Cell:
    """Make the cell that trains all starts in one form with one activation.

    Parameters
    ----------
    sizes
        ``replicates`` and ``steps``.
    """
    return Cell.of(
        experiment,
        study="training",
        data="digits",
        form=form,
        activation=activation,
        initializers=starts,
        depth=_DEPTH,
        width=_WIDTH,
        batch=_BATCH,
        learning_rates=_RATES,
        checkpoints=1,
        **sizes,
    )


def measure_training(cell: Cell, streams: Streams) -> Measured:
    """Train all starts and learning rates of one form and activation as one ensemble."""
    sweep, form = Sweep.of(cell), FORMS[cell.text("form")]

    def build(drawn: Ensemble, examples: Examples) -> Ensemble:
        return form.start(drawn, sweep.depth, _seen(examples, drawn)).ensemble

    return {"rescue_training": tabulate_ends(sweep, run_sweep(sweep, streams, build))}


def _seen(examples: Examples, drawn: Ensemble) -> Array:
    """Return the inputs that LSUV sees."""
    return examples.inputs[None, :_CALIBRATION].astype(drawn.parameters.dtype)


def measure_symmetry(cell: Cell, streams: Streams) -> Measured:
    """Train zeros and equal weights in every form, and see whether their units ever differ."""
    data = split({"data": "digits"}, streams.data(0))
    return {"rescue_symmetry": concatenate(_equal(name, data, streams) for name in cell.words("forms"))}


def _equal(name: str, data: Split, streams: Streams) -> Columns:
    parameters = _EQUAL.draw(data.widths([_EQUAL_WIDTH] * _EQUAL_DEPTH), streams, np.float64)
    drawn = Ensemble(parameters, activations.get(_EQUAL_ACTIVATION))
    ensemble = FORMS[name].start(drawn, _EQUAL_DEPTH, _seen(data.training, drawn)).ensemble
    _, (start, end) = train_and_record(
        ensemble,
        data.training,
        Schedule(_EQUAL_STEPS, _EQUAL_BATCH, checkpoints=(0, _EQUAL_STEPS)),
        _EQUAL.sgd(),
        streams,
        record=lambda _, now: now.parameters.copy(),
    )
    _, accuracy = evaluate(ensemble, data.test)
    constants = {
        "form": name,
        "activation": _EQUAL_ACTIVATION,
        "depth": _EQUAL_DEPTH,
        "width": _EQUAL_WIDTH,
        "steps": _EQUAL_STEPS,
        "batch": _EQUAL_BATCH,
    }
    changes = [np.abs(W - V).max(axis=(1, 2)) for W, V in zip(end.weights, start.weights, strict=True)]
    return {
        "initializer": np.array(_EQUAL.initializers),
        **{column: np.full(end.members, value) for column, value in constants.items()},
        "spread": np.max([units.spread(W) for W in end.weights[:-1]], axis=0),
        "distinct_units": np.max([units.distinct(W) for W in end.weights[:-1]], axis=0),
        "movement": np.max(changes, axis=0),
        "test_accuracy": accuracy,
    }
