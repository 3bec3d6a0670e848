"""What an experiment is: parts, each with its factors, its tables and a measurement, and a list of the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from numpy.typing import NDArray

from reportgen.battery.cell import Cell, Factor, Streams
from reportgen.battery.factors import factors_of, from_factors

__all__ = ["Column", "Columns", "Experiment", "Factors", "Measured", "Part", "Plan", "Tables"]

Columns = dict[str, NDArray[Any]]
"""Column name -> 1-D array; all of one table are equally long."""

Measured = dict[str, Columns]
"""Table name -> its columns, as one cell measured them."""

Factors = Mapping[str, Factor]
"""Factors under names of their own, such as those of a data set."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result table: its name, its unit (or "" for a pure number) and what it holds."""

    name: str
    unit: str
    description: str


Tables = Mapping[str, tuple[Column, ...]]
"""Table name -> declared columns. A column that is not measured is filled from the cell's factors."""


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
    def initializer_groups(self) -> tuple[tuple[str, ...], ...]:
        """The initializers, those in one tuple that a cell may hold together: what is added makes no other cell new."""
        ...

    @property
    def activations(self) -> tuple[str, ...]: ...
    @property
    def data_factors(self) -> tuple[Factors, ...]:
        """One mapping of factors per data set; each has at least ``data``, the name shown in tables."""
        ...

    @property
    def effort(self) -> float:
        """How much sampling a preset affords: quick 0.25, standard 1, full 4."""
        ...


class Part(Protocol):
    """One kind of cell: a frozen dataclass whose fields are the factors of the cell (see `reportgen.battery.factors`).

    Attributes
    ----------
    tables
        The tables that it has something to say in.
    """

    tables: ClassVar[Tables]

    def measure(self, streams: Streams) -> Measured:
        """Measure the cell. Pure: everything random comes from the streams."""
        ...


@dataclass(frozen=True, slots=True)
class Experiment:
    """One file or folder under `experiments/`.

    Attributes
    ----------
    name
        Its stem, which is also how a cell names it.
    summary
        One sentence: what it measures.
    parts
        What can be measured.
    work
        Lists what is to be measured for some settings.
    """

    name: str
    summary: str
    parts: tuple[type[Part], ...]
    work: Callable[[Plan], Iterable[Part]]

    @property
    def tables(self) -> Tables:
        """The tables of all parts."""
        return {name: table for part in self.parts for name, table in part.tables.items()}

    def cells(self, plan: Plan) -> list[Cell]:
        """Return all work as pure data, in its order."""
        return [self.cell(part) for part in self.work(plan)]

    def measure(self, cell: Cell, streams: Streams) -> Measured:
        """Measure the part that a cell stands for."""
        return self.part(cell).measure(streams)

    def cell(self, part: Part) -> Cell:
        """Return a part as pure data."""
        return Cell.of(self.name, type(part).__name__, **factors_of(part))

    def part(self, cell: Cell) -> Part:
        """Return the part that a cell stands for.

        Raises
        ------
        KeyError
            If this experiment has no such part.
        TypeError
            For a factor that is missing, unknown or of another type than the part declares.
        """
        parts = {part.__name__: part for part in self.parts}
        return from_factors(parts[cell.part], cell.mapping())
