"""Calling a plugin's function, so that every way in which it can fail is one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numpy as np

from reportgen.errors import PluginFault, ReportgenError, shortened
from reportgen.foreign.limits import Interrupt, OutOfTime, allowed, is_inside, limited, notices_interrupts
from reportgen.foreign.places import is_foreign, place, where
from reportgen.foreign.process import intact, silent

__all__ = ["call"]

P = ParamSpec("P")
T = TypeVar("T")


def call(what: str, module: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a plugin's function.

    Parameters
    ----------
    what
        Begins an error line: ``"initializer coin"``.
    module
        The plugin's module; a fault is placed on the last line that was run inside of its package.
    function
        Called with the rest.

    Raises
    ------
    PluginFault
        If it raises anything (also ``SystemExit``), or does not end in time.
    UsageError
        If it raises one itself, which stays as it is.
    """
    if is_inside():  # a plugin that uses what another one registered
        return function(*args, **kwargs)
    try:
        with (
            intact(what, place(function) if is_foreign(function) else ""),
            silent(),
            np.errstate(all="ignore"),
            limited(what),
        ):
            return function(*args, **kwargs)
    except (ReportgenError, Interrupt):
        raise
    except OutOfTime as error:
        seconds = f"{allowed():g}"
        raise PluginFault(
            f"{what}: did not end within {seconds} s; --plugin-seconds N allows more {where(error, module, function)}"
        ) from None
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and not notices_interrupts():
            raise
        raise PluginFault(f"{what}: {_told(error)} {where(error, module, function)}") from None


def _told(error: BaseException) -> str:
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)
    except Exception:  # noqa: BLE001 - a foreign __str__
        text = ""
    text = shortened(" ".join(text[:1000].split()), 100)
    return f"{shortened(type(error).__name__, 40)}: {text}" if text else shortened(type(error).__name__, 40)
