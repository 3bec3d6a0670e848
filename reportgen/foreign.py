"""Calling code that is not ours, a plugin's: in limited time, and every way in which it can fail told in one line.

In a program's main thread a call is ended by the alarm of the system, and a sleeping one too; elsewhere (a worker of
dask, Windows) by an exception that is planted into its thread, which takes effect at its next step of Python. A single
step that does not end by itself, inside a compiled library, is beyond both.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic, sleep
from types import FrameType
from typing import Any, ParamSpec, TypeVar

import numpy as np

from reportgen.errors import PluginFault, ReportgenError, shortened

__all__ = ["SECONDS", "allow", "call", "is_foreign", "place", "where"]

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = 60.0
"""How long a plugin may take by default to be imported, and for each call of a function of its own."""

_AGAIN = 0.5
"""Seconds after which a call that swallowed its end is ended once more."""

_DEEPEST = 40
"""Wrappers that are looked through for the function inside."""


class _OutOfTime(BaseException):
    """Ends a call; no `except Exception` of a plugin catches it."""


class _Interrupt(KeyboardInterrupt):
    """The user's own Ctrl-C, unlike a KeyboardInterrupt that a plugin raises."""


class _State(threading.local):
    inside = False
    """A plugin is running in this thread."""


_state = _State()
_allowed = {"seconds": SECONDS}
_deadlines: dict[int, float] = {}
"""Thread -> when its call is to end, for those that no alarm reaches."""
_LOCK = threading.Lock()


def allow(seconds: float) -> None:
    """Let each call of a plugin take this many seconds from now on, in this process."""
    _allowed["seconds"] = seconds


def is_foreign(function: Callable[..., object]) -> bool:
    """Tell whether a function was defined outside of reportgen."""
    return str(getattr(function, "__module__", "")).partition(".")[0] != __name__.partition(".")[0]


def call(what: str, module: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a plugin's function.

    Parameters
    ----------
    what
        Begins an error line: ``"initializer coin"``.
    module
        The plugin's module; a fault is placed on the last line that was run inside of its package.
    function
        Called with the rest.

    Raises
    ------
    PluginFault
        If it raises anything (also ``SystemExit``), or does not end in time.
    UsageError
        If it raises one itself, which stays as it is.
    """
    if _state.inside:  # a plugin that uses what another one registered
        return function(*args, **kwargs)
    try:
        with np.errstate(all="ignore"), _limited(_allowed["seconds"]):
            return function(*args, **kwargs)
    except (ReportgenError, _Interrupt):
        raise
    except _OutOfTime as error:
        seconds = f"{_allowed['seconds']:g}"
        raise PluginFault(
            f"{what}: did not end within {seconds} s; --plugin-seconds N allows more {where(error, module, function)}"
        ) from None
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and not _notices_interrupts():
            raise
        raise PluginFault(f"{what}: {_told(error)} {where(error, module, function)}") from None


def place(function: Callable[..., object]) -> str:
    """Return where a function is defined, as the end of an error line; empty for one that is not written in Python."""
    for _ in range(_DEEPEST):
        function = function.func if isinstance(function, partial) else getattr(function, "__wrapped__", function)
    code = getattr(function, "__code__", None)
    return _placed(code.co_filename, code.co_firstlineno, code.co_name) if code else ""


def where(error: BaseException, module: str, function: Callable[..., object]) -> str:
    """Return the last step that was taken inside a plugin itself before an error, as the end of an error line.

    Parameters
    ----------
    error
        What was raised.
    module
        The plugin's module; its package counts.
    function
        Where it stands is told if there was no such step.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return _placed(error.filename, error.lineno or 0, "")
    package = module.partition(".")[0]
    steps = [
        _placed(frame.f_code.co_filename, line, frame.f_code.co_name)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__")).partition(".")[0] == package
    ]
    return steps[-1] if steps else place(function) or "(before its first line)"


def _placed(file: str, line: int, function: str) -> str:
    within = f", in {shortened(function, 40)}" if function not in ("", "<module>") else ""
    return f"({shortened(file, 90)}:{line}{within})"


def _told(error: BaseException) -> str:
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)
    except Exception:  # noqa: BLE001 - a foreign __str__
        text = ""
    text = shortened(" ".join(text[:1000].split()), 100)
    return f"{shortened(type(error).__name__, 40)}: {text}" if text else shortened(type(error).__name__, 40)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise `_OutOfTime` in this thread after so many seconds, and mark the user's Ctrl-C meanwhile."""
    _state.inside = True
    by_alarm = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    try:
        with _alarm(seconds) if by_alarm else _watch(seconds):
            yield
    finally:
        _state.inside = False


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    marks = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if marks:
        signal.signal(signal.SIGINT, _interrupted)
    earlier = signal.signal(signal.SIGALRM, _end)
    remaining, interval = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    start = monotonic()
    try:
        yield
    finally:
        _state.inside = False  # an alarm that comes from here on finds nothing to end
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)
        if marks:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if remaining:  # somebody else's
            signal.setitimer(signal.ITIMER_REAL, max(remaining - (monotonic() - start), 1e-3), interval)


def _end(number: int, frame: FrameType | None) -> None:
    if _state.inside:
        raise _OutOfTime


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise _Interrupt


def _notices_interrupts() -> bool:
    """Tell whether a KeyboardInterrupt that is none of ours cannot be the user's."""
    if threading.current_thread() is not threading.main_thread():
        return True
    return signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_IGN)


@contextmanager
def _watch(seconds: float) -> Iterator[None]:
    me = threading.get_ident()
    with _LOCK:
        _deadlines[me] = monotonic() + seconds
        _start_watchman()
    try:
        yield
    finally:
        with _LOCK:
            _deadlines.pop(me, None)
            _plant(me, None)


def _start_watchman() -> None:
    """Start the thread that looks after all others, once in each process."""
    name = f"reportgen watchman {os.getpid()}"
    if all(thread.name != name for thread in threading.enumerate()):
        threading.Thread(target=_watchman, name=name, daemon=True).start()


def _watchman() -> None:
    while True:
        sleep(_AGAIN)
        with _LOCK:
            for thread, deadline in _deadlines.items():
                if deadline < monotonic():
                    _plant(thread, _OutOfTime)


def _plant(thread: int, error: type[BaseException] | None) -> None:
    """Let a thread raise an error at its next step, or take back one that it has not raised yet."""
    if sys.implementation.name == "cpython":
        reference: Any = ctypes.py_object(error) if error else None
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), reference)
