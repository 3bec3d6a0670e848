"""Small steps from data frames to plain typed values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["by_name", "by_network", "nested", "only", "where"]


def by_name(series: pd.Series[Any]) -> dict[str, float]:
    """Return the numbers of a series under the words of its index.

    Examples
    --------
    >>> by_name(pd.Series({"relu": 2, "tanh": 1.5}))
    {'relu': 2.0, 'tanh': 1.5}
    """
    return {str(name): float(value) for name, value in series.items()}


def nested(series: pd.Series[Any]) -> dict[str, Any]:
    """Return the values of a series under the words of its index, a dictionary within another for every level.

    Examples
    --------
    >>> nested(pd.Series({("relu", "he"): 2, ("tanh", "he"): 1, ("tanh", "glorot"): 1.5}))
    {'relu': {'he': 2.0}, 'tanh': {'he': 1.0, 'glorot': 1.5}}
    """
    if series.index.nlevels == 1:
        return {str(name): value for name, value in series.items()}
    return {str(outer): nested(series.xs(outer)) for outer in series.index.unique(level=0)}


def by_network(table: pd.DataFrame, statistic: str, *cell: str) -> pd.DataFrame:
    """Return one statistic, networks × layers.

    Parameters
    ----------
    table
        One row per network and layer, with `replicate`, `layer` and the columns of the cell.
    statistic
        Name of its column.
    *cell
        What tells networks apart beside `replicate`, which comes last in the index.
    """
    return table.pivot(index=[*cell, "replicate"], columns="layer", values=statistic)


def only(series: pd.Series[Any]) -> Any:
    """Return the one value that all entries of a series have.

    Raises
    ------
    ValueError
        If there are several, or none.

    Examples
    --------
    >>> only(pd.Series([64, 64, 64]))
    64
    """
    (value,) = series.unique().tolist()
    return value


def where(frame: pd.DataFrame, **values: object) -> pd.DataFrame:
    """Return the rows that have these values in the columns of these names.

    Examples
    --------
    >>> where(pd.DataFrame({"depth": [10, 10, 30], "start": ["he", "zeros", "he"]}), depth=10, start="he")
       depth start
    0     10    he
    """
    if not values:
        return frame
    found = [(frame[column] == value).to_numpy(bool, na_value=False) for column, value in values.items()]
    return frame[np.logical_and.reduce(found)]
