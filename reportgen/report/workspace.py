"""A folder to work in beside what is replaced: it says whose it is, and what to undo should its process end.

Such a folder is ours while a process of ours holds the lock on the mark inside. Once nobody does, the next run undoes
moves that were not finished and removes the folder. Where the system has no such locks it stays.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from reportgen.errors import EnvironmentFault

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["Moves", "is_folder", "move", "reason", "recover", "workspace"]

Moves = Sequence[tuple[Path, Path]]
"""(from, to), in the order in which they are made."""

_NAME = re.compile(r"\.reportgen-[a-z0-9_]{8}")
_MARK = "reportgen.lock"
_TEXT = b"A folder in which reportgen works. Once that has ended, the next run removes it.\n"
_JOURNAL = "moves.json"
_LONGEST_JOURNAL = 10_000_000
"""Bytes; what is longer is not ours."""


@contextmanager
def workspace(place: Path) -> Iterator[Path]:
    """Make a folder to work in, and remove it; after a failure ``old`` stays if it could not be moved back.

    Parameters
    ----------
    place
        Where the folder is made.
    """
    work = Path(tempfile.mkdtemp(prefix=".reportgen-", dir=place))
    done = False
    try:
        with _marked(work):
            yield work
        done = True
    finally:
        _discard(work, finished=done)


def move(moves: Moves, work: Path) -> None:
    """Rename one thing after the other; after a failure or an interrupt everything goes back.

    Parameters
    ----------
    moves
        All of them within the folder that holds the workspace.
    work
        The workspace, where it is written down what to undo should the process end meanwhile.

    Raises
    ------
    EnvironmentFault
        If something could not be moved back after a failure.
    """
    with suppress(OSError):  # a full disk must not keep anybody from making room
        _write_down(moves, work)
    try:
        for source, goal in moves:
            goal.parent.mkdir(parents=True, exist_ok=True)
            source.rename(goal)
    except BaseException:
        _undo(moves)
        raise
    (work / _JOURNAL).unlink(missing_ok=True)


def recover(place: Path) -> None:
    """Undo and remove what processes of ours that have ended left in a folder; those that still run keep theirs.

    Parameters
    ----------
    place
        Where they worked; it need not exist.

    Raises
    ------
    EnvironmentFault
        If something cannot be moved back.
    """
    try:
        left = [path for path in place.iterdir() if _NAME.fullmatch(path.name) and is_folder(path)]
    except OSError:
        return
    for work in left:
        with suppress(OSError), _claimed(work) as ours:
            if ours and _undo_unfinished(work):
                _discard(work, finished=True)


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder itself, and no link to one."""
    return path.is_dir() and not path.is_symlink()


def reason(fault: OSError) -> str:
    """Return what the system says went wrong."""
    return fault.strerror or str(fault)


@contextmanager
def _marked(work: Path) -> Iterator[None]:
    """Mark a workspace as ours, and as one that somebody works in."""
    with (work / _MARK).open("xb", buffering=0) as mark:
        with suppress(OSError):  # no locks here, or a full disk: it is then not told as ours
            _lock(mark)
            mark.write(_TEXT)
        yield


@contextmanager
def _claimed(work: Path) -> Iterator[bool]:
    """Tell whether a workspace is ours and nobody works in it; until the end nobody else is told so.

    Raises
    ------
    OSError
        If somebody works in it.
    """
    mark = work / _MARK
    if not mark.is_file() or mark.is_symlink():
        yield False
        return
    with mark.open("rb+", buffering=0) as opened:
        _lock(opened)
        yield opened.read(len(_TEXT)) == _TEXT


def _lock(mark: BinaryIO) -> None:
    """Lock a mark until it is closed; raise an OSError if somebody else holds it, or there are no locks."""
    if fcntl is None:
        raise OSError("no locks")
    fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _write_down(moves: Moves, work: Path) -> None:
    """Leave the moves in the workspace, as paths from the folder that holds it."""
    names = [[str(path.relative_to(work.parent)) for path in pair] for pair in moves]
    part = work / f"{_JOURNAL}.tmp"
    part.write_bytes(json.dumps(names).encode())
    part.replace(work / _JOURNAL)


def _written_down(work: Path) -> Moves | None:
    """Return the moves that a process wrote down; None where they are not such as we write."""
    journal = work / _JOURNAL
    if not os.path.lexists(journal):
        return []
    if journal.is_symlink() or not journal.is_file() or journal.stat().st_size > _LONGEST_JOURNAL:
        return None
    try:
        moves = [(work.parent / source, work.parent / goal) for source, goal in json.loads(journal.read_bytes())]
    except (ValueError, TypeError, RecursionError):
        return None
    return moves if all(_is_inside(path, work.parent) for pair in moves for path in pair) else None


def _is_inside(path: Path, place: Path) -> bool:
    """Tell whether a path lies in a folder, with no link and no step up on the way."""
    inside = place in path.parents and ".." not in path.relative_to(place).parts
    return inside and path.parent.resolve() == place.resolve() / path.parent.relative_to(place)


def _undo_unfinished(work: Path) -> bool:
    """Undo the moves of a process that has ended, unless it had made the last one; tell whether that is settled."""
    moves = _written_down(work)
    if moves and os.path.lexists(moves[-1][0]):
        _undo(moves)
    return moves is not None


def _undo(moves: Moves) -> None:
    for source, goal in reversed(moves):
        if os.path.lexists(goal) and not os.path.lexists(source):
            _move_back(goal, source)


def _move_back(goal: Path, source: Path) -> None:
    try:
        source.parent.mkdir(parents=True, exist_ok=True)
        goal.rename(source)
    except OSError as fault:
        raise EnvironmentFault(f"{source}: cannot be moved back from {goal}: {reason(fault)}") from fault


def _discard(work: Path, *, finished: bool) -> None:
    """Remove a workspace; what could not be moved back stays in ``old``, with what is written down about it."""
    for part in ("new", "old") if finished else ("new",):
        shutil.rmtree(work / part, ignore_errors=True)
    for folder, _, _ in os.walk(work / "old", topdown=False):
        with suppress(OSError):
            Path(folder).rmdir()
    if not any(os.path.lexists(work / part) for part in ("new", "old")):
        shutil.rmtree(work, ignore_errors=True)
