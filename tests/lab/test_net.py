"""The network of the lab: gradients by finite differences, and whole trainings as the product makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import log_softmax, ndtr, ndtri

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, Parameters
from reportgen.nn.examples import Examples
from reportgen.nn.initializers import initializers
from reportgen.nn.optimizers import Optimizer, adam, sgd
from reportgen.nn.plane import PLANE
from reportgen.nn.training import loss_gradients, train
from reportgen.nn.truncation import TRUNCATED_STDDEV
from reportgen.presets import ACTIVATIONS
from tests.browsers.tab import Tab
from tests.lab.twin import normals, units

Floats = NDArray[np.float64]

POINTS, UPDATES = 101, 600

NET = """const net = ([widths, activation, optimizer, weights, biases]) =>
    new Lab.Net(widths, activation, optimizer).set(weights, biases);"""


@dataclass(frozen=True)
class Net:
    """Weights, shape (fan_in, fan_out), and biases, as both sides take them."""

    activation: str
    weights: list[Floats]
    biases: list[Floats]
    optimizer: str = "sgd"

    @property
    def widths(self) -> list[int]:
        return [len(self.weights[0]), *(W.shape[1] for W in self.weights)]

    @property
    def plain(self) -> list[object]:
        weights, biases = ([array.ravel().tolist() for array in arrays] for arrays in (self.weights, self.biases))
        return [self.widths, self.activation, self.optimizer, weights, biases]

    @property
    def ensemble(self) -> Ensemble:
        parameters = Parameters([W[None].copy() for W in self.weights], [b[None, None].copy() for b in self.biases])
        return Ensemble(parameters, activations.get(self.activation))


def points(problem: str, seed: int = 5, count: int = POINTS) -> Examples:
    return PLANE[problem](count, np.random.default_rng(seed))


def plain(examples: Examples) -> list[object]:
    return [examples.inputs.ravel().tolist(), examples.labels.tolist(), len(examples)]


def drawn(activation: str, widths: list[int], seed: int = 3) -> Net:
    """Return a net of random weights and biases."""
    weights = [W * 1.2 / sqrt(len(W)) for W in normals(seed, widths)]
    biases = [0.3 * normals(seed, [1, width], "biases")[0].ravel() for width in widths[1:]]
    return Net(activation, weights, biases)


def gradients(numerics: Tab, net: Net, examples: Examples) -> tuple[float, list[Floats]]:
    """Return the loss, and its derivatives by weights and biases, layer by layer."""
    step = f"""([given, [x, y, count]]) => {{ {NET}
        const made = net(given);
        const loss = made.step(Float64Array.from(x), y, count, 0);
        return [loss, made.layers.flatMap(({{gradW, gradB}}) => [gradW, gradB])];
    }}"""
    loss, found = numerics.run(step, [net.plain, plain(examples)])
    return loss, [np.array(one) for one in found]


def loss_of(net: Net, examples: Examples) -> float:
    """Return the mean cross-entropy, from numpy and the product's phi alone."""
    h, phi = np.asarray(examples.inputs), activations.get(net.activation).phi
    for W, b in zip(net.weights[:-1], net.biases[:-1], strict=True):
        h = phi(h @ W + b)
    scores = log_softmax(h @ net.weights[-1] + net.biases[-1], axis=1)
    return float(-scores[np.arange(len(examples)), examples.labels].mean())


def differences(net: Net, examples: Examples, step: float) -> list[Floats]:
    """Return central differences of the loss by weights and biases, layer by layer."""

    def change(values: Floats, index: int) -> float:
        kept = values.flat[index]
        ends = []
        for side in (step, -step):
            values.flat[index] = kept + side
            ends.append(loss_of(net, examples))
        values.flat[index] = kept
        return (ends[0] - ends[1]) / (2 * step)

    pairs = zip(net.weights, net.biases, strict=True)
    return [np.array([change(values, index) for index in range(values.size)]) for pair in pairs for values in pair]


