"""Columns of a .parquet table, within a limit that its own metadata is held against first."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DataError, shortened
from reportgen.nn.files.source import LIMIT, size

__all__ = ["read"]


def read(raw: bytes) -> list[tuple[str, NDArray[Any]]]:
    """Return the columns of a table by their names.

    Raises
    ------
    DataError
        If pyarrow is missing, the file damaged, or larger than the limit in memory.
    """
    try:
        from pyarrow import parquet
    except ImportError:
        raise DataError("a .parquet file needs pyarrow: pip install 'reportgen[parquet]'") from None
    try:
        file = parquet.ParquetFile(io.BytesIO(raw))
        _check(file.metadata)
        table = file.read()
    except (ValueError, OSError, EOFError, NotImplementedError, KeyError) as error:
        raise DataError(f"cannot be read as .parquet: {shortened(str(error), 150)}") from None
    return [(str(name), _array(table.column(at))) for at, name in enumerate(table.column_names)]


def _check(metadata: Any) -> None:
    groups = sum(metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    total = max(groups, 8 * metadata.num_rows * metadata.num_columns)
    if total > LIMIT:
        raise DataError(f"unpacks to {size(total)}; at most {size(LIMIT)} are read: give a part of its rows")


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
