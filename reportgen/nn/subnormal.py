"""Subnormal numbers, those below the normal range of floats, are computed with a hundred times slower than others.

Gradients that vanish and Adam's squares of small ones get there. Next to weights such numbers are nothing: a training
may take them as zero, what is measured may not.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

__all__ = ["taken_as_zero"]

_WORDS, _CONTROL = 8, 7
"""The floating-point environment of Linux on x86-64 (fenv_t) in words of 32 bits; the place of the register MXCSR."""

_MASKED = 0x1F80
"""Bits of MXCSR that are set wherever no exception stops a program."""

_TO_ZERO = 0x8040
"""Bits of MXCSR that make zeros of subnormal results and of subnormal operands (Intel's manual, volume 1, 10.2.3)."""


@contextmanager
def taken_as_zero() -> Iterator[None]:
    """Take subnormal numbers as zero in this thread; where the processor cannot be told so, it just takes longer."""
    library = _library()
    if library is None:
        yield
        return
    before = _environment(library)
    within = type(before).from_buffer_copy(before)
    within[_CONTROL] |= _TO_ZERO
    library.fesetenv(within)
    try:
        yield
    finally:
        library.fesetenv(before)


@cache
def _library() -> Any:
    """Return the C library where its environment is laid out as is said above, else None."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return None
    try:
        library = ctypes.CDLL(None)
        return library if _environment(library)[_CONTROL] & _MASKED == _MASKED else None
    except (OSError, AttributeError):  # a C library that is built in, or has no such functions
        return None


def _environment(library: Any) -> ctypes.Array[ctypes.c_uint32]:
    environment = (ctypes.c_uint32 * _WORDS)()
    library.fegetenv(environment)
    return environment
