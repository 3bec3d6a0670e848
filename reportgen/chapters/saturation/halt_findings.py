"""The halt: the numbers that the chapter on saturation quotes about training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from reportgen.chapters.names import short_name
from reportgen.chapters.saturation.halt_tables import ACTIVATIONS, HUGE, PROBLEMS, STARTS
from reportgen.chapters.saturation.tables import Tables
from reportgen.judgments.frames import where

__all__ = ["Halt", "Moment", "Net", "Problem", "Starts", "find_halt"]

Each = TypeVar("Each")


class Moment(NamedTuple):
    """Medians over nets before or after training; `gradient` is the norm of the first layer's, divided by the loss.

    `weights` and `slopes` are what they do to the gradient's rms per layer, `product` what both do.
    """

    saturated: float
    gradient_norm: float
    agreement: float
    gradient: float
    weights: float
    slopes: float
    product: float


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
    epochs: int
    networks: int
    guess: float


class Halt(NamedTuple):
    """Training from four starts.

    `outweighing` is what one layer does to the gradient's rms on its way down in a huge net on digits before any
    training: the geometric mean over networks, tanh and sigmoid.
    """

    names: Starts[str]
    rates: list[str]
    circle: Problem
    digits: Problem
    outweighing: float


def find_halt(tables: Tables) -> Halt:
    """Return every number on training."""
    problems = {problem.name: problem for problem in _problems(tables)}
    circle, digits = (problems[name] for name in PROBLEMS)
    rates = [f"{rate:g}" for rate in sorted(tables.learning["learning_rate"].unique())]
    return Halt(Starts(*map(short_name, STARTS)), rates, circle, digits, _outweighing(tables.factors))


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
