"""Calling code that is not ours, a plugin's: in limited time, and every way in which it can fail told in one line.

In a program's main thread a call is ended by the alarm of the system, and a sleeping one too; elsewhere (a worker of
dask, Windows) by an exception that is planted into its thread, which takes effect at its next step of Python. What
outlives that, since it swallows every exception, ignores the alarm or stays inside a compiled library, is ended some
seconds later together with its process. A compiled step that never lets go of Python's lock is beyond all of them.

Nothing else may end the process: `os._exit` raises SystemExit while a plugin runs. Its warnings are kept off the
terminal, and the standard streams and the modules of the process are put back.
"""

from __future__ import annotations

import ctypes
import io
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic, sleep
from types import FrameType, ModuleType
from typing import Any, NoReturn, ParamSpec, TypeVar

import numpy as np

from reportgen.errors import PluginFault, ReportgenError, shortened

__all__ = ["SECONDS", "allow", "call", "is_foreign", "place", "where"]

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = 60.0
"""How long a plugin may take by default to be imported, and for each call of a function of its own."""

_AGAIN = 0.5
"""Seconds after which a call that swallowed its end is ended once more."""

_GRACE = 5.0
"""Seconds that a call may go on after its end, before the process ends with it."""

_DEEPEST = 40
"""Wrappers that are looked through for the function inside."""


class _OutOfTime(BaseException):
    """Ends a call; no `except Exception` of a plugin catches it."""


class _Interrupt(KeyboardInterrupt):
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
_quiet = {"calls": 0}
_silence = ExitStack()
"""Holds what keeps warnings away while there are calls."""


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
        with (
            _process_intact(what, place(function) if is_foreign(function) else ""),
            _silent(),
            np.errstate(all="ignore"),
            _limited(what),
        ):
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
def _process_intact(what: str, at: str) -> Iterator[None]:
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
def _silent() -> Iterator[None]:
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


@contextmanager
def _limited(what: str) -> Iterator[None]:
    """Raise `_OutOfTime` in this thread after the time that is allowed, and mark the user's Ctrl-C meanwhile."""
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
        raise _OutOfTime


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise _Interrupt


def _notices_interrupts() -> bool:
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
        _plant(thread, _OutOfTime)


def _plant(thread: int, error: type[BaseException] | None) -> None:
    """Let a thread raise an error at its next step, or take back one that it has not raised yet."""
    if sys.implementation.name == "cpython":
        reference: Any = ctypes.py_object(error) if error else None
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), reference)
