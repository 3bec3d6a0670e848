"""Data frames as files of the site: plain CSV behind a figure, and packed where a table holds the whole battery."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["csv", "data_files", "data_names", "table_file", "whole_table"]

_WHOLE = frozenset({"forward", "gradients", "theory"})
"""Result tables of tens of thousands of rows. They have six digits: networks of one start differ in the second one."""

_PACKED = _WHOLE | {
    "he-lengths-pairs",
    "saturation-units",
    "symmetry-starts",
    "training-first_step",
    "training-plane",
    "training_races",
}
"""Tables of some hundred kilobytes and more, which take a sixth of the room when they are packed."""

_GZIP = 16 + zlib.MAX_WBITS
"""Makes zlib write a gzip file, without a name and a time."""

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
    named = zip(data_names(stem, frames), frames.values(), strict=True)
    return {path: content for name, frame in named for path, content in whole_table(name, frame).items()}


def data_names(stem: str, tables: Iterable[str]) -> list[str]:
    """Return the names of the files of a figure's tables, without their suffix."""
    _, *more = tables
    return [stem, *(f"{stem}-{name.replace('_', '-')}" for name in more)]


def table_file(table: str) -> str:
    """Return the name of the file that holds a table, be it a result or what stands behind a figure."""
    return f"{table}.csv.gz" if table in _PACKED else f"{table}.csv"


def whole_table(table: str, frame: Any) -> dict[str, bytes]:
    """Return a table as a file: path within the site -> content."""
    content = csv(frame, digits=6 if table in _WHOLE else 9)
    return {f"data/{table_file(table)}": _packed(content) if table in _PACKED else content}


def _packed(content: bytes) -> bytes:
    """Pack a file; the same bytes for the same content, whenever and wherever that is done."""
    packing = zlib.compressobj(9, zlib.DEFLATED, _GZIP, strategy=zlib.Z_FILTERED)  # which numbers take less room with
    packed = packing.compress(content) + packing.flush()
    return packed[:9] + _UNKNOWN_SYSTEM + packed[10:]


def csv(frame: Any, digits: int = 9) -> bytes:
    """Write a data frame with names as they are; only a byte of a file name that is not UTF-8 is escaped.

    Parameters
    ----------
    digits
        Significant digits of a number; nine are enough to give every float32 back.
    """
    text: str = frame.to_csv(index=False, float_format=f"%.{digits}g", na_rep="nan", lineterminator="\n")
    return text.encode(errors="backslashreplace")
