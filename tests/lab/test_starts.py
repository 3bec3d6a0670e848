"""Starts of the lab: what they declare, what the product declares, and what they draw."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import kstest

from reportgen.nn.initializers import initializers
from reportgen.nn.truncation import TRUNCATED_STDDEV
from tests.browsers.tab import Tab
from tests.lab.drawing import cut, orthogonal
from tests.lab.twin import normals, units

FAN_IN, FAN_OUT = 96, 160

CHANCE = 1e-6
"""A test of a distribution fails by chance this rarely, if the seed were another one."""

PRODUCT = {
    "zeros": "zeros",
    "constant": "constant(value=0.1)",
    "random_normal": "random_normal(stddev=0.05)",
    "random_uniform": "random_uniform(minval=-0.05, maxval=0.05)",
    "truncated_normal": "truncated_normal(stddev=0.05)",
    **{
        name: name
        for name in (
            "torch_default",
            "lecun_normal",
            "lecun_uniform",
            "glorot_normal",
            "glorot_uniform",
            "he_normal",
            "he_uniform",
            "orthogonal",
        )
    },
}
"""Start -> the product's initializer, with the default of the size."""

RANDOM = [name for name in PRODUCT if name not in ("zeros", "constant")]
INDEPENDENT = [name for name in RANDOM if name != "orthogonal"]
NAMES = [*PRODUCT, "constant_noise", "signs"]

DRAW = "([name, fanIn, fanOut, chosen, seed]) => Lab.starts[name].draw(Lab.random.stream(seed, 'weights', 1),\
    fanIn, fanOut, chosen, Lab.random.stream(seed, 'noise', 1))"


def draw(
    numerics: Tab, name: str, fans: tuple[int, int] = (FAN_IN, FAN_OUT), seed: int = 1, **chosen: float
) -> NDArray[np.float64]:
    """Return weights of the shape (fan_in, fan_out)."""
    return np.array(numerics.run(DRAW, [name, *fans, chosen, seed])).reshape(fans)


def declared(numerics: Tab, name: str, fans: tuple[int, int] = (FAN_IN, FAN_OUT), **chosen: float) -> Any:
    return numerics.run("([name, ...layer]) => Lab.starts[name].std(...layer)", [name, *fans, chosen])


def is_that_of(W: NDArray[np.float64], variance: float) -> bool:
    """Tell whether the mean square of independent weights is this variance, within five times the sampling error.

    The relative standard deviation of a mean square is sqrt((kurtosis - 1) / n), and no start here has a greater
    kurtosis than the normal distribution, 3.
    """
    return abs(float((W**2).mean()) / variance - 1) < 5 * sqrt(2 / W.size)


def test_the_lab_has_the_starts_that_it_promises(numerics: Tab) -> None:
    assert set(numerics.run("() => Object.keys(Lab.starts)")) == set(NAMES)


@pytest.mark.parametrize("name", PRODUCT)
def test_labels_are_the_products(numerics: Tab, name: str) -> None:
    label = initializers.get(name).label
    assert numerics.run("name => Lab.starts[name].label", name) == label


@pytest.mark.parametrize("name", PRODUCT)
@pytest.mark.parametrize("fans", [(FAN_IN, FAN_OUT), (7, 3), (2, 8)])
def test_the_declared_standard_deviation_is_the_products(numerics: Tab, name: str, fans: tuple[int, int]) -> None:
    variance = initializers.get(PRODUCT[name]).variance(*fans)
    assert variance is not None
    assert declared(numerics, name, fans) == pytest.approx(sqrt(variance), rel=1e-14)


@pytest.mark.parametrize("name", [*INDEPENDENT, "signs"])
def test_what_is_drawn_has_the_declared_variance_and_mean_0(numerics: Tab, name: str) -> None:
    W, std = draw(numerics, name), declared(numerics, name)
    assert abs(W.mean()) < 5 * std / sqrt(W.size)
    assert is_that_of(W, std**2)


@pytest.mark.parametrize("name", INDEPENDENT)
def test_a_wrong_formula_is_noticed(numerics: Tab, name: str) -> None:
    """With the other fan, or without the correction for the cut, the variance is another one."""
    W, std = draw(numerics, name), declared(numerics, name)
    for wrong in (FAN_IN / FAN_OUT, TRUNCATED_STDDEV**2, 2 * FAN_IN / (FAN_IN + FAN_OUT)):
        assert not is_that_of(W, wrong * std**2)


@pytest.mark.parametrize("name", INDEPENDENT)
def test_sizes_multiply_and_nothing_else(numerics: Tab, name: str) -> None:
    """Where no size can be chosen, one that is given changes nothing."""
    size = numerics.run("name => Lab.starts[name].size", name)
    W, larger = draw(numerics, name), draw(numerics, name, size=3.0)
    expected = W if size is None else W * (3.0 / size)
    np.testing.assert_allclose(larger, expected, rtol=1e-15)
    std = declared(numerics, name)
    assert declared(numerics, name, size=3.0) == pytest.approx(std if size is None else std * 3.0 / size)


@pytest.mark.parametrize("name", [name for name in INDEPENDENT if name.endswith("uniform") or name == "torch_default"])
def test_uniform_starts_are_uniform_up_to_their_limit(numerics: Tab, name: str) -> None:
    W, limit = draw(numerics, name), sqrt(3) * declared(numerics, name)
    assert np.abs(W).max() < limit
    assert kstest(W.ravel() / limit, "uniform", (-1, 2)).pvalue > CHANCE


