"""Cases, the process that answers them, and what is right about an answer.

A case is a command line with the files that it finds. Its answer is right if it is one line (300 characters at most)
with an exit code of ours, or a result that the case accepts: never a traceback, a hang or a site that is lost.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import IO, Any

__all__ = ["CHECKOUT", "Answer", "Case", "Kind", "Soaker", "accept", "soaker"]

CHECKOUT = Path(__file__).parents[2]
LONGEST = 300
"""Characters of an error line."""

FAULTS = 12
"""Lines in which a config with several faults is told: one for each."""

SECONDS = 60.0
"""A case that takes longer hangs: most take some hundredths."""

NOISE = re.compile(r"Traceback \(most recent|Warning: |\bFutureWarning\b|Exception ignored")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a case ended: exit code (None: it had to be stopped; negative: a signal), what it wrote, and where it ran."""

    code: int | None
    out: str
    err: str
    seconds: float
    folder: Path


Judge = Callable[[Answer], Iterable[str]]
"""Yields what is wrong about an answer."""


def accept(answer: Answer) -> Iterable[str]:
    """Find nothing wrong with a result."""
    return ()


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that somebody does.

    Attributes
    ----------
    request
        ``run`` or ``ask`` with ``given``, as `tests.soak.server` takes them.
    files
        Path within the folder that the case runs in -> content.
    judge
        What else has to be right, whatever the exit code.
    prepare
        Changes the folder before the case runs.
    """

    request: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)
    judge: Judge = accept
    prepare: Callable[[Path], None] = lambda folder: None


Kind = Callable[[Random], Case]
"""Makes a case of random numbers."""


class Soaker:
    """Runs cases one after the other, each in a folder of its own."""

    def __init__(self, server: subprocess.Popen[str], folder: Path) -> None:
        self._server, self._folder, self._numbers = server, folder, itertools.count()

    def answer(self, case: Case) -> Answer:
        """Run a case; `forget` takes its folder away."""
        folder = self._folder / f"case{next(self._numbers)}"
        folder.mkdir()
        for name, content in case.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        case.prepare(folder)
        request = {"seconds": SECONDS, **case.request, "folder": str(folder)}
        told, said = _pipes(self._server)
        told.write(json.dumps(request) + "\n")
        told.flush()
        return Answer(**json.loads(said.readline()), folder=folder)

    def faults(self, case: Case) -> list[str]:
        """Run a case and return what is wrong about its answer."""
        answer = self.answer(case)
        found = [*common_faults(answer), *case.judge(answer)]
        for path in self._folder.glob(f"{answer.folder.name}*"):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        return [f"{fault}\n  request: {shown(case)}\n  answer: {answer.code} {answer.err[-600:]!r}" for fault in found]


def common_faults(answer: Answer) -> Iterator[str]:
    """Yield what is wrong about an answer, whatever was asked."""
    if answer.code is None:
        yield "it hangs"
    elif answer.code not in (0, 1, 2, 130) and answer.code > 0:
        yield f"an exit code of {answer.code}"
    if NOISE.search(answer.err) or NOISE.search(answer.out):
        yield "a traceback or a library's warning is shown"
    lines = [line for line in answer.err.splitlines() if line.strip()]
    if too_long := [line for line in lines if len(line) > LONGEST]:
        yield f"a line of {len(too_long[0])} characters"
    told = [line for line in lines if not line.startswith("warning: ")]
    if answer.code in (1, 2) and not (told and all(line.startswith("reportgen: ") for line in told)):
        yield "a failure that is not told in lines of ours"
    if answer.code in (1, 2) and len(told) > FAULTS:
        yield f"{len(told)} lines"


def shown(case: Case) -> str:
    """Return a case so that it can be tried by hand."""
    files = {name: content[:400] for name, content in case.files.items()}
    return f"{dict(case.request)} with {files}" if files else str(dict(case.request))


@contextmanager
def soaker(folder: Path) -> Iterator[Soaker]:
    """Start the server and yield what runs cases on it."""
    environment = {
        **os.environ,
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUTF8": "1",
        "COLUMNS": "1000",
    }
    command = [sys.executable, "-m", "tests.soak.server"]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, **pipes) as server:
        try:
            yield Soaker(server, folder)
        finally:
            _pipes(server)[0].close()


def _pipes(server: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert server.stdin is not None and server.stdout is not None  # noqa: PT018 - both were asked for
    return server.stdin, server.stdout
