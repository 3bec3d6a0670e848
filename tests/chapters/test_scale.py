"""Maps are sorted by fan_in Var(w), and starts that are one share a row."""

from __future__ import annotations

import pandas as pd

from reportgen.chapters.maps import row_texts
from reportgen.chapters.scale import at_width_of, by_group, by_scale, edges, merged, scale_rows, typical

STARTS = pd.DataFrame(
    [
        ("zeros", 0.0, "none"),
        ("lecun_normal", 1.0, "iid"),
        ("constant", 0.0, "none"),
        ("mine", float("nan"), "none"),
        ("he_normal", 2.0, "iid"),
        ("glorot_uniform", 1.0, "iid"),
        ("orthogonal", 1.0, "orthogonal"),
        ("random_normal(stddev=1)", 128.0, "iid"),
    ],
    columns=["initializer", "sigma_w2", "limit"],
)


def test_the_largest_scale_is_on_top_and_what_has_none_comes_last() -> None:
    assert [row.text for row in scale_rows(STARTS)] == [
        "normal(1)  128",
        "he_normal  2",
        "lecun, glorot, orthogonal  1",
        "zeros  0",
        "constant  0",
        "mine",
    ]


def test_networks_of_another_width_have_scales_of_their_own() -> None:
    """Old rule: the map of the training printed the scale between layers of the battery's width."""
    narrow = pd.DataFrame({"initializer": ["random_normal(stddev=1)", "glorot_uniform"], "sigma_w2": [0.5, 1.0]})
    rows = at_width_of(narrow, scale_rows(STARTS))
    assert [row.text for row in rows][:3] == ["he_normal  2", "lecun, glorot, orthogonal  1", "normal(1)  0.5"]


def test_names_follow_the_rows() -> None:
    rows = scale_rows(STARTS)
    assert by_scale(["zeros", "other", "orthogonal", "he_normal"], rows) == [
        "he_normal",
        "orthogonal",
        "zeros",
        "other",
    ]


def test_activations_stand_in_groups_and_a_group_has_an_edge() -> None:
    names = by_group(["relu", "mine", "tanh", "leaky_relu", "sigmoid", "linear", "yours"])
    assert names == ["sigmoid", "tanh", "linear", "relu", "leaky_relu", "mine", "yours"]
    assert edges(names) == [2, 3, 5, 6]


def test_the_verdict_of_a_row_is_that_of_most_of_its_networks() -> None:
    cells = pd.DataFrame(
        [
            ("lecun_normal", "tanh", 2, "healthy", 3, 3, ""),
            ("glorot_uniform", "tanh", 2, "vanishes", 3, 2, "healthy"),
            ("orthogonal", "tanh", 2, "vanishes", 3, 3, ""),
            ("he_normal", "tanh", 2, "healthy", 3, 3, ""),
        ],
        columns=["initializer", "activation", "depth", "verdict", "networks", "agree", "other"],
    )
    table = merged(cells, scale_rows(STARTS))
    assert table.values.tolist() == [
        ["he_normal", 2.0, "tanh", 2, "healthy", 3, 3, ""],
        ["lecun, glorot, orthogonal", 1.0, "tanh", 2, "vanishes", 9, 5, "healthy"],
    ]


def test_numbers_of_starts_that_are_one_are_their_median_in_the_order_of_the_map() -> None:
    cells = pd.DataFrame(
        [
            ("zeros", "relu", 2, 0.0),
            ("lecun_normal", "relu", 2, 1.0),
            ("glorot_uniform", "relu", 2, 3.0),
            ("orthogonal", "relu", 2, float("inf")),
            ("he_normal", "relu", 2, 4.0),
            ("lecun_normal", "tanh", 2, float("nan")),
            ("glorot_uniform", "tanh", 2, 6.0),
            ("mine", "yours", 2, 9.0),
        ],
        columns=["initializer", "activation", "depth", "value"],
    )
    table = typical(cells, scale_rows(STARTS), ["activation", "depth"])
    assert table.drop(columns="sigma_w2").values.tolist() == [
        ["he_normal", "relu", 2, 4.0],
        ["lecun, glorot, orthogonal", "tanh", 2, 6.0],
        ["lecun, glorot, orthogonal", "relu", 2, 3.0],
        ["zeros", "relu", 2, 0.0],
        ["mine", "yours", 2, 9.0],
    ]
    assert row_texts(table) == ["he_normal  2", "lecun, glorot, orthogonal  1", "zeros  0", "mine"]
