"""What an experiment is: declared tables, a list of cells, and a measurement of one cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Cell, Factor, Streams

__all__ = ["Column", "Columns", "Experiment", "Measured", "Plan"]

Columns = dict[str, NDArray[np.generic]]
"""Column name -> 1-D array; all of one table are equally long."""

Measured = dict[str, Columns]
"""Table name -> its columns, as one cell measured them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result table: its name, its unit (or "" for a pure number) and what it holds."""

    name: str
    unit: str
    description: str


class Plan(Protocol):
    """What an experiment may ask of the settings when it lists its cells."""

    @property
    def seed(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def replicates(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def depths(self) -> tuple[int, ...]: ...
    @property
    def initializers(self) -> tuple[str, ...]: ...
    @property
    def activations(self) -> tuple[str, ...]: ...
    @property
    def data_factors(self) -> tuple[Mapping[str, Factor], ...]:
        """One mapping of factors per data set; each has at least ``data``, the name shown in tables."""
        ...

    @property
    def effort(self) -> float:
        """How much sampling a preset affords: quick 0.25, standard 1, full 4."""
        ...


@dataclass(frozen=True, slots=True)
class Experiment:
    """One file under `experiments/`.

    Attributes
    ----------
    name
        Its stem, which is also how a cell names it.
    summary
        One sentence: what it measures.
    tables
        Table name -> declared columns. A column that `measure` does not return is filled from the cell's factors.
    cells
        Lists the work for some settings.
    measure
        Measures one cell. Pure: everything random comes from the streams.
    """

    name: str
    summary: str
    tables: Mapping[str, tuple[Column, ...]]
    cells: Callable[[Plan], list[Cell]]
    measure: Callable[[Cell, Streams], Measured]
