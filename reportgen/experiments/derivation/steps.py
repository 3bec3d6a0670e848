"""Every step of the derivation of Var(w·x) = 1 beside a Monte Carlo measurement.

One draw of the sum ``w·x = w_1 x_1 + ... + w_n x_n`` has its own weights and its own inputs. Draws are then
independent, and a standard error is the standard deviation over draws divided by the root of their number. Letters
follow Glorot & Bengio (2010), section 4.2: n is fan_in on the way forward and fan_out on the way back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.random import Generator

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.columns import INITIALIZER
from reportgen.experiments.derivation.montecarlo import MEASURED, Draws, Normal, Row, mean, parts, variance
from reportgen.nn.activations import activations
from reportgen.nn.initializers import initializers
from reportgen.nn.statistics import saturated
from reportgen.theory.sums import product_variance

__all__ = ["STEPS", "FanIn", "Steps"]

FAN_IN, FAN_OUT = 100, 50
_SINGLES = 10
"""A single product costs less than a sum of many: this many times as many are drawn."""

Sampler = Callable[[Generator, Generator, int], Draws]
"""(generator of weights, generator of inputs, number) -> at least that many independent draws."""


class Step(NamedTuple):
    """One step of the derivation: its number as predicted, and how to draw what it speaks of."""

    name: str
    quantity: str
    predicted: float
    sample: Sampler
    terms: int = 1
    is_mean: bool = False


def _term(w: Normal, x: Normal, weights: Generator, inputs: Generator, draws: int) -> Draws:
    return w.draw(weights, _SINGLES * draws) * x.draw(inputs, _SINGLES * draws)


def _two_terms(w: Normal, x: Normal, weights: Generator, inputs: Generator, draws: int) -> Draws:
    """Return products of two terms of one sum in the hardest case: both have the same input."""
    first, second = w.draw(weights, 2, _SINGLES * draws)
    return np.asarray(first * second * x.draw(inputs, _SINGLES * draws) ** 2)


def _sum(terms: int, variance: float, weights: Generator, inputs: Generator, draws: int) -> Draws:
    w, x = Normal(0, variance), Normal(0, 1)
    pairs = ((w.draw(weights, size, terms), x.draw(inputs, size, terms)) for size in parts(draws))
    return np.concatenate([np.einsum("ij,ij->i", *pair) for pair in pairs])


def _registered(name: str, scale: float, weights: Generator, inputs: Generator, draws: int) -> Draws:
    """Return weights of non-square layers as a registered initializer draws them, times `scale`."""
    draw, layers = initializers.get(name).draw, ceil(_SINGLES * draws / (FAN_IN * FAN_OUT))
    return scale * np.concatenate([draw(weights, FAN_IN, FAN_OUT).ravel() for _ in range(layers)])


def _sum_step(name: str, quantity: str, terms: int, variance: float) -> Step:
    return Step(name, quantity, terms * variance, partial(_sum, terms, variance), terms)


_W, _X, _SHIFTED_W, _SHIFTED_X = Normal(0, 0.04), Normal(0, 1), Normal(0.1, 0.04), Normal(0.5, 1)
_PRODUCT, _SHIFTED = product_variance(*_W, *_X), product_variance(*_SHIFTED_W, *_SHIFTED_X)
_FAN_AVG = (FAN_IN + FAN_OUT) / 2
_GLOROT = 1 / _FAN_AVG

STEPS = (
    Step("term_mean", "E[w x]", 0, partial(_term, _W, _X), is_mean=True),
    Step("term_variance", "Var(w x)", _PRODUCT, partial(_term, _W, _X)),
    Step("product_rule", "Var(w x), means not zero", _SHIFTED, partial(_term, _SHIFTED_W, _SHIFTED_X)),
    Step("covariance", "Cov(w₁x₁, w₂x₂)", 0, partial(_two_terms, _W, _X), is_mean=True),
    _sum_step("sum", "Var(w·x), the same Var(w)", FAN_IN, _W.variance),
    _sum_step("forward", "Var(w·x), Var(w) = 1/fan_in", FAN_IN, 1 / FAN_IN),
    _sum_step("forward_price", "Var(w·δ), Var(w) = 1/fan_in", FAN_OUT, 1 / FAN_IN),
    _sum_step("backward", "Var(w·δ), Var(w) = 1/fan_out", FAN_OUT, 1 / FAN_OUT),
    _sum_step("backward_price", "Var(w·x), Var(w) = 1/fan_out", FAN_IN, 1 / FAN_OUT),
    _sum_step("glorot_forward", "Var(w·x), Glorot", FAN_IN, _GLOROT),
    _sum_step("glorot_backward", "Var(w·δ), Glorot", FAN_OUT, _GLOROT),
    Step("glorot_normal", "fan_avg Var(w), glorot_normal", 1, partial(_registered, "glorot_normal", _FAN_AVG**0.5)),
    Step("uniform", "Var(w), uniform on ±1", 1 / 3, partial(_registered, "random_uniform(minval=-1, maxval=1)", 1)),
    Step("glorot_uniform", "fan_avg Var(w), glorot_uniform", 1, partial(_registered, "glorot_uniform", _FAN_AVG**0.5)),
)


@dataclass(frozen=True, slots=True)
class Steps:
    """Measure what every step of the derivation speaks of."""

    draws: int

    tables: ClassVar[Tables] = {
        "steps": (
            Column("step", "", "name of the step"),
            Column("quantity", "", "what is measured"),
            Column("terms", "", "number of terms of the sum"),
            *MEASURED,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Draw for each step with generators of its own."""
        return {
            "steps": of_rows(
                _step(step, self.draws, streams.weights(number, 1), streams.summands(number, 1))
                for number, step in enumerate(STEPS)
            )
        }


@dataclass(frozen=True, slots=True)
class FanIn:
    """Measure Var(w·x) against the number of its terms, for the weights of one initializer."""

    initializer: str
    draws: int
    fan_ins: tuple[int, ...] = (4, 16, 64, 256)

    tables: ClassVar[Tables] = {
        "fan_in_growth": (
            INITIALIZER,
            Column("fan_in", "", "number of terms of the sum"),
            *MEASURED,
            Column("saturated_fraction", "share", "share of the sums at which tanh is saturated"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Draw for each number of terms with generators of its own."""
        return {"fan_in_growth": of_rows(self._row(fan_in, streams) for fan_in in self.fan_ins)}

    def _row(self, fan_in: int, streams: Streams) -> Row:
        initializer, tanh = initializers.get(self.initializer), activations.get("tanh")
        weights, inputs = streams.weights(fan_in, 2), streams.summands(fan_in, 2)
        pairs = (
            (initializer.draw(weights, fan_in, size), inputs.standard_normal((size, fan_in)))
            for size in parts(self.draws)
        )
        sums = np.concatenate([np.einsum("ji,ij->i", w, x) for w, x in pairs])
        return {
            "fan_in": fan_in,
            "predicted": fan_in * (initializer.variance(fan_in, self.draws) or 0.0),
            **variance(sums),
            "saturated_fraction": saturated(tanh.derivative(sums), tanh).mean(),
        }


def _step(step: Step, draws: int, weights: Generator, inputs: Generator) -> Row:
    measured = (mean if step.is_mean else variance)(step.sample(weights, inputs, draws))
    declared = {"step": step.name, "quantity": step.quantity, "terms": step.terms, "predicted": float(step.predicted)}
    return declared | measured
