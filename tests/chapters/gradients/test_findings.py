"""The tables and numbers of the chapter on gradients."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.gradients import CHAPTER
from reportgen.chapters.names import SMALL
from tests.chapters.conftest import Measure, Read
from tests.chapters.following import Column, assert_follow, changed, number, refound

DELTA, WEIGHT = ("gradients", "delta_rms"), ("gradients", "weight_gradient_norm")
ADVISED, GAINS = ("advice_gradients", "delta_rms"), ("activation_gains", "forward_gain")
SATURATED, FINITE = ("forward", "saturated_fraction"), ("forward", "finite_fraction")


def grown(column: str) -> Column:
    """Let a gradient grow by a tenth more in every layer on its way down."""
    return lambda table: table[column] * 1.1 ** (table["depth"] - table["layer"])


@pytest.mark.parametrize(
    ("place", "change", "expected"),
    [
        (
            DELTA,
            grown("delta_rms"),
            {"factor.he_keeps": 1.1, "sigmoid_gain_one": 1.1, "tanh.shallow": 1.1, "tanh.deep": 1.1},
        ),
        (DELTA, grown("delta_rms"), {"relu.he": 1.1, "relu_ratio": 1.1**19, "relu_deep": 1.1**49, "tanh.he": 1.1}),
        (DELTA, grown("delta_rms"), {"sigmoid_ratio": 1.1**19, "small_delta": 1.1**19, "orthogonal_deep": 1.1**49}),
        (WEIGHT, grown("weight_gradient_norm"), {"sigmoid_weight": 1.1**19, "small_weight": 1.1**19, "relu_ratio": 1}),
        (WEIGHT, lambda t: t[WEIGHT[1]].where(t["initializer"] == SMALL, t[WEIGHT[1]] / 9), {"small_level": 9}),
        (ADVISED, grown("delta_rms"), {"sigmoid_advised": 1.1**19, "sigmoid_ratio": 1}),
        (
            GAINS,
            lambda t: 2 * t["forward_gain"],
            {"tanh.forward": 2, "tanh.backward": 1, "tanh.torch": 1},
        ),
        (SATURATED, lambda t: t["saturated_fraction"] / t["layer"], {"saturated.large": 1 / 20}),
    ],
)
def test_a_number_follows_the_networks(
    place: tuple[str, str], change: Column, expected: dict[str, float], read: Read, measured: Measure
) -> None:
    assert_follow(read(CHAPTER), measured(CHAPTER.needs), place, change, expected)


@pytest.mark.parametrize(
    ("place", "change", "expected"),
    [
        (FINITE, lambda t: (t["layer"] <= 41) * 1.0, {"overflow.measured": 9}),
        (DELTA, lambda t: ((t["layer"] > 7) | (t["depth"] < 50)) * 1.0, {"underflow.measured": 7, "zeros": 1}),
        (("gradients", "finite_fraction"), lambda t: (t["layer"] > 10) * 1.0, {"lost_deltas": 0.2}),
        (DELTA, lambda t: np.where(t["data"] == "digits", 0.55, 0.5) ** (t["depth"] - t["layer"]), {"deviation": 0.1}),
        (DELTA, lambda t: 1.1 ** (t["depth"] - t["layer"]), {"deviation": 0, "kept": 154}),
        # A gradient that grows or shrinks by a factor of 32 over the net neither explodes nor vanishes.
        (DELTA, lambda t: 1.2 ** (t["depth"] - t["layer"]), {"kept": 154, "exploding": 0}),
        (DELTA, lambda t: 1.2 ** -(t["depth"] - t["layer"]), {"kept": 154, "vanishing": 0}),
        (DELTA, lambda t: 131 ** ((t["depth"] - t["layer"]) / 19), {"kept": 0, "exploding": 154}),
    ],
)
def test_networks_that_do_as_told_are_counted(
    place: tuple[str, str], change: Column, expected: dict[str, float], read: Read, measured: Measure
) -> None:
    found = refound(read(CHAPTER), measured(CHAPTER.needs), place, change)
    assert {name: number(found, name) for name in expected} == pytest.approx(expected)


# A linear net of width 64 multiplies its signal by 8 per layer: 8^42 is 10^37.9, and the largest of 16384 normal
# numbers is 4.4 times the rms, so 42 layers are left in float32.
def test_the_formula_for_overflow_counts_the_layers_beyond_the_greatest_number(read: Read) -> None:
    assert read(CHAPTER).findings.overflow.predicted == pytest.approx(50 - 42, abs=0.5)


# Five standard errors of the mean log over three networks of 19 factors each, and half the variance of one factor: of
# the mean square, of which the rms is the root.
def test_a_formula_may_be_off_by_what_the_width_explains(read: Read) -> None:
    assert read(CHAPTER).findings.margin == pytest.approx((5 * np.sqrt(5 / 64 / 19 / 3) + 5 / 64 / 2) / 2)


def test_a_lost_gradient_is_infinite_and_a_dead_one_zero(read: Read, measured: Measure) -> None:
    def lose(table: pd.DataFrame) -> pd.Series[float]:
        return table["delta_rms"].mask((table["initializer"] == "he_normal") & (table["replicate"] == 0))

    table = CHAPTER.read(changed(measured(CHAPTER.needs), DELTA, lose)).depths
    here = table[(table["data"] == "gaussian") & (table["activation"] == "relu") & (table["depth"] == 20)]
    found = here.set_index("initializer")
    assert found["ratio"][["he_normal", "zeros"]].tolist() == [np.inf, 0]
    assert found["lowest"]["he_normal"] < np.inf


def test_an_added_activation_without_numbers_leaves_what_is_said_of_zeros(read: Read, measured: Measure) -> None:
    results = measured(CHAPTER.needs)
    own = results["gradients"].query("initializer == 'zeros' and activation == 'tanh'")
    gradients = pd.concat([results["gradients"], own.assign(activation="bent", delta_rms=np.nan)])
    table = CHAPTER.read(replace(results, tables={**results.tables, "gradients": gradients})).zeros
    found = CHAPTER.find(read(CHAPTER).tables._replace(zeros=table))
    assert {check.name: check.holds for check in CHAPTER.check(found)}["zeros_give_zero"]


def test_the_typical_gradient_is_the_geometric_mean_and_the_range_is_that_of_all_networks(measured: Measure) -> None:
    table = CHAPTER.read(changed(measured(CHAPTER.needs), WEIGHT, lambda t: 10.0 ** t["replicate"])).weights
    assert table[["gradient", "lowest", "highest"]].to_numpy() == pytest.approx(np.tile([10, 1, 100], (len(table), 1)))


def test_deltas_are_told_relative_to_the_last_layer_also_of_the_start_that_is_advised_for_sigmoid(
    measured: Measure,
) -> None:
    results = changed(measured(CHAPTER.needs), DELTA, lambda t: 7.0 * 2.0 ** -(t["depth"] - t["layer"]))
    table = CHAPTER.read(changed(results, ADVISED, lambda t: 5.0 * 3.0 ** -(t["depth"] - t["layer"]))).deltas
    advised = table[~table["initializer"].isin(results.settings["initializers"])]
    assert ("sigmoid", "glorot_normal(gain=4)") in set(zip(advised["activation"], advised["initializer"], strict=True))
    assert advised["delta"].to_numpy() == pytest.approx(3.0 ** -(20 - advised["layer"].to_numpy()))
    others = table.drop(advised.index)
    assert others["delta"].to_numpy() == pytest.approx(2.0 ** -(20 - others["layer"].to_numpy()))


def test_one_start_goes_first_for_every_activation(read: Read) -> None:
    advised = read(CHAPTER).tables.advised.set_index("activation")["initializer"]
    assert advised.index.is_unique
    assert advised[["relu", "tanh", "sigmoid"]].tolist() == ["he_normal", "glorot_normal", "glorot_normal(gain=4)"]


def test_the_flattest_initializer_is_never_one_that_makes_all_units_equal(measured: Measure) -> None:
    tables = CHAPTER.read(changed(measured(CHAPTER.needs), DELTA, lambda t: 1.0))
    assert not tables.flattest["initializer"].isin(["zeros", "constant"]).any()


def test_of_equal_weights_the_map_shows_zeros_only(read: Read) -> None:
    assert list(read(CHAPTER).tables.factors_map["row"].unique())[-1] == "zeros"


def test_pairs_are_compared_on_both_inputs_only_where_both_factors_are_numbers(read: Read) -> None:
    table = read(CHAPTER).tables.agreement
    assert not table["initializer"].eq("zeros").any()
    assert np.isfinite(table[["gaussian", "digits"]]).all(axis=None)


def test_the_length_of_the_input_counts_in_deep_nets_where_half_of_the_shallower_pairs_agree(
    read: Read, measured: Measure
) -> None:
    def apart(table: pd.DataFrame) -> np.ndarray:
        is_apart = (table["data"] == "digits") & (table["activation"] == "silu") & (table["initializer"] == "he_normal")
        return np.where(is_apart, 0.8, 0.5) ** (table["depth"] - table["layer"])

    found = refound(read(CHAPTER), measured(CHAPTER.needs), DELTA, apart)
    # Half of all pairs agree whatever a few do: the median alone cannot tell that the input decides for those.
    assert found.deviation == pytest.approx(0, abs=1e-9)
    assert (found.length.activation, found.length.initializer) == ("silu", "he_normal")
    assert found.length.ratio == pytest.approx(1.6**49)
    assert found.length.rest == pytest.approx(1)


def test_symmetric_starts_do_not_count_among_those_that_hardly_see_the_length(read: Read) -> None:
    assert not read(CHAPTER).tables.deep_agreement["initializer"].isin(["zeros", "constant"]).any()


# E[phi²] is q^k for a power, whatever the activation: k is its elasticity.
@pytest.mark.parametrize("power", [0.5, 1.0, 1.2])
def test_an_elasticity_is_the_slope_on_logarithmic_axes(power: float, measured: Measure) -> None:
    place = ("gain_curves", "second_moment")
    tables = CHAPTER.read(changed(measured(CHAPTER.needs), place, lambda t: 3 * t["q"] ** power))
    assert tables.elasticity["elasticity"].to_numpy() == pytest.approx(power)


def test_elasticities_are_those_of_closed_forms(read: Read) -> None:
    found = read(CHAPTER).tables.elasticity.set_index("activation")["elasticity"]
    assert found[["relu", "linear", "leaky_relu"]].to_numpy() == pytest.approx(1)
    # d ln E[phi²] / d ln q = E[z phi phi'] / E[phi²] at q = 1, here by direct summation. The difference quotient over
    # a factor of 10^(1/3) is good to two digits.
    z = np.linspace(-9, 9, 20001)
    weights, tanh, logistic = np.exp(-(z**2) / 2), np.tanh(z), 1 / (1 + np.exp(-z))
    for name, phi, slope in (
        ("tanh", tanh, 1 - tanh**2),
        ("silu", z * logistic, logistic * (1 + z * (1 - logistic))),
    ):
        expected = (weights * z * phi * slope).sum() / (weights * phi**2).sum()
        assert found[name] == pytest.approx(expected, rel=0.02)
