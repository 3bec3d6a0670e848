"""Deep tanh networks under Glorot's initialization, with gain 1 and with the gain 5/3.

Zero biases and standard normal inputs. tanh is odd and the weights are symmetric around zero, so every mean is zero
and the mean square of z, h and delta is their variance over networks, units and inputs.
"""

from __future__ import annotations

import numpy as np

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.columns import by_layer, concatenate
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan
from reportgen.experiments.columns import INITIALIZER, LAYER, REPLICATE, WIDTH
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import rms

__all__ = ["EXPERIMENT"]

UNITS, DEPTH, BATCH = 256, 50, 32
INITIALIZERS = ("glorot_uniform", "glorot_uniform(gain=1.66666666667)")


def _cells(plan: Plan) -> list[Cell]:
    networks = max(8, round(12 * plan.effort))
    return [Cell.of(EXPERIMENT.name, initializer=name, width=UNITS, networks=networks) for name in INITIALIZERS]


def _measure(cell: Cell, streams: Streams) -> Measured:
    networks = (
        _measure_network(cell.text("initializer"), replicate, streams) for replicate in range(cell.number("networks"))
    )
    return {"tanh_layers": concatenate(networks)}


def _measure_network(initializer: str, replicate: int, streams: Streams) -> Columns:
    """Send signals up and gradients down one network; initializers share their base draws."""
    inputs, cotangent = (
        rng.standard_normal((1, BATCH, UNITS), np.float32)
        for rng in (streams.data(replicate), streams.cotangents(replicate))
    )
    parameters = draw_parameters(
        initializers.get(initializer),
        [UNITS] * (DEPTH + 1),
        lambda _, layer: streams.weights(replicate, layer),
        members=1,
    )
    ensemble = Ensemble(parameters, activations.get("tanh"))
    tape = forward(ensemble, inputs)
    deltas = backward(ensemble, tape, cotangent).deltas
    measured = {
        "pre_activation_variance": tape.pre_activations,
        "activation_variance": tape.activations,
        "delta_variance": deltas,
    }
    variances = {name: [rms(layer)[0] ** 2 for layer in layers] for name, layers in measured.items()}
    return by_layer(variances, replicate=replicate)


EXPERIMENT = Experiment(
    name="tanh_depth",
    summary="Signal and gradient by layer in deep tanh networks, Glorot with gain 1 and with gain 5/3",
    tables={
        "tanh_layers": (
            INITIALIZER,
            WIDTH,
            REPLICATE,
            LAYER,
            Column("pre_activation_variance", "input std²", "mean of z² over inputs and units"),
            Column("activation_variance", "activation²", "mean of h² over inputs and units"),
            Column("delta_variance", "cotangent std²", "mean of (dLoss/dz)² over inputs and units"),
        ),
    },
    cells=_cells,
    measure=_measure,
)
