"""A table as text (.csv, .tsv, .txt, .data ...): its rows in one plain form, then its columns, which pandas reads."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DataError, shortened
from reportgen.nn.files import header
from reportgen.nn.files.dialect import SEPARATORS, Dialect, found, rows
from reportgen.nn.files.encoding import decoded
from reportgen.nn.files.numbers import FALSE, MISSING, TRUE, as_numbers, decimal_mark, looks_numeric
from reportgen.nn.files.reading import Reading
from reportgen.nn.files.source import unpacked

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read"]

Columns = list[tuple[str, NDArray[Any]]]

_FOREIGN = {
    b"PK\x03\x04": "an Excel workbook or .zip archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Excel workbook",
    b"%PDF-": "a PDF",
    b"\x89HDF\r\n\x1a\n": "an HDF5 file",
    b"\x89PNG\r\n\x1a\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x93NUMPY": "an array of numpy.save",
    b"PAR1": "a .parquet table",
    b"SQLite format 3\0": "an SQLite database",
    b"\xfd7zXZ\0": "an .xz archive",
    b"\x28\xb5\x2f\xfd": "a .zst archive",
    b"7z\xbc\xaf\x27\x1c": "a .7z archive",
}
"""First bytes of files that are no text, whatever their names say."""

_PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)

_NO_VALUE = ("-", "--", "–", "—", ".", "None", "none", "fehlt", "Fehlt")
"""What may stand for a missing value beside `MISSING`, but may also be the name of a class."""

_TYPE: Mapping[bool, Any] = {True: {"dtype": str}, False: {}}
"""What pandas is told about the columns where numbers are read from words, and where it finds out itself."""

_LOOKED_AT = 200
"""Rows that the header is judged by."""


def read(raw: bytes, reading: Reading) -> Columns:
    """Return the columns of a text table by their names: float64 with nan, or objects with None where one is missing.

    Raises
    ------
    DataError
        For bytes that are no text, quotes that are not closed, a header that is none, and rows of another length.
    """
    table = _Body(*_text_of(raw, reading))
    top = [row for _, row in islice(table.rows(), _LOOKED_AT)]
    if not top:
        raise DataError("the file is empty")
    above, names = header.found(top, table.dialect.width, reading, lambda: sum(1 for _ in table.rows()))
    if len(names) == 1:
        tried = ", ".join(SEPARATORS.values())
        raise DataError(f"has one column only, {shortened(names[0])!r}: not separated by {tried}; pass --delimiter")
    return _columns(table.plain(above, len(names)), names, table.may_hold_commas(), reading)


def _text_of(raw: bytes, reading: Reading) -> tuple[str, Dialect]:
    raw = unpacked(raw) if raw.startswith(b"\x1f\x8b") else raw
    if foreign := next((what for mark, what in _FOREIGN.items() if raw.startswith(mark)), ""):
        raise DataError(f"is {foreign}, not a text: save the table as CSV")
    if _PAGE.match(raw):
        raise DataError("is a web page, not a table: download the file itself")
    whole = decoded(raw, reading.encoding).removesuffix("\x1a")  # which ended a text in DOS
    dialect, text = found(whole, reading.delimiter)
    return text, dialect


class _Body(NamedTuple):
    """The rows of a text without comments."""

    text: str
    dialect: Dialect

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield line and values. A line behind ``#`` is a comment; the last of those on top may be the header."""
        lines, above = rows(self.text, self.dialect), list[str]()
        for line, row in lines:
            if not _is_comment(row):
                if len(above) == self.dialect.width and any(map(_is_number, row)):
                    yield line, above
                yield line, row
                break
            above = [cell for cell in (row[0].lstrip("# "), *row[1:]) if cell]
        for line, row in lines:
            if not _is_comment(row) or len(row) == self.dialect.width:
                yield line, row

    def plain(self, above: int, width: int) -> io.StringIO:
        """Return the rows below so many in one plain form, each of this length.

        Raises
        ------
        DataError
            Naming the first row of another length, and how many there are.
        """
        text, faulty = io.StringIO(newline=""), list[tuple[int, list[str]]]()
        write = csv.writer(text, lineterminator="\n").writerow
        for line, row in islice(self.rows(), above, None):
            if len(row) == width or (len(row) > width and not any(row[width:])):
                write(row[:width])
            else:
                faulty.append((line, row))
        if faulty:
            raise DataError(self._ragged(faulty, width))
        text.seek(0)
        return text

    def _ragged(self, faulty: list[tuple[int, list[str]]], width: int) -> str:
        line, row = faulty[0]
        more = f", and {len(faulty) - 1} more" if len(faulty) > 1 else ""
        between = SEPARATORS.get(self.dialect.delimiter, self.dialect.delimiter)
        values = f"{len(row)} value{'s' if row[1:] else ''}"
        return (
            f"line {line} has {values} where {width} are expected ({shortened(', '.join(row), 40)}){more}; "
            f"separated by {between}: quote a value that holds one, or pass --delimiter"
        )

    def may_hold_commas(self) -> bool:
        """Tell whether a value may have a comma, which may be its decimal mark."""
        return "," in self.text and (self.dialect.delimiter != "," or self.dialect.quote in self.text)


def _is_comment(row: list[str]) -> bool:
    """Tell whether a row is a comment; the errors of a spreadsheet, such as ``#NV``, begin like one."""
    return row[0].startswith("#") and row[0] not in MISSING


def _is_number(cell: str) -> bool:
    return cell not in MISSING and looks_numeric(cell)


def _columns(plain: io.StringIO, names: list[str], has_commas: bool, reading: Reading) -> Columns:
    import pandas as pd  # here alone: workers without a user's file do without it

    label = _label_at(names, reading)
    as_words = has_commas or reading.decimal == ","
    missing: Any = {at: [*MISSING, *(() if at == label else _NO_VALUE)] for at in range(len(names))}
    frame = pd.read_csv(
        plain,
        header=None,
        names=range(len(names)),
        index_col=False,
        keep_default_na=False,
        na_values=missing,
        true_values=list(TRUE),
        false_values=list(FALSE),
        low_memory=False,  # the type of a column is inferred from all of it
        **_TYPE[as_words],
    )
    kept = [at for at, name in enumerate(names) if name not in reading.drop]
    decimal = reading.decimal or decimal_mark((names[at], frame[at].dropna().unique()) for at in kept if as_words)
    columns = [(name, _values(frame[at], decimal)) for at, name in enumerate(names)]
    return _without_empty_end(columns) if reading.header is False else columns


def _label_at(names: list[str], reading: Reading) -> int | None:
    label = reading.label or ("label" if reading.header is not False else names[-1])
    return names.index(label) if label in names else None


def _values(column: pd.Series[Any], decimal: str) -> NDArray[Any]:
    """Return a column as float64 with nan where a number is missing, or as objects with None where a word is."""
    if column.dtype.kind in "biuf":
        return column.astype(np.float64).to_numpy()
    values = column.astype(object).where(column.notna(), None).to_numpy()
    numbers = as_numbers([None if value is None else str(value) for value in values], decimal)
    return values if numbers is None else numbers


def _without_empty_end(columns: Columns) -> Columns:
    """Leave out what a separator at the end of every line makes of rows without a header."""
    last = columns[-1][1]
    is_empty = last.dtype.kind == "f" and np.isnan(last).all()
    return columns[:-1] if is_empty and len(last) else columns
