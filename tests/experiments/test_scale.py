"""Every table that names a start carries its scale, fan_in times the variance of a weight."""

from __future__ import annotations

import pandas as pd
import pytest

from reportgen.battery.experiment import Column
from reportgen.battery.results import Results
from reportgen.experiments import EXPERIMENTS
from reportgen.experiments.columns import INITIALIZER, WIDTH
from reportgen.experiments.scale import with_scale

DECLARED = {name: declared for experiment in EXPERIMENTS for name, declared in experiment.tables.items()}


def names(columns: tuple[Column, ...]) -> list[str]:
    return [column.name for column in columns]


def results(columns: dict[str, tuple[Column, ...]], rows: list[dict[str, str | int]]) -> Results:
    frames = {name: pd.DataFrame(rows, columns=names(declared)) for name, declared in columns.items()}
    return with_scale(Results(frames, columns, {}))


@pytest.mark.parametrize(
    "table", [name for name, columns in DECLARED.items() if any(c.name == "initializer" for c in columns)]
)
def test_every_table_with_a_start_has_its_scale(table: str) -> None:
    found = results({table: DECLARED[table]}, [])
    assert "sigma_w2" in found[table]
    assert names(found.columns[table]) == list(found[table])


def test_the_scale_is_that_of_the_width_and_stands_behind_the_start() -> None:
    rows = [
        {"initializer": name, "width": width}
        for name in ("he_uniform", "random_normal(stddev=1)")
        for width in (32, 128)
    ]
    table = results({"nets": (INITIALIZER, WIDTH)}, rows)["nets"]
    assert list(table) == ["initializer", "sigma_w2", "width"]
    assert table["sigma_w2"].tolist() == pytest.approx([2, 2, 32, 128])
