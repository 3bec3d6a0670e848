"""Curves and averages of activations against closed forms; what a user adds may grow beyond all numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import e, inf
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from reportgen.battery.cell import Streams
from reportgen.experiments.activations import EXPERIMENT, SIZES, Curves
from reportgen.nn.activations import activations
from reportgen.presets import ACTIVATIONS
from tests.experiments.measuring import tables

MEASURED = tables(EXPERIMENT, map(Curves, (*ACTIVATIONS, "exponential")))
MOMENTS = MEASURED["activation_moments"].set_index("activation")
BOTH = ("lowest", "highest")
AVERAGED = 1e-4
"""What averages over equal shares of a normal distribution may be off; its outermost shares have no middle."""


def moments(activation: str, *columns: str) -> list[float]:
    return [float(MOMENTS[column][activation]) for column in columns]


def sizes(activation: str) -> pd.DataFrame:
    table = MEASURED["activation_sizes"]
    return table[table["activation"] == activation].set_index("z_std")


def test_a_curve_has_the_values_and_the_slopes_of_its_activation() -> None:
    curve = MEASURED["activation_curves"].query("activation == 'sigmoid'").set_index("z")
    assert curve["value"].loc[0.0] == 0.5
    assert curve["slope"].max() == curve["slope"].loc[0.0] == 0.25
    np.testing.assert_allclose(curve["slope"], curve["value"] * (1 - curve["value"]), atol=1e-12)


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("sigmoid", 0.0, 1.0),
        ("tanh", -1.0, 1.0),
        ("softsign", -1.0, 1.0),
        ("relu", 0.0, inf),
        ("leaky_relu", -inf, inf),
        ("elu", -1.0, inf),
        ("selu", -1.7581, inf),
        ("gelu", -0.17, inf),
        ("exponential", 0.0, inf),
    ],
)
def test_the_range_of_an_activation_is_the_known_one(name: str, lowest: float, highest: float) -> None:
    assert moments(name, "lowest", "highest") == pytest.approx([lowest, highest], abs=2e-3)


@pytest.mark.parametrize("phi", [np.exp, np.sqrt, np.tanh, np.sinh, lambda z: np.where(z > 1e6, np.nan, 0.0)])
def test_a_range_is_finite_where_the_activation_is_bounded_and_nowhere_else(
    phi: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    item = replace(activations.get("tanh"), phi=phi)
    monkeypatch.setattr("reportgen.experiments.activations.activations", {"mine": item})
    (lowest,), (highest,) = (Curves("mine").measure(Streams(0))["activation_moments"][end] for end in BOTH)
    assert item.is_bounded == bool(np.isfinite([lowest, highest]).all())
    assert lowest < highest


# Means and rms of a standard normal z: ReLU's are 1/sqrt(2 pi) and 1/sqrt(2), SELU's are its fixed point, 0 and 1.
@pytest.mark.parametrize(
    ("name", "at_zero", "mean", "rms"),
    [
        ("linear", 0.0, 0.0, 1.0),
        ("sigmoid", 0.5, 0.5, 1 / 1.8462),
        ("tanh", 0.0, 0.0, 1 / 1.5925),
        ("relu", 0.0, (2 * np.pi) ** -0.5, 0.5**0.5),
        ("selu", 0.0, 0.0, 1.0),
        ("softplus", np.log(2), 0.8061, 1 / 1.0419),
    ],
)
def test_the_averages_are_the_known_ones(name: str, at_zero: float, mean: float, rms: float) -> None:
    assert moments(name, "value_at_zero", "mean", "rms") == pytest.approx([at_zero, mean, rms], abs=AVERAGED)


def test_tanh_is_flat_where_its_slope_is_below_a_twentieth() -> None:
    end = np.arccosh(20**0.5)  # 1 / cosh² = 1 / 20
    flat = sizes("tanh")["saturated_fraction"]
    assert list(flat.index) == list(SIZES)
    assert flat.to_list() == pytest.approx([2 * ndtr(-end / std) for std in SIZES], abs=AVERAGED)
    assert flat.loc[10.0] != pytest.approx(2 * ndtr(-np.arctanh(0.95) / 10), abs=1e-2), "the value would be seen"


def test_half_of_relu_is_inactive_at_every_size() -> None:
    table = sizes("relu")
    assert table["saturated_fraction"].to_list() == [0.5] * len(SIZES)
    np.testing.assert_allclose(table["slope_rms"], 0.5**0.5)


def test_small_pre_activations_pass_through_the_slope_at_zero() -> None:
    # Of tanh's series z - z³/3, whose spread is s² - 2 s⁴ and whose squared slope 1 - 2 s², for spreads s of 0.1.
    small = sizes("tanh").loc[0.1]
    assert small["output_std"] == pytest.approx(0.1 * (1 - 0.01), rel=1e-3)
    assert small["slope_rms"] == pytest.approx(1 - 0.01, rel=1e-3)


def test_what_grows_beyond_all_numbers_is_measured_all_the_same() -> None:
    assert moments("exponential", "rms") == pytest.approx([e], rel=1e-2)
    assert np.isfinite(sizes("exponential")["saturated_fraction"]).all()
