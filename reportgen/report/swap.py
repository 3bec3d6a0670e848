"""Putting one set of files in the place of another, all of them or none.

A folder that can be moved is replaced in two renames; in one that has to stay (the current directory, a mount
point) the files are moved one by one. Either way a failure or an interrupt moves everything back.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from reportgen.errors import EnvironmentFault

__all__ = ["is_folder", "movable", "reason", "remove_emptied", "swap", "workspace"]

_IMMOVABLE = (errno.EBUSY, errno.EXDEV)  # how the system refuses to rename a folder that something is mounted on


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder itself, and no link to one."""
    return path.is_dir() and not path.is_symlink()


def movable(target: Path) -> bool:
    """Tell whether a folder can be renamed: we are not inside, nothing is mounted on it, its parent can be written."""
    if not target.exists():
        return True
    here = Path.cwd()
    fixed = target in (here, *here.parents) or target.is_mount()
    return not fixed and os.access(target.parent, os.W_OK)


def swap(target: Path, content: Mapping[str, bytes], old: Sequence[str]) -> None:
    """Put new files in the place of old ones, and leave whatever else lies in the folder.

    Parameters
    ----------
    target
        The folder; it need not exist.
    content
        Path within the folder -> content of every new file.
    old
        Paths within the folder of the files that go.

    Raises
    ------
    OSError
        If the system refuses; everything is then as it was.
    EnvironmentFault
        If something could not be moved back after a failure.
    """
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
        _write(work / "new", content)
        moves = [(work / "new", target)]
        if target.exists():
            shutil.copymode(target, work / "new")
            _carry_over(target, work / "new", old)
            moves.insert(0, (target, work / "old"))
        _move(moves)


def _swap_files(target: Path, content: Mapping[str, bytes], old: Sequence[str]) -> None:
    """Move the old files out of a folder that must stay, and the new ones in."""
    present = [name for name in old if os.path.lexists(target / name)]
    with workspace(target) as work:
        _write(work / "new", content)
        away = [(target / name, work / "old" / name) for name in present]
        try:
            _move([*away, *((work / "new" / name, target / name) for name in content)])
        finally:
            remove_emptied((target / name for name in (*present, *content)), target)


@contextmanager
def workspace(place: Path) -> Iterator[Path]:
    """Make a folder to work in, and remove it; after a failure ``old`` stays if it could not be moved back."""
    work = Path(tempfile.mkdtemp(prefix=".reportgen-", dir=place))
    done = False
    try:
        yield work
        done = True
    finally:
        shutil.rmtree(work if done else work / "new", ignore_errors=True)
        for folder, _, _ in os.walk(work, topdown=False):
            with suppress(OSError):
                Path(folder).rmdir()


def _move(moves: Sequence[tuple[Path, Path]]) -> None:
    """Rename one thing after the other; after a failure or an interrupt everything goes back."""
    try:
        for source, goal in moves:
            goal.parent.mkdir(parents=True, exist_ok=True)
            source.rename(goal)
    except BaseException:
        for source, goal in reversed(moves):
            if os.path.lexists(goal) and not os.path.lexists(source):
                _move_back(goal, source)
        raise


def _move_back(goal: Path, source: Path) -> None:
    try:
        goal.rename(source)
    except OSError as fault:
        raise EnvironmentFault(f"{source}: cannot be moved back from {goal}: {reason(fault)}") from fault


def _write(folder: Path, content: Mapping[str, bytes]) -> None:
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


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
    try:
        os.link(source, goal, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, goal, follow_symlinks=False)


def remove_emptied(files: Iterable[Path], top: Path) -> None:
    """Remove the folders below `top` that held these files, as far as they are empty now."""
    folders = {parent for file in files for parent in file.parents if top in parent.parents}
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        with suppress(OSError):
            folder.rmdir()


def reason(fault: OSError) -> str:
    """Return what the system says went wrong."""
    return fault.strerror or str(fault)
