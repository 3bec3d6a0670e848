"""Normalization: what it leaves of a pre-activation, and what it lets through of a gradient."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from reportgen.nn.normalization import Normalization, Normalized, normalize, through_normalization

KINDS: tuple[Normalization, ...] = get_args(Normalization)
EPSILON = 1e-5
"""That of PyTorch's layers."""

AXIS = {"layer": -1, "batch": -2}
MEMBERS, BATCH, UNITS = 2, 7, 5


def drawn(seed: int = 0) -> np.ndarray:
    """Return pre-activations with another mean and another spread in every row and column."""
    rng = np.random.default_rng(seed)
    spread, shift = rng.uniform(0.5, 3, (1, BATCH, UNITS)), rng.uniform(-2, 2, (1, BATCH, UNITS))
    return spread * rng.standard_normal((MEMBERS, BATCH, UNITS)) + shift


@pytest.mark.parametrize("kind", KINDS)
def test_the_mean_becomes_0_and_the_variance_1_up_to_epsilon(kind: Normalization) -> None:
    z, axis = drawn(), AXIS[kind]
    y = normalize(z, kind).values
    variance = z.var(axis=axis)
    np.testing.assert_allclose(y.mean(axis=axis), 0, atol=1e-15)
    np.testing.assert_allclose(y.var(axis=axis), variance / (variance + EPSILON), rtol=1e-13)
    # The variance of a sample, with n - 1 in place of n, is not what is brought to 1.
    assert np.all(y.var(axis=axis, ddof=1) > 1.1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_other_axis_is_left_as_it_is(kind: Normalization) -> None:
    means = normalize(drawn(), kind).values.mean(axis=AXIS[KINDS[1 - KINDS.index(kind)]])
    assert np.abs(means).max() > 0.1


def test_layer_normalization_looks_at_one_example_and_batch_normalization_at_one_unit() -> None:
    z = drawn()
    example, unit = z.copy(), z.copy()
    example[:, 3] += np.arange(1, UNITS + 1)
    unit[:, :, 2] += np.arange(1, BATCH + 1)
    examples, units = np.delete(np.arange(BATCH), 3), np.delete(np.arange(UNITS), 2)
    layer, batch = (normalize(z, kind).values for kind in ("layer", "batch"))
    assert np.array_equal(normalize(example, "layer").values[:, examples], layer[:, examples])
    assert np.array_equal(normalize(unit, "batch").values[..., units], batch[..., units])
    assert not np.isclose(normalize(unit, "layer").values[..., units], layer[..., units]).any()
    assert not np.isclose(normalize(example, "batch").values[:, examples], batch[:, examples]).any()


@pytest.mark.parametrize("scale", [100, 1e4])
@pytest.mark.parametrize("kind", KINDS)
def test_scale_and_shift_of_the_pre_activations_are_taken_away_up_to_epsilon(kind: Normalization, scale: float) -> None:
    z = drawn()
    y, scaled = normalize(z, kind).values, normalize(scale * z - 3, kind).values
    # y = centered / sqrt(variance + epsilon): epsilon counts for less, the larger the scale.
    variance = z.var(axis=AXIS[kind], keepdims=True)
    np.testing.assert_allclose(scaled, y * np.sqrt((variance + EPSILON) / (variance + EPSILON / scale**2)), rtol=1e-9)
    assert not np.allclose(scaled, y, rtol=1e-9), "without epsilon they would be equal"
    assert np.allclose(scaled, y, rtol=EPSILON / variance.min())


@pytest.mark.parametrize("kind", KINDS)
def test_a_normalized_pre_activation_stays_as_it_is_up_to_epsilon(kind: Normalization) -> None:
    y = normalize(drawn(), kind).values
    np.testing.assert_allclose(normalize(y, kind).values, y, rtol=EPSILON)


def test_a_row_of_equal_numbers_becomes_0_and_its_gradient_stays_finite() -> None:
    z = drawn()
    z[0, 3] = 7
    normalized = normalize(z, "layer")
    assert np.all(normalized.values[0, 3] == 0)
    cotangent = np.random.default_rng(1).standard_normal(z.shape)
    found = through_normalization(cotangent, normalized)[0, 3]
    np.testing.assert_allclose(found, (cotangent[0, 3] - cotangent[0, 3].mean()) / np.sqrt(EPSILON), rtol=1e-12)


def pulled_back(z: np.ndarray, kind: Normalization) -> tuple[np.ndarray, Normalized, np.ndarray]:
    """Return a random dLoss/dy, the normalized z, and the dLoss/dz that they give."""
    cotangent = np.random.default_rng(1).standard_normal(z.shape)
    normalized = normalize(z, kind)
    return cotangent, normalized, through_normalization(cotangent, normalized)


def differences(z: np.ndarray, kind: Normalization, cotangent: np.ndarray) -> np.ndarray:
    """Return dLoss/dz by central differences; rounding and the third derivative leave an error of some 1e-9."""
    step, result = 1e-5, np.empty_like(z)
    for entry in np.ndindex(z.shape):
        above, below = z.copy(), z.copy()
        above[entry] += step
        below[entry] -= step
        change = normalize(above, kind).values - normalize(below, kind).values
        result[entry] = (cotangent * change).sum() / (2 * step)
    return result


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_agrees_with_central_differences_and_needs_each_of_its_terms(kind: Normalization) -> None:
    z, axis = drawn(), AXIS[kind]
    cotangent, (y, inverse_std, _), found = pulled_back(z, kind)
    expected = differences(z, kind, cotangent)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8)
    mean = cotangent.mean(axis=axis, keepdims=True)
    parallel = y * (cotangent * y).mean(axis=axis, keepdims=True)
    for wrong in (cotangent, cotangent - mean, cotangent - parallel, cotangent - mean + parallel):
        assert np.abs(inverse_std * wrong - expected).max() > 1e-2


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_is_at_right_angles_to_constants_and_but_for_epsilon_to_the_values(kind: Normalization) -> None:
    z, axis = drawn(), AXIS[kind]
    cotangent, (y, inverse_std, _), found = pulled_back(z, kind)
    np.testing.assert_allclose(found.mean(axis=axis), 0, atol=1e-15)
    # mean(y^2) = variance / (variance + epsilon), so that epsilon / (variance + epsilon) of the product is left.
    left = EPSILON * inverse_std**3 * (cotangent * y).mean(axis=axis, keepdims=True)
    np.testing.assert_allclose((found * y).mean(axis=axis, keepdims=True), left, atol=1e-15)
    assert np.abs(left).max() > 1e-8, "a gradient without epsilon would be off by as much"


