"""The recommended start, with what was measured beside what the theory predicts."""

from __future__ import annotations

import numpy as np
import pytest

import reportgen
from reportgen.ask.recommend import CANDIDATES
from reportgen.errors import UsageError
from reportgen.nn.initializers import initializers

WIDTH, REPLICATES = 64, 4


@pytest.mark.parametrize(
    ("activation", "family"), [("relu", "he"), ("leaky_relu(0.2)", "he"), ("tanh", "glorot"), ("selu", "lecun")]
)
def test_the_start_that_was_derived_for_an_activation_is_recommended(activation: str, family: str) -> None:
    advice = reportgen.recommend(activation, 10, width=WIDTH, replicates=REPLICATES)
    assert advice.initializer.startswith(family)
    assert advice.verdict == "healthy"


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


def test_where_no_start_is_healthy_the_advice_says_so() -> None:
    advice = reportgen.recommend("sigmoid", 20, width=WIDTH, replicates=REPLICATES)
    assert advice.verdict == "vanishes"
    assert advice.reasons[0].startswith("no start is healthy at 20 layers")


def adapts_to_the_width(name: str) -> bool:
    narrow, wide = (initializers.get(name).variance(width, width) for width in (10, 1000))
    return narrow is not None and narrow > 0 and wide == pytest.approx(narrow / 100)


def test_the_candidates_are_the_starts_that_adapt_to_the_width() -> None:
    adapting = {name for name in initializers.names() if adapts_to_the_width(name)}
    general = {"variance_scaling"}  # of which the others are special cases
    assert adapting - general == set(CANDIDATES), "reportgen/ask/recommend.py: CANDIDATES"


@pytest.mark.parametrize(("activation", "depth"), [("rellu", 5), ("relu", 0)])
def test_a_mistake_is_told(activation: str, depth: int) -> None:
    with pytest.raises(UsageError):
        reportgen.recommend(activation, depth)


@pytest.mark.parametrize("name", ["leaky_relu(1e300)", "elu(alpha=1e300)"])
def test_an_activation_that_goes_beyond_all_numbers_overflows_and_is_not_predicted(name: str) -> None:
    advice = reportgen.recommend(name, 3, width=8, replicates=2)
    assert advice.verdict == "overflows"
    assert advice.table["gradient_predicted"].isna().all()
    assert any(reason.startswith("nan: ") for reason in advice.reasons)
