"""What the experiment on wrong scales measures, against Gaussian distributions that know nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import erfc, exp, pi, sqrt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns, Measured
from reportgen.experiments.saturation import EXPERIMENT, Scales, rounded
from reportgen.nn.activations import activations

LARGE, SMALL = "random_normal(stddev=1)", "random_normal(stddev=0.01)"
WIDTH = 256
REPLICATES = 2

# With weights and inputs from N(0, 1) the sums of layer 1 are N(0, WIDTH). Their spread differs from unit to unit and
# from input to input by sqrt(2 / WIDTH) / 2 = 4.4 %; over 512 units and 400 inputs 0.3 % of that spread remain.
SPREAD = 5 * 0.003


def beyond(threshold: float) -> float:
    """Return P(|z| > threshold) in layer 1."""
    return erfc(threshold / sqrt(2 * WIDTH))


@pytest.fixture(scope="module")
def measured() -> Callable[..., Measured]:
    """Measure a part once, however many tests ask for it."""

    @cache
    def measure(initializer: str, activation: str = "tanh", width: int = WIDTH, dtype: str = "float32") -> Measured:
        return Scales(initializer, activation, width, dtype, replicates=REPLICATES).measure(Streams(7))

    return measure


def by_layer(columns: Columns, name: str) -> NDArray[np.float64]:
    """Return the mean over replicates, layers 1, 2, ... in order."""
    return columns[name].reshape(REPLICATES, -1).mean(axis=0)


def test_the_lecture_setting_is_there_whatever_the_preset() -> None:
    for replicates in (2, 20):
        work: list[Any] = list(EXPERIMENT.work(SimpleNamespace(replicates=replicates)))
        assert [part.initializer for part in work if part.width == 500] == [
            SMALL,
            LARGE,
            "variance_scaling(distribution=untruncated_normal)",
        ]
        assert {part.replicates for part in work} == {min(replicates, 4)}


def test_the_same_streams_give_the_same_bytes(measured: Callable[..., Measured]) -> None:
    again = Scales(SMALL, "tanh", WIDTH, replicates=REPLICATES).measure(Streams(7))
    for table, columns in measured(SMALL).items():
        assert all(values.tobytes() == again[table][name].tobytes() for name, values in columns.items())


def test_saturated_share_of_unit_weights_is_the_gaussian_tail_of_flat_slopes(measured: Callable[..., Measured]) -> None:
    share = by_layer(measured(LARGE)["scales"], "saturated_fraction")[0]
    expected = beyond(np.arctanh(sqrt(0.95)))
    tolerance = SPREAD * (1 - expected) + 5 * sqrt(expected * (1 - expected) / (400 * WIDTH))
    assert share == pytest.approx(expected, abs=tolerance)
    # An output of 0.95 is another thing than a slope of 0.05.
    assert abs(share - beyond(np.arctanh(0.95))) > tolerance


def test_mean_squared_slope_is_the_gaussian_mean_of_sech_to_the_fourth(measured: Callable[..., Measured]) -> None:
    def mean_of(power: int) -> float:
        density = sqrt(2 * pi * WIDTH)
        return quad(lambda z: np.cosh(z) ** -power * exp(-(z**2) / (2 * WIDTH)) / density, -40, 40, points=[0])[0]

    measured_slope = by_layer(measured(LARGE)["scales"], "mean_squared_slope")[0]
    # Slopes are near 1 for a few pairs and near 0 for the others: relative sampling error 1 / sqrt(pairs that count).
    tolerance = SPREAD + 5 / sqrt(400 * WIDTH * mean_of(4))
    assert measured_slope == pytest.approx(mean_of(4), rel=tolerance)
    assert measured_slope != pytest.approx(mean_of(2), rel=tolerance)


def test_outputs_round_to_one_where_the_distance_is_below_half_a_last_digit(measured: Callable[..., Measured]) -> None:
    double = by_layer(measured(LARGE, dtype="float64")["scales"], "rounded_fraction")[0]
    single = by_layer(measured(LARGE)["scales"], "rounded_fraction")[0]
    # 2 exp(-2|z|) < 2^-54. Libraries may err by a last digit, which moves the threshold by ln(2) / 2 or so.
    assert beyond(27.5 * np.log(2) + 1) - 0.01 < double < beyond(27.5 * np.log(2) - 1) + 0.01
    # In float32 the rounding is that of the type: 2 exp(-2|z|) < 2^-25, not what a library's float32 tanh makes of it.
    assert single == pytest.approx(beyond(13 * np.log(2)), abs=0.01)


def test_a_tanh_of_which_the_last_digit_is_off_does_not_decide_which_outputs_round_to_one() -> None:
    z = np.linspace(8.5, 10.5, 2001, dtype=np.float32)[None, None]
    tanh = activations.get("tanh")

    def late(values: NDArray[Any]) -> NDArray[Any]:
        h = np.tanh(values)
        return np.where((values.dtype == np.float32) & (values < 10), np.minimum(h, np.float32(1 - 2**-24)), h)

    share = rounded(z, replace(tanh, phi=late)).item()
    assert share == pytest.approx((z > 13 * np.log(2)).mean(), abs=1e-3)
    assert share != pytest.approx((np.abs(late(z)) == 1).mean(), abs=0.1)


def test_small_weights_shrink_signal_and_gradient_by_the_same_known_factor(measured: Callable[..., Measured]) -> None:
    columns = measured(SMALL)["scales"]
    factor = 0.01 * sqrt(WIDTH)
    signal, delta = by_layer(columns, "activation_rms"), by_layer(columns, "delta_rms")
    # Each layer of each network changes a length by sqrt(2 / WIDTH) / 2 or so; eight layers, two networks.
    tolerance = 5 * sqrt(2 / WIDTH) / 2 / sqrt(16)
    assert (signal[9] / signal[1]) ** (1 / 8) == pytest.approx(factor, rel=tolerance)
    assert (delta[1] / delta[9]) ** (1 / 8) == pytest.approx(factor, rel=tolerance)
    assert (signal[9] / signal[1]) ** (1 / 8) != pytest.approx(0.01 * WIDTH, rel=tolerance)
    assert columns["weight_factor"] == pytest.approx(factor**2, rel=5 * sqrt(2) / WIDTH)


def test_negligible_share_of_a_gaussian_gradient_is_that_of_a_gaussian(measured: Callable[..., Measured]) -> None:
    # Small weights leave the cotangent of the last layer as it is.
    share = by_layer(measured(SMALL)["scales"], "negligible_fraction")[-1]
    expected = 1 - erfc(1e-3 / sqrt(2))
    assert share == pytest.approx(expected, abs=5 * sqrt(expected / (400 * WIDTH)))


def test_histograms_count_everything_once(measured: Callable[..., Measured]) -> None:
    for initializer in (SMALL, LARGE):
        columns = measured(initializer)["histogram"]
        totals: dict[tuple[int, str], float] = {}
        for layer, quantity, share in zip(columns["layer"], columns["quantity"], columns["fraction"], strict=True):
            totals[layer, quantity] = totals.get((layer, quantity), 0) + share
        assert len(totals) == 20
        assert list(totals.values()) == pytest.approx([1] * 20)


def test_the_last_bins_of_unit_weights_hold_the_tails(measured: Callable[..., Measured]) -> None:
    columns = measured(LARGE)["histogram"]
    first = (columns["layer"] == 1) & (columns["quantity"] == "activation")
    outer = columns["fraction"][first][[0, -1]].sum()
    assert columns["bin_left"][first][0] == -1
    expected = beyond(np.arctanh(columns["bin_left"][first][-1]))
    assert outer == pytest.approx(expected, abs=SPREAD * (1 - expected) + 5 * sqrt(expected / (400 * WIDTH)))


def test_units_average_to_their_layer(measured: Callable[..., Measured]) -> None:
    for factors in (("he_normal", "relu"), (LARGE, "sigmoid")):
        columns = measured(*factors)
        units = columns["unit_saturation"]["saturated_fraction"].reshape(10, WIDTH)
        first_network = columns["scales"]["replicate"] == 0
        assert units.mean(axis=1) == pytest.approx(columns["scales"]["saturated_fraction"][first_network])
