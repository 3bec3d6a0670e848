"""A table with its roles: which column is the label's, which are features, and which of these are numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.nn.files.reading import Reading

__all__ = ["Named", "Sheet", "no_value"]

Named = tuple[str, NDArray[Any]]
"""Name and values: numbers with nan, or objects with None, where one is missing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns or arrays of one table.

    Attributes
    ----------
    names
        All names as they stand in the file; empty where there is none.
    label
        Name of the label column, whether it is there or not; None where there need not be one.
    target
        Its values, or None.
    features
        The other columns that are not left out.
    rows
        Number of examples.
    words
        Features that are not numbers.
    columns
        Names of the single columns of numbers; those of an array of several carry their position.
    numbers
        The features that are numbers, side by side, shape (rows, columns).
    """

    names: tuple[str, ...]
    label: str | None
    target: NDArray[Any] | None
    features: tuple[Named, ...]
    rows: int
    words: tuple[Named, ...]
    columns: tuple[str, ...]
    numbers: NDArray[np.float64]

    @classmethod
    def of(cls, given: Sequence[Named], reading: Reading) -> Sheet:
        """Give the columns of a file their roles; a column without a name is called after its position."""
        named = [(name or f"column {at}", values) for at, (name, values) in enumerate(given, start=1)]
        kept = [(name, values) for name, values in named if name not in reading.drop]
        label = _label([name for name, _ in kept], reading)
        target = next((values for name, values in kept if name == label), None)
        features = tuple((name, values) for name, values in kept if name != label)
        rows = _rows([values for _, values in features] if target is None or not target.ndim else [target])
        aligned = [(name, values) for name, values in features if values.shape[:1] == (rows,)]
        flat = [(name, values.reshape(rows, prod(values.shape[1:]))) for name, values in aligned]
        words = tuple((name, values) for name, values in flat if values.dtype.kind not in "biuf")
        numeric = [(name, values.astype(np.float64)) for name, values in flat if values.dtype.kind in "biuf"]
        names = [name for name, _ in given]
        numbers = np.concatenate([np.empty((rows, 0)), *(values for _, values in numeric)], axis=1)
        return cls(tuple(names), label, target, features, rows, words, tuple(_singly(numeric)), numbers)

    def missing(self) -> NDArray[np.bool_]:
        """Return which rows lack a number or a label; a column that is empty does not count."""
        holes = np.isnan(self.numbers)
        lacks = np.asarray(holes[:, ~holes.all(axis=0)].any(axis=1))
        return lacks if self.target is None or self.target.shape != (self.rows,) else lacks | no_value(self.target)


def no_value(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where a value is missing."""
    if values.dtype.kind == "f":
        return np.asarray(np.isnan(values))
    return np.array([one is None or one != one for one in values.tolist()], dtype=bool)


def _label(names: Sequence[str], reading: Reading) -> str | None:
    if reading.label is not None:
        return reading.label
    if set(names) == {"X", "y"}:
        return "y"
    if not reading.labelled:
        return "label" if "label" in names else None
    return names[-1] if reading.header is False and names else "label"


def _rows(arrays: Sequence[NDArray[Any]]) -> int:
    return max((len(values) for values in arrays if values.ndim), default=0)


def _singly(numeric: Sequence[Named]) -> list[str]:
    return [
        name if values.shape[1] == 1 else f"{name}[{at}]" for name, values in numeric for at in range(values.shape[1])
    ]
