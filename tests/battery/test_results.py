"""Result tables: one tidy frame per declared table, in the order of the cells."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.cell import Cell
from reportgen.battery.experiment import Column, Columns, Experiment, Measured
from reportgen.battery.results import Results, tabulate


def experiment(name: str, tables: dict[str, str]) -> Experiment:
    """Declare tables from words: ``{"rows": "initializer layer value"}``."""
    declared = {table: tuple(Column(column, "", "") for column in columns.split()) for table, columns in tables.items()}
    return Experiment(name, "", (type("Made", (), {"tables": declared}),), lambda plan: ())


SIGNAL = experiment("signal", {"rows": "initializer width layer value", "words": "initializer word"})
CELLS = [
    Cell.of("signal", "Made", initializer=name, width=width) for name, width in (("zeros", 64), ("he", 64), ("he", 8))
]


def measured(cell: Cell) -> Measured:
    rows = 1 + len(str(cell["initializer"]))
    return {
        "rows": {"layer": np.arange(1, rows + 1), "value": np.full(rows, np.inf)},
        "words": {"word": np.array(["tanh", "a longer word"][: rows % 2 + 1])},
    }


def test_rows_follow_the_order_of_the_cells_and_columns_that_of_the_declaration() -> None:
    table = tabulate([SIGNAL], {cell: measured(cell) for cell in CELLS})["rows"]
    assert list(table.columns) == ["initializer", "width", "layer", "value"]
    assert table["initializer"].tolist() == ["zeros"] * 6 + ["he"] * 6
    assert table["width"].tolist() == [64] * 9 + [8] * 3
    assert table["layer"].tolist() == [1, 2, 3, 4, 5, 6, 1, 2, 3, 1, 2, 3]
    assert table.index.tolist() == list(range(12))


def test_numbers_keep_their_type_and_words_are_words() -> None:
    tables = tabulate([SIGNAL], {cell: measured(cell) for cell in CELLS})
    assert tables["rows"].dtypes[["width", "layer", "value"]].astype(str).tolist() == ["int64", "int64", "float64"]
    assert tables["words"]["word"].tolist() == ["tanh", "tanh", "a longer word", "tanh", "a longer word"]
    assert all(pd.api.types.is_string_dtype(tables["words"][name]) for name in ("initializer", "word"))


def test_a_column_may_be_measured_by_one_cell_and_be_a_factor_of_another() -> None:
    cells = [Cell.of("signal", "Made", initializer="zeros", width=64), Cell.of("signal", "Made", initializer="he")]
    rows: Columns = {"layer": np.arange(2), "value": np.zeros(2)}
    table = tabulate(
        [experiment("signal", {"rows": "initializer width layer value"})],
        {cells[0]: {"rows": rows}, cells[1]: {"rows": {**rows, "width": np.array([1, 2])}}},
    )["rows"]
    assert table["width"].tolist() == [64, 64, 1, 2]


def test_a_column_that_is_neither_measured_nor_a_factor_is_a_bug() -> None:
    with pytest.raises(KeyError, match="width"):
        tabulate([SIGNAL], {Cell.of("signal", "Made", initializer="he"): measured(CELLS[1])})


def test_each_experiment_takes_its_own_cells_only() -> None:
    other = experiment("other", {"others": "seed value"})
    cells: dict[Cell, Measured] = {
        Cell.of("other", "Made", seed=1): {"others": {"value": np.ones(2)}},
        CELLS[0]: measured(CELLS[0]),
        Cell.of("other", "Made", seed=0): {"others": {"value": np.zeros(1)}},
    }
    tables = tabulate([SIGNAL, other], cells)
    assert len(tables["rows"]) == 6
    assert tables["others"]["seed"].tolist() == [1, 1, 0]
    assert list(tabulate([other], cells)) == ["others"]


def test_a_table_without_cells_has_its_columns_and_no_rows() -> None:
    table = tabulate([SIGNAL], {})["rows"]
    assert list(table.columns) == ["initializer", "width", "layer", "value"]
    assert table.empty


def test_results_give_a_table_by_its_name() -> None:
    tables = tabulate([SIGNAL], {CELLS[0]: measured(CELLS[0])})
    assert Results(tables, SIGNAL.tables, {})["rows"] is tables["rows"]


def test_hundreds_of_cells_with_thousands_of_rows_take_no_time_to_speak_of() -> None:
    wide = experiment("signal", {"rows": "initializer width " + " ".join(f"c{number}" for number in range(12))})
    columns: Columns = {f"c{number}": np.zeros(1000) for number in range(12)}
    cells = {
        Cell.of("signal", "Made", initializer=f"name{number}", width=64): {"rows": columns} for number in range(300)
    }
    start = perf_counter()
    table = tabulate([wide], cells)["rows"]
    # About 0.1 s on a laptop; a data frame per cell takes twenty times as long.
    assert perf_counter() - start < 2
    assert table.shape == (300_000, 14)


def test_a_byte_of_a_file_name_that_is_not_utf_8_is_escaped() -> None:
    cell = Cell.of("signal", "Made", initializer="b\udcff.csv", width=64)
    assert set(tabulate([SIGNAL], {cell: measured(cell)})["rows"]["initializer"]) == {r"b\udcff.csv"}
