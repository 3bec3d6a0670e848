"""Short trainings on digits in every form, from bad starts and from equal units.

The networks of a cell see the same examples in the same order and differ in their start and learning rate alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.experiment import Column, Columns, Measured
from reportgen.experiments.rescue_forms import FORMS, Form
from reportgen.nn import units
from reportgen.nn.activations import Activation, activations
from reportgen.nn.datasets import Split, split
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import Array, Parameters, draw_parameters
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import copy, diverged_after, evaluate, join, train

__all__ = ["TABLES", "measure_symmetry", "measure_training"]

_DEPTH, _WIDTH, _BATCH = 20, 32, 32
_RATES, _MOMENTUM = (0.01, 0.1), 0.9

_CALIBRATION = 256
"""Examples that LSUV looks at."""

_TAIL = 0.1
"""The loss at the end is the mean over this last share of the updates: that of a single small batch jumps about."""

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
        *_SIZES,
        Column("training_examples", "examples", "examples to train on"),
        Column("test_examples", "examples", "examples held out"),
        Column("classes", "", "number of classes"),
        Column("guess", "share", "test examples of the most frequent class"),
        Column("start_loss", "nats", "loss of the first batch before the first update"),
        Column("end_loss", "nats", "mean loss of the batches of the last tenth of the updates"),
        Column("test_loss", "nats", "mean cross-entropy of the test examples after training"),
        _TEST_ACCURACY,
        Column("diverged_after", "updates", "updates until the loss was no longer finite; inf where it always was"),
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


def measure_training(cell: Cell, streams: Streams) -> Measured:
    """Train all starts and learning rates of one form and activation as one ensemble."""
    examples, form = split({"data": "digits"}, streams.data(0)), FORMS[cell.text("form")]
    activation, steps = activations.get(cell.text("activation")), cell.number("steps")
    names, replicates = cell.words("initializers"), cell.number("replicates")
    runners = list(product(names, _RATES, range(replicates)))
    drawn = [_draw(name, _DEPTH, _WIDTH, replicates, examples, streams) for name in names]
    starts = [form.start(start, activation, _shown(examples, start)).parameters for start in drawn]
    parameters = join([start for start in starts for _ in _RATES])
    losses = train(
        parameters,
        activation,
        examples.inputs,
        examples.labels,
        steps=steps,
        optimizer=sgd([rate for _, rate, _ in runners], momentum=_MOMENTUM),
        batch=_BATCH,
        order=streams.noise(0),
        architecture=form.architecture(_DEPTH),
    )
    initializer, rate, replicate = (np.array(column) for column in zip(*runners, strict=True))
    ends = {"initializer": initializer, "learning_rate": rate, "replicate": replicate}
    tested = _test(parameters, activation, form, _DEPTH, examples)
    return {"rescue_training": {**ends, **_constants(examples, len(runners)), **_ends(losses), **tested}}


def _ends(losses: Array) -> Columns:
    tail = losses[-max(1, round(_TAIL * len(losses))) :]
    return {"start_loss": losses[0], "end_loss": tail.mean(axis=0), "diverged_after": diverged_after(losses)}


def _test(parameters: Parameters, activation: Activation, form: Form, depth: int, examples: Split) -> Columns:
    architecture = form.architecture(depth)
    loss, accuracy = evaluate(
        parameters, activation, examples.test_inputs, examples.test_labels, architecture=architecture
    )
    return {"test_loss": loss, "test_accuracy": accuracy}


def _constants(examples: Split, rows: int) -> Columns:
    values = {
        "depth": _DEPTH,
        "width": _WIDTH,
        "batch": _BATCH,
        "training_examples": len(examples.labels),
        "test_examples": len(examples.test_labels),
        "classes": examples.classes,
        "guess": np.bincount(examples.test_labels).max() / len(examples.test_labels),
    }
    return {name: np.full(rows, value) for name, value in values.items()}


def _draw(
    initializer: str, depth: int, width: int, members: int, examples: Split, streams: Streams, dtype: type = np.float32
) -> Parameters:
    """Draw networks with a readout; their biases start at zero."""
    widths = [examples.inputs.shape[1], *[width] * depth, examples.classes]
    return draw_parameters(initializers.get(initializer), widths, streams.weights, members, biases=True, dtype=dtype)


def _shown(examples: Split, start: Parameters) -> Array:
    return examples.inputs[None, :_CALIBRATION].astype(start.weights[0].dtype)


def measure_symmetry(cell: Cell, streams: Streams) -> Measured:
    """Train zeros and equal weights in every form, and see whether their units ever differ."""
    examples = split({"data": "digits"}, streams.data(0))
    parts = [_equal(name, examples, streams) for name in cell.words("forms")]
    return {"rescue_symmetry": {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}}


def _equal(name: str, examples: Split, streams: Streams) -> Columns:
    form, activation = FORMS[name], activations.get(_EQUAL_ACTIVATION)
    drawn = join([_draw(law, _EQUAL_DEPTH, _EQUAL_WIDTH, 1, examples, streams, np.float64) for law in _EQUAL])
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
        order=streams.noise(0),
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
        "test_accuracy": _test(parameters, activation, form, _EQUAL_DEPTH, examples)["test_accuracy"],
    }
