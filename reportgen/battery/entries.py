"""Checked files on disk, each under the key of what it was made from: what was measured, drawn or published before.

The last 64 bytes of a file are the sha256 of its key and of all bytes before: a file is looked at only after it has
proved to be whole and to belong to this key. Writers never disturb readers or each other, since a file appears under
its name in one step.
"""

from __future__ import annotations

import errno
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from reportgen.battery.folder import CELL, KINDS, Folder, shown, write
from reportgen.files import MIB, read_regular

__all__ = ["UNREADABLE", "Entries", "checksum", "opened"]

_CHECKSUM = 64
"""Length of a sha256 in hexadecimal."""

_LARGEST = 1024 * MIB
"""Size of an entry that is still read."""

UNREADABLE = (
    *(ValueError, TypeError, KeyError, EOFError, OSError, NotImplementedError, RuntimeError),
    *(MemoryError, OverflowError, SyntaxError, struct.error, zipfile.BadZipFile, zlib.error),
)
"""What zipfile and NumPy raise on an archive that was made to harm, found by trying."""


class Entries(Folder):
    """A folder of checked files, by key and kind.

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
        super().__init__(folder)
        self._writable = folder is not None

    def read(self, key: str, kind: str) -> bytes | None:
        """Return the archive that is stored under a key, or None where there is nothing that can be trusted.

        Parameters
        ----------
        key
            A sha256 in hexadecimal.
        kind
            One of `KINDS`.
        """
        if self.folder is None:
            return None
        path = _path(self.folder, key, kind)
        try:
            content = read_regular(path, _LARGEST)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            self.warnings.append(f"{shown(path)}: cannot be read ({error.strerror}), {KINDS[kind]}")
            return None
        if content[-_CHECKSUM:] == checksum(key, content):
            return content
        self.distrust(key, kind)
        return None

    def distrust(self, key: str, kind: str = CELL) -> None:
        """Warn that what is stored under a key is not what it has to be."""
        if self.folder is not None:
            self.warnings.append(f"{shown(_path(self.folder, key, kind))}: damaged, {KINDS[kind]}")

    def holds(self, key: str, kind: str = CELL) -> bool:
        """Tell whether something is stored under a key, without looking at what it is."""
        return self.folder is not None and _path(self.folder, key, kind).is_file()

    def write(self, key: str, kind: str, archive: io.BytesIO) -> None:
        """Store a zip archive; after the first failure (disk full, not allowed) no more is tried.

        Parameters
        ----------
        key, kind
            As for `read`.
        archive
            What is stored; the checksum becomes its comment.
        """
        if self.folder is None or not self._writable:
            return
        path = _path(self.folder, key, kind)
        try:
            self.tag(self.folder)
            path.parent.mkdir(exist_ok=True)
            if path.parent.is_symlink():
                raise OSError(errno.ELOOP, f"{path.parent.name} is a link")
            write(path, _sealed(key, archive))
        except OSError as error:
            self._writable = False
            self.warnings.append(
                f"cache {shown(self.folder)}: cannot be written ({error.strerror}), nothing more is stored"
            )

    def put_files(self, key: str, kind: str, files: Mapping[str, bytes]) -> None:
        """Store some files together; as `write`."""
        if self.folder is not None and self._writable:
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as out:
                for name, content in files.items():
                    out.writestr(zipfile.ZipInfo(name), content)
            self.write(key, kind, archive)

    def get_files(self, key: str, kind: str) -> dict[str, bytes] | None:
        """Return files that are stored together; as `read`."""
        content = self.read(key, kind)
        if content is None:
            return None
        try:
            with opened(content) as archive:
                return {name: archive.read(name) for name in archive.namelist()}
        except UNREADABLE:
            self.distrust(key, kind)
            return None


def opened(content: bytes) -> zipfile.ZipFile:
    """Open an archive that was read; one that this module did not write, in which more is said to be, is refused.

    The checksum is no secret. What this raises, or reading the archive does, is among `UNREADABLE`.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    if sum(member.file_size for member in archive.infolist()) > len(content):
        raise ValueError("compressed: ours are not")
    return archive


def checksum(key: str, content: bytes) -> bytes:
    """Return the checksum that ends the content of an entry."""
    total = hashlib.sha256(key.encode())
    total.update(memoryview(content)[:-_CHECKSUM])
    return total.hexdigest().encode()


def _sealed(key: str, archive: io.BytesIO) -> bytes:
    with zipfile.ZipFile(archive, "a") as added:
        added.comment = bytes(_CHECKSUM)  # room for it: the comment is the end of the file
    content = archive.getvalue()
    return content[:-_CHECKSUM] + checksum(key, content)


def _path(folder: Path, key: str, kind: str) -> Path:
    """Spread the files over 256 folders: long folders are slow on some disks."""
    return folder / key[:2] / f"{key}.{kind}"
