"""Putting one set of files in the place of another, all of them or none; what stays the same is not written again.

A folder that can be moved is replaced in two renames; in one that has to stay (the current directory, a mount
point) the files are moved one by one. Either way a failure or an interrupt moves everything back.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from reportgen.files import read_regular
from reportgen.report.workspace import is_folder, move, workspace

__all__ = ["movable", "require_removable", "swap"]

_IMMOVABLE = (errno.EBUSY, errno.EXDEV)  # how the system refuses to rename a folder that something is mounted on


def movable(target: Path) -> bool:
    """Tell whether a folder can be renamed, and what is in it removed thereafter.

    We are not inside, nothing is mounted on it, and its parent, itself and all folders in it can be written.
    """
    if not target.exists():
        return True
    here = Path.cwd()
    if target in (here, *here.parents) or target.is_mount():
        return False
    return _is_writable(target.parent) and all(_is_writable(Path(place)) for place, _, _ in os.walk(target))


def require_removable(target: Path, old: Iterable[str]) -> None:
    """Check that files can be taken out of a folder, before the first one is.

    Parameters
    ----------
    target, old
        As in `swap`.

    Raises
    ------
    PermissionError
        For a folder that cannot be written.
    """
    for folder in sorted({target, *((target / name).parent for name in old)}):
        if folder.exists() and not _is_writable(folder):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


def swap(target: Path, content: Mapping[str, bytes], old: Sequence[str]) -> None:
    """Put new files in the place of old ones, and leave whatever else lies in the folder.

    Parameters
    ----------
    target
        The folder; it need not exist.
    content
        Path within the folder -> content of every new file; without one the folder goes too, if nothing is left in it.
    old
        Paths within the folder of the files that go; all of them are there, and are no folders.

    Raises
    ------
    OSError
        If the system refuses; everything is then as it was.
    EnvironmentFault
        If something could not be moved back after a failure.
    """
    require_removable(target, old)
    try:
        (_swap_folder if movable(target) else _swap_files)(target, content, old)
    except OSError as fault:
        if fault.errno not in _IMMOVABLE:
            raise
        _swap_files(target, content, old)


def _swap_folder(target: Path, content: Mapping[str, bytes], old: Sequence[str]) -> None:
    """Make a new folder with the new files and all foreign ones, and rename it into place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with workspace(target.parent) as work:
        new, moves = work / "new", []
        new.mkdir()
        _write(new, content, target)
        if target.exists():
            shutil.copymode(target, new)
            _carry_over(target, new, old)
            moves.append((target, work / "old"))
        if any(new.iterdir()):
            moves.append((new, target))
        move(moves, work)


def _swap_files(target: Path, content: Mapping[str, bytes], old: Sequence[str]) -> None:
    """Move the old files out of a folder that must stay, and the new ones in."""
    with workspace(target) as work:
        changed = {name: data for name, data in content.items() if name not in old or not _holds(target / name, data)}
        _write(work / "new", changed)
        away = [(target / name, work / "old" / name) for name in old if name in changed or name not in content]
        try:
            move([*away, *((work / "new" / name, target / name) for name in changed)], work)
        finally:
            _remove_emptied((target / name for name in (*old, *content)), target)


def _write(folder: Path, content: Mapping[str, bytes], before: Path | None = None) -> None:
    """Write files; one that is the same in the folder before is taken from there, time and place on disk included."""
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if before is None or not (_holds(before / name, data) and _linked(before / name, path)):
            path.write_bytes(data)


def _holds(path: Path, data: bytes) -> bool:
    """Tell whether a path is a regular file of just this content, with no other name and no link on the way."""
    try:
        status = path.lstat()
        alone = stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and path.parent.resolve() == path.parent
        return alone and status.st_size == len(data) and read_regular(path, len(data)) == data
    except OSError:
        return False


def _linked(source: Path, goal: Path) -> bool:
    try:
        os.link(source, goal, follow_symlinks=False)
    except (OSError, NotImplementedError):
        return False
    return True


def _carry_over(target: Path, new: Path, old: Sequence[str]) -> None:
    """Bring what we did not publish into the new folder: as hard links, or as copies where there are none."""
    for place, folders, names in os.walk(target):
        here = Path(place)
        leaves = [here / name for name in (*names, *folders) if not is_folder(here / name)]
        foreign = [leaf for leaf in leaves if leaf.relative_to(target).as_posix() not in old]
        if foreign or not (names or folders):
            (new / here.relative_to(target)).mkdir(parents=True, exist_ok=True)
        for leaf in foreign:
            _duplicate(leaf, new / leaf.relative_to(target))


def _duplicate(source: Path, goal: Path) -> None:
    """Link or copy a file, unless there is one of this name: another build has published its own meanwhile."""
    try:
        os.link(source, goal, follow_symlinks=False)
    except FileExistsError:
        return
    except (OSError, NotImplementedError):
        shutil.copy2(source, goal, follow_symlinks=False)


def _remove_emptied(files: Iterable[Path], top: Path) -> None:
    """Remove the folders below `top` that held these files, as far as they are empty now."""
    folders = {parent for file in files for parent in file.parents if top in parent.parents}
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        with suppress(OSError):
            folder.rmdir()
