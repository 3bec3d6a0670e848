"""A small experiment that workers of every engine can import."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.battery.cache import Cache


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the package ``toys`` on the path; spawned workers inherit it."""
    monkeypatch.syspath_prepend(Path(__file__).parent)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")
