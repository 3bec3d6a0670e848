"""Measurements on disk: one checked file per cell, so that nothing is measured twice.

A file is an ordinary ``.npz`` archive with one structured array per table, kept as `reportgen.battery.entries` keeps
everything.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.entries import UNREADABLE, Entries, opened
from reportgen.battery.experiment import Columns, Measured
from reportgen.battery.folder import CELL

__all__ = ["Cache"]


class Cache(Entries):
    """The folder of stored measurements."""

    def get(self, key: str) -> Measured | None:
        """Return what is stored under a key, or None where there is nothing that can be trusted.

        Parameters
        ----------
        key
            As given by `Cell.key`.
        """
        content = self.read(key, CELL)
        measured = None if content is None else _unpack(content)
        if content is not None and measured is None:
            self.distrust(key)
        return measured

    def put(self, key: str, measured: Measured) -> None:
        """Store a measurement; after the first failure (disk full, not allowed) no more is tried.

        Parameters
        ----------
        key
            As given by `Cell.key`.
        measured
            Tables of equally long 1-D arrays of numbers, truth values or fixed-length strings.
        """
        archive = io.BytesIO()
        tables = {f"table/{table}": _structured(columns) for table, columns in measured.items()}
        np.savez(archive, allow_pickle=False, **tables)
        self.write(key, CELL, archive)


def _unpack(content: bytes) -> Measured | None:
    """Return the tables of an archive, or None for one that this module did not write."""
    try:
        with opened(content):
            pass
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            tables = {name.removeprefix("table/"): arrays[name] for name in arrays.files}
    except UNREADABLE:
        return None
    if not all(isinstance(rows, np.ndarray) and rows.ndim == 1 and rows.dtype.names for rows in tables.values()):
        return None
    return {
        table: {name: np.ascontiguousarray(rows[name]) for name in rows.dtype.names or ()}
        for table, rows in tables.items()
    }


def _structured(columns: Columns) -> NDArray[np.void]:
    """Join the columns of a table into one array: reading one is ten times as fast as reading ten."""
    dtype = np.dtype([(name, column.dtype) for name, column in columns.items()])
    rows = np.empty(len(next(iter(columns.values()))), dtype)
    for name, column in columns.items():
        rows[name] = column
    return rows
