"""The verdict rules, on tables made by hand: each verdict from the one number that brings it about."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.ask.propagate import propagate
from reportgen.judgments.choice import carried_depths, choose, learned_depths
from reportgen.judgments.verdicts import ALIKE, DEAD, FLAT, LIMIT, RULES, VERDICTS, occurring, verdict_table
from reportgen.nn.statistics import distinct_units

DEPTHS = (2, 4)
FORWARD = {
    "pre_activation_second_moment": 1.0,
    "activation_second_moment": 1.0,
    "activation_variance": 1.0,
    "saturated_fraction": 0.0,
    "pressed_fraction": 0.0,
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
        {
            **row,
            "depth": depth,
            "delta_rms": gradient ** (depth - row["layer"]),  # type: ignore[operator]
            "weight_gradient_norm": 1.0,
            "finite_fraction": 1.0,
        }
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
        ({"pressed_fraction": 0.6}, "saturates"),
        ({"saturated_fraction": 0.9}, "healthy"),  # inactive, as leaky ReLU is below zero: pressed against nothing
        ({"dead_fraction": 0.8}, "dies"),
        ({"dead_fraction": 0.8, "pre_activation_second_moment": 0.0}, "healthy"),  # underflow, not death
        ({"activation_second_moment": 1.1 * LIMIT**2}, "explodes"),
        ({"activation_second_moment": 0.9 / LIMIT**2, "activation_variance": 0.9 / LIMIT**2}, "vanishes"),
        ({"activation_variance": 0.9 * ALIKE**2}, "alike"),  # the signal is there, and the same for every input
    ],
)
def test_one_number_brings_about_one_verdict(changed: dict[str, float], verdict: str) -> None:
    judged = verdict_table(tables(**changed))  # type: ignore[arg-type]
    assert judged["verdict"].tolist() == [verdict] * len(DEPTHS)
    assert verdict in VERDICTS


def test_equal_weights_that_nothing_moves_are_stuck_and_not_symmetric() -> None:
    zeros = tables(distinct=1, pre_activation_second_moment=0.0, activation_second_moment=0.0, activation_variance=0.0)
    assert set(verdict_table(zeros)["verdict"]) == {"symmetric"}, "the gradients of sigmoid's weights are not zero"
    zeros["gradients"]["weight_gradient_norm"] = 0.0
    assert set(verdict_table(zeros)["verdict"]) == {"stuck"}


def test_gradients_that_underflow_vanish_and_are_not_stuck() -> None:
    tiny = tables(gradient=1e-30, activation_second_moment=0.0, activation_variance=0.0)
    tiny["gradients"]["weight_gradient_norm"] = 0.0
    assert set(verdict_table(tiny)["verdict"]) == {"vanishes"}


def test_a_verdict_on_which_networks_disagree_says_so() -> None:
    edge = tables()
    edge["forward"].loc[edge["forward"]["replicate"] == 1, ["activation_second_moment", "activation_variance"]] = (
        9 * LIMIT**4
    )
    judged = verdict_table(edge)
    assert judged["verdict"].tolist() == ["explodes"] * 2, "the typical network is the geometric mean"
    assert judged[["networks", "agree", "other"]].values.tolist() == [[2, 1, "healthy"]] * 2
    assert verdict_table(tables())[["networks", "agree", "other"]].values.tolist() == [[2, 2, ""]] * 2


def test_verdicts_of_as_many_networks_are_not_called_healthy() -> None:
    split = tables()
    rows = split["gradients"]
    rows.loc[(rows["replicate"] == 1) & (rows["layer"] == 1), "delta_rms"] = 1.5 * LIMIT
    assert verdict_table(split)["verdict"].tolist() == ["explodes"] * 2
    assert verdict_table(split)["gradient"].tolist() == pytest.approx([(1.5 * LIMIT) ** 0.5] * 2), "the typical one is"


def test_only_verdicts_that_occur_are_explained_and_each_says_its_threshold() -> None:
    judged = verdict_table(join(tables(), tables(distinct=1, initializer="ones")))
    assert [rule.verdict for rule in occurring(judged)] == ["symmetric", "healthy"]
    meanings = {rule.verdict: rule.meaning for rule in RULES}
    limits = {"explodes": f"{LIMIT:g}", "vanishes": f"{LIMIT:g}", "saturates": f"{FLAT:.0%}", "dies": f"{DEAD:.0%}"}
    for verdict, number in {**limits, "alike": f"{ALIKE:.0%}"}.items():
        assert number in meanings[verdict]
    assert len({rule.sign for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("initializer", "activation", "depth", "width", "old", "verdict"),
    [
        ("torch_default", "leaky_relu", 20, 32, "saturates", "vanishes"),  # leaky ReLU has no bound
        ("zeros", "tanh", 3, 16, "symmetric", "stuck"),
        ("zeros", "sigmoid", 3, 16, "symmetric", "symmetric"),
        ("random_normal(stddev=1)", "tanh", 3, 64, "saturates", "saturates"),
        ("glorot_normal", "tanh_shrink", 3, 32, "saturates", "vanishes"),  # flat around 0, and no bound either
    ],
)
def test_networks_get_the_verdict_that_is_true_of_them(
    initializer: str, activation: str, depth: int, width: int, old: str, verdict: str
) -> None:
    measured = propagate(initializer, activation, depth=depth, width=width, replicates=3)
    assert verdict_table(measured._asdict())["verdict"].tolist() == [verdict], f"it was {old}"


def test_weights_that_are_no_numbers_overflow_and_are_not_symmetric() -> None:
    weights = np.full((1, 4, 4), np.nan)
    assert distinct_units(weights).tolist() == [4]


def test_the_worst_layer_of_a_net_is_the_worst_up_to_its_depth_whatever_the_order_of_the_rows() -> None:
    made = tables()
    rng = np.random.default_rng(0)
    forward = made["forward"]
    forward[["pressed_fraction", "dead_fraction"]] = rng.uniform(0, 0.4, (len(forward), 2))
    forward["finite_fraction"] = rng.uniform(0.5, 1, len(forward))
    shuffled = {name: table.sample(frac=1, random_state=1) for name, table in made.items()}
    for judged in (verdict_table(made), verdict_table(shuffled)):
        for depth in DEPTHS:
            nets = forward[forward["layer"] <= depth].groupby("replicate")
            row = judged[judged["depth"] == depth].iloc[0]
            assert row["pressed"] == pytest.approx(nets["pressed_fraction"].max().mean(), rel=1e-12)
            assert row["dead"] == pytest.approx(nets["dead_fraction"].max().mean(), rel=1e-12)
            assert row["finite"] == pytest.approx(nets["finite_fraction"].min().median(), rel=1e-12)


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


def test_the_recommended_start_carries_deepest_and_is_named_with_its_ties() -> None:
    worse = tables(gradient=LIMIT ** (1 / 4), initializer="lecun_normal")
    equal = tables(gradient=1.01, initializer="glorot_normal")
    fixed = tables(initializer="random_normal(stddev=0.1)")
    choice = choose(verdict_table(join(worse, equal, tables(), fixed)), "relu")
    assert (choice.initializer, choice.ties, choice.carries, choice.depth) == ("he_normal", ("glorot_normal",), 4, 4)
    assert choice.in_words == "4"


def test_among_ties_the_start_that_is_asked_for_goes_first_and_no_other() -> None:
    equal = verdict_table(join(tables(initializer="he_normal"), tables(initializer="glorot_normal", gradient=1.01)))
    assert choose(equal, "relu").initializer == "he_normal"
    assert choose(equal, "relu", "glorot_normal").initializer == "glorot_normal"
    assert choose(equal, "relu", "lecun_normal").initializer == "he_normal"
    far = verdict_table(join(tables(), tables(gradient=0.9 * LIMIT ** (-1 / 3), initializer="glorot_normal")))
    assert choose(far, "relu", "glorot_normal").initializer == "he_normal", "one that carries less deep is no tie"


def test_a_depth_that_not_all_networks_bear_out_says_how_many_do() -> None:
    split = tables()
    split["gradients"].loc[
        (split["gradients"]["replicate"] == 1)
        & (split["gradients"]["layer"] == 1)
        & (split["gradients"]["depth"] == 4),
        "delta_rms",
    ] = 1.5 * LIMIT
    third = {name: table[table["replicate"] == 0].assign(replicate=2) for name, table in split.items()}
    assert choose(verdict_table(join(split, third)), "relu").in_words == "4 (2 of 3 networks)"


def test_a_start_learned_to_the_depth_before_the_first_at_which_most_of_its_networks_did_not() -> None:
    rows = [
        {"start": start, "depth": depth, "replicate": r, "steps": steps, "outcome": outcome}
        for start, outcomes in {"a": ["learned", "stalled", "learned"], "b": ["learned"] * 3}.items()
        for depth, outcome in zip((2, 5, 10), outcomes, strict=True)
        for r in range(3)
        for steps in (1, 2)
    ]
    assert learned_depths(pd.DataFrame(rows), ["start"]).to_dict() == {"a": 2, "b": 10}
    late = pd.DataFrame([{**row, "outcome": "stalled" if row["steps"] == 1 else row["outcome"]} for row in rows])
    assert learned_depths(late, ["start"]).to_dict() == {"a": 2, "b": 10}, "one budget is enough"
