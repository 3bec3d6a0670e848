"""Broken assumptions: what each does to Var(w·x), worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reportgen.experiments.derivation import EXPERIMENT
from reportgen.experiments.derivation.assumptions import ASSUMPTIONS, Assumption
from tests.experiments.measuring import tables


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    parts = (replace(assumption, draws=10_000) for assumption in ASSUMPTIONS)
    return tables(EXPERIMENT, parts)["assumptions"].set_index("assumption")


@pytest.mark.parametrize(
    ("name", "variance"),
    [
        ("kept", 1),
        ("correlation", 1),
        ("input_mean", 1 + 1**2),
        ("scales", np.mean(10.0 ** np.linspace(-2, 2, 100))),
        ("weight_mean", 1 + 100 * 0.1**2),
        ("bias", 1 + 0.5**2),
        ("halving", 100 * 2 / (100 + 50)),
        ("first_layer", 64 * 2 / (64 + 256)),
    ],
)
def test_a_layer_has_the_variance_worked_out_by_hand(table: pd.DataFrame, name: str, variance: float) -> None:
    case = table.loc[name]
    assert case["predicted"] == pytest.approx(variance)
    # 5 standard errors; what the derivation would say, 1, is farther off wherever an assumption matters.
    assert abs(case["measured"] - variance) < 5 * case["standard_error"]
    assert (abs(case["measured"] - 1) > 5 * case["standard_error"]) == (variance != pytest.approx(1))


def test_only_correlated_and_unscaled_features_make_units_unequal(table: pd.DataFrame) -> None:
    # The standard deviation of n draws with kurtosis k has the relative standard error sqrt((k - 1) / 4n). k is 15 for
    # the most skewed case, a squared normal number, so 10,000 draws are good to 2 %: 10 % are 5 of them.
    assert table["unit_spread"].to_numpy() == pytest.approx(table["unit_spread_predicted"].to_numpy(), rel=0.1)
    independent, correlated, unscaled = table.loc[["kept", "correlation", "scales"], "unit_spread"]
    assert independent == pytest.approx(np.sqrt(2 / 100), rel=0.1)
    assert correlated > 4 * independent
    assert unscaled > 1.5 * independent


@pytest.mark.parametrize("layer", ASSUMPTIONS, ids=lambda layer: layer.assumption)
def test_inputs_have_the_mean_and_the_covariance_that_the_prediction_uses(layer: Assumption) -> None:
    # With all weights at 1 (their variance next to nothing) the sum is that of the inputs.
    ones = replace(layer, weight_mean=1.0, fan_out=10**12, bias_variance=0.0)
    draws, across_inputs = ones.draw(np.random.default_rng(0), np.random.default_rng(1), 4000)
    expected = layer.covariance.sum()
    assert draws.mean() == pytest.approx(layer.fan_in * layer.input_mean, abs=5 * np.sqrt(expected / 4000))
    assert draws.var() == pytest.approx(expected, rel=5 * np.sqrt(2 / 4000))
    assert across_inputs == pytest.approx(np.full(4000, expected), rel=1e-3)


def test_every_row_says_its_shape(table: pd.DataFrame) -> None:
    assert table.loc[["first_layer"], ["fan_in", "fan_out"]].to_numpy().tolist() == [[64, 256]]
