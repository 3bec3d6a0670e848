"""What the experiment on He measures, against exact distributions that share no code with it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import digamma, polygamma
from scipy.stats import binom

from reportgen.experiments.he import EXPERIMENT
from tests.experiments.measuring import by_layer, tables

ERRORS = 5
"""Standard errors that a right value may be off by."""

Tables = dict[str, pd.DataFrame]

QUICK, STANDARD, FULL = (SimpleNamespace(effort=effort) for effort in (0.25, 1, 4))


@pytest.fixture(scope="module")
def measured() -> Tables:
    return tables(EXPERIMENT, EXPERIMENT.work(QUICK), seed=7)


def agree(values: NDArray[np.float64], expected: float) -> bool:
    """Compare the mean of independent values with what it should be."""
    return bool(abs(values.mean() - expected) < ERRORS * values.std(ddof=1) / np.sqrt(values.size))


def log_length_moments(units: int) -> tuple[float, float]:
    """Return mean and variance of ln(|h_l|² / |h_{l-1}|²) for He's normal weights, exactly.

    Given h_{l-1}, the units are independent: k of them, binomial, are active, and their squares add up to a chi-squared
    variable of k degrees of freedom, whose logarithm has mean digamma(k/2) + ln 2 and variance trigamma(k/2).
    """
    k = np.arange(1, units + 1)
    chance = binom.pmf(k, units, 0.5)
    means = digamma(k / 2) + np.log(4 / units)
    mean = float(chance @ means)
    return mean, float(chance @ (polygamma(1, k / 2) + means**2)) - mean**2


def test_everything_that_is_measured_is_finite(measured: Tables) -> None:
    for table in measured.values():
        assert np.isfinite(table.select_dtypes("number")).all(axis=None)


def test_more_effort_adds_blocks_and_changes_none() -> None:
    quick, standard, full = (list(EXPERIMENT.work(plan)) for plan in (QUICK, STANDARD, FULL))
    assert len(quick) < len(standard) < len(full)
    assert full[: len(standard)] == standard
    assert standard[: len(quick)] == quick


def test_a_block_is_the_same_every_time_and_other_blocks_hold_other_networks(measured: Tables) -> None:
    work: list[Any] = list(EXPERIMENT.work(STANDARD))
    again, other = (tables(EXPERIMENT, (part for part in work if part.block == block), seed=7) for block in (0, 1))
    for name, table in measured.items():
        pd.testing.assert_frame_equal(table, again[name])
        assert not set(table["replicate"]) & set(other[name]["replicate"])
    assert not np.intersect1d(measured["he_pairs"]["cosine"][1:], other["he_pairs"]["cosine"]).size


@pytest.mark.parametrize(("initializer", "first"), [("he_normal", 2.0), ("he_uniform", 2.0), ("glorot_normal", 1.0)])
def test_the_first_layer_has_fan_in_times_var_w(measured: Tables, initializer: str, first: float) -> None:
    z = by_layer(measured["he_layers"], "pre_activation_second_moment", initializer=initializer, negative_slope=0)
    assert agree(z[:, 0], first)
    assert not agree(z[:, 0], 1.25 * first)


def test_initializers_that_differ_by_scale_alone_see_the_same_draws(measured: Tables) -> None:
    he, glorot = (
        by_layer(measured["he_layers"], "pre_activation_second_moment", initializer=name, negative_slope=0)
        for name in ("he_normal", "glorot_normal")
    )
    halvings = 0.5 ** np.arange(1, he.shape[1] + 1)
    assert np.allclose(glorot / he, halvings, rtol=1e-4)  # float32 rounds each of twenty products


def test_each_layer_multiplies_the_squared_length_by_a_draw_from_the_exact_distribution(measured: Tables) -> None:
    steps = np.diff(by_layer(measured["he_pairs"], "log_squared_length"), axis=1).ravel()
    mean, variance = log_length_moments(int(measured["he_pairs"]["width"][0]))
    assert agree(steps, mean)
    assert not agree(steps, 0.0)  # the mean of the logarithm is not the logarithm of the mean
    # The fourth moment of these steps is 3.0 to 3.3 variances squared; 2.5 instead of 2 covers it.
    tolerance = ERRORS * variance * np.sqrt(2.5 / steps.size)
    assert abs(steps.var(ddof=1) - variance) < tolerance
    assert abs(steps.var(ddof=1) - 2 / 5 * variance) > tolerance  # 2/n: a linear layer


def test_the_first_layer_turns_two_inputs_by_the_arc_cosine_map(measured: Tables) -> None:
    cosines = by_layer(measured["he_pairs"], "cosine")
    assert np.allclose(cosines[:, 0], 0.3, atol=1e-6)
    angle = np.arccos(0.3)
    after_one = (np.sin(angle) + (np.pi - angle) * 0.3) / np.pi
    # The ratio of averages over 64 units is off by the order of 1/64 at most.
    assert abs(cosines[:, 1].mean() - after_one) < ERRORS * cosines[:, 1].std() / np.sqrt(len(cosines)) + 1 / 64
    assert abs(cosines[:, 1].mean() - 0.3) > 0.1


def test_the_funnel_multiplies_by_the_ratio_of_widths_where_the_mode_says_so(measured: Tables) -> None:
    for initializer, forward, backward in (("he_uniform", 1.0, 0.25), ("he_uniform(mode=fan_out)", 4.0, 1.0)):
        z, delta = (
            by_layer(measured["he_fans"], f"{name}_second_moment", initializer=initializer)
            for name in ("pre_activation", "delta")
        )
        up, down = z[:, -1] / z[:, 0], delta[:, 0] / delta[:, -1]
        assert agree(up, forward)
        assert agree(down, backward)
        assert not agree(up, 5 - forward)
        assert not agree(down, 1.25 - backward)


def test_one_input_falls_silent_with_the_chance_of_the_formula(measured: Tables) -> None:
    dead = measured["he_born_dead"]
    silent_from = dead.loc[dead["stddev"] == 10, "silent_layer_one_input"]
    width, depth = int(dead["width"][0]), int(dead["depth"][0])
    for layers in (1, depth // 2, depth):
        share = np.mean((silent_from > 0) & (silent_from <= layers))
        chance = 1 - (1 - 2.0**-width) ** layers
        tolerance = ERRORS * np.sqrt(chance * (1 - chance) / len(silent_from))
        assert abs(share - chance) < tolerance
    assert abs(share - (1 - 0.5**width) ** depth) > tolerance  # the chance to be alive


def test_no_network_is_silent_everywhere_before_it_is_silent_at_one_input(measured: Tables) -> None:
    dead = measured["he_born_dead"]
    everywhere = dead["silent_layer"] > 0
    assert everywhere.any()
    assert (dead["silent_layer_one_input"][everywhere] > 0).all()
    assert (dead["silent_layer_one_input"] <= dead["silent_layer"])[everywhere].all()


def test_the_same_networks_fall_silent_at_every_scale(measured: Tables) -> None:
    dead = measured["he_born_dead"]
    scales = np.unique(dead["stddev"])
    layers = np.array([dead["silent_layer"][dead["stddev"] == scale] for scale in scales])
    assert len(scales) > 2
    assert (layers == layers[0]).all()
    assert scales == pytest.approx([0.01, 0.1, np.sqrt(2 / 4), 10])


# The mean square of the singular values is |product|² / n, whose mean is (n Var(w))^depth = 1 for independent weights.
@pytest.mark.parametrize("initializer", ["lecun_normal", "lecun_uniform", "orthogonal"])
def test_linear_networks_keep_the_mean_square_of_all_directions(measured: Tables, initializer: str) -> None:
    table = measured["he_spectra"]
    shallow = table[(table["initializer"] == initializer) & (table["depth"] == 2)]
    # The relative variance of |product|² is about 2/n² per pair of layers, 4/n² with the truncated distribution's.
    assert shallow["mean_square"].mean() == pytest.approx(1, abs=ERRORS * 2 / 64 / np.sqrt(len(shallow)))


def test_orthogonal_weights_keep_every_direction_and_independent_ones_lose_what_lyapunov_exponents_say(
    measured: Tables,
) -> None:
    deep = measured["he_spectra"][lambda t: t["depth"] == 50].set_index("initializer")
    assert deep.loc["orthogonal", ["largest", "median"]].to_numpy() == pytest.approx(1, abs=1e-9)
    assert set(deep.loc["orthogonal", "kept_directions"]) == {64}
    # The i-th exponent of products of normal n × n matrices of variance 1/n (Newman 1986, eq. 7), i from 0.
    exponents = (digamma((64 - np.arange(64)) / 2) + np.log(2 / 64)) / 2
    for name in ("lecun_normal", "lecun_uniform"):
        logs = np.log(deep.loc[name, "median"].to_numpy())
        # Each exponent has a standard deviation of about 1 / sqrt(2 (n - i) 50); 32 of them are those of the median.
        assert logs.mean() / 50 == pytest.approx(exponents[31:33].mean(), rel=0.1)
        assert deep.loc[name, "kept_directions"].mean() == pytest.approx((exponents > np.log(0.01) / 50).sum(), abs=3)