@pytest.mark.parametrize("name", ["truncated_normal", "lecun_normal", "glorot_normal", "he_normal"])
def test_cut_starts_are_normal_within_two_standard_deviations(numerics: Tab, name: str) -> None:
    W = draw(numerics, name) / declared(numerics, name) * TRUNCATED_STDDEV
    assert np.abs(W).max() < 2
    assert kstest(W.ravel(), lambda z: (ndtr(z) - ndtr(-2)) / (1 - 2 * ndtr(-2))).pvalue > CHANCE


def test_the_starts_are_made_of_the_twins_numbers(numerics: Tab) -> None:
    shape = [FAN_IN, FAN_OUT]
    (unit,), (normal,), (noise,) = units(1, shape), normals(1, shape), normals(1, shape, "noise")
    (within,) = cut(1, shape)
    expected = {
        "random_normal": 0.05 * normal,
        "random_uniform": 0.05 * (2 * unit - 1),
        "truncated_normal": 0.05 * TRUNCATED_STDDEV * within,
        "lecun_uniform": sqrt(3 / FAN_IN) * (2 * unit - 1),
        "glorot_uniform": sqrt(6 / (FAN_IN + FAN_OUT)) * (2 * unit - 1),
        "he_normal": sqrt(2 / FAN_IN) * within,
        "signs": 10 * np.sign(unit - 0.5),
        "constant_noise": 0.1 + 0.01 * noise,
    }
    for name, W in expected.items():
        np.testing.assert_allclose(draw(numerics, name), W, rtol=2e-14, err_msg=name)


def test_random_starts_share_their_signs_and_families_their_numbers(numerics: Tab) -> None:
    every = {name: draw(numerics, name) for name in [*INDEPENDENT, "signs"]}
    for name, W in every.items():
        np.testing.assert_array_equal(np.sign(W), np.sign(every["signs"]), err_msg=name)
    np.testing.assert_allclose(every["he_normal"], sqrt(2) * every["lecun_normal"], rtol=1e-15)
    np.testing.assert_allclose(every["he_uniform"], sqrt(2) * every["lecun_uniform"], rtol=1e-15)
    np.testing.assert_allclose(every["lecun_uniform"], sqrt(3) * every["torch_default"], rtol=1e-15)


def test_another_seed_draws_other_weights(numerics: Tab) -> None:
    assert not np.isin(draw(numerics, "he_normal", seed=2), draw(numerics, "he_normal")).any()


def test_equal_starts_are_equal_but_for_their_noise(numerics: Tab) -> None:
    assert (draw(numerics, "zeros", size=5.0, noise=2.0) == 0).all()
    assert (draw(numerics, "constant", size=-0.3, noise=2.0) == -0.3).all()
    assert (draw(numerics, "constant_noise", size=-0.3, noise=0.0) == -0.3).all()
    noisy = draw(numerics, "constant_noise", size=0.5, noise=0.02)
    assert abs(noisy.mean() - 0.5) < 5 * 0.02 / sqrt(noisy.size)
    assert is_that_of(noisy - 0.5, 0.02**2)
    assert declared(numerics, "constant_noise", noise=0.02) == 0.02
    assert declared(numerics, "constant") == 0


def test_signs_have_one_size(numerics: Tab) -> None:
    W = draw(numerics, "signs", size=7.0)
    assert set(np.unique(W)) == {-7.0, 7.0}
    assert declared(numerics, "signs", size=7.0) == 7


@pytest.mark.parametrize("fans", [(8, 8), (64, 64), (FAN_IN, FAN_OUT), (FAN_OUT, FAN_IN), (2, 8), (1, 1)])
def test_the_orthogonal_start_has_orthonormal_rows_or_columns(numerics: Tab, fans: tuple[int, int]) -> None:
    W = draw(numerics, "orthogonal", fans)
    gram = W.T @ W if fans[0] >= fans[1] else W @ W.T
    np.testing.assert_allclose(gram, np.eye(min(fans)), atol=1e-12)


@pytest.mark.parametrize("fans", [(8, 8), (12, 5), (5, 12)])
def test_the_orthogonal_start_is_what_the_product_makes_of_the_same_numbers(
    numerics: Tab, fans: tuple[int, int]
) -> None:
    """A QR decomposition loses as many digits as the matrix's condition, here below 1e3, takes."""
    (expected,) = orthogonal(4, list(fans))
    np.testing.assert_allclose(draw(numerics, "orthogonal", fans, seed=4), expected, atol=1e-12)


def test_a_net_draws_layer_by_layer_and_a_deeper_one_keeps_its_lower_layers(numerics: Tab) -> None:
    start = "([widths, chosen]) => new Lab.Net(widths, 'tanh').start('he_normal', chosen).layers.map(({W}) => W)"
    shallow = numerics.run(start, [[2, 8, 8, 2], {"seed": 6}])
    deep = numerics.run(start, [[2, 8, 8, 8, 8, 2], {"seed": 6}])
    assert deep[:2] == shallow[:2]
    # The third layers are of other shapes, and made of the same numbers.
    np.testing.assert_allclose(deep[2][:16], shallow[2], rtol=1e-15)
    assert not np.isin(deep[2], deep[3]).any()


def test_biases_are_0_or_normal_of_a_size(numerics: Tab) -> None:
    start = "chosen => new Lab.Net([2, 400, 2], 'tanh').start('constant', chosen).layers.map(({b}) => b)"
    assert not np.any(np.concatenate(numerics.run(start, {"seed": 6})))
    hidden, output = map(np.array, numerics.run(start, {"seed": 6, "biases": "normal", "biasSize": 0.1}))
    assert is_that_of(hidden, 0.1**2)
    np.testing.assert_allclose(hidden, 0.1 * normals(6, [1, 400], "biases")[0].ravel(), rtol=2e-14)
    np.testing.assert_allclose(output, 0.1 * normals(6, [1, 1, 2], "biases")[1].ravel(), rtol=2e-14)
