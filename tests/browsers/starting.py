"""The browsers of this machine, started."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from tests.browsers.tab import Browser

__all__ = ["PROGRAMS", "started", "versions"]

PROGRAMS = {
    "Chromium": ("chromium", "chromium-browser", "google-chrome"),
    "Firefox": ("firefox-esr", "firefox"),
}

B = TypeVar("B", bound=Browser)


def started(browser: Callable[[str], B], name: str) -> Iterator[B]:
    """Yield a browser until the tests end; where CI=true it must be there, unless WITHOUT says it cannot be had."""
    path = _path(name)
    if path is None and os.environ.get("CI") == "true" and os.environ.get("WITHOUT") != name:
        pytest.fail(f"no {name}, although CI=true promises one: see .ci/run")
    if path is None:
        pytest.skip(f"no {name} on this machine (Debian: apt install {PROGRAMS[name][0]})")
    running = browser(path)
    yield running
    running.close()


def versions() -> str:
    """Return what the browsers say of themselves."""
    paths = filter(None, map(_path, PROGRAMS))
    said = (subprocess.run([path, "--version"], capture_output=True, text=True, check=False) for path in paths)
    return ", ".join(one.stdout.strip() for one in said) or "none"


def _path(name: str) -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS[name])), None)
