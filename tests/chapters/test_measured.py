"""What the build hands to widgets: the tables, and nothing that a script could not read."""

from __future__ import annotations

import json

import pandas as pd

from reportgen.chapters.measured import measured_edge, measured_verdicts


def test_verdicts_are_found_by_activation_depth_and_row() -> None:
    cells = pd.DataFrame(
        [
            ("he", 2.0, "relu", 2, "healthy"),
            ("he", 2.0, "relu", 50, "alike"),
            ("torch_default", 1 / 3, "relu", 2, "healthy"),
            ("torch_default", 1 / 3, "relu", 50, "vanishes"),
            ("zeros", 0.0, "relu", 2, "stuck"),
            ("mine", float("nan"), "relu", 2, "stuck"),
        ],
        columns=["row", "sigma_w2", "activation", "depth", "verdict"],
    )
    packed = measured_verdicts(cells)
    json.dumps(packed, allow_nan=False)
    assert packed["rows"] == ["he", "torch_default"]
    assert packed["scales"] == [2.0, 1 / 3]
    words = packed["words"]
    for depth, row, verdict in ((2, 0, "healthy"), (50, 0, "alike"), (50, 1, "vanishes")):
        assert words[packed["verdicts"]["relu"][packed["depths"].index(depth)][row]] == verdict


def test_starts_at_one_place_share_it_and_siblings_share_a_name() -> None:
    places = pd.DataFrame(
        [
            ("he_normal", 2.0, 0.0),
            ("he_uniform", 2.0, 0.0),
            ("Mine", 2.0, 0.0),
            ("PyTorch Linear", 0.3, 0.1),
            ("zeros", 0.0, 0.0),
        ],
        columns=["label", "sigma_w2", "sigma_b2"],
    )
    angles = pd.DataFrame(
        {
            "initializer": "glorot_uniform(gain=1.66666666667)",
            "activation": "tanh",
            "sigma_w2": 2.7778,
            "layer": [1, 2],
            "cosine": [0.9, 0.8111119],
            "standard_error": [0.0, 0.01],
            "predicted": [0.9, 0.8],
        }
    )
    packed = measured_edge(places, angles)
    json.dumps(packed, allow_nan=False)
    assert packed["places"] == [
        {"name": "PyTorch Linear", "w": 0.3, "b": 0.1},
        {"name": "he, Mine", "w": 2.0, "b": 0.0},
    ]
    (pair,) = packed["angles"]
    assert (pair["name"], pair["activation"], pair["w"], pair["c"]) == (
        "glorot_uniform(gain=1.67)",
        "tanh",
        2.7778,
        0.9,
    )
    assert pair["cosine"] == [0.9, 0.81111]
