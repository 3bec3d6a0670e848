"""Read a user's table of examples (.csv, .parquet, .npz), or say in one line what is wrong with it and where.

Rows are counted from 1 and a header does not count.
"""

from __future__ import annotations

import csv
import io
import math
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DataError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["parse", "read_bytes"]

Columns = dict[str, NDArray[Any]]
Table = tuple[NDArray[np.float64], NDArray[np.int64], int]

_MISSING = [
    *("", "n/a", "nan", "null", "N/A", "NA", "NULL", "NaN", "-nan", "-NaN"),
    *("#N/A", "#N/A N/A", "#NA", "1.#IND", "1.#QNAN", "-1.#IND", "-1.#QNAN"),
]
"""What stands in a CSV file where a value is missing."""

_TRUE, _FALSE = ["1", "true", "True", "TRUE"], ["0", "false", "False", "FALSE"]
"""Truth values of a CSV file, which become 1 and 0."""


def read_bytes(path: Path) -> bytes:
    """Return the content of a data file.

    Raises
    ------
    DataError
        If it is missing, unreadable, or of a kind that `parse` does not know.
    """
    if path.suffix.lower() not in _READERS:
        raise DataError(f"{path}: unknown kind of data file {path.suffix!r}; allowed: {', '.join(_READERS)}")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such data file") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None


def parse(raw: bytes, path: Path, label: str) -> Table:
    """Return features, labels and the number of classes of a data file.

    Parameters
    ----------
    raw
        Its content.
    path
        Where it comes from; the suffix tells the kind.
    label
        Name of the column or array with the classes.

    Returns
    -------
    features
        All other columns side by side, finite, shape (examples, features).
    labels
        Class numbers 0 .. classes - 1 in the sorted order of the classes, shape (examples,).
    classes
        Number of classes, at least 2.

    Raises
    ------
    DataError
        Naming the file, the column and the row of the first fault.
    """
    try:
        return _table(_read(raw, path.suffix.lower()), label)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None


def _read(raw: bytes, suffix: str) -> Columns:
    try:
        return _READERS[suffix](raw)
    except (ValueError, OSError, EOFError, NotImplementedError, csv.Error, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"cannot be read as {suffix}: {' '.join(str(error).split())}") from None


