"""Data sets are described by what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.experiments.data_sets import EXPERIMENT, Description
from reportgen.nn.datasets import describe
from tests.experiments.measuring import tables


def description(data: dict[str, Any]) -> dict[str, Any]:
    (row,) = tables(EXPERIMENT, [Description(data, 64)])["data_sets"].to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_a_file_is_counted_whole_with_its_constant_features(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a,b,c,label\n" + "".join(f"{row},5,{-row},{row % 3}\n" for row in range(300)))
    expected = {"rows": 300, "features": 3, "classes": 3, "constant_features": 1}
    assert description(dict(describe(str(path)))) == {"data": "mine.csv", **expected, "standardized": True}
    assert not description(dict(describe(str(path), standardize=False)))["standardized"]


@pytest.mark.parametrize(
    ("data", "rows", "features", "classes"), [("digits", 1797, 64, 10), ("circle", 0, 2, 2), ("gaussian", 0, 64, 0)]
)
def test_rows_that_are_drawn_anew_are_not_counted(data: str, rows: int, features: int, classes: int) -> None:
    found = description({"data": data})
    assert (found["rows"], found["features"], found["classes"]) == (rows, features, classes)
