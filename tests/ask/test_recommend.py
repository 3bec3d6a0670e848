"""The recommended start, with what was measured beside what the theory predicts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import reportgen
from reportgen.errors import UsageError
from reportgen.nn.initializers import initializers

WIDTH, REPLICATES = 64, 4


@pytest.mark.parametrize(
    ("activation", "start"),
    [
        ("relu", "he_normal"),
        ("leaky_relu(0.2)", "he_normal(negative_slope=0.2)"),
        ("tanh", "glorot_normal"),
        ("selu", "lecun_normal"),
    ],
)
def test_the_start_that_was_derived_for_an_activation_is_recommended(activation: str, start: str) -> None:
    advice = reportgen.recommend(activation, 10, width=WIDTH, replicates=REPLICATES)
    assert advice.initializer == start
    assert advice.verdict == "healthy"
    assert {"Keras", "PyTorch", "JAX"} == set(advice.code)


def test_measured_factors_per_layer_agree_with_the_predicted_ones() -> None:
    depth = 20
    table = reportgen.recommend("relu", depth, width=WIDTH, replicates=REPLICATES).table
    # The log of the squared length has the variance 5 L / n per network: per layer, the log of the rms that of
    # 5 / (4 n L) over the number of networks.
    error = np.sqrt(5 / (4 * WIDTH * depth * REPLICATES))
    for quantity in ("signal", "gradient"):
        gap = np.log(table[f"{quantity}_measured"] / table[f"{quantity}_predicted"])
        assert np.abs(gap).max() < 5 * error
        wrong = np.log(table[f"{quantity}_measured"] / (table[f"{quantity}_predicted"] * np.sqrt(1.2)))
        assert np.abs(wrong).max() > 5 * error, "a factor of 1.2 per layer too much would be noticed"


def test_where_no_candidate_is_healthy_the_advice_says_none_of_the_candidates() -> None:
    advice = reportgen.recommend("exponential", 20, width=16, replicates=2)
    assert advice.verdict != "healthy"
    assert advice.reasons[0].startswith(f"none of the {len(advice.table)} candidates is healthy at 20 layers")


def test_leaky_relu_with_a_steep_slope_is_carried_through_fifty_layers() -> None:
    """Old rule: "no start is healthy at 50 layers", for He's law was tried without the slope."""
    advice = reportgen.recommend("leaky_relu(0.5)", 50, width=WIDTH, replicates=REPLICATES)
    assert (advice.initializer, advice.verdict) == ("he_normal(negative_slope=0.5)", "healthy")
    assert advice.table.loc[advice.initializer, "sigma_w2"] == pytest.approx(2 / 1.25)


def test_sigmoid_with_ten_layers_has_a_start_that_is_healthy() -> None:
    """Old rule: "no start is healthy at 10 layers"; weights that sum to zero over the inputs are."""
    advice = reportgen.recommend("sigmoid", 10, width=WIDTH, replicates=REPLICATES)
    assert advice.initializer.startswith("centered_normal(gain=")
    assert advice.verdict == "healthy"


def test_candidates_adapt_to_the_width_and_stand_in_the_order_of_their_scale() -> None:
    table = reportgen.recommend("tanh", 4, width=16, replicates=2).table
    assert table["sigma_w2"].is_monotonic_decreasing
    for name in table.index:
        narrow, wide = (initializers.get(name).variance(width, width) for width in (10, 1000))
        assert narrow is not None
        assert wide == pytest.approx(narrow / 100)


def test_the_best_candidates_train_where_an_optimizer_is_named() -> None:
    advice = reportgen.recommend("tanh", 2, width=16, replicates=2, optimizer="adam")
    assert advice.trained is not None
    assert list(advice.trained["initializer"]) == [advice.initializer, *advice.choice.ties][: len(advice.trained)]
    assert set(advice.trained["learned"]) == {"5 of 5"}
    assert reportgen.recommend("tanh", 2, width=16, replicates=2).trained is None


@pytest.mark.parametrize(
    "activation",
    ["hard_tanh(min_val=0.5, max_val=1)", "threshold(threshold=5, value=1)", "threshold(threshold=3, value=-3)"],
)
def test_an_activation_that_is_flat_at_zero_and_nearly_all_mean_has_an_answer(activation: str) -> None:
    advice = reportgen.recommend(activation, 3, width=8, replicates=2)
    assert advice.initializer in advice.table.index


def test_a_straight_line_written_as_a_leaky_relu_gets_he_s_law_for_slope_one() -> None:
    advice = reportgen.recommend("leaky_relu(1)", 3, width=32, replicates=2)
    assert advice.table.loc[advice.initializer, "sigma_w2"] == pytest.approx(1)


def test_what_cannot_fit_is_refused_before_theory_is_asked() -> None:
    with pytest.raises(UsageError, match="memory"):
        reportgen.recommend("tanh", 100_000, width=100_000)


def test_one_unit_is_alike_to_no_other() -> None:
    assert "symmetric" not in set(reportgen.recommend("relu", 1, width=1, replicates=2).table["verdict"])


def test_signals_of_another_data_set_are_measured() -> None:
    digits, random = (
        reportgen.recommend("silu", 20, width=WIDTH, replicates=2, data=data).table["signal_measured"].to_dict()
        for data in ("digits", "gaussian")
    )
    assert digits["he_normal"] > random["he_normal"]


@pytest.mark.parametrize(
    ("activation", "depth", "more"),
    [
        ("rellu", 5, {}),
        ("relu", 0, {}),
        ("relu", 3, {"optimizer": "adamw"}),
        ("relu", 3, {"data": "digitz"}),
        ("relu", 3, {"replicates": 0}),
    ],
)
def test_a_mistake_is_told(activation: str, depth: int, more: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        reportgen.recommend(activation, depth, **more)


@pytest.mark.parametrize("name", ["leaky_relu(1e300)", "elu(alpha=1e300)"])
def test_an_activation_that_goes_beyond_all_numbers_overflows_and_is_not_predicted(name: str) -> None:
    advice = reportgen.recommend(name, 3, width=8, replicates=2)
    assert advice.verdict == "overflows"
    assert advice.table["gradient_predicted"].isna().all()
    assert any(reason.startswith("nan: ") for reason in advice.reasons)
    assert (advice.choice.carries, advice.choice.ties) == (0, ()), "where nothing carries, nothing is as good"
