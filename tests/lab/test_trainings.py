"""Whole trainings: drawn of the twin's numbers and trained by the product, and both once more in the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from reportgen.nn.optimizers import Optimizer, adam, sgd
from reportgen.nn.training import train
from tests.browsers.tab import Tab
from tests.lab.drawing import glorot, he, orthogonal, ten
from tests.lab.nets import Floats, Net, plain, points

UPDATES = 600


@dataclass(frozen=True)
class Training:
    """A start of the lab, as Python draws it from the twin's numbers, and what it learns."""

    problem: str
    activation: str
    hidden: tuple[int, ...]
    start: str
    weights: Callable[[int, list[int]], list[Floats]]
    rate: float
    optimizer: str = "sgd"
    size: float | None = None
    seed: int = 3

    @property
    def widths(self) -> list[int]:
        return [2, *self.hidden, 2]

    @property
    def net(self) -> Net:
        weights = self.weights(self.seed, self.widths)
        return Net(self.activation, weights, optimizer=self.optimizer)


TRAININGS = {
    "circle": Training("circle", "tanh", (8, 8), "glorot_normal", glorot, 0.5),
    "large": Training("circle", "sigmoid", (4, 4, 4), "random_normal", ten, 0.3, size=10),
    "deep": Training("circle", "relu", (8,) * 6, "he_normal", he, 0.05),
    "adam": Training("xor", "gelu", (8, 8), "he_normal", he, 0.01, "adam"),
    "spiral": Training("spiral", "selu", (8, 8, 8), "orthogonal", orthogonal, 0.03),
}

OPTIMIZERS: dict[str, Callable[[float], Optimizer]] = {"sgd": sgd, "adam": adam}


def trained(training: Training, net: Net) -> tuple[Floats, list[Floats]]:
    """Return the loss before every update, and the parameters after the last, by the product's trainer."""
    ensemble = net.ensemble()
    optimizer = OPTIMIZERS[training.optimizer](training.rate)
    losses = train(ensemble, points(training.problem), steps=UPDATES, optimizer=optimizer)
    biases = ensemble.parameters.biases
    assert biases is not None
    assert ensemble.parameters.dtype == np.float64
    return losses[:, 0].astype(float), [array[0].ravel() for array in [*ensemble.parameters.weights, *biases]]


@cache
def expected(name: str) -> tuple[Floats, list[Floats]]:
    return trained(TRAININGS[name], TRAININGS[name].net)


def replayed(numerics: Tab, training: Training) -> dict[str, Any]:
    """Draw a net by the name of its start and train it in the browser."""
    replay = """([widths, activation, optimizer, start, chosen, rate, updates, [x, y, count]]) => {
        const net = new Lab.Net(widths, activation, optimizer).start(start, chosen);
        const parameters = () => ["W", "b"].flatMap(name => net.layers.map(layer => Array.from(layer[name])));
        const [before, losses, points] = [parameters(), [], Float64Array.from(x)];
        for (let update = 0; update < updates; update++) losses.push(net.step(points, y, count, rate));
        return {before, losses, after: parameters()};
    }"""
    chosen = {"seed": training.seed, **({} if training.size is None else {"size": training.size})}
    shape = [training.widths, training.activation, training.optimizer]
    taught = [training.rate, UPDATES, plain(points(training.problem))]
    found: dict[str, Any] = numerics.run(replay, [*shape, training.start, chosen, *taught])
    return found


def distance(ours: list[Any], theirs: list[Floats]) -> float:
    """Return the greatest error of any parameter, relative where it is large."""
    pairs = zip(ours, theirs, strict=True)
    return max(float((np.abs(a - b) / np.maximum(1, np.abs(b))).max()) for a, b in pairs)


@pytest.mark.parametrize("name", TRAININGS)
def test_a_training_of_600_updates_is_the_products(numerics: Tab, name: str) -> None:
    training, (losses, parameters) = TRAININGS[name], expected(name)
    found = replayed(numerics, training)
    net = training.net
    assert distance(found["before"], [array.ravel() for array in [*net.weights, *net.shifts]]) < 1e-12
    np.testing.assert_allclose(found["losses"], losses, rtol=1e-9, atol=1e-9)
    assert distance(found["after"], parameters) < 1e-9
    assert losses[-1] < 0.9 * losses[0]


def nudged(net: Net) -> Net:
    """Change every weight by one unit of its last digit, up or down."""
    rng = np.random.default_rng(0)
    sides = (np.where(rng.random(W.shape) < 0.5, -np.inf, np.inf) for W in net.weights)
    weights = [np.nextafter(W, side) for W, side in zip(net.weights, sides, strict=True)]
    return replace(net, weights=weights)


@pytest.mark.parametrize("name", TRAININGS)
def test_these_trainings_do_not_amplify_rounding(name: str) -> None:
    """So 1e-9 leaves a factor of a thousand; it is far from what another formula, 1e-3 off, would make."""
    losses, parameters = trained(TRAININGS[name], nudged(TRAININGS[name].net))
    assert distance(parameters, expected(name)[1]) < 1e-12
    np.testing.assert_allclose(losses, expected(name)[0], rtol=1e-12, atol=1e-12)


def test_another_training_does_amplify_rounding() -> None:
    """Where a rate is so large that the loss goes up and down, last digits decide; no replay could be held to it."""
    training = Training("circle", "sigmoid", (4, 4, 4), "random_normal", ten, 0.6, size=10, seed=4)
    (losses, parameters), (_, other) = trained(training, training.net), trained(training, nudged(training.net))
    assert (np.diff(losses) > 0).sum() > 20
    assert distance(other, parameters) > 1e-6


@pytest.mark.parametrize("change", [{"rate": 0.5 * (1 + 1e-6)}, {"seed": 4}, {"activation": "softsign"}], ids=str)
def test_a_training_that_is_a_little_different_is_noticed(numerics: Tab, change: dict[str, Any]) -> None:
    found = replayed(numerics, replace(TRAININGS["circle"], **change))
    assert distance(found["after"], expected("circle")[1]) > 1e-8


@pytest.mark.parametrize("name", ["equal", "zeros"])
def test_equal_units_stay_equal_to_the_last_bit(numerics: Tab, name: str) -> None:
    """All sums of a unit are taken in the same order as those of its neighbors: no rounding parts them."""
    start, size = {"equal": ("constant", 0.5), "zeros": ("zeros", None)}[name]
    training = Training("circle", "tanh", (8, 8), start, glorot, 0.5, size=size)
    after = replayed(numerics, training)["after"]
    for W, width in zip(after[:2], (8, 8), strict=True):
        units_of = np.reshape(W, (-1, width))
        assert (units_of == units_of[:, :1]).all()
    assert np.any(after[2]) == (name == "equal")
