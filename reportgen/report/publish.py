"""Publishing: everything is written beside the site first, then swapped in, so that a failure leaves it untouched.

A published folder is known by its ``manifest.json``. Only the files that it lists are ever replaced or deleted;
whatever else lies there stays.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reportgen.errors import EnvironmentFault, shortened
from reportgen.report.manifest import MANIFEST, listed_files, manifest_text, read_manifest
from reportgen.report.swap import movable, require_removable, swap
from reportgen.report.workspace import is_folder, reason, recover, workspace

__all__ = ["clean", "ensure_cleanable", "ensure_publishable", "is_published", "publish"]

_KEPT = frozenset({"README.md", ".gitignore"})
"""May lie in a folder that was not published yet: the checkout's own outputs/ has them."""


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
    content = {**files, MANIFEST: manifest_text(files, manifest).encode(errors="backslashreplace")}
    try:
        old = _present(target)
        _refuse_collisions(target, content, old)
        swap(target, content, old)
    except OSError as fault:
        raise EnvironmentFault(f"{out}: cannot publish, the earlier site is untouched: {reason(fault)}") from fault
    return target


def ensure_publishable(out: Path) -> Path:
    """Check that a site may be published in a folder, before anything is measured.

    What a process of ours that has ended left there, or beside it, is undone and removed.

    Returns
    -------
    Path
        The folder with symbolic links resolved; it need not exist.

    Raises
    ------
    EnvironmentFault
        If it is a file, holds something that we did not publish, or cannot be written.
    """
    target = ensure_cleanable(out)
    try:
        beside = target.parent if movable(target) else target
        with workspace(next(folder for folder in (beside, *beside.parents) if folder.exists())):
            pass
    except OSError as fault:
        raise EnvironmentFault(f"{out}: cannot be written: {reason(fault)}") from fault
    return target


def is_published(out: Path) -> bool:
    """Tell whether something of ours was published in a folder."""
    return read_manifest(out) is not None


def ensure_cleanable(out: Path) -> Path:
    """Check that what was published in a folder is ours and can be taken away, before anything is.

    Returns
    -------
    Path
        The folder with symbolic links resolved; it need not exist.

    Raises
    ------
    EnvironmentFault
        If it is a file, holds something that we did not publish, or cannot be written.
    """
    try:
        target = out.resolve()
    except RuntimeError:  # so says Python 3.11 and 3.12 of links that lead in a circle
        raise EnvironmentFault(f"{out}: its links lead in a circle") from None
    try:
        for place in (target.parent, target):
            recover(place)
        _require_ours(target, out)
        require_removable(target, _present(target))
    except OSError as fault:
        raise EnvironmentFault(f"{_culprit(fault, out)}: cannot be written: {reason(fault)}") from fault
    return target


def clean(out: Path) -> int:
    """Delete what was published in a folder, all of it or nothing, and the folders that this empties.

    Returns
    -------
    int
        The number of files that were deleted.

    Raises
    ------
    EnvironmentFault
        If the folder holds files and no manifest of ours, or the system refuses; everything is then still there.
    """
    target = ensure_cleanable(out)
    old = _present(target)
    try:
        if old:
            swap(target, {}, old)
    except OSError as fault:
        raise EnvironmentFault(f"{out}: cannot be cleaned, nothing was deleted: {reason(fault)}") from fault
    return len(old)


def _present(target: Path) -> list[str]:
    """Return the files of ours that are there; a folder in the place of one is none, nor is what lies behind a link."""
    return [name for name in listed_files(target) if _is_ours(target, target / name)]


def _is_ours(target: Path, path: Path) -> bool:
    return os.path.lexists(path) and not is_folder(path) and path.parent.resolve() == path.parent


def _culprit(fault: OSError, out: Path) -> str:
    """Return the folder inside of the site that a fault is about, or the site as the user wrote it."""
    target, place = out.resolve(), Path(str(fault.filename or out))
    return str(out / place.relative_to(target)) if target in place.parents else str(out)


def _require_ours(target: Path, out: Path) -> None:
    if target.exists() and not target.is_dir():
        raise EnvironmentFault(f"{out}: is a file; the site needs a folder")
    names = {path.name for path in target.iterdir()} if target.exists() else set()
    if (foreign := sorted(names - _KEPT)) and read_manifest(target) is None:
        strange = f"holds {shortened(foreign[0])} and no {MANIFEST} of reportgen"
        why = f"its {MANIFEST} is not reportgen's" if MANIFEST in names else strange
        raise EnvironmentFault(f"{shortened(str(out), 120)}: {why}; choose an empty folder")


def _refuse_collisions(target: Path, content: Iterable[str], old: Sequence[str]) -> None:
    """Raise an error if a new file would take the place of something that we did not publish."""
    for name in content:
        parents = [parent for parent in (target / name).parents if target in parent.parents]
        for path in (target / name, *(parent for parent in parents if not is_folder(parent))):
            ours = path.relative_to(target).as_posix() in old and not is_folder(path)
            if os.path.lexists(path) and not ours:
                raise EnvironmentFault(f"{path}: stands where the site needs {name}, and is not of reportgen")
