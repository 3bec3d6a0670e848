"""Publishing: everything is written beside the site first, then swapped in, so that a failure leaves it untouched.

A published folder is known by its ``manifest.json``. Only the files that it lists are ever replaced or deleted;
whatever else lies there stays.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from reportgen.errors import EnvironmentFault
from reportgen.report.manifest import MANIFEST, listed_files, manifest_text, read_manifest

__all__ = ["clean", "ensure_publishable", "publish"]

_KEPT = frozenset({"README.md", ".gitignore"})
"""May lie in a folder that was not published yet: the checkout's own outputs/ has them."""

_IMMOVABLE = (errno.EBUSY, errno.EXDEV)  # how the system refuses to rename a folder that something is mounted on


def publish(files: Mapping[str, bytes], out: Path, manifest: Mapping[str, Any]) -> Path:
    """Put the files of the site, and a manifest that lists them, in the place of what was published there before.

    The new folder takes the place of the old one in two renames. Where the folder cannot be moved (it is the current
    directory, a mount point, or its parent is not ours to write), its files are moved one by one instead. Either way a
    failure or an interrupt moves everything back.

    Parameters
    ----------
    files
        Path within the site -> content.
    out
        Folder of the site. A symbolic link is followed.
    manifest
        Where the site comes from; its ``generator`` says ``reportgen <version>``. The list of files is added.

    Returns
    -------
    Path
        The folder of the site, with symbolic links resolved.

    Raises
    ------
    EnvironmentFault
        If the folder is not ours to write, or the system refuses; the earlier site is untouched.
    """
    target = ensure_publishable(out)
    content = {**files, MANIFEST: manifest_text(files, manifest).encode()}
    try:
        old = listed_files(target)
        _refuse_collisions(target, content, old)
        _swap(target, content, old)
    except OSError as fault:
        raise EnvironmentFault(f"{out}: cannot publish, the earlier site is untouched: {_reason(fault)}") from fault
    return target


def ensure_publishable(out: Path) -> Path:
    """Check that a site may be published in a folder, before anything is measured.

    Returns
    -------
    Path
        The folder with symbolic links resolved; it need not exist.

    Raises
    ------
    EnvironmentFault
        If it is a file, holds something that we did not publish, or cannot be written.
    """
    target = out.resolve()
    try:
        _require_ours(target, out)
        beside = target.parent if _movable(target) else target
        with _workspace(next(folder for folder in (beside, *beside.parents) if folder.exists())):
            pass
    except OSError as fault:
        raise EnvironmentFault(f"{out}: cannot be written: {_reason(fault)}") from fault
    return target


def clean(out: Path) -> int:
    """Delete what was published in a folder: the files that its manifest lists and the folders that this empties.

    Returns
    -------
    int
        The number of files that were deleted.

    Raises
    ------
    EnvironmentFault
        If the folder holds files and no manifest of ours.
    """
    target = out.resolve()
    try:
        _require_ours(target, out)
        listed = [target / name for name in listed_files(target) if os.path.lexists(target / name)]
        for path in listed:
            path.unlink()
        _remove_emptied(listed, target)
    except OSError as fault:
        raise EnvironmentFault(f"{out}: cannot be cleaned: {_reason(fault)}") from fault
    return len(listed)


def _require_ours(target: Path, out: Path) -> None:
    if target.exists() and not target.is_dir():
        raise EnvironmentFault(f"{out}: is a file; the site needs a folder")
    names = {path.name for path in target.iterdir()} if target.exists() else set()
    if (foreign := sorted(names - _KEPT)) and read_manifest(target) is None:
        raise EnvironmentFault(f"{out}: holds {foreign[0]} and no {MANIFEST} of reportgen; choose an empty folder")


def _refuse_collisions(target: Path, content: Iterable[str], old: Sequence[str]) -> None:
    """Raise an error if a new file would take the place of something that we did not publish."""
    for name in content:
        parents = [parent for parent in (target / name).parents if target in parent.parents]
        for path in (target / name, *(parent for parent in parents if not _is_folder(parent))):
            ours = path.relative_to(target).as_posix() in old and not _is_folder(path)
            if os.path.lexists(path) and not ours:
                raise EnvironmentFault(f"{path}: stands where the site needs {name}, and is not of reportgen")


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _movable(target: Path) -> bool:
    """Tell whether a folder can be renamed: we are not inside, nothing is mounted on it, its parent can be written."""
    if not target.exists():
        return True
    here = Path.cwd()
    fixed = target in (here, *here.parents) or target.is_mount()
    return not fixed and os.access(target.parent, os.W_OK)


def _swap(target: Path, content: Mapping[str, bytes], old: Sequence[str]) -> None:
    try:
        (_swap_folder if _movable(target) else _swap_files)(target, content, old)
    except OSError as fault:
        if fault.errno not in _IMMOVABLE:
            raise
        _swap_files(target, content, old)


def _swap_folder(target: Path, content: Mapping[str, bytes], old: Sequence[str]) -> None:
    """Make a new folder with the new files and all foreign ones, and rename it into place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with _workspace(target.parent) as work:
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
    with _workspace(target) as work:
        _write(work / "new", content)
        away = [(target / name, work / "old" / name) for name in present]
        try:
            _move([*away, *((work / "new" / name, target / name) for name in content)])
        finally:
            _remove_emptied((target / name for name in (*present, *content)), target)


@contextmanager
def _workspace(place: Path) -> Iterator[Path]:
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
        raise EnvironmentFault(f"{source}: cannot be moved back from {goal}: {_reason(fault)}") from fault


def _write(folder: Path, content: Mapping[str, bytes]) -> None:
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _carry_over(target: Path, new: Path, old: Sequence[str]) -> None:
    """Bring what we did not publish into the new folder: as hard links, or as copies where there are none."""
    for place, folders, names in os.walk(target):
        here = Path(place)
        leaves = [here / name for name in (*names, *folders) if not _is_folder(here / name)]
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


def _remove_emptied(files: Iterable[Path], top: Path) -> None:
    """Remove the folders below `top` that held these files, as far as they are empty now."""
    folders = {parent for file in files for parent in file.parents if top in parent.parents}
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        with suppress(OSError):
            folder.rmdir()


def _reason(fault: OSError) -> str:
    return fault.strerror or str(fault)
