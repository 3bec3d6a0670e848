"""The data sets of a run: those of the canonical battery, which every page is about, and those that a user adds."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

__all__ = ["CANONICAL", "DataSet", "added", "described", "without_added"]

CANONICAL = ("gaussian", "digits")
"""Data sets of the canonical battery; whatever else a table holds was added to it."""


class DataSet(NamedTuple):
    """What an added data set is; `rows` is 0 where they are drawn anew, `constant` counts features without a change."""

    name: str
    rows: int
    features: int
    classes: int
    constant: int
    standardized: bool


def without_added(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows on data sets of the canonical battery."""
    return table[table["data"].isin(CANONICAL)]


def added(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows on data sets that a user has added."""
    return table[~table["data"].isin(CANONICAL)]


def described(data_sets: pd.DataFrame) -> list[DataSet]:
    """Return what each data set is.

    Parameters
    ----------
    data_sets
        Rows of the table of this name.
    """
    columns = ["data", "rows", "features", "classes", "constant_features", "standardized"]
    return [DataSet(*row) for row in data_sets[columns].itertuples(index=False, name=None)]
