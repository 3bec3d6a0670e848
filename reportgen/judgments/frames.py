"""Small steps from data frames to plain typed values."""

from __future__ import annotations

from typing import Any

import pandas as pd

__all__ = ["by_name", "only"]


def by_name(series: pd.Series[Any]) -> dict[str, float]:
    """Return the numbers of a series under the words of its index.

    Examples
    --------
    >>> by_name(pd.Series({"relu": 2, "tanh": 1.5}))
    {'relu': 2.0, 'tanh': 1.5}
    """
    return {str(name): float(value) for name, value in series.items()}


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
