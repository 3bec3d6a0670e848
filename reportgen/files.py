"""Reading what a user names: regular files alone, whole, and up to a size.

A device never ends, and a pipe that nobody writes into never begins: neither is waited for.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

__all__ = ["KIB", "MIB", "located", "read_regular"]

KIB = 1024
MIB = 1024 * KIB

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def read_regular(path: Path, limit: int) -> bytes:
    """Return the content of a regular file.

    Parameters
    ----------
    path
        Where it is; symbolic links are followed.
    limit
        Greatest size that is read, in bytes.

    Raises
    ------
    OSError
        If it is missing, cannot be read, is no regular file, is larger than the limit, or has a name that no file can
        have; `strerror` says which.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError:  # a null byte, or half of a surrogate pair
        raise _unusable_name(path) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file, but a device, a pipe or a socket", str(path))
        if status.st_size > limit:
            raise _too_large(path, limit)
        # Some in /proc say that they are empty; one that has nothing to say at present gives None.
        content = (file.read() if status.st_size else file.read(limit + 1)) or b""
    if len(content) > limit:
        raise _too_large(path, limit)
    return content


def located(name: str) -> Path:
    """Return the absolute path that a user's text stands for: ``~`` is a home folder, symbolic links are followed.

    Raises
    ------
    OSError
        If there is no such home folder, or no file can have this name; `strerror` says which.
    """
    try:
        return Path(name).expanduser().resolve()
    except ValueError:
        raise _unusable_name(name) from None
    except RuntimeError as error:  # no such user, or links in a circle
        raise OSError(errno.EINVAL, str(error).rstrip(".").lower(), name) from None


def _unusable_name(name: object) -> OSError:
    return OSError(errno.EINVAL, "no file can have this name", str(name))


def _too_large(path: Path, limit: int) -> OSError:
    size = f"{limit // MIB} MiB" if limit >= MIB else f"{limit // KIB} KiB"
    return OSError(errno.EFBIG, f"it is larger than {size}", str(path))
