"""Courses of training on which the starts of the chapter on symmetry run against each other.

All networks of a course see the same examples in the same order and differ in their start alone. They run in float64,
where "identical" means more than "within 1e-7".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.nn.activations import activations
from reportgen.nn.datasets import DIGITS, circle, load
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import Array, Parameters, draw_parameters
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import copy, join, train

__all__ = ["COURSES", "Course", "Examples", "Finished", "Start", "run"]

RANDOM = "glorot_normal"
LOOKS = 40
"""A course is looked at before its first update and this many times after, at equal distances."""

CIRCLE_POINTS = (201, 800)
DIGIT_IMAGES = (1297, 500)
"""Training and test examples. An odd number of points keeps the two classes out of balance: balanced ones would leave
even the output biases of a network of zeros where they are."""


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
    weight_noise, bias_noise
        Standard deviations of Gaussian noise on top of the constant. A course with noise has no other starts.
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
    weight_noise: tuple[float, ...] = ()
    bias_noise: tuple[float, ...] = ()
    filmed: bool = False


COURSES: Mapping[str, Course] = {
    "circle": Course("circle", "tanh", (8, 8), 600, 0.3, 0.5, filmed=True),
    "circle, mini-batches": Course("circle", "tanh", (8, 8), 600, 0.3, 0.5, batch=20),
    "circle, relu": Course("circle", "relu", (8, 8), 600, 0.1, 0.5),
    "circle, noise": Course("circle", "tanh", (8,), 1000, 0.3, 0.5, None, (1e-2, 1e-3, 1e-4, 1e-5), (1e-2,)),
    "digits": Course("digits", "tanh", (16, 16), 400, 0.1, 0.1, batch=50),
    "digits, sigmoid": Course("digits", "sigmoid", (16, 16), 400, 1.0, 0.1, batch=50),
    "digits, no hidden layer": Course("digits", "linear", (), 400, 0.1, 0.1, batch=50),
}


class Start(NamedTuple):
    """Where one network of a course begins."""

    initializer: str
    weight_noise: float = 0.0
    bias_noise: float = 0.0
    replicate: int = 0


class Examples(NamedTuple):
    """Inputs (examples, features) and labels (examples,), to train on and to test with."""

    inputs: NDArray[np.float64]
    labels: NDArray[np.int64]
    test_inputs: NDArray[np.float64]
    test_labels: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Finished:
    """What a course leaves: its examples, its starts (one per member) and (step, parameters) at every look."""

    course: Course
    examples: Examples
    starts: tuple[Start, ...]
    looks: list[tuple[int, Parameters]]


def run(course: Course, replicates: int, streams: Streams) -> Finished:
    """Train all starts of a course as one ensemble.

    Parameters
    ----------
    course
        What is trained, and how.
    replicates
        Number of independent draws of every random start.
    streams
        Replicate 0 gives the examples and their order.
    """
    examples = _examples(course.problem, streams)
    starts = tuple(_starts(course, replicates))
    widths = (examples.inputs.shape[1], *course.hidden, int(examples.labels.max()) + 1)
    parameters = join([_parameters(start, widths, streams) for start in starts])
    looks: list[tuple[int, Parameters]] = []
    train(
        parameters,
        activations.get(course.activation),
        examples.inputs,
        examples.labels,
        steps=course.steps,
        optimizer=sgd(course.learning_rate),
        batch=course.batch,
        order=streams.noise(0),
        record=lambda step, now: looks.append((step, copy(now))),
        record_at={course.steps * look // LOOKS for look in range(LOOKS + 1)},
    )
    return Finished(course, examples, starts, looks)


def _examples(problem: str, streams: Streams) -> Examples:
    rng = streams.data(0)
    known, held_out = CIRCLE_POINTS if problem == "circle" else DIGIT_IMAGES
    total = known + held_out
    drawn = circle(total, rng) if problem == "circle" else load({"data": "digits"}, rng, DIGITS, 0)
    labels = np.asarray(drawn.labels)
    return Examples(drawn.inputs[:known], labels[:known], drawn.inputs[known:total], labels[known:total])


def _starts(course: Course, replicates: int) -> Iterator[Start]:
    constant = initializers.get(f"constant(value={course.constant})").name
    for noise in course.weight_noise:
        yield from (Start(constant, weight_noise=noise, replicate=replicate) for replicate in range(replicates))
    for noise in course.bias_noise:
        yield from (Start(constant, bias_noise=noise, replicate=replicate) for replicate in range(replicates))
    if not course.weight_noise:
        yield from (Start("zeros"), Start(constant))
        yield from (Start(RANDOM, replicate=replicate) for replicate in range(replicates))


def _parameters(start: Start, widths: tuple[int, ...], streams: Streams) -> Parameters:
    """Draw one network; its noise is the same pattern at every size."""
    plain = draw_parameters(
        initializers.get(start.initializer),
        widths,
        lambda _, layer: streams.weights(start.replicate, layer),
        1,
        biases=True,
        dtype=np.float64,
    )
    noise = [streams.noise(start.replicate, layer) for layer in range(1, len(widths))]
    weights = [_noisy(W, start.weight_noise, rng) for W, rng in zip(plain.weights, noise, strict=True)]
    biases = [_noisy(b, start.bias_noise, rng) for b, rng in zip(plain.biases or (), noise, strict=True)]
    return Parameters(weights, biases)


def _noisy(values: Array, size: float, rng: np.random.Generator) -> Array:
    return values + size * rng.standard_normal(values.shape)
