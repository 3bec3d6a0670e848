"""How faults of a table read: all in one line, each with its remedy, names cut and counted."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from reportgen.errors import did_you_mean, shortened

__all__ = ["absent", "dropping", "joined", "listed"]

_NAMES = 3


def joined(faults: Sequence[str], room: int) -> str:
    """Return the faults in one line of so many characters, as many as there is room for, and the number of the others.

    Examples
    --------
    >>> joined(["no label", "text in a", "text in b"], room=30)
    'no label; and 2 more faults'
    """
    line, *others = faults
    for number, fault in enumerate(others):
        rest = len(others) - number - 1
        more = f"; and {rest} more faults" if rest else ""
        if len(f"{line}; {fault}{more}") > room:
            left = rest + 1
            return f"{line}; and {left} more fault{'s' if left > 1 else ''}"
        line = f"{line}; {fault}"
    return line


def listed(names: Iterable[str]) -> str:
    """Return the first names, quoted, and the number of the others.

    Examples
    --------
    >>> listed(["a", "b", "c", "d", "e"])
    "'a', 'b', 'c' and 2 more"
    """
    given = list(names)
    shown = ", ".join(repr(shortened(name, 20)) for name in given[:_NAMES])
    return f"{shown} and {len(given) - _NAMES} more" if len(given) > _NAMES else shown


def dropping(names: Iterable[str]) -> str:
    """Return the options that leave columns out, as a shell takes them.

    Examples
    --------
    >>> dropping(["sex", "body mass"])
    "--drop sex --drop 'body mass'"
    """
    given = list(names)
    told = " ".join(f"--drop {shlex.quote(shortened(name, 30))}" for name in given[:_NAMES])
    return f"{told} ..." if len(given) > _NAMES else told


def absent(name: str, names: Sequence[str]) -> str:
    """Return the closest match of a name that is not there, and what is."""
    hint = did_you_mean(name, names).partition("Allowed: ")[0]
    return f"{hint}There are {listed(names)}" if names else "there is no column"
