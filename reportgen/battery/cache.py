"""Measurements on disk: one checked file per cell, so that nothing is measured twice.

A file is an ordinary ``.npz`` archive with one structured array per table. The last 64 bytes, in the archive's comment,
are the sha256 of the cell's key and all bytes before: a file is parsed only after it has proved to be whole and to
belong to this key. Writers never disturb readers or each other, since a file appears under its name in one step.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import struct
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.experiment import Columns, Measured
from reportgen.errors import EnvironmentFault, UsageError, shortened
from reportgen.files import KIB, MIB, read_regular

__all__ = ["Cache"]

_TAG = "CACHEDIR.TAG"
_TAG_TEXT = """Signature: 8a477f597d28d172789f06886806bc55
# Measurements stored by reportgen. `reportgen clean` removes them; the next build measures again.
# This tag keeps backups away, see https://bford.info/cachedir/
"""
_OURS = re.compile(r"[0-9a-f]{64}(\.npz|-[0-9a-f]{32}\.tmp)|CACHEDIR-[0-9a-f]{32}\.tmp")
_CHECKSUM = 64
"""Length of a sha256 in hexadecimal."""

_LARGEST = 1024 * MIB
"""Size of an entry that is still read."""

_UNREADABLE = (
    *(ValueError, TypeError, KeyError, EOFError, OSError, NotImplementedError, RuntimeError),
    *(MemoryError, OverflowError, SyntaxError, struct.error, zipfile.BadZipFile, zlib.error),
)
"""What zipfile and NumPy raise on an archive that was made to harm, found by trying."""


class Cache:
    """The folder of stored measurements.

    Nothing that goes wrong here stops a build: a file that cannot be read or trusted counts as absent, and a disk that
    cannot be written is written no more. `warnings` says so, one line each.

    Parameters
    ----------
    folder
        Made on first use; None stores nothing.

    Attributes
    ----------
    warnings
        What went wrong so far.

    Raises
    ------
    UsageError
        If the folder holds other things, or is none.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        self._writable = folder is not None
        if folder is not None:
            self._refuse_foreign(folder)

    def get(self, key: str) -> Measured | None:
        """Return what is stored under a key, or None where there is nothing that can be trusted.

        Parameters
        ----------
        key
            As given by `Cell.key`.
        """
        if self.folder is None:
            return None
        path = _path(self.folder, key)
        try:
            content = read_regular(path, _LARGEST)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            self.warnings.append(f"{_shown(path)}: cannot be read ({error.strerror}), measured again")
            return None
        measured = _unpack(content) if content[-_CHECKSUM:] == _checksum(key, content) else None
        if measured is None:
            self.distrust(key)
        return measured

    def distrust(self, key: str) -> None:
        """Warn that what is stored under a key is not what it has to be."""
        if self.folder is not None:
            self.warnings.append(f"{_shown(_path(self.folder, key))}: damaged, measured again")

    def holds(self, key: str) -> bool:
        """Tell whether something is stored under a key, without looking at what it is."""
        return self.folder is not None and _path(self.folder, key).is_file()

    def put(self, key: str, measured: Measured) -> None:
        """Store a measurement; after the first failure (disk full, not allowed) no more is tried.

        Parameters
        ----------
        key
            As given by `Cell.key`.
        measured
            Tables of equally long 1-D arrays of numbers, truth values or fixed-length strings.
        """
        if self.folder is None or not self._writable:
            return
        path = _path(self.folder, key)
        try:
            self._tag(self.folder)
            path.parent.mkdir(exist_ok=True)
            if path.parent.is_symlink():
                raise OSError(errno.ELOOP, f"{path.parent.name} is a link")
            _write(path, _pack(key, measured))
        except OSError as error:
            self._writable = False
            self.warnings.append(
                f"cache {_shown(self.folder)}: cannot be written ({error.strerror}), nothing more is stored"
            )

    def size(self) -> tuple[int, int]:
        """Return the number of stored measurements and the bytes that all files of this cache take."""
        files = [(path.suffix, path.lstat().st_size) for path in self._files()]
        return sum(suffix == ".npz" for suffix, _ in files), sum(size for _, size in files)

    def ensure_cleanable(self) -> None:
        """Check that every file that reportgen stored can be removed, before the first one is.

        Raises
        ------
        EnvironmentFault
            For a folder that cannot be read or written.
        """
        for warning in self.warnings:  # of a folder that cannot be read: nobody knows what is in it
            raise EnvironmentFault(warning)
        for folder in sorted({path.parent for path in (*self._files(), *self._tags())}):
            if not os.access(folder, os.W_OK | os.X_OK):
                raise EnvironmentFault(f"cache {folder}: cannot be written, nothing was deleted")

    def clean(self) -> int:
        """Remove every file that reportgen stored, leave all others, and return the number of measurements.

        Raises
        ------
        EnvironmentFault
            If a file cannot be removed.
        """
        self.ensure_cleanable()
        if self.folder is None:
            return 0
        measurements, _ = self.size()
        try:
            for path in (*self._files(), *self._tags()):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise EnvironmentFault(f"{error.filename}: cannot be removed: {error.strerror}") from None
        for folder in (*self.folder.glob("[0-9a-f][0-9a-f]"), self.folder):
            with suppress(OSError):  # what is not empty holds something that is not ours
                folder.rmdir()
        return measurements

    def _files(self) -> Iterator[Path]:
        """Yield what was stored; a link to a folder is not followed, and one to a file counts as the file."""
        if self.folder is not None:
            found = (*self.folder.glob("[0-9a-f][0-9a-f]/*"), *self.folder.glob("*.tmp"))
            yield from (path for path in found if _OURS.fullmatch(path.name) and not _is_beyond(path, self.folder))

    def _tags(self) -> Iterator[Path]:
        if self.folder is not None and os.path.lexists(self.folder / _TAG):
            yield self.folder / _TAG

    def _refuse_foreign(self, folder: Path) -> None:
        """Keep away from a folder with other things in it, such as a home folder given by mistake."""
        try:
            others = [path for path in folder.iterdir() if not _OURS.fullmatch(path.name)]
            ours = not others or _is_tagged(folder)
        except NotADirectoryError:
            raise UsageError(f"cache {_shown(folder)}: is not a folder") from None
        except FileNotFoundError:
            ours = not folder.exists()
        except OSError as error:
            self.folder, ours = None, True
            self.warnings.append(f"cache {_shown(folder)}: cannot be read ({error.strerror}), everything is measured")
        if not ours:
            raise UsageError(
                f"cache {_shown(folder)}: holds files that are not reportgen's; name a new or an empty folder"
            )

    def _tag(self, folder: Path) -> None:
        tag = folder / _TAG
        if not tag.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _write(tag, _TAG_TEXT.encode())


