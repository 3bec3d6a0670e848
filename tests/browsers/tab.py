"""What a test may do in a tab, the same in every browser."""

from __future__ import annotations

import json
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

__all__ = ["PATIENCE", "Browser", "ScriptError", "Tab", "call", "is_local", "read", "wait"]

PATIENCE = 120.0
"""Seconds after which a browser that does not answer counts as hung; a busy machine may take many."""

KEEP = """(key, value) => {
    if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
        return "\\u0000" + (Object.is(value, -0) ? "-0" : value);
    }
    return ArrayBuffer.isView(value) ? Array.from(value) : value;
}"""
"""Lets NaN, both infinities and minus zero survive JSON, and turns typed arrays into lists."""


class ScriptError(Exception):
    """A function that a test ran in a page has thrown."""


class Tab(Protocol):
    """One tab of a browser; it takes down everything that goes wrong in it."""

    @property
    def faults(self) -> list[str]:
        """Return the errors of scripts and of the console, what the policy refused and requests of the network."""
        ...

    def open(self, page: Path | str) -> None:
        """Open a file or an address, and wait until it has loaded."""
        ...

    def run(self, function: str, argument: object = None) -> Any:
        """Call a JavaScript function with an argument, wait for its promise, and return what it returns."""
        ...

    def wait(self, function: str, argument: object = None) -> Any:
        """Call a function until what it returns is true, and return that."""
        ...

    def press(self, *keys: str) -> None:
        """Press keys one after the other: "a", "Tab", "Shift+Tab", "ArrowLeft", "Enter", "Space", ..."""
        ...

    def click(self, selector: str) -> None:
        """Click the middle of the first element."""
        ...

    def resize(self, width: int, height: int = 800) -> None:
        """Give the page a window of so many CSS pixels."""
        ...

    def shoot(self, file: Path) -> None:
        """Save a picture of what the window shows."""
        ...


class Browser(Protocol):
    """A browser that has been started once for all tests of a process."""

    name: str
    version: str

    def tab(self) -> AbstractContextManager[Tab]:
        """Open a tab of 1280 × 800 pixels that is closed afterwards."""
        ...

    def close(self) -> None:
        """End the browser."""
        ...


def call(function: str, argument: object) -> str:
    """Return an expression that calls a function and promises its value as JSON.

    The argument stands in it as a literal: Python's JSON writes NaN and Infinity as JavaScript does, and every
    float with the digits that give it back exactly.
    """
    done = f"JSON.stringify({{value: await ({function})({json.dumps(argument)}) ?? null}}, {KEEP})"
    failed = "JSON.stringify({error: `${error}\\n${error?.stack}`})"
    return f"(async () => {{ try {{ return {done}; }} catch (error) {{ return {failed}; }} }})()"


def read(text: str) -> Any:
    """Return the value that the expression of `call` has promised."""
    answer = json.loads(text)
    if "error" in answer:
        raise ScriptError(answer["error"])
    return _revived(answer["value"])


def _revived(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("\0"):
        return float(value[1:])
    if isinstance(value, list):
        return [_revived(one) for one in value]
    if isinstance(value, dict):
        return {key: _revived(one) for key, one in value.items()}
    return value


def wait(tab: Tab, function: str, argument: object = None) -> Any:
    """Call a function in a tab until what it returns is true."""
    end = time.monotonic() + PATIENCE
    while not (value := tab.run(function, argument)):
        if time.monotonic() > end:
            raise AssertionError(f"never came true: {function} {argument}")
        time.sleep(0.02)
    return value


def is_local(url: str) -> bool:
    """Return whether an address stays on this machine and out of its network."""
    return urlsplit(url).scheme in {"about", "blob", "chrome", "data", "file", "resource"}
