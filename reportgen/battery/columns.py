"""How measured values are laid out as columns: one row per observation, of the same length in every column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from reportgen.battery.experiment import Columns, Measured

__all__ = ["by_index", "by_layer", "concatenate", "merge", "of_rows", "with_constants"]


def of_rows(rows: Iterable[Mapping[str, Any]]) -> Columns:
    """Lay out rows that have the same names as columns.

    Parameters
    ----------
    rows
        At least one. Values may be arrays of one shape; a column then has that shape behind the number of rows, as
        `by_layer` takes it.

    Examples
    --------
    >>> of_rows([{"width": 8, "rms": 0.5}, {"width": 16, "rms": 1.0}])
    {'width': array([ 8, 16]), 'rms': array([0.5, 1. ])}
    """
    listed = list(rows)
    return {name: np.array([row[name] for row in listed]) for name in listed[0]}


def by_index(values: Mapping[str, ArrayLike], **first: int) -> Columns:
    """Lay out arrays of one shape, one row per entry, with a column that counts along each axis.

    Parameters
    ----------
    values
        Name -> array; all have one shape.
    **first
        Name of each axis in turn, and the number at which it begins.

    Examples
    --------
    >>> by_index({"weight": [[0.1, 0.2], [0.3, 0.4]]}, input=0, unit=1)
    {'input': array([0, 0, 1, 1]), 'unit': array([1, 2, 1, 2]), 'weight': array([0.1, 0.2, 0.3, 0.4])}
    """
    arrays = {name: np.asarray(array) for name, array in values.items()}
    (shape,) = {array.shape for array in arrays.values()}
    indices = zip(first.items(), np.indices(shape), strict=True)
    places: Columns = {name: start + index.ravel() for (name, start), index in indices}
    return {**places, **{name: array.ravel() for name, array in arrays.items()}}


def by_layer(values: Mapping[str, ArrayLike], *, replicate: int = 0, layer: int = 1) -> Columns:
    """Lay out what was measured layer by layer, one row per replicate and layer, all layers of a replicate together.

    Parameters
    ----------
    values
        Name -> array of shape (layers, replicates), or a list of the arrays of every layer; of one replicate (layers,).
    replicate, layer
        Number of the first replicate and of the first layer.

    Examples
    --------
    >>> by_layer({"rms": [[0.1, 0.2], [0.3, 0.4]]})
    {'replicate': array([0, 0, 1, 1]), 'layer': array([1, 2, 1, 2]), 'rms': array([0.1, 0.3, 0.2, 0.4])}
    """
    arrays = {name: np.asarray(array) for name, array in values.items()}
    turned = {name: array.reshape(len(array), -1).T for name, array in arrays.items()}
    return by_index(turned, replicate=replicate, layer=layer)


def with_constants(columns: Columns, **values: str | float) -> Columns:
    """Add columns that have one value throughout.

    Examples
    --------
    >>> with_constants({"layer": np.array([1, 2])}, width=64)
    {'layer': array([1, 2]), 'width': array([64, 64])}
    """
    rows = len(next(iter(columns.values())))
    return {**columns, **{name: np.full(rows, value) for name, value in values.items()}}


def concatenate(parts: Iterable[Columns]) -> Columns:
    """Put the rows of parts that have the same columns below each other.

    Examples
    --------
    >>> concatenate([{"layer": np.array([1, 2])}, {"layer": np.array([1])}])
    {'layer': array([1, 2, 1])}
    """
    listed = list(parts)
    names = listed[0].keys()
    if any(part.keys() != names for part in listed):
        raise ValueError(f"parts of one table must have the same columns, not {[list(part) for part in listed]}")
    return {name: np.concatenate([part[name] for part in listed]) for name in names}


def merge(parts: Iterable[Measured]) -> Measured:
    """Put the rows of tables of one name below each other; a part may have some of the tables only.

    Examples
    --------
    >>> merge([{"ends": {"loss": np.array([2.0])}}, {"ends": {"loss": np.array([1.0])}}])
    {'ends': {'loss': array([2., 1.])}}
    """
    tables: dict[str, list[Columns]] = {}
    for part in parts:
        for table, columns in part.items():
            tables.setdefault(table, []).append(columns)
    return {table: concatenate(listed) for table, listed in tables.items()}
