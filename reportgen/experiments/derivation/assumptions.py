"""What Var(w·x) becomes where an assumption of its derivation does not hold.

Every layer has Glorot's variance ``2 / (fan_in + fan_out)`` and breaks one assumption. Measured is the variance over
independent draws of weights and inputs, which the derivation wants to be 1, and how much it differs from unit to unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.derivation.montecarlo import MEASURED, Draws, Normal, parts, variance
from reportgen.theory.sums import sum_variance, unit_spread

__all__ = ["ASSUMPTIONS", "Assumption"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A layer under Glorot's variance, and the assumption that it breaks.

    Inputs have the mean `input_mean`, standard deviations spread evenly in the logarithm over 10^(+-`decades`), and
    the correlation `correlation` between any two of them. `number` names the streams.
    """

    number: int
    assumption: str
    broken: str
    fan_in: int = 100
    fan_out: int = 100
    weight_mean: float = 0.0
    input_mean: float = 0.0
    decades: float = 0.0
    correlation: float = 0.0
    bias_variance: float = 0.0
    draws: int = 40_000

    tables: ClassVar[Tables] = {
        "assumptions": (
            Column("assumption", "", "name of the case"),
            Column("broken", "", "which assumption does not hold"),
            Column("fan_in", "units", "number of terms of the sum"),
            Column("fan_out", "units", "number of units of the layer"),
            *MEASURED,
            Column("unit_spread_predicted", "", "what theory gives for unit_spread"),
            Column("unit_spread", "", "std over units of the variance across inputs, divided by its mean"),
        ),
    }

    @property
    def weight(self) -> Normal:
        """Distribution of every weight."""
        return Normal(self.weight_mean, 2 / (self.fan_in + self.fan_out))

    @property
    def scales(self) -> Draws:
        """Standard deviation of each input, shape (fan_in,)."""
        return np.logspace(-self.decades, self.decades, self.fan_in)

    @property
    def covariance(self) -> Draws:
        """Covariance of the inputs, shape (fan_in, fan_in)."""
        correlations = self.correlation + (1 - self.correlation) * np.eye(self.fan_in)
        return np.asarray(correlations * np.outer(self.scales, self.scales))

    def measure(self, streams: Streams) -> Measured:
        """Measure the variance of the sum, and how much it differs from unit to unit."""
        C, weight = self.covariance, self.weight
        weights, inputs = streams.weights(self.number, 1), streams.summands(self.number)
        sums, across_inputs = np.hstack([self.draw(weights, inputs, size) for size in parts(self.draws)])
        row = {
            "predicted": sum_variance(C, self.input_mean, *weight, self.bias_variance),
            **variance(sums),
            "unit_spread_predicted": unit_spread(C, *weight),
            "unit_spread": across_inputs.std() / across_inputs.mean(),
        }
        return {"assumptions": of_rows([row])}

    def draw(self, weights: Generator, inputs: Generator, draws: int) -> Draws:
        """Return draws of w·x + b, and for the weights of each the variance across inputs; shape (2, draws)."""
        shared, own = inputs.standard_normal((draws, 1)), inputs.standard_normal((draws, self.fan_in))
        x = self.input_mean + self.scales * (sqrt(self.correlation) * shared + sqrt(1 - self.correlation) * own)
        w = self.weight.draw(weights, draws, self.fan_in)
        b = sqrt(self.bias_variance) * weights.standard_normal(draws)
        return np.stack([np.einsum("ij,ij->i", w, x) + b, np.einsum("ij,ij->i", w @ self.covariance, w)])


ASSUMPTIONS = (
    Assumption(0, "kept", "nothing"),
    Assumption(1, "correlation", "correlated features", correlation=0.5),
    Assumption(2, "input_mean", "inputs with a mean", input_mean=1.0),
    Assumption(3, "scales", "unscaled features", decades=1.0),
    Assumption(4, "weight_mean", "weights with a mean", weight_mean=0.1),
    Assumption(5, "bias", "a random bias", bias_variance=0.25),
    Assumption(6, "halving", "width halves", fan_out=50),
    Assumption(7, "first_layer", "first layer", fan_in=64, fan_out=256),
)
