"""Short trainings on digits in every form, from bad starts and from equal units.

The networks of a cell see the same examples in the same order and differ in their start and learning rate alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.experiment import Column, Columns, Measured
from reportgen.experiments.race_tables import ENDS, tabulate_ends
from reportgen.experiments.races import Race, run
from reportgen.experiments.rescue.forms import FORMS
from reportgen.nn import units
from reportgen.nn.activations import activations
from reportgen.nn.datasets import Split, split
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import Array, Parameters, draw_parameters
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import copy, evaluate, join, train

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
_ACTIVATION = Column("activation", "", "registry name of the activation")
_INITIALIZER = Column("initializer", "", "registry name of the initializer")
_SIZES = (
    Column("depth", "layers", "number of hidden layers"),
    Column("width", "units", "units per hidden layer"),
    Column("steps", "updates", "length of the training"),
    Column("batch", "examples", "examples per update"),
)
_TEST_ACCURACY = Column(
    "test_accuracy", "share", "test examples classified rightly; nan where the network has diverged"
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "rescue_training": (
        _FORM,
        _ACTIVATION,
        _INITIALIZER,
        Column("learning_rate", "", "step size of gradient descent with momentum"),
        Column("replicate", "", "number of the independent start, from 0"),
        Column("depth", "layers", "number of hidden layers"),
        *ENDS,
    ),
    "rescue_symmetry": (
        _FORM,
        _ACTIVATION,
        _INITIALIZER,
        *_SIZES,
        Column("spread", "weight", "greatest difference between two units of a hidden layer after training"),
        Column("distinct_units", "units", "most units of a hidden layer that differ by more than 1e-10"),
        Column("movement", "weight", "greatest change of any weight"),
        _TEST_ACCURACY,
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
    activation = activations.get(race.activation)

    def prepare(drawn: Parameters, examples: Split) -> Parameters:
        return form.start(drawn, activation, _shown(examples, drawn)).parameters

    finish = run(race, streams, architecture=form.architecture(race.depth), prepare=prepare)
    return {"rescue_training": tabulate_ends(race, finish)}


def _shown(examples: Split, start: Parameters) -> Array:
    return examples.inputs[None, :_CALIBRATION].astype(start.weights[0].dtype)


def measure_symmetry(cell: Cell, streams: Streams) -> Measured:
    """Train zeros and equal weights in every form, and see whether their units ever differ."""
    examples = split({"data": "digits"}, streams.data(0))
    parts = [_equal(name, examples, streams) for name in cell.words("forms")]
    return {"rescue_symmetry": {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}}


def _equal(name: str, examples: Split, streams: Streams) -> Columns:
    form, activation = FORMS[name], activations.get(_EQUAL_ACTIVATION)
    widths = [examples.inputs.shape[1], *[_EQUAL_WIDTH] * _EQUAL_DEPTH, examples.classes]
    laws = [initializers.get(name) for name in _EQUAL]
    drawn = join([draw_parameters(law, widths, streams.weights, 1, biases=True, dtype=np.float64) for law in laws])
    parameters = copy(form.start(drawn, activation, _shown(examples, drawn)).parameters)
    start = copy(parameters)
    train(
        parameters,
        activation,
        examples.inputs,
        examples.labels,
        steps=_EQUAL_STEPS,
        optimizer=sgd(_EQUAL_RATE),
        batch=_EQUAL_BATCH,
        order=streams.order(0),
        architecture=form.architecture(_EQUAL_DEPTH),
    )
    _, accuracy = evaluate(
        parameters,
        activation,
        examples.test_inputs,
        examples.test_labels,
        architecture=form.architecture(_EQUAL_DEPTH),
    )
    changes = [np.abs(W - V).max(axis=(1, 2)) for W, V in zip(parameters.weights, start.weights, strict=True)]
    hidden = parameters.weights[:-1]
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
