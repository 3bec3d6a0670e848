"""Sigmoid nets that are tanh nets: how far their outputs are apart before training, and whether they train."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.columns import (
    DEPTH,
    INITIALIZER,
    LEARNING_RATE_WITH_MOMENTUM,
    START_REPLICATE,
)
from reportgen.experiments.sweeps import ENDS, Sweep, run_sweep, tabulate_budgets
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters
from reportgen.nn.examples import Examples
from reportgen.nn.mlp import forward

__all__ = ["Shifted", "as_sigmoid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifted(Sweep):
    """Train the sigmoid nets that compute what tanh nets compute; the tanh nets are what the grid draws."""

    tables: ClassVar[Tables] = {
        "advice_shifted": (
            DEPTH,
            INITIALIZER,
            LEARNING_RATE_WITH_MOMENTUM,
            START_REPLICATE,
            *ENDS,
            Column("difference", "", "greatest difference of a logit from the tanh net's before training, in float64"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Compare each sigmoid net with its tanh net, then train it."""
        apart: list[float] = []

        def build(drawn: Ensemble, examples: Examples) -> Ensemble:
            exact = replace(drawn, parameters=_in(np.float64, drawn.parameters))
            shifted = replace(exact, parameters=as_sigmoid(exact.parameters), activation=activations.get("sigmoid"))
            apart.extend(_differences(exact, shifted, examples.inputs))
            return replace(shifted, parameters=_in(drawn.parameters.dtype, shifted.parameters))

        rows = tabulate_budgets(self, run_sweep(self, streams, build))
        return {"advice_shifted": {**rows, "difference": np.tile(apart, len(rows["steps"]) // len(apart))}}


def as_sigmoid(tanh: Parameters) -> Parameters:
    """Return the parameters of the sigmoid nets that compute what tanh nets compute.

    Parameters
    ----------
    tanh
        With biases; the last layer is a linear readout.

    Notes
    -----
    ``sigmoid(2 z) = 1/2 + tanh(z) / 2``. So the first layer is doubled, a later one becomes 4 W with the biases
    ``2 b - 2 sum_i W_ij``, and the readout 2 V with ``b - sum_i V_ij``.
    """
    assert tanh.biases is not None, "the shift is in the biases"
    weights, biases = [2 * tanh.weights[0]], [2 * tanh.biases[0]]
    for W, b in zip(tanh.weights[1:], tanh.biases[1:], strict=True):
        weights.append(4 * W)
        biases.append(2 * b - 2 * W.sum(axis=1, keepdims=True))
    weights[-1], biases[-1] = weights[-1] / 2, biases[-1] / 2
    return Parameters(weights, biases)


def _differences(tanh: Ensemble, shifted: Ensemble, inputs: Array) -> list[float]:
    """Return how far the outputs of each sigmoid net are from those of its tanh net."""
    one, other = (forward(nets, inputs[None], linear_output=True, slopes=False).output for nets in (tanh, shifted))
    return [float(apart) for apart in np.abs(one - other).max(axis=(1, 2))]


def _in(dtype: DTypeLike, parameters: Parameters) -> Parameters:
    biases: list[Array] | None = parameters.biases and [b.astype(dtype) for b in parameters.biases]
    return Parameters([W.astype(dtype) for W in parameters.weights], biases)
