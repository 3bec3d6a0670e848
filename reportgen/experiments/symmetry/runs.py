"""The runs in which the starts of the chapter on symmetry are compared.

All networks of a run see the same examples in the same order and differ in their start alone, or in dropout. They
compute in float64, where "identical" means more than "within 1e-7".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Columns, Measured, Tables
from reportgen.experiments.symmetry.columns import TABLES
from reportgen.experiments.symmetry.networks import Network, Trained, draw_network
from reportgen.experiments.symmetry.tables import tabulate_film, tabulate_units
from reportgen.experiments.trials import Schedule, evenly, train_and_record
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import PLAIN, Architecture, Ensemble, Parameters, join
from reportgen.nn.examples import Split
from reportgen.nn.initializers import initializers
from reportgen.nn.optimizers import Optimizer, adam, sgd
from reportgen.nn.plane import best_line
from reportgen.nn.training import Dropout

__all__ = ["RUNS", "Run"]

_RANDOM = "glorot_normal"

_POINTS = 101
"""Points to train on. An odd number keeps the two classes of the circle out of balance: balanced ones would leave even
the output biases of a network of zeros where they are."""

_TEST_POINTS = 800
_DIGIT_IMAGES = (1297, 500)
"""Training and test examples."""


@dataclass(frozen=True, slots=True)
class Run:
    """Train several starts on one problem, and see which of their units part.

    Attributes
    ----------
    course
        Name of the run.
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
        Examples per update, 0 for all.
    points
        Examples of the circle to train on.
    plain
        Starts without noise; "constant" has the value above.
    weight_noise, bias_noise
        Standard deviations of Gaussian noise on top of the constant, each a start of its own.
    zeros_bias_noise
        The same of biases alone, over weights of zero.
    dropout
        Chances of a unit to be left out, each for a network that starts at the constant.
    filmed
        Whether single weights and the decision map are recorded.
    replicates
        Number of independent draws of every random start.
    checkpoints
        Number of checkpoints at equal distances; more of them follow the first updates.
    optimizer, weight_decay
        "sgd" or "adam"; the former may have weight decay.
    layer_norm
        Whether it stands in the hidden layers.
    """

    course: str
    problem: str
    activation: str
    hidden: tuple[int, ...]
    steps: int
    learning_rate: float
    constant: float
    batch: int = 0
    points: int = _POINTS
    plain: tuple[str, ...] = ("zeros", "constant", _RANDOM)
    weight_noise: tuple[float, ...] = ()
    bias_noise: tuple[float, ...] = ()
    zeros_bias_noise: tuple[float, ...] = ()
    dropout: tuple[float, ...] = ()
    filmed: bool = False
    replicates: int = 3
    checkpoints: int = 40
    optimizer: str = "sgd"
    weight_decay: float = 0.0
    layer_norm: bool = False

    tables: ClassVar[Tables] = TABLES

    def measure(self, streams: Streams) -> Measured:
        """Train, and compare the units of every layer at every checkpoint."""
        trained = self.train(streams)
        film = tabulate_film(trained) if self.filmed else {}
        return {"symmetry_courses": self._sizes(trained.data), **tabulate_units(trained), **film}

    def _sizes(self, data: Split) -> Columns:
        known = len(data.training)
        # The search goes through all pairs of points: with many points it would take longer than the training.
        is_searched = self.problem == "circle" and known <= _POINTS
        row = {
            "hidden_layers": len(self.hidden),
            "units": max(self.hidden, default=0),
            "optimizer": self.optimizer,
            "weight_decay": self.weight_decay,
            "normalization": "layer" if self.layer_norm else "none",
            "constant_value": self.constant,
            "batch": self.batch or known,
            "training_examples": known,
            "test_examples": len(data.test),
            "best_line_accuracy": best_line(data.training.inputs, data.training.labels) if is_searched else np.nan,
        }
        return of_rows([row])

    def train(self, streams: Streams) -> Trained:
        """Train all networks, as one ensemble where nothing is dropped out.

        Parameters
        ----------
        streams
            Replicate 0 gives the examples and their order.
        """
        data, networks, schedule = self._data(streams), tuple(self._networks()), self._schedule()
        ensembles = [tuple(members) for _, members in groupby(networks, key=_together)]
        recorded = [self._train(members, data, schedule, streams) for members in ensembles]
        joined = [self._ensemble(join(same)) for same in zip(*recorded, strict=True)]
        return Trained(data, networks, list(zip(schedule.checkpoints, joined, strict=True)))

    def _ensemble(self, parameters: Parameters) -> Ensemble:
        architecture = Architecture("layer") if self.layer_norm else PLAIN
        return Ensemble(parameters, activations.get(self.activation), architecture)

    def _data(self, streams: Streams) -> Split:
        sizes = (self.points, _TEST_POINTS) if self.problem == "circle" else _DIGIT_IMAGES
        return split({"data": self.problem}, streams.data(0), *sizes)

    def _networks(self) -> Iterator[Network]:
        """Yield the networks, one that nothing random enters but once; those with dropout stand together at the end."""
        constant = initializers.get(f"constant(value={self.constant})").name
        plain = [Network(constant if name == "constant" else name) for name in self.plain]
        random = [
            *(Network(constant, weight_noise=noise) for noise in self.weight_noise),
            *(Network(constant, bias_noise=noise) for noise in self.bias_noise),
            *(Network("zeros", bias_noise=noise) for noise in self.zeros_bias_noise),
            *(Network(constant, dropout=rate) for rate in self.dropout),
        ]
        for network in [*plain, *random]:
            draws = self.replicates if network in random or network.start == _RANDOM else 1
            yield from (network._replace(replicate=replicate) for replicate in range(draws))

    def _schedule(self) -> Schedule:
        """Record at equal distances, and before that whenever the number of updates has doubled."""
        doubled = {2**power for power in range(16) if 2**power < self.steps // self.checkpoints}
        recorded = tuple(sorted({*evenly(self.steps, self.checkpoints), *doubled}))
        return Schedule(self.steps, self.batch or None, recorded)

    def _train(
        self, networks: tuple[Network, ...], data: Split, schedule: Schedule, streams: Streams
    ) -> list[Parameters]:
        """Return the parameters of networks that train together, at every checkpoint."""
        widths = data.widths(self.hidden)
        parameters = join([draw_network(network, widths, streams) for network in networks])
        rate, replicate = _together(networks[0])
        _, recorded = train_and_record(
            self._ensemble(parameters),
            data.training,
            schedule,
            self._optimizer(),
            streams,
            record=lambda _, now: now.parameters.copy(),
            dropout=Dropout(rate, streams.dropout(replicate, len(widths) - 1)) if rate else None,
        )
        return recorded

    def _optimizer(self) -> Optimizer:
        if self.optimizer == "adam":
            return adam(self.learning_rate)
        return sgd(self.learning_rate, weight_decay=self.weight_decay)


def _together(network: Network) -> tuple[float, int]:
    """Tell who trains together: units are dropped for a whole ensemble, and each replicate needs its own draw."""
    return network.dropout, network.replicate if network.dropout else 0


_PAIR = ("constant", _RANDOM)

RUNS = (
    Run(
        "digits",
        "digits",
        "tanh",
        (16, 16),
        600,
        0.4,
        0.1,
        batch=50,
        plain=("zeros", "ones", "constant", _RANDOM),
        weight_noise=(1e-2, 1e-3, 1e-4),
        bias_noise=(1e-2,),
        zeros_bias_noise=(0.1,),
        dropout=(0.5,),
    ),
    Run(
        "circle, noise",
        "circle",
        "tanh",
        (8,),
        600,
        0.5,
        0.5,
        plain=(),
        weight_noise=(1e-2, 1e-3, 1e-4, 1e-5),
        bias_noise=(1e-2,),
    ),
    Run("circle", "circle", "tanh", (8, 8), 600, 0.5, 0.2, weight_noise=(1e-2,), filmed=True),
    Run("circle, mini-batches", "circle", "tanh", (8, 8), 600, 0.5, 0.2, batch=20, plain=_PAIR),
    Run("circle, another rate", "circle", "tanh", (8, 8), 300, 0.1, 0.2, plain=_PAIR),
    Run("circle, more data", "circle", "tanh", (8, 8), 300, 0.5, 0.2, points=401, plain=_PAIR),
    Run("circle, Adam", "circle", "tanh", (8, 8), 300, 0.01, 0.2, plain=_PAIR, optimizer="adam"),
    Run("circle, weight decay", "circle", "tanh", (8, 8), 300, 0.5, 0.2, plain=_PAIR, weight_decay=1e-3),
    Run("circle, layer norm", "circle", "tanh", (8, 8), 300, 0.5, 0.2, plain=_PAIR, layer_norm=True),
    Run("circle, odd width", "circle", "tanh", (17, 17), 300, 0.1, 0.2, plain=_PAIR),
    Run("circle, relu", "circle", "relu", (8, 8), 600, 0.1, 0.5),
    Run("circle, settled", "circle", "tanh", (8, 8), 600, 0.3, 0.5, plain=(), weight_noise=(1e-5,)),
    Run("digits, relu", "digits", "relu", (16, 16), 600, 0.1, 0.1, batch=50, plain=("zeros",)),
    Run("digits, sigmoid", "digits", "sigmoid", (16, 16), 600, 1.0, 0.1, batch=50),
    Run("digits, no hidden layer", "digits", "linear", (), 400, 0.1, 0.1, batch=50),
)
"""As at an effort of 1."""
