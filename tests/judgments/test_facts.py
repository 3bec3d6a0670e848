"""Facts: named numbers with a sentence each, and those that follow from theory alone are what was published of them."""

from __future__ import annotations

from inspect import getdoc

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.judgments.facts import FACTS, collected

NOTHING = Results({}, {}, {})


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_says_what_it_is(name: str) -> None:
    doc = getdoc(FACTS[name]) or ""
    assert doc.startswith("Return ")
    assert doc.partition("\n")[0].endswith(".")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lecun_one_layer", 0.7504),
        ("lecun_settled", 0.3824),
        ("siren_settled", 0.7968),
        ("shattered", 0.03365),
        ("shattered_by_coins", 2.0**-10),
    ],
)
def test_what_theory_derives_is_what_independent_networks_measured(name: str, value: float) -> None:
    assert collected(NOTHING, [name]) == {name: pytest.approx(value, rel=2e-3)}


def test_siren_settles_where_its_map_says() -> None:
    q = FACTS["siren_settled"](NOTHING)
    assert 1 - np.exp(-2 * q) == pytest.approx(q, rel=1e-12)


def test_gradients_at_two_inputs_part_like_a_power_of_the_depth_that_nears_the_third() -> None:
    names = ("shattered", "shattered_in_twenty", "shattered_in_forty")
    ten, twenty, forty = collected(NOTHING, names).values()
    assert 2 < np.log2(ten / twenty) < np.log2(twenty / forty) < 3  # the angle falls like 3 pi / layers


def pairs(lengths: list[float]) -> Results:
    """Return results with so many networks, whose squared lengths in layer 50 have these logarithms."""
    rows = [
        {"width": 64, "replicate": number, "layer": layer, "log_squared_length": layer / 50 * one, "cosine": 0.3}
        for number, one in enumerate(lengths)
        for layer in (0, 50)
    ]
    return Results({"he_pairs": pd.DataFrame(rows)}, {}, {})


def test_the_typical_length_is_that_of_the_median_network_and_no_square() -> None:
    found = collected(pairs([-8.0, -2.0, 6.0]), ["typical_length", "shrunk_share"])
    assert found == {"typical_length": pytest.approx(np.exp(-1.0)), "shrunk_share": pytest.approx(2 / 3)}


def test_the_share_of_the_born_dead_differs_between_scales_by_its_range() -> None:
    dead = pd.DataFrame({"initializer": ["a", "a", "b", "b"], "silent_layer": [0, 3, 0, 0]})
    found = collected(Results({"he_born_dead": dead}, {}, {}), ["born_dead", "born_dead_apart"])
    assert found == {"born_dead": 0.25, "born_dead_apart": 0.5}
