"""Parameters that the frameworks have and networks here have not: seeds, types, axes, work in place.

Where nothing depends on the value it is passed over, so that a line pasted from somebody's code is read; where it asks
for something that cannot be had, the error line says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from reportgen.callform import Value, Word
from reportgen.errors import UsageError, shortened

__all__ = ["Misread", "Refused", "ignore", "is_theirs", "quoted"]


class Misread(UsageError):
    """A call form that has no meaning under one spelling, but may have one under another."""


class Refused(UsageError):
    """A call form that has been understood and cannot be had: no other reading would help."""


def ignore(key: str, value: Value) -> None:
    """Pass over a parameter that only the frameworks have, if nothing here depends on its value.

    Raises
    ------
    Misread
        If there is no such parameter, or it takes no such value.
    Refused
        If what it asks for cannot be had, with the reason.
    """
    if key not in _THEIRS:
        raise Misread(f"unknown parameter {shortened(key)}")
    fits, unless = _THEIRS[key]
    if not fits(value):
        raise Misread(f"{key} cannot be {quoted(value)}")
    reason = unless(value)
    if reason:
        raise Refused(f"{key}={shortened(str(value))}: {reason}")


def is_theirs(key: str) -> bool:
    """Tell whether a parameter is one that only the frameworks have."""
    return key in _THEIRS


def quoted(value: Value) -> str:
    """Return a value for an error line."""
    return f"'{shortened(value)}'" if isinstance(value, str) else shortened(repr(value))


def _whole(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _axis(value: Value) -> bool:
    return _whole(value) or isinstance(value, tuple) or value is None


def _seed(value: Value) -> str:
    if value is None:
        return ""
    option = f"`--seed {value if _whole(value) else 'N'}`"
    return f"write {option}, which seeds every draw; one seed for two layers of one shape draws the same weights twice"


def _axis_is(*allowed: Value) -> Callable[[Value], str]:
    words = " or ".join(str(axis) for axis in allowed)
    return lambda value: "" if value in allowed else f"weights here have the axes (fan_in, fan_out), so it is {words}"


def _dtype(value: Value) -> str:
    real = value is None or re.search(r"float|half|single|double", str(value))
    return "" if real else "weights here are real floating-point numbers"


def _never(_value: Value) -> str:
    return ""


_THEIRS: Mapping[str, tuple[Callable[[Value], bool], Callable[[Value], str]]] = {
    "seed": (lambda value: _whole(value) or value is None or isinstance(value, Word), _seed),
    "generator": (lambda value: value is None or isinstance(value, Word), _seed),
    "key": (lambda value: isinstance(value, Word), _seed),
    "dtype": (lambda value: value is None or isinstance(value, str), _dtype),
    "in_axis": (_axis, _axis_is(-2, 0)),
    "out_axis": (_axis, _axis_is(-1, 1)),
    "batch_axis": (_axis, lambda value: "" if value in ((), None) else "weights here have no batch axis"),
    "column_axis": (_whole, _axis_is(-1, 1, -2, 0)),
    "axis": (_axis, lambda value: "it acts on every unit by itself, along no axis"),
    "dim": (_axis, lambda value: "it acts on every unit by itself, along no axis"),
    "inplace": (lambda value: isinstance(value, bool), _never),
    "name": (lambda value: value is None or isinstance(value, str), _never),
    "device": (lambda value: value is None or isinstance(value, str), _never),
    "out_sharding": (lambda value: value is None or isinstance(value, str), _never),
    "layout": (lambda value: value is None or isinstance(value, str), _never),
}
"""Parameter that only the frameworks have -> whether a value is one for it, and why it cannot be had, or ""."""