@pytest.mark.parametrize("hidden", [[5], [4, 6], [5, 3, 4]], ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_are_finite_differences_of_the_loss(numerics: Tab, activation: str, hidden: list[int]) -> None:
    """Central differences of step h are off by about h², and by the rounding of the loss, 1e-16 / h.

    A step of 1e-6 crosses the kink of a piecewise linear activation for none of these points.
    """
    net, examples = drawn(activation, [2, *hidden, 3]), points("spiral", count=31)
    loss, found = gradients(numerics, net, examples)
    assert loss == pytest.approx(loss_of(net, examples), rel=1e-13)
    for ours, theirs in zip(found, differences(net, examples, 1e-6), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-9)
    assert min(np.abs(ours).max() for ours in found) > 1e-4


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_are_the_products(numerics: Tab, activation: str) -> None:
    net, examples = drawn(activation, [2, 8, 8, 8, 2]), points("circle")
    loss, found = gradients(numerics, net, examples)
    (expected,), theirs = loss_gradients(net.ensemble, examples)
    assert loss == pytest.approx(expected, rel=1e-13)
    assert theirs.biases is not None
    pairs = zip(theirs.weights, theirs.biases, strict=True)
    for ours, gradient in zip(found, [array for pair in pairs for array in pair], strict=True):
        np.testing.assert_allclose(ours, gradient.ravel(), atol=1e-14)


@pytest.mark.parametrize("size", [1, 1e3, 1e300])
def test_the_loss_neither_overflows_nor_loses_its_digits(numerics: Tab, size: float) -> None:
    logits = np.array([[0.3, -1.0, 0.5], [0.0, 0.0, 0.0], [1.0, 0.9, -1.0]]) * size
    net = Net("linear", [np.eye(3)], [np.zeros(3)])
    examples = Examples(logits, np.array([0, 1, 2]), 3)
    loss, _ = gradients(numerics, net, examples)
    assert loss == pytest.approx(-log_softmax(logits, axis=1)[[0, 1, 2], [0, 1, 2]].mean(), rel=1e-14)


def test_a_rate_of_0_moves_nothing_and_a_copy_goes_its_own_way(numerics: Tab) -> None:
    net, examples = drawn("tanh", [2, 4, 2]), points("xor")
    found = numerics.run(
        f"""([given, [x, y, count]]) => {{ {NET}
        const one = net(given);
        for (let k = 0; k < 5; k++) one.step(x, y, count, 0.1);
        const before = Array.from(one.layers[0].W);
        one.step(x, y, count, 0);
        const still = Array.from(one.layers[0].W);
        const other = one.copy();
        for (let k = 0; k < 5; k++) one.step(x, y, count, 0.1);
        const copied = Array.from(other.layers[0].W);
        for (let k = 0; k < 5; k++) other.step(x, y, count, 0.1);
        return [before, still, copied, one.layers[0].W, other.layers[0].W];
        }}""",
        [[*net.plain[:2], "adam", *net.plain[3:]], plain(examples)],
    )
    before, still, copied, later, other = found
    assert before == still == copied
    assert later == other != before


def test_more_points_and_fewer_get_the_same_answers(numerics: Tab) -> None:
    net, examples = drawn("relu", [2, 6, 3]), points("circle")
    forward = f"""([given, [x, y, count]]) => {{ {NET}
        const one = net(given);
        const few = Array.from(one.forward(x, 7).slice(0, 21));
        const all = Array.from(one.forward(x, count).slice(0, 3 * count));
        return [few, all, one.forward(x, 7).slice(0, 21)];
    }}"""
    few, every, again = numerics.run(forward, [net.plain, plain(examples)])
    assert few == again == every[:21]
    h = np.maximum(examples.inputs @ net.weights[0] + net.biases[0], 0)
    np.testing.assert_allclose(np.reshape(every, (-1, 3)), h @ net.weights[1] + net.biases[1], rtol=1e-12, atol=1e-14)


def cut(seed: int, widths: list[int]) -> list[Floats]:
    """Return normal numbers that are cut at 2, of variance 1."""
    share = ndtr(-2)
    return [ndtri(share + (1 - 2 * share) * unit) / TRUNCATED_STDDEV for unit in units(seed, widths)]


def he(seed: int, widths: list[int]) -> list[Floats]:
    return [W * sqrt(2 / len(W)) for W in cut(seed, widths)]


def glorot(seed: int, widths: list[int]) -> list[Floats]:
    return [W * sqrt(2 / sum(W.shape)) for W in cut(seed, widths)]


def ten(seed: int, widths: list[int]) -> list[Floats]:
    return [10 * W for W in normals(seed, widths)]


def orthogonal(seed: int, widths: list[int]) -> list[Floats]:
    """Let the product's initializer make its matrices of the twin's numbers."""

    class Drawn:
        def __init__(self, W: Floats) -> None:
            self.standard_normal = lambda _: W

    draw: Callable[..., Floats] = initializers.get("orthogonal").draw
    return [draw(Drawn(W), *W.shape) for W in normals(seed, widths)]


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
        return Net(self.activation, weights, [np.zeros(W.shape[1]) for W in weights], self.optimizer)


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
    ensemble = net.ensemble
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
    assert distance(found["before"], [array.ravel() for array in [*net.weights, *net.biases]]) < 1e-12
    np.testing.assert_allclose(found["losses"], losses, rtol=1e-9, atol=1e-9)
    assert distance(found["after"], parameters) < 1e-9
    assert losses[-1] < 0.9 * losses[0]


def nudged(net: Net) -> Net:
    """Change every weight by one unit of its last digit, up or down."""
    rng = np.random.default_rng(0)
    sides = (np.where(rng.random(W.shape) < 0.5, -np.inf, np.inf) for W in net.weights)
    weights = [np.nextafter(W, side) for W, side in zip(net.weights, sides, strict=True)]
    return Net(net.activation, weights, net.biases, net.optimizer)


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
