"""Scatter and drift of batches, against ensembles of narrow networks that are drawn here, and against one input."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.theory.batch_scatter import BatchScatter
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.finite_width import Scatter
from reportgen.theory.maps import backward_moments, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats

DEPTH, WIDTH, BATCH, MEMBERS = 8, 64, 32, 500

TOLERANCE = 5 * math.sqrt(2 / MEMBERS) + 5 / WIDTH
"""Of a variance: five standard errors of a sample variance, and the next order in 1/n, as for single inputs."""


class Case(NamedTuple):
    """What was predicted, and ln(measured / predicted) of every network: shape (layers, members)."""

    theory: BatchScatter
    signal: Floats
    gradient: Floats


def theory_of(name: str) -> Nonlinearity:
    item = activations.get(name)
    return nonlinearity(item.phi, item.derivative, item.kinks)


@cache
def case(name: str, sigma_w2: float) -> Case:
    """Send inputs at random angles through networks, and independent cotangents back, by plain matrix products."""
    rng, item, phi = np.random.default_rng(0), activations.get(name), theory_of(name)
    x = rng.standard_normal((BATCH, WIDTH))
    x *= math.sqrt(WIDTH) / np.linalg.norm(x, axis=1, keepdims=True)
    q, h2 = forward_moments(phi, sigma_w2, 0.0, 1.0, DEPTH)
    down = np.log(backward_moments(phi.slope(q)[:, None], sigma_w2)[:, 0])
    signal, gradient = (np.empty((DEPTH, MEMBERS)) for _ in range(2))
    for member in range(MEMBERS):
        weights = rng.standard_normal((DEPTH, WIDTH, WIDTH)) * math.sqrt(sigma_w2 / WIDTH)
        h, slopes = x, []
        for layer, W in enumerate(weights):
            z = h @ W
            h = item.phi(z)
            slopes.append(item.derivative(z))
            signal[layer, member] = np.log(np.square(h).mean() / h2[layer])
        delta = rng.standard_normal((BATCH, WIDTH))
        for layer in reversed(range(DEPTH)):
            delta = delta * slopes[layer]
            gradient[layer, member] = (np.log(np.square(delta).mean()) - down[layer]) / 2
            delta = delta @ weights[layer].T
    cosines = (x @ x.T / WIDTH)[np.triu_indices(BATCH, k=1)]
    return Case(BatchScatter.along(phi, q, cosines, WIDTH, BATCH), signal, gradient)


CASES = [("relu", 2.0), ("linear", 1.0), ("tanh", 1.0), ("tanh", 3.0), ("softplus", 1.0)]


@pytest.mark.parametrize(("name", "sigma_w2"), CASES)
def test_a_batch_scatters_as_predicted_and_less_than_one_input(name: str, sigma_w2: float) -> None:
    theory, signal, gradient = case(name, sigma_w2)
    for measured, predicted in ((signal, theory.of_activation()), (gradient, theory.of_delta_rms(DEPTH))):
        np.testing.assert_allclose(measured.var(axis=1, ddof=1), predicted.variance, rtol=TOLERANCE + 0.1)
    one = theory.scatter.of_activation() / WIDTH
    if name in {"linear", "tanh"}:
        assert signal[0].var() < one[0] / 5, "the old prediction, of one input, is too wide by more than twice"


@pytest.mark.parametrize(("name", "sigma_w2"), CASES)
def test_the_typical_network_drifts_as_predicted(name: str, sigma_w2: float) -> None:
    theory, signal, gradient = case(name, sigma_w2)
    for measured, predicted in ((signal, theory.of_activation()), (gradient, theory.of_delta_rms(DEPTH))):
        error = np.sqrt(predicted.variance / MEMBERS)
        # What the next order adds is of the size of the drift, times five over the width, per layer.
        room = 5 * error + DEPTH * 5 / WIDTH * np.abs(predicted.drift) + 1e-3
        assert np.all(np.abs(measured.mean(axis=1) - predicted.drift) < room)
    if name == "relu":
        assert np.all(signal.mean(axis=1)[-3:] < -5 * np.sqrt(theory.of_activation().variance / MEMBERS)[-3:])


def test_a_batch_of_one_input_is_that_input() -> None:
    phi = theory_of("relu")
    q, _ = forward_moments(phi, 2.0, 0.0, 1.0, DEPTH)
    batch, one = BatchScatter.along(phi, q, np.zeros(1), WIDTH, 1), Scatter.along(phi, q)
    assert batch.of_pre_activation().variance == pytest.approx(one.of_pre_activation() / WIDTH)
    assert batch.of_activation().variance == pytest.approx(one.of_activation() / WIDTH)
    assert batch.of_activation().drift == pytest.approx(-one.of_activation() / (2 * WIDTH), rel=1e-3)


def test_alike_inputs_scatter_together_however_many_they_are() -> None:
    phi = theory_of("relu")
    q, _ = forward_moments(phi, 2.0, 0.0, 1.0, DEPTH)
    batch, one = BatchScatter.along(phi, q, np.ones(1), WIDTH, 1000), Scatter.along(phi, q)
    assert batch.of_activation().variance == pytest.approx(one.of_activation() / WIDTH, rel=1e-3)


def test_a_unit_that_is_flat_everywhere_scatters_by_numbers() -> None:
    flat = Nonlinearity(np.zeros_like, np.zeros_like)
    theory = BatchScatter.along(flat, np.array([1.0, np.inf, 0.0]), np.zeros(2), WIDTH, BATCH)
    for departure in (theory.of_pre_activation(), theory.of_activation(), theory.of_delta_rms(3)):
        assert all(np.isfinite(part).all() for part in departure)
