"""Gains against closed forms, published values and PyTorch; networks against the map."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns
from reportgen.experiments.gains import Averages, Layers


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
