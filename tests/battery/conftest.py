"""A small experiment that workers of every engine can import, and digests that no test leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reportgen.battery import closure, digest
from reportgen.battery.cache import Cache


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the package ``toys`` on the path; spawned workers inherit it."""
    monkeypatch.syspath_prepend(Path(__file__).parent)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def forget_sources() -> None:
    """Read every source again, as a process does that is started now."""
    for cached in (digest._own_digest, closure._read, closure._file, closure._folders):
        cached.cache_clear()


@pytest.fixture
def restarted() -> Iterator[Callable[[], None]]:
    """Return what makes this process forget all sources; it does so before the test, and again behind it.

    What a test has planted must not stay: a worker would then be told that it has other code.
    """
    forget_sources()
    yield forget_sources
    forget_sources()
