"""A warm process that answers command lines, each in a fork of its own: nothing that one does reaches the next.

Started once per test process as ``python -m tests.soak.server``. Every line of its input is a request as JSON: ``run``
(the arguments of `reportgen`) or ``ask`` (a function of `tests.soak.asks` and its arguments), ``folder`` to run in,
``seconds`` that it may take, and perhaps ``signal`` and ``after``. Every line of its output is the answer.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Request = Mapping[str, Any]

PAUSE = 0.002


def serve() -> None:
    """Answer one request after the other until there are no more."""
    warm_up()
    gc.freeze()  # or the collector would touch, and so copy, every page of a fork
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


def warm_up() -> None:
    """Import what a command line loads only where it needs it, and plan once, so that every fork has both."""
    import tests.soak.asks  # noqa: F401
    from reportgen.pipeline import plan
    from reportgen.settings import Settings

    plan(Settings(preset="quick", cache=Path("nowhere")))  # which code is measured with is then known too


def answer(request: Request) -> dict[str, Any]:
    """Run a request in a fork, within its time."""
    folder = Path(request["folder"])
    streams = [folder.with_suffix(f".{name}") for name in ("out", "err")]
    start = time.monotonic()
    begun, begins = os.pipe()
    os.set_blocking(begun, False)
    child = os.fork()
    if child == 0:
        become(request, streams, begins)
    code = wait(child, request, start, begun)
    os.close(begun)
    os.close(begins)
    texts = [stream.read_text(encoding="utf-8", errors="replace") for stream in streams]
    return {"code": code, "out": texts[0], "err": texts[1], "seconds": time.monotonic() - start}


def wait(child: int, request: Request, start: float, begun: int) -> int | None:
    """Return the exit code, minus the number of a signal, or None for what had to be stopped.

    A signal is due so long after the command line has begun, for which the child writes into a pipe.
    """
    due: float | None = None
    is_awaited = "after" in request
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            stop(child)  # whatever it has started
            return os.waitstatus_to_exitcode(status)
        now = time.monotonic()
        if is_awaited and has_begun(begun):
            due, is_awaited = now + request["after"], False
        if due is not None and now >= due:
            os.killpg(child, request["signal"])
            due = None
        if now > start + request["seconds"]:
            stop(child)
            os.waitpid(child, 0)
            return None
        time.sleep(PAUSE)


def has_begun(begun: int) -> bool:
    """Tell whether something was written into a pipe."""
    try:
        return bool(os.read(begun, 1))
    except BlockingIOError:
        return False


def stop(child: int) -> None:
    """End the process group of a child, which may have ended by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)


def become(request: Request, streams: list[Path], begins: int) -> None:
    """Turn this fork into a process of its own, run the request and end."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for path, number in zip(streams, (1, 2), strict=True):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(request["folder"])
    code = 1
    try:
        code = ended(lambda: perform(request, begins))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def perform(request: Request, begins: int) -> None:
    """Run the command line or the function that is asked for, and say that it has begun."""
    from reportgen import cli
    from tests.soak import asks

    os.write(begins, b"!")
    if "run" in request:
        sys.argv = ["reportgen", *request["run"]]
        cli.main()
    else:
        asks.answer(request["ask"], request["given"])


def ended(work: Callable[[], None]) -> int:
    """Return the exit code with which Python would end; what nobody caught is printed as Python does."""
    try:
        work()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # noqa: BLE001 - a bug, whatever it is
        sys.excepthook(*sys.exc_info())
        return 70
    return 0


if __name__ == "__main__":
    serve()
