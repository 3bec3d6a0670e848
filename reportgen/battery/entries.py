"""Checked files on disk, each under the key of what it was made from: what was measured, drawn or published before.

The last 64 bytes of a file are the sha256 of its key and of all bytes before: a file is looked at only after it has
proved to be whole and to belong to this key. Writers never disturb readers or each other, since a file appears under
its name in one step.
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
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from reportgen.errors import EnvironmentFault, UsageError, shortened
from reportgen.files import KIB, MIB, read_regular

__all__ = ["CELL", "FIGURE", "KINDS", "SITE", "UNREADABLE", "Entries", "checksum", "opened"]

CELL, FIGURE, SITE = "npz", "figure", "site"
"""What is stored: the measurements of a cell, the files of a figure, what a site was published from."""

KINDS = MappingProxyType({CELL: "measured again", FIGURE: "drawn again", SITE: "looked up again"})
"""Suffix of a file -> what is done where it cannot be used."""

_TAG = "CACHEDIR.TAG"
_TAG_TEXT = """Signature: 8a477f597d28d172789f06886806bc55
# Measurements and figures stored by reportgen. `reportgen clean` removes them; the next build makes them again.
# This tag keeps backups away, see https://bford.info/cachedir/
"""
_OURS = re.compile(r"[0-9a-f]{64}(\.(npz|figure|site)|-[0-9a-f]{32}\.tmp)|CACHEDIR-[0-9a-f]{32}\.tmp")
_CHECKSUM = 64
"""Length of a sha256 in hexadecimal."""

_LARGEST = 1024 * MIB
"""Size of an entry that is still read."""

UNREADABLE = (
    *(ValueError, TypeError, KeyError, EOFError, OSError, NotImplementedError, RuntimeError),
    *(MemoryError, OverflowError, SyntaxError, struct.error, zipfile.BadZipFile, zlib.error),
)
"""What zipfile and NumPy raise on an archive that was made to harm, found by trying."""


class Entries:
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
        self.folder = folder
        self.warnings: list[str] = []
        self._writable = folder is not None
        if folder is not None:
            self._refuse_foreign(folder)

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
            self.warnings.append(f"{_shown(path)}: cannot be read ({error.strerror}), {KINDS[kind]}")
            return None
        if content[-_CHECKSUM:] == checksum(key, content):
            return content
        self.distrust(key, kind)
        return None

    def distrust(self, key: str, kind: str = CELL) -> None:
        """Warn that what is stored under a key is not what it has to be."""
        if self.folder is not None:
            self.warnings.append(f"{_shown(_path(self.folder, key, kind))}: damaged, {KINDS[kind]}")

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
            self._tag(self.folder)
            path.parent.mkdir(exist_ok=True)
            if path.parent.is_symlink():
                raise OSError(errno.ELOOP, f"{path.parent.name} is a link")
            _write(path, _sealed(key, archive))
        except OSError as error:
            self._writable = False
            self.warnings.append(
                f"cache {_shown(self.folder)}: cannot be written ({error.strerror}), nothing more is stored"
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

    def is_empty(self) -> bool:
        """Tell whether nothing is stored."""
        return next(self._files(), None) is None

    def size(self) -> tuple[int, int]:
        """Return the number of stored measurements and the bytes that all files of this cache take."""
        files = [(path.suffix, path.lstat().st_size) for path in self._files()]
        return sum(suffix == f".{CELL}" for suffix, _ in files), sum(size for _, size in files)

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

    def clean(self) -> dict[str, int]:
        """Remove every file that reportgen stored, leave all others, and return the number of each kind.

        Raises
        ------
        EnvironmentFault
            If a file cannot be removed.
        """
        self.ensure_cleanable()
        counts = dict.fromkeys(KINDS, 0)
        if self.folder is None:
            return counts
        try:
            for path in (*self._files(), *self._tags()):
                path.unlink(missing_ok=True)
                kind = path.suffix[1:]
                counts |= {kind: counts[kind] + 1} if kind in counts else {}
        except OSError as error:
            raise EnvironmentFault(f"{error.filename}: cannot be removed: {error.strerror}") from None
        for folder in (*self.folder.glob("[0-9a-f][0-9a-f]"), self.folder):
            with suppress(OSError):  # what is not empty holds something that is not ours
                folder.rmdir()
        return counts

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


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever opens it sees all of it, or what was there before."""
    part = path.with_name(f"{path.stem}-{uuid.uuid4().hex}.tmp")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()