def _is_tagged(folder: Path) -> bool:
    """Tell whether the tag in a folder is ours; one that is no file, or very large, is not."""
    try:
        text = read_regular(folder / _TAG, 64 * KIB)
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.EFBIG, errno.EISDIR):
            return False
        raise
    return b"by reportgen" in text


def _shown(path: Path) -> str:
    return shortened(str(path), 150)


def _is_beyond(path: Path, folder: Path) -> bool:
    """Tell whether a path is a folder, or lies behind a link."""
    return (path.is_dir() and not path.is_symlink()) or (path.parent != folder and path.parent.is_symlink())


def _path(folder: Path, key: str) -> Path:
    """Spread the files over 256 folders: long folders are slow on some disks."""
    return folder / key[:2] / f"{key}.npz"


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever opens it sees all of it, or what was there before."""
    part = path.with_name(f"{path.stem}-{uuid.uuid4().hex}.tmp")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()


def _pack(key: str, measured: Measured) -> bytes:
    buffer = io.BytesIO()
    tables = {f"table/{table}": _structured(columns) for table, columns in measured.items()}
    np.savez(buffer, allow_pickle=False, **tables)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = bytes(_CHECKSUM)  # room for it: the comment is the end of the file
    content = buffer.getvalue()
    return content[:-_CHECKSUM] + _checksum(key, content)


def _unpack(content: bytes) -> Measured | None:
    """Return the tables of an archive, or None for one that this module did not write: the checksum is no secret."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > len(content):
                return None  # compressed: ours are not
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            tables = {name.removeprefix("table/"): arrays[name] for name in arrays.files}
    except _UNREADABLE:
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


def _checksum(key: str, content: bytes) -> bytes:
    total = hashlib.sha256(key.encode())
    total.update(memoryview(content)[:-_CHECKSUM])
    return total.hexdigest().encode()
