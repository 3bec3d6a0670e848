"""What rescues a bad start: normalization, residual branches and LSUV, at initialization and in short trainings.

A cell follows one start through every form of a deep network, or trains all starts in one form, or trains networks
of equal units in every form, or predicts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.columns import concatenate, merge
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan
from reportgen.experiments.averages import averages
from reportgen.experiments.columns import (
    ACTIVATION,
    DELTA_RMS,
    FINITE_DELTAS,
    INITIALIZER,
    LAYER,
    PRE_ACTIVATION_VARIANCE,
    REPLICATE,
    SQUARE_WIDTH,
    WEIGHT_GRADIENT_NORM,
)
from reportgen.experiments.rescue.forms import FORMS, Form
from reportgen.experiments.rescue.training import TABLES, measure_symmetry, measure_training, training_cell
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import Gradients, Tape, backward, forward
from reportgen.nn.statistics import finite_fraction, frobenius, moments, rms
from reportgen.theory.architectures import batch_norm_factor, layer_norm_factor, residual_growth

__all__ = ["EXPERIMENT"]

_STARTS = ("random_normal(stddev=0.01)", "random_normal(stddev=1)", "glorot_normal", "he_normal")
_ACTIVATIONS = ("relu", "tanh")
_TRIPLED = "variance_scaling(scale=18)"
"""He's initializer with three times the standard deviation, as in Yang et al. 2019."""

_DEPTH, _BATCH, _REPLICATES = 50, 128, (2, 8)
"""Hidden layers; inputs per network; least and greatest number of networks per start."""

_FACTORS = (
    Column("form", "", "what stands around the weights, or is done to them"),
    ACTIVATION,
    INITIALIZER,
    SQUARE_WIDTH,
    REPLICATE,
    LAYER,
)
LAYERS = (
    *_FACTORS,
    Column("batch", "inputs", "inputs that go through the network together"),
    Column(
        "pre_activation_second_moment", "input std²", "mean of z² before any normalization; with branches their sum"
    ),
    PRE_ACTIVATION_VARIANCE,
    DELTA_RMS,
    WEIGHT_GRADIENT_NORM,
    FINITE_DELTAS,
)
CALIBRATION = (
    *_FACTORS[1:],
    Column("rescalings", "", "how often LSUV rescaled the layer"),
    Column("fresh_variance", "input std²", "variance of z over units and inputs that LSUV has not seen"),
)
THEORY = (
    *_FACTORS[:4],
    Column("signal_factor", "", "predicted factor of E[z²] per layer; nan where there is no such constant"),
    Column("gradient_factor", "", "predicted factor of E[delta²] per layer, towards the inputs; nan likewise"),
)


def _cells(plan: Plan) -> list[Cell]:
    """List the trainings first: they take longest."""
    return [*_trainings(plan), *_propagations(plan), *_predictions(plan)]


def _trainings(plan: Plan) -> Iterator[Cell]:
    for form, activation in product(FORMS, _ACTIVATIONS):
        sizes = {"replicates": max(1, round(plan.effort**0.5)), "steps": round(130 * plan.effort**0.8)}
        yield training_cell(EXPERIMENT.name, form, activation, _STARTS, **sizes)
    yield Cell.of(EXPERIMENT.name, study="symmetry", forms=tuple(FORMS))


