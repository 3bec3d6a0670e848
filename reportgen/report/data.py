"""Data frames as files of the site: plain CSV behind a figure, and packed where a table holds the whole battery."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["csv", "data_files", "data_names", "table_file", "whole_table"]

_PACKED = frozenset({"forward", "gradients", "theory"})
"""Result tables of tens of thousands of rows, which take a sixth of the room when they are packed."""

_UNKNOWN_SYSTEM = b"\xff"
"""Where a packed file says on which system it was packed; it must not depend on that."""


def data_files(stem: str, frames: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the tables of a figure as files.

    Parameters
    ----------
    stem
        The name that the files of the figure share; the first table has it as it is.
    frames
        Name -> data frame.

    Returns
    -------
    dict
        Path within the site -> content.
    """
    return {
        f"data/{name}.csv": csv(frame) for name, frame in zip(data_names(stem, frames), frames.values(), strict=True)
    }


def data_names(stem: str, tables: Iterable[str]) -> list[str]:
    """Return the names of the files of a figure's tables, without their suffix."""
    _, *more = tables
    return [stem, *(f"{stem}-{name.replace('_', '-')}" for name in more)]


def table_file(table: str) -> str:
    """Return the name of the file that holds a whole result table."""
    return f"{table}.csv.gz" if table in _PACKED else f"{table}.csv"


def whole_table(table: str, frame: Any) -> dict[str, bytes]:
    """Return a whole result table as a file: path within the site -> content."""
    name, content = table_file(table), csv(frame)
    return {f"data/{name}": _packed(content) if name.endswith(".gz") else content}


def _packed(content: bytes) -> bytes:
    """Pack a file; the same bytes for the same content, whenever and wherever that is done."""
    packed = gzip.compress(content, mtime=0)
    return packed[:9] + _UNKNOWN_SYSTEM + packed[10:]


def csv(frame: Any) -> bytes:
    """Write a data frame with nine significant digits, enough to give every float32 back, and names as they are.

    Only a byte of a file name that is not UTF-8 is escaped.
    """
    text: str = frame.to_csv(index=False, float_format="%.9g", na_rep="nan", lineterminator="\n")
    return text.encode(errors="backslashreplace")
