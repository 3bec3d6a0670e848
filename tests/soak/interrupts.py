"""Interrupts at random moments: the earlier site is whole, or the new one is."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random

from tests.soak.entries import EXPERIMENT
from tests.soak.harness import Answer, Case

__all__ = ["interrupted"]

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
SECONDS = 8.0
"""Longer than what is interrupted takes, so that some cases end by themselves."""


def interrupted(random: Random, stored: Path, draft: Path) -> Case:
    """A chapter is drawn over an earlier draft, and stopped on the way."""
    command = ["render", "--preset", "quick", "--chapter", EXPERIMENT, "--format", "markdown"]
    request = {"run": command, "signal": random.choice(SIGNALS), "after": 0.02 + SECONDS * random.random() ** 2}
    return Case(request, prepare=partial(_prepare, stored, draft), judge=_judge)


def _prepare(stored: Path, draft: Path, folder: Path) -> None:
    (folder / ".reportgen-cache").symlink_to(stored / ".reportgen-cache")
    for path in draft.rglob("*"):
        if path.is_file():
            copy = folder / "draft" / path.relative_to(draft)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())


def _judge(answer: Answer) -> Iterable[str]:
    draft = answer.folder / "draft"
    try:
        listed = json.loads((draft / "manifest.json").read_text())["files"]
    except (OSError, ValueError, KeyError) as error:
        return [f"the draft is lost: {error}"]
    wrong = [name for name, digest in listed.items() if not _is(draft / name, digest)]
    return [f"{wrong} are not what the manifest says"] if wrong else []


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == digest
