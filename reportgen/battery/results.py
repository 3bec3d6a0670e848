"""Result tables: what the cells measured, tidy and in one order, with where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.battery.cell import Cell
from reportgen.battery.experiment import Column, Columns, Experiment, Measured

__all__ = ["Results", "tabulate", "with_column"]


@dataclass(frozen=True, slots=True)
class Results:
    """One tidy table per name, with its provenance.

    Attributes
    ----------
    tables
        Table name -> data frame, one row per observation, one column per statistic.
    columns
        Table name -> declared columns with unit and description.
    settings
        The settings of the run as plain data: preset, seed, width, replicates, batch, depths, initializers,
        activations, data.
    provenance
        Versions, commit, CPU and wall time per stage.
    """

    tables: Mapping[str, pd.DataFrame]
    columns: Mapping[str, tuple[Column, ...]]
    settings: Mapping[str, Any]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return a copy-free view of one table."""
        return self.tables[table]


def with_column(
    results: Results, table: str, column: Column, values: Sequence[Any] | NDArray[Any], *, after: str
) -> Results:
    """Return results in which a table has one column more.

    Parameters
    ----------
    results
        What there is; it stays as it is.
    table
        Name of the table.
    column, values
        The column and its values, one per row.
    after
        Name of the column that it comes behind.
    """
    frame, declared = results[table].copy(deep=False), results.columns.get(table, ())
    frame.insert(list(frame).index(after) + 1, column.name, pd.Series(values, index=frame.index, dtype=float))
    place = next((at for at, one in enumerate(declared, 1) if one.name == after), len(declared))
    columns = {**results.columns, table: (*declared[:place], column, *declared[place:])}
    return replace(results, tables={**results.tables, table: frame}, columns=columns)


def tabulate(experiments: Iterable[Experiment], measured: Mapping[Cell, Measured]) -> dict[str, pd.DataFrame]:
    """Join what the cells measured into one data frame per declared table.

    Rows follow the order of the cells in `measured`, which is that in which the experiment lists them; so they depend
    neither on the engine nor on the number of workers.

    Parameters
    ----------
    experiments
        Whose tables to make. A table without a cell has its columns and no rows.
    measured
        Cell -> its tables; a cell may leave some out. Cells of other experiments are skipped.
    """
    tables: dict[str, pd.DataFrame] = {}
    for experiment in experiments:
        own = {cell: parts for cell, parts in measured.items() if cell.experiment == experiment.name}
        for table, columns in experiment.tables.items():
            tables[table] = _frame({cell: parts[table] for cell, parts in own.items() if table in parts}, columns)
    return tables


def _frame(parts: Mapping[Cell, Columns], columns: tuple[Column, ...]) -> pd.DataFrame:
    """Put the rows of all cells below each other, column by column: hundreds of small frames would take seconds."""
    names = [column.name for column in columns]
    if not parts:
        return pd.DataFrame(columns=names)
    return pd.DataFrame({name: _column(name, parts) for name in names})


def _column(name: str, parts: Mapping[Cell, Columns]) -> pd.Series[Any]:
    """Return one column of all cells; what was not measured is a factor of the cell."""
    if not any(name in part for part in parts.values()):
        rows = [len(next(iter(part.values()))) for part in parts.values()]
        factors = pd.Series([_factor(name, cell) for cell in parts])
        return factors.repeat(rows).reset_index(drop=True)
    pieces = [part[name] if name in part else _repeated(name, cell, part) for cell, part in parts.items()]
    return pd.Series(np.concatenate(pieces))


def _factor(name: str, cell: Cell) -> Any:
    factor = cell[name]
    # pandas holds no byte of a file name that is not UTF-8
    return factor.encode(errors="backslashreplace").decode() if isinstance(factor, str) else factor


def _repeated(name: str, cell: Cell, part: Columns) -> NDArray[Any]:
    factor = _factor(name, cell)
    value = np.array([factor], dtype=object if isinstance(factor, str) else None)
    return np.repeat(value, len(next(iter(part.values()))))