def _propagations(plan: Plan) -> Iterator[Cell]:
    size = {"width": plan.width, "replicates": int(np.clip(plan.replicates // 2, *_REPLICATES))}
    for activation, initializer in product(_ACTIVATIONS, _STARTS):
        yield Cell.of(
            EXPERIMENT.name,
            study="layers",
            activation=activation,
            initializer=initializer,
            forms=tuple(FORMS),
            **size,
        )
    yield Cell.of(
        EXPERIMENT.name, study="layers", activation="relu", initializer=_TRIPLED, forms=("batch norm",), **size
    )


def _predictions(plan: Plan) -> Iterator[Cell]:
    for activation in _ACTIVATIONS:
        yield Cell.of(EXPERIMENT.name, study="theory", activation=activation, initializers=_STARTS, width=plan.width)


def _measure(cell: Cell, streams: Streams) -> Measured:
    match cell.text("study"):
        case "training":
            return measure_training(cell, streams)
        case "symmetry":
            return measure_symmetry(cell, streams)
        case "theory":
            return {"rescue_theory": _predict(cell)}
        case _:
            return _propagate(cell, streams)


# At initialization --------------------------------------------------------------------------------------------------


def _propagate(cell: Cell, streams: Streams) -> Measured:
    """Send the inputs of each replicate through its network in every form."""
    with np.errstate(all="ignore"):
        return merge(_replicate(cell, streams, replicate) for replicate in range(cell.number("replicates")))


def _replicate(cell: Cell, streams: Streams, replicate: int) -> Measured:
    """Measure one network; LSUV has seen another batch than the one that is sent through."""
    width = cell.number("width")
    seen, fresh = streams.data(replicate).standard_normal((2, 1, _BATCH, width)).astype(np.float32)
    cotangent = streams.cotangents(replicate).standard_normal((1, _BATCH, width)).astype(np.float32)
    parameters = draw_parameters(
        initializers.get(cell.text("initializer")),
        [width] * (_DEPTH + 1),
        lambda _, layer: streams.weights(replicate, layer),
        members=1,
    )
    drawn = Ensemble(parameters, activations.get(cell.text("activation")))
    measured: dict[str, list[Columns]] = {}
    for name in cell.words("forms"):
        form = FORMS[name]
        ensemble, rescalings = form.start(drawn, _DEPTH, seen)
        tape = forward(ensemble, fresh)
        if form.calibrated:
            measured["rescue_calibration"] = [_calibration(tape, rescalings, replicate)]
        rows = _layers(tape, backward(ensemble, tape, cotangent), replicate)
        measured.setdefault("rescue_layers", []).append({"form": np.full(_DEPTH, name), **rows})
    return {table: concatenate(rows) for table, rows in measured.items()}


def _layers(tape: Tape, gradients: Gradients, replicate: int) -> Columns:
    """Lay out one row per layer of one network."""
    signal = [moments(z) for z in tape.pre_activations]
    return {
        **_numbers(replicate),
        "batch": np.full(_DEPTH, _BATCH),
        "pre_activation_second_moment": np.array([second_moment for _, (second_moment,), _ in signal]),
        "pre_activation_variance": np.array([variance for _, _, (variance,) in signal]),
        "delta_rms": np.concatenate([rms(delta) for delta in gradients.deltas]),
        "weight_gradient_norm": np.concatenate([frobenius(gradient) for gradient in gradients.weights]) / _BATCH,
        "finite_fraction": np.concatenate([finite_fraction(delta) for delta in gradients.deltas]),
    }


def _calibration(tape: Tape, rescalings: NDArray[np.int64], replicate: int) -> Columns:
    variance = np.array([z.var(dtype=np.float64) for z in tape.pre_activations])
    return {**_numbers(replicate), "rescalings": rescalings[0], "fresh_variance": variance}


def _numbers(replicate: int) -> Columns:
    return {"replicate": np.full(_DEPTH, replicate), "layer": np.arange(1, _DEPTH + 1)}


# What is predicted --------------------------------------------------------------------------------------------------


def _predict(cell: Cell) -> Columns:
    """Predict the factors per layer of every form and start."""
    width, names = cell.number("width"), cell.words("initializers")
    rows = [
        (name, form, *_factors(cell.text("activation"), name, FORMS[form], width)) for form in FORMS for name in names
    ]
    initializer, form, signal, gradient = (np.array(column) for column in zip(*rows, strict=True))
    return {"initializer": initializer, "form": form, "signal_factor": signal, "gradient_factor": gradient}


def _factors(activation: str, initializer: str, form: Form, width: int) -> tuple[float, float]:
    """Return the factors of signal and gradient per layer: with a norm they depend on the activation alone."""
    phi = averages(activation)
    if form.normalization and form.shortcut:
        return np.nan, np.nan  # a polynomial in the layer
    if form.normalization or form.calibrated:
        return 1.0, batch_norm_factor(phi) if form.normalization == "batch" else layer_norm_factor(phi)
    if activation != "relu":
        return np.nan, np.nan  # the factor changes with the size of the signal
    moment = width * float(initializers.get(initializer).variance(width, width) or 0.0) / 2
    factor = residual_growth(moment, form.branch(_DEPTH) or 1.0, 1) - (0 if form.shortcut else 1)
    return factor, factor


EXPERIMENT = Experiment(
    name="rescue",
    summary="Signals, gradients and short trainings from bad starts with normalization, shortcuts and LSUV",
    tables={"rescue_layers": LAYERS, "rescue_calibration": CALIBRATION, "rescue_theory": THEORY, **TABLES},
    cells=_cells,
    measure=_measure,
)
