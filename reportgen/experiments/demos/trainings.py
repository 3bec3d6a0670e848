"""A demo: nets of a few starts learn the circle, and are measured as the playground measures them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Measured, Tables
from reportgen.experiments.demos.columns import TABLES
from reportgen.experiments.demos.problem import draw_points
from reportgen.experiments.demos.tables import History, tabulate
from reportgen.experiments.symmetry.networks import Network, draw_network
from reportgen.experiments.trials import Schedule, evenly, train_and_record
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters, join
from reportgen.nn.examples import Examples
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import evaluate

__all__ = ["Demo"]

_EVERY = 10
"""Updates between two measurements."""

_LAST_DIGITS = 2.0**-50
"""By which share the weights of a twin differ from a net's: by a few of the smallest steps of a number in float64."""

_SETTLED = 1e-12
"""Greatest difference of a weight, after training, of a net and a twin that rounding does not part."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Train several draws of every start, each with a twin that differs from it in the last digits.

    Attributes
    ----------
    demo
        Name of the demo, and of its figure.
    presets
        Names of the starts in the playground.
    initializers, weight_noise
        Of each: registry name, and standard deviation of the noise on top of its weights.
    activation, hidden
        Of the hidden layers; units of each.
    learning_rate, steps
        Step size of gradient descent on all points; number of updates.
    points
        Points of the circle to train on.
    replicates
        Number of independent draws of every start that has anything random.
    live
        Which of them the playground trains before the reader's eyes, of those that rounding does not part from their
        twins: the "first", or the "typical" one, whose loss is the median.
    """

    demo: str
    presets: tuple[str, ...]
    initializers: tuple[str, ...]
    weight_noise: tuple[float, ...]
    activation: str
    hidden: tuple[int, ...]
    learning_rate: float
    steps: int
    points: int
    replicates: int
    live: str

    tables: ClassVar[Tables] = TABLES

    def measure(self, streams: Streams) -> Measured:
        """Train, and measure meanwhile."""
        return tabulate(self.train(streams))

    def train(self, streams: Streams) -> History:
        """Train all nets and their twins as one ensemble.

        Parameters
        ----------
        streams
            Replicate 0 gives the points.
        """
        data, starts = draw_points(self.points, streams), list(self._starts())
        widths = [data.inputs.shape[1], *self.hidden, data.classes]
        nets = join([draw_network(network, widths, streams) for _, network in starts])
        twins = Parameters([W * (1 + _LAST_DIGITS) for W in nets.weights], [b.copy() for b in nets.biases or ()])
        _, checkpoints = train_and_record(
            Ensemble(join([nets, twins]), activations.get(self.activation)),
            data,
            Schedule(self.steps, None, evenly(self.steps, self.steps // _EVERY)),
            sgd(self.learning_rate),
            streams,
            record=lambda step, now: (step, now.parameters.copy()),
        )
        end = checkpoints[-1][1]
        gap = _gap(end[: len(starts)], end[len(starts) :])
        history = [(step, self._ensemble(now[: len(starts)])) for step, now in checkpoints]
        presets, networks = zip(*starts, strict=True)
        live = self._live(np.array(presets), gap, history[-1][1], data)
        return History(data, presets, networks, history, gap, live)

    def _ensemble(self, parameters: Parameters) -> Ensemble:
        return Ensemble(parameters, activations.get(self.activation))

    def _starts(self) -> Iterator[tuple[str, Network]]:
        """Yield the name of the start and the net of every draw; one that nothing random enters is alone."""
        for preset, initializer, noise in zip(self.presets, self.initializers, self.weight_noise, strict=True):
            is_random = noise > 0 or not initializer.startswith(("zeros", "constant"))
            for replicate in range(self.replicates if is_random else 1):
                yield preset, Network(initializer, weight_noise=noise, replicate=replicate)

    def _live(self, presets: NDArray[np.str_], gap: Array, end: Ensemble, data: Examples) -> NDArray[np.bool_]:
        """Mark the net of each start that the playground trains."""
        live, loss = np.zeros(len(presets), bool), evaluate(end, data)[0]
        for preset in self.presets:
            members = np.flatnonzero(presets == preset)
            settled = members[gap[members] <= max(_SETTLED, gap[members].min())]
            live[settled[0] if self.live == "first" else _typical(settled, loss)] = True
        return live


def _gap(nets: Parameters, twins: Parameters) -> Array:
    """Return the greatest difference of a weight or bias between each net and its twin."""
    pairs = zip(nets.arrays, twins.arrays, strict=True)
    return np.asarray(np.max([np.abs(one - other).max(axis=(1, 2)) for one, other in pairs], axis=0))


def _typical(members: NDArray[np.intp], loss: Array) -> int:
    """Return the member with the median loss; of an even number, the lower one in the middle."""
    return int(members[np.argsort(loss[members], kind="stable")[(len(members) - 1) // 2]])