def _read_csv(raw: bytes) -> Columns:
    import pandas as pd  # here alone: workers without a user's file do without it

    text = _text(raw)
    names = _header(text)
    frame = pd.read_csv(
        io.StringIO(text, newline=""),
        header=0,
        names=range(len(names)),
        index_col=False,
        keep_default_na=False,
        na_values=_MISSING,
        true_values=_TRUE,
        false_values=_FALSE,
        low_memory=False,  # the type of a column is inferred from all of it
    )
    return {name: _values(frame[position]) for position, name in enumerate(_named(names))}


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8 (byte {raw[error.start]:#x})") from None


def _header(text: str) -> list[str]:
    """Return the names in the first row, if every other row is as long; pandas would fill up what is too short."""
    names: list[str] = []
    rows = (row for row in csv.reader(io.StringIO(text, newline="")) if row)
    for number, row in enumerate(rows, start=1):
        names = names or row
        if len(row) != len(names):
            raise ValueError(f"Row #{number}: Expected {len(names)} columns, got {len(row)}: {','.join(row):.40}")
    if not names:
        raise ValueError("Empty CSV file")
    return names


def _values(column: pd.Series[Any]) -> NDArray[Any]:
    """Return a column as float64 with nan where a number is missing, or as objects with None where a word is."""
    present = column.dropna()
    if column.dtype.kind in "biuf" or all(isinstance(value, int) for value in present):  # bool is an int
        return column.astype(np.float64).to_numpy()
    values = column.astype(object)
    return values.where(column.notna(), None).to_numpy()


def _read_parquet(raw: bytes) -> Columns:
    try:
        from pyarrow import parquet
    except ImportError:
        raise DataError("a .parquet file needs pyarrow: pip install 'reportgen[parquet]'") from None
    table = parquet.read_table(io.BytesIO(raw))
    return {name: _array(table.column(position)) for position, name in enumerate(_named(table.column_names))}


def _read_npz(raw: bytes) -> Columns:
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        raise DataError("is not an .npz archive")
    with np.load(io.BytesIO(raw), allow_pickle=False) as archive:
        return {name: np.asarray(archive[name]) for name in archive.files}


_READERS: Mapping[str, Callable[[bytes], Columns]] = {
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".npz": _read_npz,
}


def _named(names: list[str]) -> list[str]:
    """Return the names of the columns of a table, if each has one of its own."""
    for position, name in enumerate(names, start=1):
        if not name or name.startswith("__index_level_"):
            raise DataError(f"column {position} has no name: if it is a saved row index, write the file without it")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DataError(f"there are several columns {twice[0]!r}")
    return names


def _array(column: Any) -> NDArray[Any]:
    """Return a column of an Arrow table as float64 with nan where a number is missing, all else as objects."""
    import pyarrow as pa

    kind = column.type
    numeric = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_decimal, pa.types.is_null)
    if any(test(kind) for test in numeric):
        return np.asarray(column.cast(pa.float64(), safe=False).to_numpy())
    values = np.empty(len(column), dtype=object)
    values[:] = column.to_pylist()
    return values


def _table(columns: Columns, label: str) -> Table:
    if label == "label" and set(columns) == {"X", "y"}:
        label = "y"
    if label not in columns:
        raise DataError(f"there is no label column {label!r}: {did_you_mean(label, columns)}")
    labels, classes = _classes(columns[label], label)
    parts = [_feature(values, name, len(labels)) for name, values in columns.items() if name != label]
    if not any(part.size for part in parts):
        raise DataError(f"there is no feature beside the label column {label!r}")
    return np.concatenate(parts, axis=1), labels, classes


def _classes(values: NDArray[Any], label: str) -> tuple[NDArray[np.int64], int]:
    """Return the class number of every row, and how many classes there are."""
    if values.ndim != 1:
        raise DataError(f"label array {label!r} has shape {values.shape}, not one class per example")
    for row, value in enumerate(values.tolist(), start=1):
        whole = isinstance(value, float) and value.is_integer()
        if not (whole or isinstance(value, str | bytes | int)):
            raise DataError(f"label column {label!r} holds {value} in data row {row}: not a word or whole number")
    classes, labels = np.unique(values, return_inverse=True)
    if len(classes) < 2:
        found = f"one class only ({classes[0]})" if len(classes) else "no rows"
        raise DataError(f"label column {label!r} has {found}; at least 2 classes are needed")
    return labels.astype(np.int64), len(classes)


def _feature(values: NDArray[Any], name: str, examples: int) -> NDArray[np.float64]:
    """Return a feature column or array as finite numbers of shape (examples, features)."""
    if not values.ndim or len(values) != examples:
        raise DataError(f"array {name!r} has shape {values.shape}, but there are {examples} labels")
    rows = values.reshape(examples, -1)
    if values.dtype.kind not in "biuf":
        row, text = _first_text(rows)
        raise DataError(f"feature column {name!r} is not numeric: {text:.40} in data row {row}")
    numbers = rows.astype(np.float64)
    if not np.isfinite(numbers).all():
        row, column = np.argwhere(~np.isfinite(numbers))[0]
        which = name if values.ndim == 1 else f"{name}[{column}]"
        raise DataError(f"feature column {which!r} holds {numbers[row, column]} in data row {row + 1}")
    return numbers


def _first_text(rows: NDArray[Any]) -> tuple[int, str]:
    """Return the row (from 1) and the text of the first value that does not read as a number."""
    for row, values in enumerate(rows.tolist(), start=1):
        for value in values:
            try:
                float(math.nan if value is None else value)
            except (TypeError, ValueError):
                return row, str(value)
    return 1, str(rows[0, 0])
