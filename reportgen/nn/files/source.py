"""Which files are opened: regular ones of a known kind, within a limit, whole; and what to do with others."""

from __future__ import annotations

import gzip
import io
import re
import stat
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportgen.errors import DataError, shortened
from reportgen.files import read_regular

__all__ = ["KINDS", "LIMIT", "TEXT", "kind", "located", "read", "room", "size", "told", "unpacked"]

TEXT = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data")
"""Kinds of tables as text; each may be compressed as .gz."""

KINDS = (*TEXT, *(f"{one}.gz" for one in TEXT), ".npz", ".parquet")

LIMIT = 2**29
"""Bytes that a file may have, and may unpack to."""

_LINE = 285
"""Characters of an error line, which the command line puts its own name before."""

_URL = re.compile(r"(?i)[a-z][a-z0-9+.-]+:/")

_NOT_REGULAR: Mapping[str, Any] = {
    "a folder": stat.S_ISDIR,
    "a pipe": stat.S_ISFIFO,
    "a device": stat.S_ISCHR,
    "a disk": stat.S_ISBLK,
    "a socket": stat.S_ISSOCK,
}

_SPREADSHEET = "a spreadsheet program's own format: save the sheet as CSV"
_PANDAS = "write the table as CSV with pandas: {}(...).to_csv('data.csv', index=False)"
_PACKED = "unpack it and give the file inside"
_REMEDIES = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods", ".numbers"), _SPREADSHEET),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), _PANDAS.format("read_json")),
    **dict.fromkeys((".feather", ".arrow"), _PANDAS.format("read_feather")),
    **dict.fromkeys((".h5", ".hdf5", ".hdf"), _PANDAS.format("read_hdf")),
    **dict.fromkeys((".zip", ".bz2", ".xz", ".zst", ".7z", ".tar", ".tgz", ".rar"), _PACKED),
    **dict.fromkeys((".pkl", ".pickle", ".joblib", ".pt"), "opening it runs code: save the table as .csv or .npz"),
    ".arff": "delete the lines that start with @ or %, put the names of the columns first and save it as .csv",
    ".npy": "one array has no labels: save both with numpy.savez('data.npz', X=features, y=labels)",
    ".mat": "save its arrays with numpy.savez('data.npz', X=features, y=labels)",
    ".sav": _PANDAS.format("read_spss"),
    ".dta": _PANDAS.format("read_stata"),
    ".html": "it is a web page: save its table as CSV",
}
"""Kinds that are not read -> what to do."""


def room(path: str | Path) -> int:
    """Return how many characters the faults of a file may take in a line that begins with its name."""
    return _LINE - 2 - min(len(shortened(str(path), _LINE)), 58)


def told(path: str | Path, fault: str) -> DataError:
    """Return the error that says what is wrong with a file in one line of bounded length."""
    most = room(path)
    fault = fault if len(fault) <= most else f"{fault[: most - 1]}…"
    return DataError(f"{shortened(str(path), _LINE - 2 - len(fault))}: {fault}")


def size(number: int) -> str:
    """Return a number of bytes in words.

    Examples
    --------
    >>> size(2**29), size(3 * 10**13)
    ('512 MiB', '27.3 TiB')
    """
    value, unit = float(number), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB", "PiB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:.3g} {unit}"


def located(text: str) -> tuple[Path, str | None]:
    """Return the path of ``FILE`` or ``FILE:LABEL``, and the label; an existing file of the whole text wins.

    Raises
    ------
    DataError
        For a URL, or a text that cannot be a path.
    """
    if _URL.match(text) and not _exists(text):
        raise told(text, "is a URL, and reportgen opens no network connection: download the file and give its path")
    if "\0" in text:
        raise told(text, "a path holds no null byte")
    if _exists(text) or ":" not in text:
        return Path(text), None
    cuts = [match.start() for match in re.finditer(":", text)][::-1]
    there = [cut for cut in cuts if _exists(text[:cut])]
    named = [cut for cut in cuts if kind(Path(text[:cut]))]
    if not (found := there or named):
        return Path(text), None
    file, label = text[: found[0]], text[found[0] + 1 :]
    if not label:
        raise told(file, "no label column is named behind the colon: FILE:LABEL")
    return Path(file), label


def _exists(text: str) -> bool:
    try:
        return "\0" not in text and bool(text) and Path(text).exists()
    except OSError:  # a name too long for the system
        return False


def kind(path: Path) -> str:
    """Return the kind that a file has by its name; empty where it is not known."""
    name = path.name.lower()
    return next((one for one in sorted(KINDS, key=len, reverse=True) if name.endswith(one)), "")


def read(path: Path) -> bytes:
    """Return the content of a data file.

    Raises
    ------
    DataError
        If it is missing, unreadable, no regular file, of an unknown kind, or larger than `LIMIT`.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        raise told(path, _unknown(path) or "there is no such data file") from None
    except OSError as error:
        raise told(path, f"cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(found.st_mode):
        what = next((name for name, test in _NOT_REGULAR.items() if test(found.st_mode)), "no file")
        raise told(path, f"is {what}: only regular files are read")
    if unknown := _unknown(path):
        raise told(path, unknown)
    if found.st_size > LIMIT:
        raise told(path, f"has {size(found.st_size)}; at most {size(LIMIT)} are read: give a part of its rows")
    try:
        return read_regular(path, LIMIT)
    except OSError as error:
        raise told(path, f"cannot be read: {error.strerror}") from None


def _unknown(path: Path) -> str:
    """Return what is wrong with the kind of a file, or nothing."""
    if kind(path):
        return ""
    suffix = path.suffix.lower()
    if remedy := _REMEDIES.get(suffix):
        return f"{suffix} is not read: {remedy}"
    allowed = ", ".join(one for one in KINDS if one not in TEXT[2:] and not one.endswith(".gz"))
    return f"unknown kind of data file {shortened(suffix)!r}; allowed: {allowed}, and .gz of a text"


def unpacked(raw: bytes) -> bytes:
    """Return the content of a gzip file.

    Raises
    ------
    DataError
        If it is none, damaged, or unpacks to more than `LIMIT`.
    """
    try:
        with gzip.open(io.BytesIO(raw)) as file:
            content = file.read(LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"cannot be unpacked as .gz: {error}") from None
    if len(content) > LIMIT:
        raise DataError(f"unpacks to more than {size(LIMIT)}: give a part of its rows")
    return content
