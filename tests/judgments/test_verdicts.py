"""The verdict rules, on tables made by hand: each verdict from the one number that brings it about."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.judgments.choice import carried_depths, choose
from reportgen.judgments.verdicts import LIMIT, VERDICTS, verdict_table

DEPTHS = (2, 4)
FORWARD = {
    "pre_activation_second_moment": 1.0,
    "activation_second_moment": 1.0,
    "activation_variance": 1.0,
    "saturated_fraction": 0.0,
    "dead_fraction": 0.0,
    "finite_fraction": 1.0,
}


def tables(
    gradient: float = 1.0, distinct: int = 8, initializer: str = "he_normal", **forward: float
) -> dict[str, pd.DataFrame]:
    """Make the tables of one pair whose layers are all alike, but for a gradient that changes by a factor per layer."""
    cell = {"initializer": initializer, "activation": "relu", "data": "gaussian", "width": 8}
    layers = [{**cell, "replicate": r, "layer": layer} for r in range(2) for layer in range(1, max(DEPTHS) + 1)]
    deltas = [
        {**row, "depth": depth, "delta_rms": gradient ** (depth - row["layer"]), "finite_fraction": 1.0}  # type: ignore[operator]
        for depth in DEPTHS
        for row in layers
        if row["layer"] <= depth  # type: ignore[operator]
    ]
    return {
        "forward": pd.DataFrame([{**row, **FORWARD, **forward} for row in layers]),
        "gradients": pd.DataFrame(deltas),
        "diversity": pd.DataFrame([{**row, "distinct_units": distinct} for row in layers]),
    }


def join(*several: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: pd.concat([one[name] for one in several], ignore_index=True) for name in several[0]}


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "healthy"),
        ({"distinct": 1}, "symmetric"),
        ({"finite_fraction": 0.99}, "overflows"),
        ({"saturated_fraction": 0.6, "activation_second_moment": 0.2}, "saturates"),
        ({"saturated_fraction": 0.6}, "healthy"),  # half of a ReLU layer is inactive: that is not saturation
        ({"dead_fraction": 0.8}, "dies"),
        ({"dead_fraction": 0.8, "pre_activation_second_moment": 0.0}, "healthy"),  # underflow, not death
        ({"activation_second_moment": 1.1 * LIMIT**2}, "explodes"),
        ({"activation_variance": 0.9 / LIMIT**2}, "vanishes"),
    ],
)
def test_one_number_brings_about_one_verdict(changed: dict[str, float], verdict: str) -> None:
    judged = verdict_table(tables(**changed))  # type: ignore[arg-type]
    assert judged["verdict"].tolist() == [verdict] * len(DEPTHS)
    assert verdict in VERDICTS


def test_a_factor_per_layer_counts_by_its_power() -> None:
    explodes = verdict_table(tables(gradient=1.1 * LIMIT ** (1 / 3))).set_index("depth")
    vanishes = verdict_table(tables(gradient=0.9 * LIMIT ** (-1 / 3))).set_index("depth")
    assert explodes["verdict"].to_dict() == {2: "healthy", 4: "explodes"}
    assert vanishes["verdict"].to_dict() == {2: "healthy", 4: "vanishes"}
    assert explodes.loc[4, "gradient"] == pytest.approx(1.1**3 * LIMIT, rel=1e-9)


def test_a_gradient_of_zero_vanishes_without_a_warning() -> None:
    none = tables()
    none["gradients"]["delta_rms"] = 0.0
    assert set(verdict_table(none)["verdict"]) == {"vanishes"}


def test_overflow_is_judged_and_not_compared() -> None:
    lost = tables()
    lost["forward"].loc[3, ["activation_second_moment", "activation_variance"]] = np.inf, np.nan
    lost["forward"].loc[3, "finite_fraction"] = 0.0
    assert verdict_table(lost).set_index("depth")["verdict"].to_dict() == {2: "healthy", 4: "overflows"}


def test_a_start_carries_up_to_the_depth_before_its_first_failure() -> None:
    fails_deep = tables(gradient=0.9 * LIMIT ** (-1 / 3), initializer="glorot_normal")
    fails_everywhere = tables(distinct=1, initializer="zeros")
    carried = carried_depths(verdict_table(join(tables(), fails_deep, fails_everywhere)))
    assert carried["relu"].to_dict() == {"he_normal": 4, "glorot_normal": 2, "zeros": 0}


def test_the_recommended_start_carries_deepest_and_is_named_with_its_equals() -> None:
    worse = tables(gradient=LIMIT ** (1 / 4), initializer="lecun_normal")
    equal = tables(gradient=1.01, initializer="glorot_normal")
    fixed = tables(initializer="random_normal(stddev=0.1)")
    choice = choose(verdict_table(join(worse, equal, tables(), fixed)), "relu")
    assert (choice.initializer, choice.families, choice.carries, choice.depth) == ("he_normal", ("glorot",), 4, 4)


def test_among_equals_the_start_that_was_derived_for_the_activation_goes_first() -> None:
    equal = join(tables(initializer="he_normal"), tables(initializer="glorot_uniform"))
    for table in equal.values():
        table["activation"] = "tanh"
    assert choose(verdict_table(equal), "tanh").initializer == "glorot_uniform"
