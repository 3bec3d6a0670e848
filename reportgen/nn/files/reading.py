"""How a data file is to be read: what a user tells about it; what is not told is found out from the file."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from reportgen.errors import UsageError, did_you_mean, shortened

__all__ = ["ENCODINGS", "Reading", "checked"]

ENCODINGS = (
    *("utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "koi8-r"),
    *("gb18030", "big5", "cp932", "euc-jp", "euc-kr", "latin-1"),
)
"""The encodings that messages name; every other text encoding of Python is taken too."""

_SPOKEN = {"tab": "\t", "\\t": "\t", "space": " ", "blank": " ", "comma": ",", "semicolon": ";", "bar": "|"}
"""Separators that are hard to type, by name."""

_BINS = range(2, 101)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is told about a data file; None leaves it to the file.

    Attributes
    ----------
    label
        Column with the classes: by default `label`, `y` beside a lone `X`, or the last column where there is no header.
    encoding
        Encoding of a text file.
    delimiter, decimal
        What stands between two values, and before the decimals of a number.
    header
        Whether the first row holds names. Without names the columns are called 1, 2, ...
    drop
        Columns that are left out.
    drop_missing
        Whether rows with a missing value are left out.
    bins
        Number of classes of about equal size that a numeric label column is cut into.
    labelled
        Whether there have to be labels. Without, only a column that is named, or called `label`, is taken for them.

    Raises
    ------
    UsageError
        For a value that cannot be used, with what is allowed.
    """

    label: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None
    drop: tuple[str, ...] = ()
    drop_missing: bool = False
    bins: int | None = None
    labelled: bool = True

    def __post_init__(self) -> None:
        for name in _CHECKS:
            object.__setattr__(self, name, checked(name, getattr(self, name)))

    def factors(self) -> dict[str, Any]:
        """Return what differs from the defaults, under the names that a cell's factors have."""
        given = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "label"}
        told = {name: value for name, value in given.items() if value != getattr(_DEFAULT, name)}
        return {"data_label": self.label or "", **{f"data_{name}": value for name, value in told.items()}}

    @classmethod
    def of(cls, factors: Mapping[str, Any]) -> Reading:
        """Return the reading that has these factors among others."""
        names = [field.name for field in fields(cls)]
        told = {name: factors[f"data_{name}"] for name in names if f"data_{name}" in factors}
        return cls(**{**told, "label": told.get("label") or None})


def checked(name: str, value: Any) -> Any:
    """Return one value of a reading in its plain form.

    Raises
    ------
    UsageError
        If it cannot be used.
    """
    return value if value is None or name not in _CHECKS else _CHECKS[name](value)


def _encoding(name: str) -> str:
    try:
        b"a".decode(name, "ignore")  # refuses codecs that do not make text
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        raise UsageError(f"there is no encoding {shortened(name)!r}: {did_you_mean(name, ENCODINGS)}") from None


def _delimiter(text: str) -> str:
    found = _SPOKEN.get(text.lower(), text)
    if len(found) == 1 and not found.isalnum() and found not in "\"'.+-\r\n\0":
        return found
    raise UsageError(f"there is no delimiter {shortened(text)!r}: give one character, or the words tab and blank")


def _decimal(mark: str) -> str:
    if mark in (".", ","):
        return mark
    raise UsageError(f"there is no decimal mark {shortened(mark)!r}: it is . or ,")


def _bins(number: int) -> int:
    if number in _BINS:
        return number
    raise UsageError(f"bins must be from {_BINS[0]} to {_BINS[-1]}, not {number}")


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "encoding": _encoding,
    "delimiter": _delimiter,
    "decimal": _decimal,
    "bins": _bins,
}

_DEFAULT = Reading()
