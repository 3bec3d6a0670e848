"""Stored measurements that were damaged: measured again with a warning, never trusted and never fatal."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from random import Random

import numpy as np

from tests.soak.harness import Answer, Case

__all__ = ["damaged"]

EXPERIMENT = "derivation"
"""One with few and short cells."""


def damaged(random: Random, stored: Path) -> Case:
    """A run over a damaged cache gives what an undamaged one has, and says what it measured again."""
    damages = [random.choice(DAMAGES) for _ in range(random.randint(1, 2))]
    command = ["run", "--preset", "quick", "--experiment", EXPERIMENT, "--engine", "serial"]
    return Case({"run": command}, prepare=partial(_prepare, stored, damages, random), judge=partial(_judge, stored))


def _prepare(stored: Path, damages: Sequence[Callable[[Path, Random], None]], random: Random, folder: Path) -> None:
    for path in stored.rglob("*"):
        if path.is_file():
            copy = folder / path.relative_to(stored)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    entries = sorted(folder.rglob("*.npz"))
    for damage in damages:
        damage(random.choice(entries), random)


def _judge(stored: Path, answer: Answer) -> Iterable[str]:
    if answer.code != 0:
        yield "a damaged entry is fatal"
        return
    for path in stored.rglob("*.npz"):
        again = answer.folder / path.relative_to(stored)
        if not again.is_file() or again.read_bytes() != path.read_bytes():
            yield f"{path.name} is not what was measured"


def _cut(path: Path, random: Random) -> None:
    raw = path.read_bytes() if path.is_file() else b""
    path.write_bytes(raw[: random.randint(0, max(len(raw) - 1, 0))])


def _flip(path: Path, random: Random) -> None:
    content = bytearray(path.read_bytes() or b"\0")
    content[random.randrange(len(content))] ^= random.randrange(1, 256)
    path.write_bytes(bytes(content))


def _noise(path: Path, random: Random) -> None:
    path.write_bytes(random.randbytes(random.choice([0, 10, 5000])))


def _arrays(path: Path, random: Random) -> None:
    choices = [{}, {"x": np.zeros(3)}, {"x": np.array([None, 3], dtype=object)}, {"x": np.zeros((2, 2, 2))}]
    content = io.BytesIO()
    np.savez(content, **random.choice(choices))  # type: ignore[arg-type]
    path.write_bytes(content.getvalue())


def _claims(path: Path, random: Random) -> None:
    """Write an array whose header claims a million million rows."""
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"
    header += b" " * (118 - len(header) - 1) + b"\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + b"\0" * 80)


def _swap(path: Path, random: Random) -> None:
    others = sorted(set(path.parent.parent.rglob("*.npz")) - {path})
    if others:
        path.write_bytes(random.choice(others).read_bytes())


DAMAGES = (_cut, _flip, _noise, _arrays, _claims, _swap)
