"""What every run measures, told apart from what a user adds."""

from __future__ import annotations

import pandas as pd
import pytest

from reportgen.chapters.canonical import canonical, canonical_depths
from reportgen.presets import DEPTHS


@pytest.mark.parametrize(
    "added", [{"initializer": "mine"}, {"activation": "mish"}, {"data": "mine.csv"}, {"depth": 3}, {"depth": 100}]
)
def test_a_row_of_what_a_user_adds_is_left_out(added: dict[str, object]) -> None:
    ours = {"initializer": "zeros", "activation": "tanh", "data": "digits", "depth": 20}
    table = pd.DataFrame([ours, {**ours, **added}])
    assert list(canonical(table).index) == [0]


def test_a_forward_pass_that_serves_all_depths_is_cut_off_at_the_deepest_of_ours() -> None:
    table = pd.DataFrame({"depth": pd.array([None] * 3, dtype="Int64"), "layer": [1, 50, 51]})
    assert list(canonical(table)["layer"]) == [1, 50]
    assert list(canonical(table, {"preset": "full"})["layer"]) == [1, 50, 51]


def test_a_depth_belongs_to_those_presets_that_have_it() -> None:
    assert canonical_depths({"preset": "quick"}) == canonical_depths({}) == DEPTHS
    assert canonical_depths({"preset": "full"})[-1] == 100
