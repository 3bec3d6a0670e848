"""Manifests of a site that were damaged or forged: `clean` deletes what is ours, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

from tests.soak.harness import Answer, Case, Judge

__all__ = ["cleaned"]

SITE = {"outputs/index.html": b"<!doctype html>", "outputs/data/a.csv": b"a\n1\n", "outputs/mine.txt": b"kept"}
BESIDE = {"precious.txt": b"kept", "other/precious.txt": b"kept"}
GOOD: dict[str, Any] = {"generator": "reportgen 0.1.0", "files": {"index.html": "0" * 64, "data/a.csv": "0" * 64}}


def cleaned(random: Random) -> Case:
    """`clean` touches nothing that the manifest of a site of ours does not list."""
    text = _manifest(random)
    files = {**SITE, **BESIDE, "outputs/manifest.json": text}
    return Case(
        {"run": ["clean", "--out", "outputs"]}, files=files, judge=_spares({**BESIDE, "outputs/mine.txt": b"kept"})
    )


def _manifest(random: Random) -> bytes:
    if random.random() < 0.3:
        return random.choice(RAW)(json.dumps(GOOD).encode(), random)
    changed = json.loads(json.dumps(GOOD))
    for _ in range(random.randint(1, 2)):
        changed[random.choice(["generator", "files", "seed", "settings"])] = random.choice(VALUES)
    return json.dumps(changed).encode()


VALUES: tuple[Any, ...] = (
    None,
    3,
    True,
    "x",
    [],
    [None],
    [["a"]],
    {},
    {"a": {}},
    "reportgen",
    "reportgen 9",
    1e308,
    -1,
    "x" * 10000,
    {"../precious.txt": "0" * 64},
    {"/precious.txt": ""},
    {"a/../../precious.txt": 0},
    ["../other/precious.txt"],
    {"": ""},
    {".": ""},
    {"..": ""},
    {"\0": ""},
    {"x" * 5000: ""},
    {"data": ""},
    {"index.html": None, "data/a.csv": []},
    {"manifest.json": ""},
    {"index.html/x": ""},
    {"\ud800": ""},
    {"data\\a.csv": ""},
)


def _cut(text: bytes, random: Random) -> bytes:
    return text[: random.randint(0, len(text))]


def _flip(text: bytes, random: Random) -> bytes:
    at = random.randrange(len(text))
    return text[:at] + bytes([random.randrange(256)]) + text[at + 1 :]


RAW = (
    _cut,
    _flip,
    lambda text, random: b"[" * random.choice([10, 100_000]),
    lambda text, random: b'{"files":' * 50_000,
    lambda text, random: b"",
    lambda text, random: b"\xff" * 100,
    lambda text, random: b"9" * 100_000,
)


def _spares(precious: dict[str, bytes]) -> Judge:
    def judge(answer: Answer) -> Iterable[str]:
        lost = [name for name, content in precious.items() if _content(answer.folder / name) != content]
        if lost:
            yield f"{lost} lost"
        if answer.code != 0 and not (answer.folder / "outputs/index.html").exists():
            yield "it failed and deleted something all the same"

    return judge


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
