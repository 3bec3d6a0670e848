"""An experiment of parts: its cells are pure data, and each is measured by the part that it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.experiment import Column, Experiment, Factors, Measured, Part, Plan, Tables
from reportgen.battery.results import tabulate

WIDTH = Column("width", "units", "")


@dataclass(frozen=True, slots=True)
class Draw:
    width: int
    data: Factors

    tables: ClassVar[Tables] = {"draws": (Column("data", "", ""), WIDTH, Column("value", "", ""))}

    def measure(self, streams: Streams) -> Measured:
        return {"draws": {"value": streams.weights(0, 1).standard_normal(self.width)}}


@dataclass(frozen=True, slots=True)
class Count:
    width: int = 3

    tables: ClassVar[Tables] = {"counts": (WIDTH, Column("count", "", ""))}

    def measure(self, streams: Streams) -> Measured:
        return {"counts": {"count": np.arange(self.width)}}


def work(plan: Plan) -> Iterator[Part]:
    yield Count()
    yield from (Draw(plan.width, data) for data in plan.data_factors)


EXPERIMENT = Experiment("made", "Two parts", parts=(Draw, Count), work=work)
PLAN = SimpleNamespace(width=2, data_factors=({"data": "digits"}, {"data": "a.csv", "data_file": "/a.csv"}))


def test_the_tables_are_those_of_all_parts() -> None:
    assert dict(EXPERIMENT.tables) == {**Draw.tables, **Count.tables}


def test_cells_follow_the_order_of_the_work_and_name_their_part() -> None:
    assert EXPERIMENT.cells(PLAN) == [
        Cell.of("made", "Count", width=3),
        Cell.of("made", "Draw", width=2, data="digits"),
        Cell.of("made", "Draw", width=2, data="a.csv", data_file="/a.csv"),
    ]


def test_a_cell_is_read_back_as_the_part_that_it_came_from() -> None:
    assert [EXPERIMENT.part(cell) for cell in EXPERIMENT.cells(PLAN)] == list(work(PLAN))


def test_a_cell_of_an_unknown_part_or_with_an_unknown_factor_is_a_bug() -> None:
    with pytest.raises(KeyError, match="Guess"):
        EXPERIMENT.part(Cell.of("made", "Guess"))
    with pytest.raises(TypeError, match="Count: unknown factor depth"):
        EXPERIMENT.part(Cell.of("made", "Count", width=3, depth=1))


def test_factors_fill_the_columns_that_are_not_measured() -> None:
    measured = {cell: EXPERIMENT.part(cell).measure(Streams(0)) for cell in EXPERIMENT.cells(PLAN)}
    draws = tabulate([EXPERIMENT], measured)["draws"]
    assert draws["data"].tolist() == ["digits"] * 2 + ["a.csv"] * 2
    assert draws["width"].tolist() == [2] * 4
