"""Courses of training on which the starts of the chapter on symmetry run against each other.

All networks of a course see the same examples in the same order and differ in their start alone, or in dropout. They
run in float64, where "identical" means more than "within 1e-7".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters, join
from reportgen.nn.examples import Split
from reportgen.nn.initializers import initializers
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import Batches, Dropout, updates

__all__ = ["COURSES", "RANDOM", "Course", "Finished", "Start", "run"]

RANDOM = "glorot_normal"

POINTS = 101
"""Points to train on. An odd number keeps the two classes of the circle out of balance: balanced ones would leave even
the output biases of a network of zeros where they are."""

TEST_POINTS = 800
DIGIT_IMAGES = (1297, 500)
"""Training and test examples."""


@dataclass(frozen=True, slots=True)
class Course:
    """One course of training.

    Attributes
    ----------
    problem
        "circle" or "digits".
    activation
        Of the hidden layers.
    hidden
        Units of each hidden layer; none makes it logistic regression.
    steps, learning_rate
        Number of updates; step size.
    constant
        Value of the start at a constant.
    batch
        Examples per update, None for all.
    points
        Examples of the circle to train on.
    plain
        Starts without noise; "constant" has the value above.
    weight_noise, bias_noise
        Standard deviations of Gaussian noise on top of the constant, each a start of its own.
    dropout
        Chances of a unit to be left out, each for a network that starts at the constant.
    filmed
        Whether single weights and the decision map are recorded.
    """

    problem: str
    activation: str
    hidden: tuple[int, ...]
    steps: int
    learning_rate: float
    constant: float
    batch: int | None = None
    points: int = POINTS
    plain: tuple[str, ...] = ("zeros", "constant", RANDOM)
    weight_noise: tuple[float, ...] = ()
    bias_noise: tuple[float, ...] = ()
    dropout: tuple[float, ...] = ()
    filmed: bool = False


_PAIR = ("constant", RANDOM)

COURSES: Mapping[str, Course] = {
    "digits": Course(
        "digits",
        "tanh",
        (16, 16),
        600,
        0.4,
        0.1,
        batch=50,
        plain=("zeros", "ones", "constant", RANDOM),
        weight_noise=(1e-2, 1e-3, 1e-4),
        bias_noise=(1e-2,),
        dropout=(0.5,),
    ),
    "circle, noise": Course(
        "circle", "tanh", (8,), 600, 0.5, 0.5, plain=(), weight_noise=(1e-2, 1e-3, 1e-4, 1e-5), bias_noise=(1e-2,)
    ),
    "circle": Course("circle", "tanh", (8, 8), 600, 0.5, 0.2, weight_noise=(1e-2,), filmed=True),
    "circle, mini-batches": Course("circle", "tanh", (8, 8), 600, 0.5, 0.2, batch=20, plain=_PAIR),
    "circle, another rate": Course("circle", "tanh", (8, 8), 300, 0.1, 0.2, plain=_PAIR),
    "circle, more data": Course("circle", "tanh", (8, 8), 300, 0.5, 0.2, points=401, plain=_PAIR),
    "circle, odd width": Course("circle", "tanh", (17, 17), 300, 0.1, 0.2, plain=_PAIR),
    "circle, relu": Course("circle", "relu", (8, 8), 600, 0.1, 0.5),
    "circle, settled": Course("circle", "tanh", (8, 8), 600, 0.3, 0.5, plain=(), weight_noise=(1e-5,)),
    "digits, relu": Course("digits", "relu", (16, 16), 600, 0.1, 0.1, batch=50, plain=("zeros",)),
    "digits, sigmoid": Course("digits", "sigmoid", (16, 16), 600, 1.0, 0.1, batch=50),
    "digits, no hidden layer": Course("digits", "linear", (), 400, 0.1, 0.1, batch=50),
}


class Start(NamedTuple):
    """Where one network of a course begins, and the dropout it is trained with."""

    initializer: str
    weight_noise: float = 0.0
    bias_noise: float = 0.0
    dropout: float = 0.0
    replicate: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """What a course leaves: its data, its starts (one per member) and (step, parameters) at every look."""

    course: Course
    data: Split
    starts: tuple[Start, ...]
    looks: list[tuple[int, Parameters]]


def run(course: Course, replicates: int, looks: int, streams: Streams) -> Finished:
    """Train all starts of a course, as one ensemble where nothing is dropped out.

    Parameters
    ----------
    course
        What is trained, and how.
    replicates
        Number of independent draws of every random start.
    looks
        Looks at the networks at equal distances; more of them follow the first updates.
    streams
        Replicate 0 gives the examples and their order.
    """
    data = _data(course, streams)
    starts = tuple(_starts(course, replicates))
    ensembles = [tuple(members) for _, members in groupby(starts, key=_ensemble)]
    films = [_train(course, members, data, _moments(course.steps, looks), streams) for members in ensembles]
    joined = [(same[0][0], join([parameters for _, parameters in same])) for same in zip(*films, strict=True)]
    return Finished(course, data, starts, joined)


def _ensemble(start: Start) -> tuple[float, int]:
    """Tell who trains together: units are dropped for a whole ensemble, and each replicate needs its own draw."""
    return start.dropout, start.replicate if start.dropout else 0


def _moments(steps: int, looks: int) -> set[int]:
    """Return after how many updates to look: at equal distances, and before that whenever the number has doubled."""
    even = {steps * look // looks for look in range(looks + 1)}
    return even | {2**power for power in range(16) if 2**power < steps // looks}


def _train(
    course: Course, starts: tuple[Start, ...], data: Split, moments: set[int], streams: Streams
) -> list[tuple[int, Parameters]]:
    widths = data.widths(course.hidden)
    parameters = join([_parameters(start, widths, streams) for start in starts])
    ensemble = Ensemble(parameters, activations.get(course.activation))
    rate, replicate = _ensemble(starts[0])
    looks: list[tuple[int, Parameters]] = []
    training = updates(
        ensemble,
        data.training,
        optimizer=sgd(course.learning_rate),
        batches=Batches(course.batch, streams.order(0)) if course.batch else None,
        dropout=Dropout(rate, streams.dropout(replicate, len(widths) - 1)) if rate else None,
    )
    for step in range(course.steps + 1):
        if step in moments:
            looks.append((step, parameters.copy()))
        if step < course.steps:
            next(training)
    return looks


def _data(course: Course, streams: Streams) -> Split:
    known, held_out = (course.points, TEST_POINTS) if course.problem == "circle" else DIGIT_IMAGES
    return split({"data": course.problem}, streams.data(0), known, held_out)


def _starts(course: Course, replicates: int) -> Iterator[Start]:
    constant = initializers.get(f"constant(value={course.constant})").name
    every = range(replicates)
    for name in course.plain:
        start = Start(constant if name == "constant" else name)
        yield from (start._replace(replicate=replicate) for replicate in (every if name == RANDOM else range(1)))
    for noise in course.weight_noise:
        yield from (Start(constant, weight_noise=noise, replicate=replicate) for replicate in every)
    for noise in course.bias_noise:
        yield from (Start(constant, bias_noise=noise, replicate=replicate) for replicate in every)
    for rate in course.dropout:
        yield from (Start(constant, dropout=rate, replicate=replicate) for replicate in every)


def _parameters(start: Start, widths: list[int], streams: Streams) -> Parameters:
    """Draw one network; its noise is the same pattern at every size."""
    plain = draw_parameters(
        initializers.get(start.initializer),
        widths,
        lambda _, layer: streams.weights(start.replicate, layer),
        1,
        biases=True,
        dtype=np.float64,
    )
    noise = [streams.biases(start.replicate, layer) for layer in range(1, len(widths))]
    weights = [_noisy(W, start.weight_noise, rng) for W, rng in zip(plain.weights, noise, strict=True)]
    biases = [_noisy(b, start.bias_noise, rng) for b, rng in zip(plain.biases or (), noise, strict=True)]
    return Parameters(weights, biases)


def _noisy(values: Array, size: float, rng: np.random.Generator) -> Array:
    return values + size * rng.standard_normal(values.shape)
