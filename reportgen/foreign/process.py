"""What belongs to the whole process and outlives a plugin's call: standard streams, modules, and what warnings do."""

from __future__ import annotations

import io
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from reportgen.errors import PluginFault, shortened

__all__ = ["intact", "silent"]

_LOCK = threading.Lock()
_quiet = {"calls": 0}
_silence = ExitStack()
"""Holds what keeps warnings away while there are calls."""

_MODULES = sys.modules
_known: dict[str, ModuleType] = {}
"""The modules of this process when a plugin was last called."""
_NEEDED = frozenset({"builtins", "io", "math", "numpy", "os", "sys", "threading"})
"""What must stay in ``sys.modules``, beside our own."""


@dataclass(frozen=True, slots=True)
class _Stream:
    """A stream of the process, and a second handle to where it leads, which outlives its closing.

    Attributes
    ----------
    name
        ``"stdout"`` or ``"stderr"``.
    stream
        As it was; None where there is none.
    number, spare
        File descriptors; -1 for a stream that leads to no file.
    """

    name: str
    stream: Any
    number: int
    spare: int

    @classmethod
    def of(cls, name: str) -> _Stream:
        """Keep a stream as it is now."""
        stream, number, spare = getattr(sys, name), -1, -1
        with suppress(AttributeError, OSError, ValueError):
            number = stream.fileno()
            spare = os.dup(number)
        return cls(name, stream, number, spare)

    def put_back(self) -> str:
        """Put the stream back where it is another one or closed, and return what was done to it."""
        now, closed = getattr(sys, self.name, None), bool(getattr(self.stream, "closed", False))
        done = f"closes sys.{self.name}" if closed or self._shut() else ""
        if self._shut():
            os.dup2(self.spare, self.number)
        if now is not self.stream:
            done = f"replaces sys.{self.name}"
        if done:
            setattr(sys, self.name, self._opened() if closed and self.spare >= 0 else self.stream)
        if self.spare >= 0:
            os.close(self.spare)
        return done

    def _shut(self) -> bool:
        """Tell whether the file descriptor was closed."""
        if self.spare < 0:
            return False
        try:
            os.fstat(self.number)
        except OSError:
            return True
        return False

    def _opened(self) -> io.TextIOWrapper:
        raw = open(self.number, "wb", closefd=False)  # noqa: SIM115 - it stays open
        encoding, errors = getattr(self.stream, "encoding", None), getattr(self.stream, "errors", None)
        return io.TextIOWrapper(raw, encoding, errors, line_buffering=True)


@contextmanager
def intact(what: str, at: str) -> Iterator[None]:
    """Call a plugin, which may neither take the standard streams away nor modules that we go on with.

    Parameters
    ----------
    what, at
        Begin and end of an error line.

    Raises
    ------
    PluginFault
        If it did, also where it failed for that reason; all is put back.
    """
    _remember_modules()
    streams = [_Stream.of(name) for name in ("stdout", "stderr")]
    try:
        yield
    except Exception:
        _refuse(what, _process_put_back(streams), at)
        raise
    except BaseException:
        _process_put_back(streams)
        raise
    _refuse(what, _process_put_back(streams), at)


def _remember_modules() -> None:
    if len(_known) != len(_MODULES):
        _known.clear()
        _known.update(_MODULES)


def _process_put_back(streams: list[_Stream]) -> str:
    """Put back what was taken from the process, and return the first such thing."""
    done = [_modules_put_back(), *(stream.put_back() for stream in streams)]
    return next((one for one in done if one), "")


def _modules_put_back() -> str:
    """Put modules back if one is gone that we need; what a plugin does with its own is its business."""
    sys.modules = _MODULES
    lost = [name for name in _known if _is_needed(name) and _MODULES.get(name) is None]
    if not lost:
        return ""
    _MODULES.update(_known)
    return f"takes {shortened(lost[0])} out of sys.modules"


def _is_needed(name: str) -> bool:
    return name in _NEEDED or name.partition(".")[0] == __name__.partition(".")[0]


def _refuse(what: str, done: str, at: str) -> None:
    if done:
        raise PluginFault(f"{what}: {done}; a plugin only adds {at}".strip())


@contextmanager
def silent() -> Iterator[None]:
    """Keep warnings off the terminal, from the first call to the last where several threads are in one."""
    with _LOCK:
        _quiet["calls"] += 1
        if _quiet["calls"] == 1:
            _silence.enter_context(warnings.catch_warnings(record=True))
            warnings.simplefilter("ignore")
    try:
        yield
    finally:
        with _LOCK:
            _quiet["calls"] -= 1
            if not _quiet["calls"]:
                _silence.close()
