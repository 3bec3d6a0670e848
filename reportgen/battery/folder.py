"""The folder of what is stored: known by its tag, so that nothing else is ever written to, read or deleted."""

from __future__ import annotations

import errno
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from reportgen.errors import EnvironmentFault, UsageError, shortened
from reportgen.files import KIB, read_regular

__all__ = ["CELL", "FIGURE", "KINDS", "SITE", "Folder", "shown", "write"]

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


class Folder:
    """A folder that holds files of ours and nothing else.

    Parameters
    ----------
    folder
        Made on first use; None stores nothing.

    Attributes
    ----------
    warnings
        What went wrong so far, one line each; nothing of that stops a build.

    Raises
    ------
    UsageError
        If the folder holds other things, or is none.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        if folder is not None:
            self._refuse_foreign(folder)

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
            raise UsageError(f"cache {shown(folder)}: is not a folder") from None
        except FileNotFoundError:
            ours = not folder.exists()
        except OSError as error:
            self.folder, ours = None, True
            self.warnings.append(f"cache {shown(folder)}: cannot be read ({error.strerror}), everything is measured")
        if not ours:
            raise UsageError(
                f"cache {shown(folder)}: holds files that are not reportgen's; name a new or an empty folder"
            )

    def tag(self, folder: Path) -> None:
        """Make the folder, and mark it as ours."""
        tag = folder / _TAG
        if not tag.exists():
            folder.mkdir(parents=True, exist_ok=True)
            write(tag, _TAG_TEXT.encode())


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


def shown(path: Path) -> str:
    """Return a path as a warning shows it."""
    return shortened(str(path), 150)


def _is_beyond(path: Path, folder: Path) -> bool:
    """Tell whether a path is a folder, or lies behind a link."""
    return (path.is_dir() and not path.is_symlink()) or (path.parent != folder and path.parent.is_symlink())


def write(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever opens it sees all of it, or what was there before."""
    part = path.with_name(f"{path.stem}-{uuid.uuid4().hex}.tmp")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()
