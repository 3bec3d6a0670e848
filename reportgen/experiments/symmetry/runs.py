"""The runs in which the starts of the chapter on symmetry are compared.

All networks of a run see the same examples in the same order and differ in their start alone, or in dropout. They
compute in float64, where "identical" means more than "within 1e-7".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.experiments.trials import Schedule, evenly, train_and_record
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters, join
from reportgen.nn.examples import Split
from reportgen.nn.initializers import initializers
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import Dropout

__all__ = ["RANDOM", "RUNS", "Run", "Start", "Trained", "train_run"]

RANDOM = "glorot_normal"

POINTS = 101
"""Points to train on. An odd number keeps the two classes of the circle out of balance: balanced ones would leave even
the output biases of a network of zeros where they are."""

TEST_POINTS = 800
DIGIT_IMAGES = (1297, 500)
"""Training and test examples."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training of several starts.

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

RUNS: Mapping[str, Run] = {
    "digits": Run(
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
    "circle, noise": Run(
        "circle", "tanh", (8,), 600, 0.5, 0.5, plain=(), weight_noise=(1e-2, 1e-3, 1e-4, 1e-5), bias_noise=(1e-2,)
    ),
    "circle": Run("circle", "tanh", (8, 8), 600, 0.5, 0.2, weight_noise=(1e-2,), filmed=True),
    "circle, mini-batches": Run("circle", "tanh", (8, 8), 600, 0.5, 0.2, batch=20, plain=_PAIR),
    "circle, another rate": Run("circle", "tanh", (8, 8), 300, 0.1, 0.2, plain=_PAIR),
    "circle, more data": Run("circle", "tanh", (8, 8), 300, 0.5, 0.2, points=401, plain=_PAIR),
    "circle, odd width": Run("circle", "tanh", (17, 17), 300, 0.1, 0.2, plain=_PAIR),
    "circle, relu": Run("circle", "relu", (8, 8), 600, 0.1, 0.5),
    "circle, settled": Run("circle", "tanh", (8, 8), 600, 0.3, 0.5, plain=(), weight_noise=(1e-5,)),
    "digits, relu": Run("digits", "relu", (16, 16), 600, 0.1, 0.1, batch=50, plain=("zeros",)),
    "digits, sigmoid": Run("digits", "sigmoid", (16, 16), 600, 1.0, 0.1, batch=50),
    "digits, no hidden layer": Run("digits", "linear", (), 400, 0.1, 0.1, batch=50),
}


class Start(NamedTuple):
    """Where one network of a run starts, and the dropout it is trained with."""

    initializer: str
    weight_noise: float = 0.0
    bias_noise: float = 0.0
    dropout: float = 0.0
    replicate: int = 0


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run leaves.

    Attributes
    ----------
    run
        What was trained, and how.
    data
        What was trained on and tested with.
    starts
        One per member of the ensemble.
    checkpoints
        Number of updates made, and the ensemble after them, from before the first update to after the last.
    """

    run: Run
    data: Split
    starts: tuple[Start, ...]
    checkpoints: list[tuple[int, Ensemble]]

    @property
    def end(self) -> Ensemble:
        """The ensemble after the last update."""
        return self.checkpoints[-1][1]


def train_run(run: Run, replicates: int, checkpoints: int, streams: Streams) -> Trained:
    """Train all starts of a run, as one ensemble where nothing is dropped out.

    Parameters
    ----------
    run
        What is trained, and how.
    replicates
        Number of independent draws of every random start.
    checkpoints
        Number of checkpoints at equal distances; more of them follow the first updates.
    streams
        Replicate 0 gives the examples and their order.
    """
    data, starts = _data(run, streams), tuple(_starts(run, replicates))
    schedule = Schedule(run.steps, run.batch, _checkpoints(run.steps, checkpoints))
    ensembles = [tuple(members) for _, members in groupby(starts, key=_ensemble)]
    recorded = [_train(run, members, data, schedule, streams) for members in ensembles]
    activation = activations.get(run.activation)
    joined = [Ensemble(join(same), activation) for same in zip(*recorded, strict=True)]
    return Trained(run, data, starts, list(zip(schedule.checkpoints, joined, strict=True)))


def _ensemble(start: Start) -> tuple[float, int]:
    """Tell who trains together: units are dropped for a whole ensemble, and each replicate needs its own draw."""
    return start.dropout, start.replicate if start.dropout else 0


def _checkpoints(steps: int, number: int) -> tuple[int, ...]:
    """Return checkpoints at equal distances, and before that whenever the number of updates has doubled."""
    doubled = {2**power for power in range(16) if 2**power < steps // number}
    return tuple(sorted({*evenly(steps, number), *doubled}))


def _train(run: Run, starts: tuple[Start, ...], data: Split, schedule: Schedule, streams: Streams) -> list[Parameters]:
    """Return the parameters of starts that train together, at every checkpoint."""
    widths = data.widths(run.hidden)
    parameters = join([_parameters(start, widths, streams) for start in starts])
    rate, replicate = _ensemble(starts[0])
    _, recorded = train_and_record(
        Ensemble(parameters, activations.get(run.activation)),
        data.training,
        schedule,
        sgd(run.learning_rate),
        streams,
        record=lambda _, now: now.parameters.copy(),
        dropout=Dropout(rate, streams.dropout(replicate, len(widths) - 1)) if rate else None,
    )
    return recorded


def _data(run: Run, streams: Streams) -> Split:
    known, held_out = (run.points, TEST_POINTS) if run.problem == "circle" else DIGIT_IMAGES
    return split({"data": run.problem}, streams.data(0), known, held_out)


def _starts(run: Run, replicates: int) -> Iterator[Start]:
    """Yield the starts, one that nothing random enters but once; those with dropout stand together at the end."""
    constant = initializers.get(f"constant(value={run.constant})").name
    plain = [Start(constant if name == "constant" else name) for name in run.plain]
    random = [
        *(Start(constant, weight_noise=noise) for noise in run.weight_noise),
        *(Start(constant, bias_noise=noise) for noise in run.bias_noise),
        *(Start(constant, dropout=rate) for rate in run.dropout),
    ]
    for start in [*plain, *random]:
        draws = replicates if start in random or start.initializer == RANDOM else 1
        yield from (start._replace(replicate=replicate) for replicate in range(draws))


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
