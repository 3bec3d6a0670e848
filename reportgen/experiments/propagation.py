"""The battery: signals and gradients through initializer × activation × depth, at initialization.

One cell is one (initializer, activation, data set) with all its depths and replicates: a single forward pass to the
greatest depth serves every depth, and only the backward pass is repeated per depth.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer, merge, of_rows, with_constants
from reportgen.battery.experiment import Column, Experiment, Factors, Measured, Plan, Tables
from reportgen.experiments.columns import (
    ACTIVATION,
    DATA,
    DELTA_RMS,
    FINITE_DELTAS,
    INITIALIZER,
    LAYER,
    PRE_ACTIVATION_SECOND_MOMENT,
    PRE_ACTIVATION_VARIANCE,
    REPLICATE,
    WEIGHT_GRADIENT_NORM,
    WIDTH,
)
from reportgen.experiments.starting import drawn_layers
from reportgen.nn import datasets
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array
from reportgen.nn.initializers import initializers
from reportgen.nn.probe import Arrived, Network, Probe

__all__ = ["EXPERIMENT", "Propagate"]

_FACTORS = (INITIALIZER, ACTIVATION, DATA, WIDTH, REPLICATE)

FORWARD = (
    *_FACTORS,
    LAYER,
    Column("pre_activation_mean", "input std", "mean of z over inputs and units"),
    PRE_ACTIVATION_SECOND_MOMENT,
    PRE_ACTIVATION_VARIANCE,
    Column("activation_mean", "activation", "mean of h = phi(z) over inputs and units"),
    Column("activation_second_moment", "activation²", "mean of h² over inputs and units"),
    Column("activation_variance", "activation²", "variance of h across inputs, averaged over units"),
    Column(
        "saturated_fraction", "share", "share of (input, unit) pairs whose slope is below 5 % of the greatest slope"
    ),
    Column(
        "pressed_fraction",
        "share",
        "saturated_fraction where a bound of the activation is the reason (rms of h below half of that of z), else 0",
    ),
    Column("dead_fraction", "share", "share of units that are saturated for every input of the batch"),
    Column("finite_fraction", "share", "share of activations that are neither inf nor nan"),
)
GRADIENTS = (
    *_FACTORS,
    Column("depth", "layers", "number of hidden layers of the network"),
    LAYER,
    DELTA_RMS,
    WEIGHT_GRADIENT_NORM,
    FINITE_DELTAS,
)
DIVERSITY = (
    *_FACTORS,
    LAYER,
    Column("distinct_units", "units", "units of the layer whose incoming weights or biases differ bit by bit"),
)


@dataclass(frozen=True, slots=True)
class Propagate:
    """Send inputs forward and gradients back through networks of one initializer and activation.

    Attributes
    ----------
    initializer, activation
        Canonical registry names.
    data
        Factors of the data set, at least ``data``.
    depths
        Numbers of hidden layers; gradients are measured for each.
    width
        Units per hidden layer.
    replicates, batch
        Independent networks, each with inputs of its own; inputs per network.
    bias
        Standard deviation of the biases; 0 means none.
    dtype
        Floating-point type in which the networks run.
    """

    initializer: str
    activation: str
    data: Factors
    depths: tuple[int, ...]
    width: int
    replicates: int
    batch: int
    bias: float = 0.0
    dtype: str = "float32"

    tables: ClassVar[Tables] = {"forward": FORWARD, "gradients": GRADIENTS, "diversity": DIVERSITY}

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer, and the way of the gradient for each depth, network by network."""
        inputs = [self._inputs(replicate, streams) for replicate in range(self.replicates)]
        probe = Probe(self.depths, len(inputs[0]), self.width, self.dtype)
        with np.errstate(all="ignore"):
            measured = merge(
                self._measure_one(probe, each, replicate, streams) for replicate, each in enumerate(inputs)
            )
        gradients = measured["gradients"]
        order = np.lexsort((gradients["layer"], gradients["replicate"], gradients["depth"]))
        return {**measured, "gradients": {name: values[order] for name, values in gradients.items()}}

    def _inputs(self, replicate: int, streams: Streams) -> Array:
        """Return inputs of shape (batch, features), fresh for every replicate."""
        examples = datasets.load(self.data, streams.data(replicate), self.batch, self.width)
        return examples.inputs.astype(self.dtype)

    def _measure_one(self, probe: Probe, inputs: Array, replicate: int, streams: Streams) -> Measured:
        """Send inputs up and a cotangent of unit variance down; the loss is the batch mean of <cotangent, h>."""
        widths = [inputs.shape[1]] + [self.width] * max(self.depths)
        layers = list(drawn_layers(initializers.get(self.initializer), widths, replicate, streams, self.dtype))
        biases = [self._biases(layer, replicate, streams) for layer in range(1, len(widths))] if self.bias else None
        distinct = (
            [layer.distinct_with(b) for layer, b in zip(layers, biases, strict=True)]
            if biases
            else [layer.distinct_units for layer in layers]
        )
        network = Network([layer.weights for layer in layers], biases, activations.get(self.activation))
        cotangent = streams.cotangents(replicate).standard_normal((len(inputs), self.width)).astype(self.dtype)
        tables = {
            "forward": by_layer(of_rows(probe.up(network, inputs))),
            "gradients": of_rows(_row(arrived, len(inputs)) for arrived in probe.down(network, cotangent)),
            "diversity": by_layer({"distinct_units": distinct}),
        }
        return {name: {**columns, **with_constants(columns, replicate=replicate)} for name, columns in tables.items()}

    def _biases(self, layer: int, replicate: int, streams: Streams) -> Array:
        return self.bias * streams.biases(replicate, layer).standard_normal(self.width).astype(self.dtype)


def _row(arrived: Arrived, batch: int) -> dict[str, float]:
    return {
        "depth": arrived.depth,
        "layer": arrived.layer,
        "delta_rms": arrived.delta_rms,
        "weight_gradient_norm": arrived.gradient_norm / batch,
        "finite_fraction": arrived.finite_fraction,
    }


def _work(plan: Plan) -> list[Propagate]:
    return [
        Propagate(initializer, activation, data, plan.depths, plan.width, plan.replicates, plan.batch)
        for data, activation, initializer in product(plan.data_factors, plan.activations, plan.initializers)
    ]


EXPERIMENT = Experiment(
    name="propagation",
    summary="Signals and gradients by layer for every initializer, activation, depth and data set",
    parts=(Propagate,),
    work=_work,
)
