"""Classes of a label column: words or whole numbers, few enough to be learned; numbers in bins where that is asked."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DataError, shortened

__all__ = ["numbered"]

_FEW = 20
"""So many classes are taken whatever the number of rows is."""

_ROWS = 5
"""Rows per class that more classes need on average."""


_SIDES: tuple[Literal["right", "left"], ...] = ("right", "left")
"""Where values go that many rows share and that lie on the edge of a bin: the side that leaves more bins."""


def numbered(values: NDArray[Any], rows: NDArray[np.int64], label: str, bins: int | None) -> NDArray[np.int64]:
    """Return the class number of every row, in the sorted order of the classes.

    Parameters
    ----------
    values
        The label column, without missing values.
    rows
        Number of each row in the file.
    label
        Name of the column, for messages.
    bins
        Number of classes of about equal size to cut numbers into.

    Raises
    ------
    DataError
        For what is no class, and for fewer than two or too many classes.
    """
    name = f"label column {shortened(label, 30)!r}"
    if bins:
        return _binned(values, name, bins)
    _check_kind(values, rows, name)
    classes, labels = np.unique(np.array(values.tolist()), return_inverse=True)
    if len(classes) < 2:
        found = f"one class only ({shortened(str(classes[0]), 20)})" if len(classes) else "no rows"
        raise DataError(f"{name} has {found}; at least 2 classes are needed")
    if len(classes) > max(_FEW, len(values) / _ROWS):
        raise DataError(_too_many(values, len(classes), name))
    return labels.astype(np.int64)


def _check_kind(values: NDArray[Any], rows: NDArray[np.int64], name: str) -> None:
    for row, value in zip(rows.tolist(), values.tolist(), strict=True):
        if isinstance(value, float) and not value.is_integer():
            found = len(np.unique(values))
            raise DataError(
                f"{name} looks like a regression target ({found} values in {len(values)} rows, "
                f"{value:.6g} in data row {row}): --bins 5 cuts it into 5 classes"
            )
        if not isinstance(value, str | bytes | int | float):
            raise DataError(f"{name} holds {shortened(str(value), 20)} in data row {row}: not a word or whole number")


def _too_many(values: NDArray[Any], classes: int, name: str) -> str:
    if values.dtype.kind in "biuf":
        found = f"looks like a regression target ({classes} values in {len(values)} rows)"
        return f"{name} {found}: --bins 5 cuts it into 5 classes"
    return f"{name} has {classes} different words in {len(values)} rows: name another as FILE:LABEL"


def _binned(values: NDArray[Any], name: str, bins: int) -> NDArray[np.int64]:
    if values.dtype.kind not in "iuf" or not len(values):
        raise DataError(f"{name} holds no numbers, and --bins is for numbers")
    edges = np.quantile(values, np.arange(1, bins) / bins)
    above, below = (np.unique(np.searchsorted(edges, values, side), return_inverse=True)[1] for side in _SIDES)
    labels = above if above.max() >= below.max() else below
    if labels.max() < 1:
        raise DataError(f"{name} has too few values for --bins {bins}")
    return labels.astype(np.int64)
