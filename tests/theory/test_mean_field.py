"""The public prediction: its table, and what a user can get wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reportgen.errors import UsageError
from reportgen.nn.activations import Activation, activations
from reportgen.theory import mean_field


def made(phi: Any, derivative: Any) -> Activation:
    return Activation("mine", (), phi, derivative, (), "mine", "f(z)", "")


def test_the_table_has_one_row_per_layer_and_starts_from_the_inputs() -> None:
    table = mean_field("tanh", 1.5, 0.05, q0=2.0, c0=0.25, depth=7)
    assert list(table.columns) == ["layer", "q", "chi", "c", "activation_second_moment"]
    assert table["layer"].tolist() == list(range(1, 8))
    assert table["q"][0] == pytest.approx(1.5 * 2.0 + 0.05)
    assert table["c"][0] == pytest.approx((1.5 * 0.25 * 2.0 + 0.05) / table["q"][0])


def test_each_row_follows_from_the_one_before() -> None:
    table = mean_field("gelu", 1.8, 0.1, depth=20)
    following = 1.8 * table["activation_second_moment"][:-1] + 0.1
    np.testing.assert_allclose(table["q"][1:], following, rtol=1e-12)
    z = np.sqrt(table["q"][3]) * np.random.default_rng(0).normal(size=10**6)
    slope = np.square(activations.get("gelu").derivative(z)).mean()
    # The mean of n squared slopes of size 1 has a standard error below 1 / sqrt(n).
    assert table["chi"][3] == pytest.approx(1.8 * slope, abs=5 * 1.8 / 1000)
    assert table["chi"][3] != pytest.approx(slope, abs=5 * 1.8 / 1000)


def test_he_keeps_relu_signals_and_aligns_inputs() -> None:
    table = mean_field("relu", 2.0, depth=50)
    np.testing.assert_allclose(table["q"], 2.0)
    np.testing.assert_allclose(table["chi"], 1.0)
    assert table["c"][0] == pytest.approx(0.5)
    assert table["c"][1] == pytest.approx(0.6090, abs=5e-5)
    assert table["c"].is_monotonic_increasing


def test_names_call_forms_and_activations_are_all_understood() -> None:
    by_alias = mean_field("LeakyReLU(0.2)", 1.5, depth=3)
    by_item = mean_field(activations.get("leaky_relu(negative_slope=0.2)"), 1.5, depth=3)
    assert by_alias.equals(by_item)
    assert not by_alias.equals(mean_field("leaky_relu", 1.5, depth=3))


def test_a_plugins_activation_with_a_kink_that_it_does_not_name_is_followed() -> None:
    shifted = made(lambda z: np.maximum(z + 0.5, 0.0), lambda z: (z > -0.5).astype(z.dtype))
    q = mean_field(shifted, 2.0, depth=1, c0=1.0)["activation_second_moment"]
    draws = np.sqrt(2.0) * np.random.default_rng(0).normal(size=10**6) + 0.5
    squares = np.square(np.maximum(draws, 0.0))
    assert q[0] == pytest.approx(squares.mean(), abs=5 * squares.std() / 1000)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"sigma_w2": -1.0}, "sigma_w2"),
        ({"sigma_w2": float("nan")}, "sigma_w2"),
        ({"sigma_w2": float("inf")}, "sigma_w2"),
        ({"sigma_b2": -0.1}, "sigma_b2"),
        ({"q0": -1.0}, "q0"),
        ({"c0": 1.5}, "c0"),
        ({"c0": float("nan")}, "c0"),
        ({"depth": 0}, "depth"),
        ({"depth": 2.5}, "depth"),
        ({"depth": float("inf")}, "depth"),
        ({"activation": "tahn"}, "did you mean tanh"),
        ({"activation": made(np.tanh, None)}, "mine has no derivative"),
        (
            {"activation": made(lambda z: z * np.exp(z), lambda z: (1 + z) * np.exp(z))},
            "mine: it is too rough, or grows too fast",
        ),
        ({"activation": made(lambda z: np.maximum(np.sin(1e7 * z), 0.0), np.cos)}, "mine: it is too rough"),
    ],
)
def test_what_cannot_be_predicted_is_told_in_one_line(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        mean_field(**{"activation": "tanh", "sigma_w2": 1.0, "depth": 50, **arguments})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("sigma_w2", [1e-30, 0.0, 1e20])
def test_signals_that_vanish_or_overflow_are_data(sigma_w2: float) -> None:
    for name in ("tanh", "relu", "gelu", "exponential", "tanh_shrink", "hard_shrink"):
        table = mean_field(name, sigma_w2, depth=40)
        assert table["q"].notna().all()
        assert table["chi"].notna().all()
