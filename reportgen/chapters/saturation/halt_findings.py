"""The halt: the numbers that the chapter on saturation quotes about training."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from reportgen.chapters.names import short_name
from reportgen.chapters.saturation.halt_tables import ACTIVATIONS, HUGE, PROBLEMS, STARTS
from reportgen.chapters.saturation.tables import Tables
from reportgen.judgments.frames import where

__all__ = ["Halt", "Moment", "Net", "Problem", "Starts", "find_halt"]

_PARTS = ("weights", "slopes", "product")

Each = TypeVar("Each")


class Moment(NamedTuple):
    """Medians over nets before or after training; `gradient` is the norm of that of the first layer per nat of loss.

    `weights` and `slopes` are what they do to the squared gradient per layer, `product` what both do.
    """

    saturated: float
    gradient_norm: float
    agreement: float
    gradient: float
    weights: float
    slopes: float
    product: float
    mean_squared_slope: float


class Net(NamedTuple):
    """The nets of one start at their best learning rate, medians."""

    start: Moment
    end: Moment
    start_loss: float
    end_loss: float
    test_accuracy: float


class Starts(NamedTuple, Generic[Each]):
    """One thing per start, from the smallest weights to the largest."""

    small: Each
    glorot: Each
    large: Each
    huge: Each


class Problem(NamedTuple):
    """What is learned, by which nets, and how it went; `guess` is the loss of a net that knows nothing."""

    tanh: Starts[Net]
    sigmoid: Starts[Net]
    name: str
    hidden_layers: int
    units: int
    training_examples: int
    batch: int
    epochs: int
    momentum: float
    networks: int
    guess: float


class Halt(NamedTuple):
    """Training from four starts; `factors` holds those of the two that halt.

    `outweighing` is what one layer does to the squared gradient on its way down in a huge net on digits before any
    training: the geometric mean over networks, tanh and sigmoid.
    """

    names: Starts[str]
    rates: list[str]
    circle: Problem
    digits: Problem
    factors: pd.DataFrame
    outweighing: float


def find_halt(tables: Tables) -> Halt:
    """Return every number on training."""
    problems = {problem.name: problem for problem in _problems(tables)}
    circle, digits = (problems[name] for name in PROBLEMS)
    rates = [f"{rate:g}" for rate in sorted(tables.learning["learning_rate"].unique())]
    factors, outweighing = _factors(digits), _outweighing(tables.factors)
    return Halt(Starts(*map(short_name, STARTS)), rates, circle, digits, factors, outweighing)


def _problems(tables: Tables) -> Iterator[Problem]:
    moments = {row[:4]: Moment(*row[4:]) for row in tables.moments.itertuples(index=False, name=None)}
    nets = {
        row[:3]: Net(moments[(*row[:3], "start")], moments[(*row[:3], "end")], *row[3:])
        for row in tables.trained.itertuples(index=False, name=None)
    }
    for row in tables.problems.itertuples(index=False, name=None):
        tanh, sigmoid = (Starts(*(nets[(row[0], activation, start)] for start in STARTS)) for activation in ACTIVATIONS)
        yield Problem(tanh, sigmoid, *row)


def _outweighing(factors: pd.DataFrame) -> float:
    huge = where(factors, problem="digits", initializer=HUGE, moment="start")
    with np.errstate(divide="ignore"):
        return float(np.exp(np.log(huge["product"]).mean()))


def _factors(problem: Problem) -> pd.DataFrame:
    """Return the factors per layer of the two starts that halt, before and after training."""
    parts = attrgetter(*_PARTS)
    halting = {
        f"{activation}, {start}": net
        for activation, starts in (("tanh", problem.tanh), ("sigmoid", problem.sigmoid))
        for start, net in (("small", starts.small), ("huge", starts.huge))
    }
    rows = [(name, *parts(net.start), *parts(net.end)) for name, net in halting.items()]
    return pd.DataFrame(rows, columns=["net", *_PARTS, *(f"{part}, after" for part in _PARTS)])
