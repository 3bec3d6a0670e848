"""LSUV: one start per direction of the weights, unit variance on the batch it saw and on one it did not see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.lsuv import lsuv, orthonormal
from reportgen.nn.mlp import forward

WIDTHS = [20, 64, 64, 64, 32]
MEMBERS, BATCH = 3, 4096


def start(activation: str = "relu", *, biases: bool = False, dtype: type = np.float64) -> Ensemble:
    he = initializers.get("he_normal")
    parameters = draw_parameters(
        he, WIDTHS, lambda m, layer: np.random.default_rng([m, layer]), MEMBERS, biases=biases, dtype=dtype
    )
    return Ensemble(parameters, activations.get(activation))


def with_weights(ensemble: Ensemble, weights: list[Array]) -> Ensemble:
    return replace(ensemble, parameters=Parameters(weights))


def batch(seed: int, dtype: type = np.float64) -> Array:
    return np.random.default_rng(seed).standard_normal((1, BATCH, WIDTHS[0])).astype(dtype)


def variances(ensemble: Ensemble, inputs: Array) -> Array:
    return np.stack([z.var(axis=(1, 2)) for z in forward(ensemble, inputs).pre_activations])


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_every_layer_has_unit_variance_within_the_tolerance_after_at_most_one_rescaling(activation: str) -> None:
    ensemble, rescalings = lsuv(start(activation), batch(0))
    assert np.abs(variances(ensemble, batch(0)) - 1).max() < 0.1
    assert rescalings.shape == (MEMBERS, len(WIDTHS) - 1)
    assert rescalings.max() == 1
    # Without the pass the variance is elsewhere: He's first layer alone doubles that of the inputs.
    assert np.abs(variances(start(activation), batch(0)) - 1).max() > 0.5


def test_a_tighter_tolerance_holds_the_variance_closer_to_one() -> None:
    ensemble, rescalings = lsuv(start("tanh"), batch(0), tolerance=1e-9)
    np.testing.assert_allclose(variances(ensemble, batch(0)), 1, rtol=1e-9)
    assert rescalings.min() == 1


def test_unit_variance_carries_over_to_a_fresh_batch() -> None:
    ensemble, _ = lsuv(start(), batch(0))
    # The tolerance, and five standard errors of a mean square over the inputs, as if all units of a layer were one.
    assert np.abs(variances(ensemble, batch(1)) - 1).max() < 0.1 + 5 * np.sqrt(2 / BATCH)


@pytest.mark.parametrize("name", ["he_normal", "zeros", "constant"])
@pytest.mark.parametrize("shape", [(2, 7, 4), (2, 4, 7), (2, 5, 5)])
def test_the_shorter_side_of_every_matrix_becomes_orthonormal(name: str, shape: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(0)
    q = orthonormal(np.stack([initializers.get(name).draw(rng, *shape[1:]) for _ in range(shape[0])]))
    gram = q.swapaxes(1, 2) @ q if shape[1] >= shape[2] else q @ q.swapaxes(1, 2)
    np.testing.assert_allclose(gram, np.broadcast_to(np.eye(min(shape[1:])), gram.shape), atol=1e-14)


def test_the_orthonormal_factor_is_the_one_of_gram_and_schmidt() -> None:
    W = np.random.default_rng(0).standard_normal((6, 4))
    expected = np.empty_like(W)
    for column in range(4):
        rest = W[:, column] - expected[:, :column] @ (expected[:, :column].T @ W[:, column])
        expected[:, column] = rest / np.linalg.norm(rest)
    np.testing.assert_allclose(orthonormal(W[None])[0], expected, rtol=1e-9)
    assert not np.allclose(np.linalg.qr(W)[0], expected)  # LAPACK leaves the signs open


def test_a_start_of_zeros_becomes_the_identity() -> None:
    np.testing.assert_array_equal(orthonormal(np.zeros((1, 4, 3)))[0], np.eye(4, 3))


@pytest.mark.parametrize("factor", [1e-3, 3.0, 1e4])
def test_the_scale_of_the_start_does_not_matter(factor: float) -> None:
    drawn = start()
    scaled = with_weights(drawn, [factor * W for W in drawn.parameters.weights])
    ours, theirs = (lsuv(each, batch(0)).ensemble.parameters.weights for each in (drawn, scaled))
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-9)
    mirrored, _ = lsuv(with_weights(drawn, [-W for W in drawn.parameters.weights]), batch(0))
    assert not np.allclose(mirrored.parameters.weights[0], ours[0])


def test_biases_count_and_stay_and_may_need_more_rescalings() -> None:
    biased, rng = start("tanh", biases=True), np.random.default_rng(0)
    biased.parameters.biases = [0.5 * rng.standard_normal(b.shape) for b in biased.parameters.biases or ()]
    ensemble, rescalings = lsuv(biased, batch(0), tolerance=0.01, iterations=100)
    np.testing.assert_allclose(variances(ensemble, batch(0)), 1, atol=0.01)
    assert ensemble.parameters.biases is biased.parameters.biases
    assert rescalings.max() > 1


def test_members_are_fitted_on_their_own_and_the_start_is_left_alone() -> None:
    drawn, before = start(dtype=np.float32), start(dtype=np.float32)
    together, counts = lsuv(drawn, batch(0, np.float32))
    one = with_weights(drawn, [W[1:2] for W in drawn.parameters.weights])
    alone, count = lsuv(one, batch(0, np.float32))
    ensembles = [each.parameters.weights for each in (together, alone, drawn, before)]
    for whole, part, kept, old in zip(*ensembles, strict=True):
        np.testing.assert_allclose(whole[1:2], part, rtol=1e-4, atol=1e-6)
        assert whole.dtype == np.float32
        np.testing.assert_array_equal(kept, old)
    np.testing.assert_array_equal(counts[1:2], count)


def test_a_layer_without_variance_keeps_its_orthonormal_matrix() -> None:
    ensemble, rescalings = lsuv(start(), np.zeros((1, 8, WIDTHS[0])))
    np.testing.assert_array_equal(ensemble.parameters.weights[0], orthonormal(start().parameters.weights[0]))
    assert rescalings.max() == 0
