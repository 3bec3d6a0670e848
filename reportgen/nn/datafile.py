"""Read a user's table of examples, or say in one line what is wrong with it, where, and what to do.

What each kind of file is stands in `reportgen.nn.files`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from reportgen.errors import DataError
from reportgen.nn.files import delimited, npz, parquet, source
from reportgen.nn.files.reading import Reading
from reportgen.nn.files.table import Table, table

__all__ = ["parse", "read_bytes"]

read_bytes = source.read


def parse(raw: bytes, path: Path, reading: Reading) -> Table:
    """Return features and labels of a data file.

    Parameters
    ----------
    raw
        Its content.
    path
        Where it comes from; the name tells the kind.
    reading
        How it is to be read.

    Raises
    ------
    DataError
        Naming the file and all that is wrong with it.
    """
    try:
        return table(_columns(raw, source.kind(path), reading), reading, source.room(path))
    except DataError as error:
        raise source.told(path, str(error)) from None


def _columns(raw: bytes, kind: str, reading: Reading) -> list[tuple[str, NDArray[Any]]]:
    if kind == ".npz":
        return npz.read(raw)
    if kind == ".parquet":
        return parquet.read(raw)
    return delimited.read(source.unpacked(raw) if kind.endswith(".gz") else raw, reading)
