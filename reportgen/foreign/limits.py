"""Ending a call that takes too long.

In a program's main thread a call is ended by the alarm of the system, and a sleeping one too; elsewhere (a worker of
dask, Windows) by an exception that is planted into its thread, which takes effect at its next step of Python. What
outlives that, since it swallows every exception, ignores the alarm or stays inside a compiled library, is ended some
seconds later together with its process. A compiled step that never lets go of Python's lock is beyond all of them.

Nothing else may end the process: `os._exit` raises SystemExit while a plugin runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic, sleep
from types import FrameType
from typing import Any, NoReturn

__all__ = ["SECONDS", "Interrupt", "OutOfTime", "allow", "allowed", "is_inside", "limited", "notices_interrupts"]

SECONDS = 60.0
"""How long a plugin may take by default to be imported, and for each call of a function of its own."""

_AGAIN = 0.5
"""Seconds after which a call that swallowed its end is ended once more."""

_GRACE = 5.0
"""Seconds that a call may go on after its end, before the process ends with it."""


class OutOfTime(BaseException):
    """Ends a call; no `except Exception` of a plugin catches it."""


class Interrupt(KeyboardInterrupt):
    """The user's own Ctrl-C, unlike a KeyboardInterrupt that a plugin raises."""


class _State(threading.local):
    inside = False
    """A plugin is running in this thread."""
    process = 0
    """The process in which it was started; a fork of a plugin is its own business."""


@dataclass(slots=True)
class _Deadline:
    """When a call is to end.

    Attributes
    ----------
    at
        On the monotonic clock.
    line
        Said if the process has to end with it.
    by_alarm
        The system ends it, no planted exception.
    overdue
        Rounds of the watchman since then; a process that was stopped, as by Ctrl-Z, is not ended for that.
    """

    at: float
    line: str
    by_alarm: bool
    overdue: int = 0


_state = _State()
_allowed = {"seconds": SECONDS}
_deadlines: dict[int, _Deadline] = {}
"""Thread -> when its call is to end."""
_LOCK = threading.Lock()
_watched = {"process": 0}
"""The process that has a watchman."""
_end_process = os._exit


def allow(seconds: float) -> None:
    """Let each call of a plugin take this many seconds from now on, in this process."""
    _allowed["seconds"] = seconds


def allowed() -> float:
    """Return how many seconds a call may take."""
    return _allowed["seconds"]


def is_inside() -> bool:
    """Tell whether a plugin runs in this thread."""
    return _state.inside


@contextmanager
def limited(what: str) -> Iterator[None]:
    """Raise `OutOfTime` in this thread after the time that is allowed, and mark the user's Ctrl-C meanwhile."""
    seconds = _allowed["seconds"]
    by_alarm = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    line = f"reportgen: {what}: did not end within {seconds:g} s, and could not be stopped: the process ends"
    os._exit = _refuse_exit
    _state.process, _state.inside = os.getpid(), True
    try:
        with _watch(_Deadline(monotonic() + seconds, line, by_alarm)):
            if by_alarm:
                with _alarm(seconds):
                    yield
            else:
                yield
    finally:
        _state.inside = False


def _refuse_exit(status: int) -> NoReturn:
    """End the process, unless a plugin asks for it: nobody would be told, and the exit code could be 0."""
    if _state.inside and _state.process == os.getpid():
        raise SystemExit(status)
    _end_process(status)


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
        raise OutOfTime


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise Interrupt


def notices_interrupts() -> bool:
    """Tell whether a KeyboardInterrupt that is none of ours cannot be the user's."""
    if threading.current_thread() is not threading.main_thread():
        return True
    return signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_IGN)


@contextmanager
def _watch(deadline: _Deadline) -> Iterator[None]:
    me = threading.get_ident()
    with _LOCK:
        _deadlines[me] = deadline
        _start_watchman()
    try:
        yield
    finally:
        with _LOCK:
            _deadlines.pop(me, None)
            if not deadline.by_alarm:
                _plant(me, None)


def _start_watchman() -> None:
    """Start the thread that looks after all others, once in each process."""
    if _watched["process"] != os.getpid():
        _watched["process"] = os.getpid()
        threading.Thread(target=_watchman, name="reportgen watchman", daemon=True).start()


def _watchman() -> None:
    while True:
        sleep(_AGAIN)
        with _LOCK:
            for thread, deadline in _deadlines.items():
                if deadline.at < monotonic():
                    _remind(thread, deadline)


def _remind(thread: int, deadline: _Deadline) -> None:
    """End a call that is overdue, or the process if it has gone on for too long."""
    deadline.overdue += 1
    if deadline.overdue * _AGAIN > _GRACE:
        with suppress(OSError):
            os.write(2, f"{deadline.line}\n".encode(errors="replace"))
        _end_process(1)
    if not deadline.by_alarm:
        _plant(thread, OutOfTime)


def _plant(thread: int, error: type[BaseException] | None) -> None:
    """Let a thread raise an error at its next step, or take back one that it has not raised yet."""
    if sys.implementation.name == "cpython":
        reference: Any = ctypes.py_object(error) if error else None
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), reference)
