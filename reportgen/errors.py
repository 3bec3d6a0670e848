"""What a user can get wrong, each said in one line.

A `ReportgenError` is a mistake in the input or a fault of the environment: the command line prints its message
and exits with its `exit_code`, without a traceback. Every other exception is a bug and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import accumulate
from typing import TypeVar

__all__ = [
    "CheckFailed",
    "DataError",
    "EnvironmentFault",
    "PluginFault",
    "ReportgenError",
    "UsageError",
    "did_you_mean",
    "named",
    "shortened",
]

T = TypeVar("T")


class ReportgenError(Exception):
    """A user's mistake or a fault of the environment, told in one line."""

    exit_code = 1


class UsageError(ReportgenError):
    """A name, option, parameter or setting that cannot be used as given."""

    exit_code = 2


class DataError(ReportgenError):
    """A data file that is missing, malformed or holds values that cannot be measured."""


class EnvironmentFault(ReportgenError):
    """A folder, disk, package or worker that does not do what the build needs."""


class PluginFault(UsageError):
    """A plugin whose code raises, takes too long, or gives something else than it has to."""

    exit_code = 1


class CheckFailed(ReportgenError):
    """A sentence of the report that the measured numbers do not bear out."""


def shortened(text: str, limit: int = 60) -> str:
    """Return a user's text for an error line: on one line, and cut in the middle where it is long.

    Examples
    --------
    >>> shortened("glorot_normal")
    'glorot_normal'
    >>> shortened("a" * 50 + "b" * 50, limit=11)
    'aaaaa…bbbbb'
    """
    ends = (text,) if len(text) <= 2 * limit else (text[:limit], text[-limit:])
    line = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in "".join(ends))
    if len(line) <= limit and len(ends) == 1:
        return line
    half = (limit - 1) // 2
    return f"{line[: limit - 1 - half]}…{line[-half:]}"


def did_you_mean(name: str, allowed: Iterable[str], aliases: Iterable[str] = ()) -> str:
    """Return the end of an error line: the closest match, then what is allowed.

    Parameters
    ----------
    name
        What the user wrote.
    allowed
        The names that would have been accepted.
    aliases
        Other spellings that would have been; they may be the closest match but are not listed.

    Examples
    --------
    >>> did_you_mean("glorot_norml", ["glorot_normal", "zeros"])
    'did you mean glorot_normal? Allowed: glorot_normal, zeros'
    """
    names = list(allowed)
    by_lower = {candidate.lower(): candidate for candidate in [*aliases, *names]}
    close = get_close_matches(name[:_LONGEST].lower(), by_lower, n=1)
    hint = f"did you mean {by_lower[close[0]]}? " if close else ""
    return f"{hint}Allowed: {_listed(names)}"


_LONGEST = 100
"""Characters of a name that are compared with others: that takes the square of them."""

_ROOM = 160
"""Characters that a list of names may take in an error line."""


def _listed(names: list[str]) -> str:
    """Return the names with commas, as many as there is room for."""
    lengths = accumulate(len(name) + 2 for name in names)
    fit = sum(length <= _ROOM for length in lengths)
    rest = len(names) - fit
    return ", ".join(names[:fit]) + (f" and {rest} more" if rest else "")


def named(kind: str, name: str, known: Mapping[str, T]) -> T:
    """Return what has a name.

    Parameters
    ----------
    kind
        What it is, for the error line.
    name
        What the user wrote.
    known
        Name -> what there is.

    Raises
    ------
    UsageError
        With the closest match, if there is nothing of this name.

    Examples
    --------
    >>> named("engine", "serial", {"serial": 1, "processes": 2})
    1
    """
    if name not in known:
        raise UsageError(f"there is no {kind} '{shortened(name)}': {did_you_mean(name, known)}")
    return known[name]
