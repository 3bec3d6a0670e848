"""Where foreign code stands, as the end of an error line."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import partial

from reportgen.errors import shortened

__all__ = ["is_foreign", "place", "where"]

_DEEPEST = 40
"""Wrappers that are looked through for the function inside."""


def is_foreign(function: Callable[..., object]) -> bool:
    """Tell whether a function was defined outside of reportgen."""
    return str(getattr(function, "__module__", "")).partition(".")[0] != __name__.partition(".")[0]


def place(function: Callable[..., object]) -> str:
    """Return where a function is defined, as the end of an error line; empty for one that is not written in Python."""
    for _ in range(_DEEPEST):
        function = function.func if isinstance(function, partial) else getattr(function, "__wrapped__", function)
    code = getattr(function, "__code__", None)
    return _placed(code.co_filename, code.co_firstlineno, code.co_name) if code else ""


def where(error: BaseException, module: str, function: Callable[..., object]) -> str:
    """Return the last step that was taken inside a plugin itself before an error, as the end of an error line.

    Parameters
    ----------
    error
        What was raised.
    module
        The plugin's module; its package counts.
    function
        Where it stands is told if there was no such step.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return _placed(error.filename, error.lineno or 0, "")
    package = module.partition(".")[0]
    steps = [
        _placed(frame.f_code.co_filename, line, frame.f_code.co_name)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__")).partition(".")[0] == package
    ]
    return steps[-1] if steps else place(function) or "(before its first line)"


def _placed(file: str, line: int, function: str) -> str:
    within = f", in {shortened(function, 40)}" if function not in ("", "<module>") else ""
    return f"({shortened(file, 90)}:{line}{within})"
