"""What Var(w·x) becomes where an assumption of its derivation does not hold.

Every layer has Glorot's variance ``2 / (fan_in + fan_out)`` and breaks one assumption. Measured is the variance over
independent draws of weights and inputs, which the derivation wants to be 1, and how much it differs from unit to unit.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Experiment, Measured, Plan
from reportgen.experiments.montecarlo import MEASURED, Draws, Law, Row, parts, variance
from reportgen.theory.sums import sum_variance, unit_spread

__all__ = ["EXPERIMENT", "LAYERS", "Layer"]


class Layer(NamedTuple):
    """A layer under Glorot's variance, and the assumption that it breaks.

    Inputs have the mean `input_mean`, standard deviations spread evenly in the logarithm over 10^(+-`decades`), and
    the correlation `correlation` between any two of them.
    """

    name: str
    broken: str
    fan_in: int = 100
    fan_out: int = 100
    weight_mean: float = 0.0
    input_mean: float = 0.0
    decades: float = 0.0
    correlation: float = 0.0
    bias_variance: float = 0.0

    @property
    def weight(self) -> Law:
        """Law of every weight."""
        return Law(self.weight_mean, 2 / (self.fan_in + self.fan_out))

    @property
    def scales(self) -> Draws:
        """Standard deviation of each input, shape (fan_in,)."""
        return np.logspace(-self.decades, self.decades, self.fan_in)

    @property
    def covariance(self) -> Draws:
        """Covariance of the inputs, shape (fan_in, fan_in)."""
        correlations = self.correlation + (1 - self.correlation) * np.eye(self.fan_in)
        return np.asarray(correlations * np.outer(self.scales, self.scales))

    def draw(self, weights: Generator, inputs: Generator, draws: int) -> Draws:
        """Return draws of w·x + b, and for the weights of each the variance across inputs; shape (2, draws)."""
        shared, own = inputs.standard_normal((draws, 1)), inputs.standard_normal((draws, self.fan_in))
        x = self.input_mean + self.scales * (sqrt(self.correlation) * shared + sqrt(1 - self.correlation) * own)
        w = self.weight.draw(weights, draws, self.fan_in)
        b = sqrt(self.bias_variance) * weights.standard_normal(draws)
        return np.stack([np.einsum("ij,ij->i", w, x) + b, np.einsum("ij,ij->i", w @ self.covariance, w)])


LAYERS = (
    Layer("kept", "nothing"),
    Layer("correlation", "correlated features", correlation=0.5),
    Layer("input_mean", "inputs with a mean", input_mean=1.0),
    Layer("scales", "unscaled features", decades=1.0),
    Layer("weight_mean", "weights with a mean", weight_mean=0.1),
    Layer("bias", "a random bias", bias_variance=0.25),
    Layer("halving", "width halves", fan_out=50),
    Layer("first_layer", "first layer", fan_in=64, fan_out=256),
)


def _cells(plan: Plan) -> list[Cell]:
    return [Cell.of(EXPERIMENT.name, draws=round(40_000 * plan.effort))]


def _measure(cell: Cell, streams: Streams) -> Measured:
    draws = cell.number("draws")
    rows = (
        _measure_layer(layer, draws, streams.weights(number, 1), streams.summands(number))
        for number, layer in enumerate(LAYERS)
    )
    return {"assumptions": of_rows(rows)}


def _measure_layer(layer: Layer, draws: int, weights: Generator, inputs: Generator) -> Row:
    C, w_law = layer.covariance, layer.weight
    sums, across_inputs = np.hstack([layer.draw(weights, inputs, size) for size in parts(draws)])
    return {
        "assumption": layer.name,
        "broken": layer.broken,
        "fan_in": layer.fan_in,
        "fan_out": layer.fan_out,
        "predicted": sum_variance(C, layer.input_mean, *w_law, layer.bias_variance),
        **variance(sums),
        "unit_spread_predicted": unit_spread(C, *w_law),
        "unit_spread": across_inputs.std() / across_inputs.mean(),
    }


EXPERIMENT = Experiment(
    name="assumptions",
    summary="Var(w·x) of layers that keep or break the assumptions of its derivation",
    tables={
        "assumptions": (
            Column("assumption", "", "name of the case"),
            Column("broken", "", "which assumption does not hold"),
            Column("fan_in", "units", "number of terms of the sum"),
            Column("fan_out", "units", "number of units of the layer"),
            *MEASURED,
            Column("unit_spread_predicted", "", "what theory gives for unit_spread"),
            Column("unit_spread", "", "std over units of the variance across inputs, divided by its mean"),
        ),
    },
    cells=_cells,
    measure=_measure,
)
