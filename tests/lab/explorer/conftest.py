"""The explorer's page from the quick battery, as the tests of the chapters measure it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.battery.results import Results
from reportgen.chapters.explorer import CHAPTER
from reportgen.chapters.explorer.tables import Tables, read
from tests.chapters.conftest import measured
from tests.lab.explorer.exploring import write

__all__ = ["measured"]


@pytest.fixture(scope="session")
def quick(measured: Callable[..., Results]) -> Results:
    """Return what the quick battery has measured."""
    return measured(CHAPTER.needs)


@pytest.fixture(scope="session")
def tables(quick: Results) -> Tables:
    """Return what the explorer shows of it."""
    return read(quick)


@pytest.fixture(scope="session")
def page(quick: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return its page; all read it, none may write to it."""
    return write(quick, tmp_path_factory.mktemp("explorer"))
