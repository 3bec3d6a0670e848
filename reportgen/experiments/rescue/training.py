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
from reportgen.experiments.race_tables import ENDS, tabulate_ends
from reportgen.experiments.races import Race, run
from reportgen.experiments.rescue.forms import FORMS
from reportgen.nn import units
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Array, Ensemble, draw_parameters, join
from reportgen.nn.examples import Split
from reportgen.nn.initializers import initializers
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import Batches, evaluate, train

__all__ = ["TABLES", "measure_symmetry", "measure_training", "training_cell"]

_DEPTH, _WIDTH, _BATCH = 20, 32, 24
_RATES = (0.01, 0.1)

_CALIBRATION = 256
"""Examples that LSUV looks at."""

# Equal units: a small network, in float64, where "identical" means more than "within 1e-7".
_EQUAL = ("zeros", "constant")
_EQUAL_ACTIVATION, _EQUAL_DEPTH, _EQUAL_WIDTH = "tanh", 2, 16
_EQUAL_STEPS, _EQUAL_RATE, _EQUAL_BATCH = 100, 0.1, 50

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
        looks=1,
        **sizes,
    )


def measure_training(cell: Cell, streams: Streams) -> Measured:
    """Train all starts and learning rates of one form and activation as one ensemble."""
    race, form = Race.of(cell), FORMS[cell.text("form")]

    def prepare(drawn: Ensemble, data: Split) -> Ensemble:
        return form.start(drawn, race.depth, _seen(data, drawn)).ensemble

    finish = run(race, streams, prepare)
    return {"rescue_training": tabulate_ends(race, finish)}


def _seen(data: Split, drawn: Ensemble) -> Array:
    """Return the inputs that LSUV looks at."""
    return data.training.inputs[None, :_CALIBRATION].astype(drawn.parameters.dtype)


def measure_symmetry(cell: Cell, streams: Streams) -> Measured:
    """Train zeros and equal weights in every form, and see whether their units ever differ."""
    data = split({"data": "digits"}, streams.data(0))
    return {"rescue_symmetry": concatenate(_equal(name, data, streams) for name in cell.words("forms"))}


def _equal(name: str, data: Split, streams: Streams) -> Columns:
    widths = data.widths([_EQUAL_WIDTH] * _EQUAL_DEPTH)
    drawn = join(
        [
            draw_parameters(initializers.get(start), widths, streams.weights, 1, biases=True, dtype=np.float64)
            for start in _EQUAL
        ]
    )
    plain = Ensemble(drawn.copy(), activations.get(_EQUAL_ACTIVATION))
    ensemble = FORMS[name].start(plain, _EQUAL_DEPTH, _seen(data, plain)).ensemble
    start = ensemble.parameters.copy()
    train(
        ensemble,
        data.training,
        steps=_EQUAL_STEPS,
        optimizer=sgd(_EQUAL_RATE),
        batches=Batches(_EQUAL_BATCH, streams.order(0)),
    )
    _, accuracy = evaluate(ensemble, data.test)
    changes = [np.abs(W - V).max(axis=(1, 2)) for W, V in zip(ensemble.parameters.weights, start.weights, strict=True)]
    hidden = ensemble.parameters.weights[:-1]
    constants = {"depth": _EQUAL_DEPTH, "width": _EQUAL_WIDTH, "steps": _EQUAL_STEPS, "batch": _EQUAL_BATCH}
    return {
        "initializer": np.array(_EQUAL),
        "form": np.full(len(_EQUAL), name),
        "activation": np.full(len(_EQUAL), _EQUAL_ACTIVATION),
        **{column: np.full(len(_EQUAL), value) for column, value in constants.items()},
        "spread": np.max([units.spread(W) for W in hidden], axis=0),
        "distinct_units": np.max([units.distinct(W) for W in hidden], axis=0),
        "movement": np.max(changes, axis=0),
        "test_accuracy": accuracy,
    }