@pytest.mark.parametrize("kind", KINDS)
def test_pre_activations_that_are_ten_times_larger_let_a_tenth_of_the_gradient_through(kind: Normalization) -> None:
    z = drawn()
    _, _, found = pulled_back(z, kind)
    _, _, scaled = pulled_back(10 * z, kind)
    np.testing.assert_allclose(10 * scaled, found, rtol=0, atol=10 * EPSILON * np.abs(found).max())
    assert not np.allclose(scaled, found)


@pytest.mark.parametrize("bad", [np.inf, np.nan, 1e300])
@pytest.mark.parametrize("kind", KINDS)
def test_what_overflows_in_one_member_leaves_the_bytes_of_the_other_alone(kind: Normalization, bad: float) -> None:
    well, ill = drawn(), drawn()
    ill[1, 2, 3] = bad
    with np.errstate(all="ignore"):
        (_, healthy, through), (_, sick, through_sick) = pulled_back(well, kind), pulled_back(ill, kind)
    assert healthy.values[0].tobytes() == sick.values[0].tobytes()
    assert through[0].tobytes() == through_sick[0].tobytes()
    assert healthy.values[1].tobytes() != sick.values[1].tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_float32_stays_float32(kind: Normalization) -> None:
    z = drawn().astype(np.float32)
    normalized = normalize(z, kind)
    arrays = (normalized.values, normalized.inverse_std, through_normalization(z, normalized))
    assert {array.dtype for array in arrays} == {np.dtype("float32")}


@pytest.mark.parametrize("normalization", ["layer", "batch"])
def test_a_variance_beyond_the_range_of_the_numbers_is_a_loss_and_not_a_zero(normalization: Normalization) -> None:
    z = np.random.default_rng(0).standard_normal((2, 5, 4)).astype(np.float32)
    z[1] *= 1e25
    with np.errstate(over="ignore"):
        values = normalize(z, normalization).values
    assert values.dtype == np.float32
    assert np.isfinite(values[0]).all()
    assert np.isnan(values[1]).all()
