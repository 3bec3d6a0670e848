"""What this machine has: memory and room on disk; and sizes and times in words."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["Memory", "disk_free", "memory", "size", "span"]

_CGROUP = Path("/sys/fs/cgroup")
_NO_LIMIT = 1 << 60
"""How the system writes that there is no limit, at least."""

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")
_SPANS = (("years", 31_557_600.0), ("days", 86_400.0), ("hours", 3600.0), ("minutes", 60.0), ("seconds", 1.0))


class Memory(NamedTuple):
    """Bytes that this process and its workers may have, and those that are free now."""

    total: float
    free: float


def memory() -> Memory:
    """Return the memory of the machine, or of the control group that we are in where that is less.

    Where the system does not tell, both are infinite.
    """
    total, free = _of_machine()
    for limit, used in _of_groups():
        total, free = min(total, limit), min(free, limit - used)
    return Memory(total, max(free, 0.0))


def disk_free(folder: Path) -> float:
    """Return the bytes that are free where a folder is, or is to be made."""
    place = folder.absolute()
    try:
        return float(shutil.disk_usage(next(path for path in (place, *place.parents) if path.exists())).free)
    except OSError:
        return float("inf")


def size(bytes_: float) -> str:
    """Return a number of bytes in words.

    Examples
    --------
    >>> size(7_340_000_000)
    '7.3 GB'
    """
    power = 0
    while bytes_ >= 999.5 and power < len(_UNITS) - 1:
        bytes_, power = bytes_ / 1000, power + 1
    return f"{bytes_:.{2 if bytes_ < 10 else 3}g} {_UNITS[power]}"


def span(seconds: float) -> str:
    """Return a time in words.

    Examples
    --------
    >>> span(5400), span(0.2)
    ('1.5 hours', 'a second')
    """
    for name, length in _SPANS:
        if seconds >= 1.5 * length:
            count = seconds / length
            return f"{count:.{2 if count < 10 else 3}g} {name}"
    return "a second"


def _of_machine() -> Memory:
    try:
        lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
        return Memory(*(1024.0 * int(lines[name].split()[0]) for name in ("MemTotal", "MemAvailable")))
    except (OSError, ValueError, KeyError):
        pass  # another system than Linux
    try:
        total = float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        total = float("inf")
    return Memory(total, total)


def _of_groups() -> Iterator[tuple[float, float]]:
    """Yield (limit, used) of each control group that we are in and that has a limit."""
    try:
        entries = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return
    for _, controllers, path in entries:
        newer = not controllers
        root = _CGROUP if newer else _CGROUP / "memory"
        names = ("memory.max", "memory.current") if newer else ("memory.limit_in_bytes", "memory.usage_in_bytes")
        if newer or "memory" in controllers.split(","):
            for group in (root / path.lstrip("/"), *(root / path.lstrip("/")).parents):
                if group == _CGROUP.parent:
                    break
                limit, used = (_number(group / name) for name in names)
                if limit is not None and limit < _NO_LIMIT:
                    yield limit, used or 0.0


def _number(path: Path) -> float | None:
    try:
        return float(int(path.read_text(encoding="ascii")))
    except (OSError, ValueError):  # "max" is no number
        return None
