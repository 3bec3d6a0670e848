"""Features and classes of a table, or everything that is wrong with it at once; and what is odd about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DataError, shortened
from reportgen.nn.files import faults
from reportgen.nn.files.classes import numbered
from reportgen.nn.files.reading import Reading
from reportgen.nn.files.sheet import Named, Sheet, no_value
from reportgen.nn.files.wording import joined, listed

__all__ = ["Table", "table"]

_FEW = 20
"""A file with fewer rows is told to be small."""


class Table(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    features
        Finite numbers, shape (examples, features).
    columns
        Their names.
    labels
        Class numbers 0 .. classes - 1 in the sorted order of the classes, shape (examples,); empty without labels.
    classes
        Number of classes; 0 without labels, else at least 2.
    label
        Name of the column that the labels are from; empty where there is none.
    oddities
        What one should know about it, in words.
    """

    features: NDArray[np.float64]
    columns: tuple[str, ...]
    labels: NDArray[np.int64]
    classes: int
    label: str
    oddities: tuple[str, ...]


def table(columns: Sequence[Named], reading: Reading, room: int = 225) -> Table:
    """Return features and classes of columns or arrays.

    Parameters
    ----------
    columns
        Name and values of each: numbers with nan or objects with None where one is missing.
    reading
        Which is the label, what is left out, and whether there have to be labels.
    room
        Characters that a line may have which says what is wrong.

    Raises
    ------
    DataError
        With all that is wrong, and what to do about it.
    """
    sheet = Sheet.of(columns, reading)
    wrong = faults.found(sheet, reading)
    labels, unfit = _labels(sheet, reading)
    if wrong or unfit:
        raise DataError(joined([*wrong, *unfit], room))
    features = sheet.numbers[~sheet.missing()]
    classes = int(labels.max(initial=-1)) + 1
    oddities = tuple(_oddities(sheet, features, reading))
    return Table(features, sheet.columns, labels, classes, sheet.label or "", oddities)


def _labels(sheet: Sheet, reading: Reading) -> tuple[NDArray[np.int64], list[str]]:
    """Return the class of every row that is used, or what is wrong with the classes of those that have one."""
    none = np.empty(0, np.int64)
    if not reading.labelled or sheet.target is None or sheet.target.shape != (sheet.rows,):
        return none, []
    lacking = sheet.missing() if reading.drop_missing else no_value(sheet.target)
    there = np.flatnonzero(~lacking)
    if sheet.rows and not len(there):
        return none, []  # told already
    try:
        return numbered(sheet.target[there], there + 1, str(sheet.label), reading.bins), []
    except DataError as error:
        return none, [str(error)]


def _oddities(sheet: Sheet, features: NDArray[np.float64], reading: Reading) -> Iterator[str]:
    constant = [sheet.columns[at] for at in np.flatnonzero((features == features[0]).all(axis=0))]
    if constant:
        column = "columns are" if len(constant) > 1 else "column is"
        yield f"{len(constant)} {column} constant and tell{'' if constant[1:] else 's'} nothing: {listed(constant)}"
    beyond = [sheet.columns[at] for at in np.flatnonzero(np.abs(features).max(axis=0) > np.finfo(np.float32).max)]
    if beyond:
        yield f"numbers beyond float32 (3.4e38) in {listed(beyond)}: is that what was meant?"
    if len(features) < _FEW:
        yield f"there are {len(features)} rows only: what is measured on them says little"
    if not reading.labelled and sheet.label is None:
        yield "no column is taken for the label: name one that is no feature, as FILE:LABEL"
    if reading.labelled and reading.label is None and reading.header is False:
        yield f"the last column, {shortened(str(sheet.label), 30)}, is taken for the label; name another as FILE:LABEL"
