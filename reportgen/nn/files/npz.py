"""Arrays of an .npz archive: what their headers claim is held against what the archive has, before anything is made."""

from __future__ import annotations

import io
import math
import struct
import tokenize
import warnings
import zipfile
import zlib
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DataError, shortened
from reportgen.nn.files.source import LIMIT, size

__all__ = ["read"]

_HEADERS: dict[tuple[int, int], Any] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}

_DAMAGED = (
    *(SyntaxError, tokenize.TokenError, TypeError, KeyError, ValueError, IndexError, AttributeError, OverflowError),
    *(RecursionError, MemoryError, struct.error),
)
"""What numpy raises on headers that are no header: it evaluates them as Python, whose own errors come through."""


def read(raw: bytes) -> list[tuple[str, NDArray[Any]]]:
    """Return the arrays of an archive by their names.

    Raises
    ------
    DataError
        If it is no archive, damaged, unpacks to more than the limit, or holds objects.
    """
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        raise DataError("is not an .npz archive")
    try:
        with warnings.catch_warnings(action="ignore"):  # numpy tells what it makes of an odd header
            return _arrays(raw)
    except (*_DAMAGED, OSError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"cannot be read as .npz: {shortened(str(error), 150)}") from None


def _arrays(raw: bytes) -> list[tuple[str, NDArray[Any]]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        _check(archive)
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        return [(name, np.asarray(arrays[name])) for name in arrays.files]


def _check(archive: zipfile.ZipFile) -> None:
    total = sum(member.file_size for member in archive.infolist())
    if total > LIMIT:
        raise DataError(f"unpacks to {size(total)}; at most {size(LIMIT)} are read: give a part of its rows")
    for member in archive.infolist():
        if not member.filename.endswith(".npy"):
            raise DataError(f"holds {shortened(member.filename)!r}, which is no array of numpy.savez")
        with archive.open(member) as file:
            _check_array(file, shortened(member.filename.removesuffix(".npy")), member.file_size)


def _check_array(file: IO[bytes], name: str, length: int) -> None:
    shape, dtype = _claimed(file, name)
    if dtype.hasobject:
        raise DataError(f"array {name!r} holds Python objects, which are never loaded: save plain numbers or words")
    items = math.prod(shape)
    claimed = items * dtype.itemsize
    if claimed != length - file.tell() or items > LIMIT:
        there = size(length - file.tell())
        raise DataError(f"array {name!r} claims {shortened(str(shape))} values, {size(claimed)}, but holds {there}")


def _claimed(file: IO[bytes], name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return the shape and type in the header of an array; numpy's own words on a damaged one help nobody."""
    try:
        version = np.lib.format.read_magic(file)
        if version in _HEADERS:
            shape, _, dtype = _HEADERS[version](file)
            return shape, dtype
    except _DAMAGED:
        raise DataError(
            f"cannot be read as .npz: the header of array {name!r} is damaged: save the arrays anew with numpy.savez"
        ) from None
    raise DataError(f"array {name!r} is of a kind that is not read: save plain numbers or words")
