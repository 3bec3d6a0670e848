"""The network of the lab: its loss, and its gradients by finite differences and as the product has them."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from scipy.special import log_softmax

from reportgen.nn.activations import activations
from reportgen.nn.examples import Examples
from reportgen.nn.training import loss_gradients
from reportgen.presets import ACTIVATIONS
from tests.browsers.tab import Tab
from tests.lab.nets import NET, Floats, Net, plain, points
from tests.lab.twin import normals


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
    for W, b in zip(net.weights[:-1], net.shifts[:-1], strict=True):
        h = phi(h @ W + b)
    scores = log_softmax(h @ net.weights[-1] + net.shifts[-1], axis=1)
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

    pairs = zip(net.weights, net.shifts, strict=True)
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
    (expected,), theirs = loss_gradients(net.ensemble(), examples)
    assert loss == pytest.approx(expected, rel=1e-13)
    assert theirs.biases is not None
    pairs = zip(theirs.weights, theirs.biases, strict=True)
    for ours, gradient in zip(found, [array for pair in pairs for array in pair], strict=True):
        np.testing.assert_allclose(ours, gradient.ravel(), atol=1e-14)


@pytest.mark.parametrize("size", [1, 1e3, 1e300])
def test_the_loss_neither_overflows_nor_loses_its_digits(numerics: Tab, size: float) -> None:
    logits = np.array([[0.3, -1.0, 0.5], [0.0, 0.0, 0.0], [1.0, 0.9, -1.0]]) * size
    net = Net("linear", [np.eye(3)])
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
        [replace(net, optimizer="adam").plain, plain(examples)],
    )
    before, still, copied, later, other = found
    assert before == still == copied
    assert later == other != before


def test_more_points_and_fewer_get_the_same_answers(numerics: Tab) -> None:
    net, examples = drawn("relu", [2, 6, 3]), points("circle")
    forward = f"""([given, [x, y, count]]) => {{ {NET}
        const one = net(given);
        const few = Array.from(one.forward(x, 7));
        const all = Array.from(one.forward(x, count));
        return [few, all, one.forward(x, 7)];
    }}"""
    few, every, again = numerics.run(forward, [net.plain, plain(examples)])
    assert few == again == every[:21]
    h = np.maximum(examples.inputs @ net.weights[0] + net.shifts[0], 0)
    np.testing.assert_allclose(np.reshape(every, (-1, 3)), h @ net.weights[1] + net.shifts[1], rtol=1e-12, atol=1e-14)
