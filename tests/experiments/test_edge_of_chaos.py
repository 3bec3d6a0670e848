"""What the experiment on the edge of chaos measures and predicts, against distributions that share no code with it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import digamma, polygamma
from scipy.stats import binom

from reportgen.experiments.edge_of_chaos import EXPERIMENT
from reportgen.experiments.edge_of_chaos.diagram import Places, Settled
from reportgen.experiments.edge_of_chaos.networks import Angles, Lengths
from reportgen.experiments.edge_of_chaos.scales import Decay
from tests.experiments.measuring import by_layer, tables

Tables = dict[str, pd.DataFrame]

ERRORS = 5
"""Standard errors that a right value may be off by."""

WIDTH = 64
INITIALIZERS = ("zeros", "constant", "random_normal(stddev=0.01)", "he_normal", "orthogonal")
PLAN = SimpleNamespace(effort=0.25, width=WIDTH, initializer_groups=(INITIALIZERS,), activations=("tanh", "relu"))


@pytest.fixture(scope="module")
def measured() -> Tables:
    return tables(EXPERIMENT, EXPERIMENT.work(PLAN), seed=7)


def of(table: pd.DataFrame, **chosen: object) -> pd.DataFrame:
    """Return the rows that have the chosen values, numbered anew."""
    for name, value in chosen.items():
        table = table[table[name] == value]
    return table.reset_index(drop=True)


def test_a_place_is_fan_in_times_the_variance_of_a_weight(measured: Tables) -> None:
    places = measured["edge_places"]
    sigma_w2 = dict(zip(places["label"], places["sigma_w2"], strict=True))
    assert sigma_w2["he_normal"] == pytest.approx(2)
    assert sigma_w2["orthogonal"] == pytest.approx(1)
    assert sigma_w2["random_normal(stddev=0.01)"] == pytest.approx(WIDTH * 1e-4)
    assert sigma_w2["PyTorch Linear"] == pytest.approx(1 / 3)
    assert sigma_w2["Keras Dense"] == sigma_w2["Flax Dense"] == pytest.approx(1)
    # The variance of a normal distribution that is cut at two standard deviations and not corrected: not 1.
    assert sigma_w2["Haiku Linear"] == pytest.approx(0.87962566103423978**2)


def test_what_is_added_stands_behind_what_is_there_and_where_it_would_stand_among_it(measured: Tables) -> None:
    planned = SimpleNamespace(**{**vars(PLAN), "initializer_groups": (INITIALIZERS[:-1], INITIALIZERS[-1:])})
    added = tables(EXPERIMENT, [part for part in EXPERIMENT.work(planned) if isinstance(part, Places | Settled)])
    for name in ("edge_places", "edge_settled"):
        assert added[name].iloc[-1]["label"] == INITIALIZERS[-1]
        keys = [key for key in ("activation", "label") if key in added[name]]
        now, before = (table.sort_values(keys, ignore_index=True) for table in (added[name], measured[name]))
        pd.testing.assert_frame_equal(now, before, check_exact=True)


def test_weights_that_are_not_drawn_around_zero_have_no_place(measured: Tables) -> None:
    places = measured["edge_places"]
    without = set(places["label"][np.isnan(places["sigma_w2"])])
    assert without == {"zeros", "constant"} == set(places["label"][places["limit"] == "none"])


def test_only_pytorch_draws_its_biases(measured: Tables) -> None:
    places = measured["edge_places"]
    drawn = places["sigma_b2"] > 0
    assert list(places["label"][drawn]) == ["PyTorch Linear"]
    assert places["sigma_b2"][drawn].item() == pytest.approx(
        (1 / np.sqrt(WIDTH)) ** 2 / 3
    )  # uniform between +-a: a² / 3


def test_tanh_is_critical_where_the_literature_has_it(measured: Tables) -> None:
    (edge,) = of(measured["edge_lines"], activation="tanh", sigma_b2=0.05)["sigma_w2"]
    assert edge == pytest.approx(1.761, abs=1e-3)
    phases = of(measured["edge_phases"], activation="tanh", sigma_b2=0.05)
    ordered = phases["sigma_w2"] < edge
    assert (phases["chi_1"][ordered] < 1).all()
    assert (phases["chi_1"][~ordered] > 1).all()


def test_the_depth_scales_are_those_of_schoenholz(measured: Tables) -> None:
    ordered = of(measured["edge_scales"], sigma_b2=0.05, sigma_w2=1.2)
    assert ordered["xi_c"][0] == pytest.approx(5.945, abs=1e-3)
    assert ordered["chi_1"][0] == pytest.approx(np.exp(-1 / 5.945), abs=1e-4)
    chaotic = of(measured["edge_scales"], sigma_b2=0.05, sigma_w2=3.0)
    assert chaotic["c_star"][0] == pytest.approx(0.2993, abs=1e-4)
    assert chaotic["chi_1"][0] == pytest.approx(1.209, abs=1e-3)


@pytest.mark.parametrize(("sigma_w2", "chi_1"), [(1.2, 0.8452), (3.0, 1.209)])
def test_a_gradient_changes_by_chi_per_layer(measured: Tables, sigma_w2: float, chi_1: float) -> None:
    delta = np.log(by_layer(of(measured["edge_decay"], sigma_b2=0.05, sigma_w2=sigma_w2), "delta_second_moment"))
    factor = (delta[:, 2] - delta[:, -3]) / (delta.shape[1] - 5)
    tolerance = ERRORS * factor.std(ddof=1) / np.sqrt(factor.size)
    assert abs(factor.mean() - np.log(chi_1)) < tolerance
    assert abs(factor.mean() + np.log(chi_1)) > tolerance  # upside down


def test_two_inputs_start_at_the_angle_that_was_asked_for_and_turn_by_the_arc_cosine_map(
    measured: Tables,
) -> None:
    columns = of(measured["edge_angles"], activation="relu")
    cosines, predicted = by_layer(columns, "cosine"), by_layer(columns, "predicted")[0]
    error = cosines.std(axis=0, ddof=1) / np.sqrt(len(cosines))
    # Of few networks the standard error may come out too small; by width, pairs and networks it is 1/sqrt(256 * 8 * 6).
    tolerance = ERRORS * np.maximum(error, 0.01)
    angle = np.arccos(0.3)
    after_one = (np.sin(angle) + (np.pi - angle) * 0.3) / np.pi
    assert predicted[0] == pytest.approx(0.3)
    assert predicted[1] == pytest.approx(after_one, abs=1e-6)
    assert (abs(cosines.mean(axis=0) - predicted)[:2] < tolerance[:2]).all()
    assert abs(cosines[:, 1].mean() - 0.3) > tolerance[1]


def test_the_log_length_has_the_variance_of_a_chi_squared_distribution(measured: Tables) -> None:
    """Given a layer, the next has k active units, binomial, and a squared length that is chi-squared with k degrees."""
    lengths = measured["edge_lengths"]
    assert lengths["width"].nunique() == 3
    for width in lengths["width"].unique():
        steps = np.diff(by_layer(lengths, "log_squared_length", width=width))
        k = np.arange(1, width + 1)
        chance = binom.pmf(k, width, 0.5)
        means = digamma(k / 2) + np.log(4 / width)
        mean = float(chance @ means)
        variance = float(chance @ (polygamma(1, k / 2) + means**2)) - mean**2
        # The steps are nearly normal: their fourth moment is below 3.5 variances squared.
        assert abs(steps.var(ddof=1) - variance) < ERRORS * variance * np.sqrt(2.5 / steps.size)
        assert abs(steps.mean() - mean) < ERRORS * np.sqrt(variance / steps.size)
        assert abs(steps.var(ddof=1) - 2 / 5 * variance) > ERRORS * variance * np.sqrt(
            2.5 / steps.size
        )  # linear layers


def test_more_effort_adds_networks_and_keeps_the_first_ones() -> None:
    def networks(effort: float) -> list[int]:
        plan = SimpleNamespace(**{**vars(PLAN), "effort": effort})
        return [part.networks for part in EXPERIMENT.work(plan) if isinstance(part, Decay | Angles | Lengths)]

    assert all(more > fewer for more, fewer in zip(networks(4), networks(0.25), strict=True))
