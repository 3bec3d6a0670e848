"""Waiting in a tab that is about to go to another page."""

from __future__ import annotations

import time
from contextlib import suppress

from tests.browsers.tab import PATIENCE, Tab

__all__ = ["arrived"]


def arrived(tab: Tab, function: str, argument: object = None) -> None:
    """Call a function until what it returns is true; while one page follows another there is nothing to ask."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(Exception):
            if tab.run(function, argument):
                return
        time.sleep(0.02)
    raise AssertionError(f"never came true: {function} {argument}")
