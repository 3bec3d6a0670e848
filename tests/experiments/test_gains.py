"""Gains against closed forms, published values and PyTorch; networks against the map."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns
from reportgen.experiments.averages import averages
from reportgen.experiments.gains import Averages, Bands, Differences, Layers, Norms


def gains(name: str) -> dict[str, float]:
    table = Averages(name).measure(Streams(0))["activation_gains"]
    return {column: float(values[0]) for column, values in table.items()}


@pytest.mark.parametrize(
    ("name", "forward", "backward"),
    [
        ("linear", 1.0, 1.0),
        ("relu", np.sqrt(2), np.sqrt(2)),
        ("leaky_relu(negative_slope=0.25)", np.sqrt(2 / 1.0625), np.sqrt(2 / 1.0625)),
        ("tanh", 1.5925, 1.4674),
        ("sigmoid", 1.8462, 4.7226),
        ("selu", 1.0, 0.9660),
        ("gelu", 1.5335, 1.4811),
    ],
)
def test_the_gains_are_the_known_ones(name: str, forward: float, backward: float) -> None:
    assert gains(name)["forward_gain"] == pytest.approx(forward, abs=6e-5)
    assert gains(name)["backward_gain"] == pytest.approx(backward, abs=6e-5)


@pytest.mark.parametrize("name", ["linear", "sigmoid", "tanh", "relu", "selu"])
def test_the_published_gains_are_those_of_pytorch(name: str) -> None:
    init = pytest.importorskip("torch").nn.init
    assert gains(name)["torch_gain"] == pytest.approx(init.calculate_gain(name))
    slope = init.calculate_gain("leaky_relu", 0.25)
    assert gains("leaky_relu(negative_slope=0.25)")["torch_gain"] == pytest.approx(slope)


def test_an_activation_that_pytorch_does_not_name_has_no_published_gain() -> None:
    assert np.isnan(gains("gelu")["torch_gain"])


@cache
def layers(name: str, gain: float) -> Columns:
    return Layers(name, gain, networks=12).measure(Streams(0))["gain_layers"]


# With gain 5/3 the map pulls back: what is left is the noise of the last few layers, 3 sqrt(2 / n) per network.
def test_tanh_with_five_thirds_rests_at_the_fixed_point_of_theory() -> None:
    table = layers("tanh", 5 / 3)
    last = table["layer"] == table["layer"].max()
    tolerance = 5 * 3 * np.sqrt(2 / 128 / last.sum())
    assert table["predicted_q"][last].mean() == pytest.approx(1.178, abs=1e-3)
    assert table["pre_activation_second_moment"][last].mean() == pytest.approx(1.178, rel=tolerance)
    assert pytest.approx(1.178, rel=tolerance) != (5 / 3) ** 2, "the value of the first layer would be seen"


def test_the_predicted_gradient_grows_by_the_product_of_the_slopes() -> None:
    table = layers("tanh", 5 / 3)
    one = table["replicate"] == 0
    delta = table["predicted_delta"][one]
    assert delta[20] / delta[21] == pytest.approx(1.21, abs=0.01)


def test_gains_share_their_draws() -> None:
    first = [layers("selu", gain)["pre_activation_second_moment"][0] for gain in (0.75, 1.0)]
    assert first[0] / first[1] == pytest.approx(0.75**2, rel=1e-5)


# Brock et al. 2021 and their code (nfnets, nonlinearities.py), estimated there from 10^4 normal numbers or so.
@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("relu", np.sqrt(2 / (1 - 1 / np.pi))),
        ("leaky_relu(negative_slope=0.01)", 1.7059),
        ("sigmoid", 4.8038),
        ("tanh", 1.5939),
        ("elu", 1.2716),
        ("selu", 1.0009),
        ("gelu", 1.7015),
        ("silu", 1.7881),
        ("softplus", 1.9203),
        ("softsign", 2.3389),
    ],
)
def test_the_gain_that_keeps_the_standard_deviation_is_the_published_one_and_not_the_forward_gain(
    name: str, published: float
) -> None:
    found = gains(name)
    assert found["std_gain"] == pytest.approx(published, rel=2e-3)
    centered = found["mean_share"] < 1e-12
    assert (found["forward_gain"] == pytest.approx(published, rel=2e-3)) == centered


@pytest.mark.parametrize("name", ["relu", "tanh", "elu", "gelu", "silu", "softplus"])
def test_the_response_is_the_slope_of_the_map_between_logarithms(name: str) -> None:
    table, step = gains(name), 1e-4
    rows = Averages(name).measure(Streams(0))["gain_curves"]
    below, above = np.exp(-step), np.exp(step)
    phi = averages(name)
    difference = np.log(phi.second_moment(above) / phi.second_moment(below)) / (2 * step)
    assert table["response"] == pytest.approx(float(difference), abs=1e-6)
    assert len(rows["q"]) > 2


def test_under_the_forward_gain_tanh_comes_back_relu_stays_and_gelu_and_silu_leave_both_ways() -> None:
    ends = {
        name: (gains(name)["q_from_small"], gains(name)["q_from_large"]) for name in ("tanh", "relu", "gelu", "silu")
    }
    assert ends["tanh"] == pytest.approx((1, 1), rel=1e-8)
    assert ends["relu"] == pytest.approx((0.25, 4))
    assert ends["gelu"] == ends["silu"] == (0, np.inf)


def test_sigmoid_leaves_variance_one_under_its_backward_gain_and_loses_the_gradient() -> None:
    found = gains("sigmoid")
    assert found["q_of_backward_gain"] > 5
    assert found["backward_gradient"] < 0.1
    assert found["edge_gain"] > 2 * found["backward_gain"]
    assert gains("relu")["backward_gradient"] == pytest.approx(1), "where q does not matter it is kept"


# Both lengths are 1, so the difference follows the cosine; ReLU's has a closed form (Cho & Saul 2009, order 1).
def test_the_forward_gain_keeps_differences_of_an_odd_activation_only() -> None:
    found = {name: Differences(name).measure(Streams(0))["gain_differences"]["difference"] for name in _FOLLOWED}
    np.testing.assert_allclose(found["tanh"], 1)
    assert found["relu"][1] == pytest.approx(np.sqrt(1 - 1 / np.pi), rel=1e-9)
    # Once two inputs are nearly alike the square of their difference changes by (forward / backward)² per layer.
    for name in ("softplus", "sigmoid"):
        factor = gains(name)["forward_gain"] / gains(name)["backward_gain"]
        assert found[name][9] / found[name][8] == pytest.approx(factor, rel=1e-3)


_FOLLOWED = ("tanh", "relu", "softplus", "sigmoid")


def test_a_band_lies_around_the_best_gain_and_is_narrower_in_deeper_nets() -> None:
    table = Bands("gelu").measure(Streams(0))["gain_bands"]
    assert np.all((table["least"] < table["best_gain"]) & (table["best_gain"] < table["greatest"]))
    width = dict(zip(zip(table["depth"], table["q0"], strict=True), table["greatest"] / table["least"], strict=True))
    assert width[10, 1.0] > width[20, 1.0] > width[50, 1.0] > 1


@cache
def norms(name: str) -> Columns:
    return Norms(name, networks=4, depth=6, width=512).measure(Streams(0))["gain_norms"]


# Six layers of 512 units add 6 · 5 / 512 to the variance of ln(length²) at most.
@pytest.mark.parametrize("name", ["gelu", "relu", "tanh"])
def test_shallow_wide_networks_change_signal_and_gradient_as_predicted(name: str) -> None:
    table = norms(name)
    tolerance = 5 * 0.5 * np.sqrt(6 * 5 / 512)
    for column in ("signal", "gradient"):
        off = np.log(table[column] / table[f"predicted_{column}"])
        assert np.abs(off).max() < tolerance


def test_the_inputs_have_exactly_the_size_that_is_named() -> None:
    # ReLU's changes do not depend on the size of its inputs: the same draws give the same factors.
    table = norms("relu")
    he = table["choice"] == "he"
    by_size = table["signal"][he].reshape(4, 3)
    np.testing.assert_allclose(by_size, by_size[:, :1].repeat(3, axis=1), rtol=1e-4)
