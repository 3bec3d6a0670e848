"""The steps of the derivation: measured against predicted, and against arithmetic done another way."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from reportgen.experiments.derivation import EXPERIMENT
from reportgen.experiments.derivation.steps import FanIn, Steps
from tests.experiments.measuring import tables

Tables = dict[str, pd.DataFrame]

FAN_IN, FAN_OUT = 100, 50
DRAWS = 10_000
PLAN = SimpleNamespace(effort=DRAWS / 40_000)


def measure_steps(seed: int = 0, draws: int = DRAWS) -> pd.DataFrame:
    return tables(EXPERIMENT, [Steps(draws)], seed)["steps"]


@pytest.fixture(scope="module")
def measured() -> Tables:
    return tables(EXPERIMENT, (part for part in EXPERIMENT.work(PLAN) if isinstance(part, Steps | FanIn)))


# A standard error counts as 5 of itself: by chance, one of about two million correct values is farther off.
@pytest.mark.parametrize("table", ["steps", "fan_in_growth"])
def test_every_measured_value_agrees_with_its_prediction(measured: Tables, table: str) -> None:
    columns = measured[table]
    pulls = (columns["measured"] - columns["predicted"]) / columns["standard_error"]
    assert np.abs(pulls).max() < 5


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("term_variance", 0.2**2, 0.2),
        ("product_rule", (0.2**2 + 0.1**2) * (1 + 0.5**2) - (0.1 * 0.5) ** 2, 0.2**2),
        ("sum", FAN_IN * 0.2**2, 0.2**2),
        ("forward", 1, FAN_OUT / FAN_IN),
        ("forward_price", FAN_OUT / FAN_IN, 1),
        ("backward", 1, FAN_IN / FAN_OUT),
        ("backward_price", FAN_IN / FAN_OUT, 1),
        ("glorot_forward", 4 / 3, 1),
        ("glorot_backward", 2 / 3, 1),
        ("glorot_normal", 1, 0.87962566103423978**2),
        ("uniform", 1 / 3, 1 / 2),
        ("glorot_uniform", 1, 2),
    ],
)
def test_a_step_measures_the_right_number_and_not_the_wrong_one(
    measured: Tables, name: str, right: float, wrong: float
) -> None:
    row = measured["steps"].set_index("step").loc[name]
    assert row["predicted"] == pytest.approx(right)
    assert abs(row["measured"] - right) < 5 * row["standard_error"]
    assert abs(row["measured"] - wrong) > 5 * row["standard_error"]


def test_standard_errors_are_as_large_as_the_scatter_between_runs() -> None:
    runs = [measure_steps(seed, draws=1000) for seed in range(30)]
    pulls = np.array([(run["measured"] - run["predicted"]) / run["standard_error"] for run in runs])
    # 30 runs of 14 steps; a standard deviation of n values has the relative standard error 1 / sqrt(2 n).
    assert pulls.std() == pytest.approx(1, abs=5 / np.sqrt(2 * pulls.size))


def test_only_weights_that_shrink_with_fan_in_keep_the_variance(measured: Tables) -> None:
    growth = measured["fan_in_growth"]
    for name, grows in (("lecun_normal", False), ("lecun_uniform", False), ("random_normal(stddev=1)", True)):
        rows = growth[growth["initializer"] == name]
        variances, fan_ins = rows["measured"].to_numpy(), rows["fan_in"].to_numpy()
        expected = fan_ins / fan_ins[0] if grows else np.ones(len(fan_ins))
        # 5000 draws: the relative standard error is 2 to 3 %, and the ratio of two has sqrt(2) times that.
        assert variances / variances[0] == pytest.approx(expected, rel=5 * 0.03 * np.sqrt(2))


def test_a_normal_sum_saturates_tanh_as_often_as_the_normal_distribution_says(
    measured: Tables,
) -> None:
    from scipy.stats import norm

    growth = measured["fan_in_growth"]
    rows = growth[(growth["initializer"] == "lecun_normal") & (growth["fan_in"] == 256)]
    draws, saturated = rows["draws"].item(), rows["saturated_fraction"].item()
    # 1 - tanh² falls below 5 % where |z| > artanh(sqrt(0.95)). A sum of 256 terms is normal but for a part in 256.
    expected = 2 * norm.sf(np.arctanh(np.sqrt(0.95)))
    error = np.sqrt(expected / draws)
    assert saturated == pytest.approx(expected, abs=5 * error + expected / 64)


def test_equal_streams_give_equal_numbers_and_others_do_not() -> None:
    first, again, other = (measure_steps(seed, draws=100)["measured"] for seed in (1, 1, 2))
    assert first.tolist() == again.tolist()
    assert not np.any(first == other)


def test_more_effort_means_more_draws() -> None:
    parts = [EXPERIMENT.work(SimpleNamespace(effort=effort)) for effort in (0.25, 4.0)]
    quick, full = (next(part for part in own if isinstance(part, Steps)) for own in parts)
    assert full.draws == 16 * quick.draws
