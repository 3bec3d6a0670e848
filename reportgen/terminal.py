"""The terminal that a command finds: what it can show, how long a line may be, where one stands. Light."""

from __future__ import annotations

import codecs
import errno
import os
import sys
import warnings
from collections.abc import Iterable

from reportgen.errors import EnvironmentFault, shortened

__all__ = ["line_for", "prepare", "say", "tell"]

_LONGEST = 300
"""Characters of a line on standard error."""

_PLAIN = {"²": "^2", "³": "^3", "×": "x", "·": "*", "…": "...", "–": "-", "—": "-", "−": "-", "→": "->", "≥": ">="}
"""What stands in for a character that a terminal does not know; of others the code is shown."""

_HANDLER = "reportgen.plain"


def prepare() -> None:
    """Make ready for work: no character and no warning of a library's arithmetic disturbs a terminal.

    Overflow is data, and told as such; Python's own option ``-W`` brings the warnings back.

    Raises
    ------
    EnvironmentFault
        If the working folder is gone.
    """
    codecs.register_error(_HANDLER, _plainly)
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors=_HANDLER)
    if not sys.warnoptions:
        warnings.filterwarnings("ignore", category=RuntimeWarning)
    try:
        os.getcwd()  # noqa: PTH109 - only asked whether it is there
    except OSError:
        raise EnvironmentFault("the working folder is gone: change into one that is there") from None


def say(message: str) -> None:
    """Write what went wrong on standard error, each line of it short and, unless it is indented, with our name."""
    for line in message.splitlines() or [""]:
        print(line_for(line if line.startswith(" ") else f"reportgen: {line}"), file=sys.stderr)


def tell(lines: Iterable[str]) -> None:
    """Write an answer on standard output.

    Raises
    ------
    EnvironmentFault
        If it cannot be written, as on a full disk. A reader that goes away, such as ``head``, is no fault.
    """
    try:
        for line in lines:
            print(line)
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the same error comes again at the end
        raise EnvironmentFault(f"standard output cannot be written: {error.strerror}") from None


def line_for(message: str) -> str:
    """Return a line of a message, cut in the middle where it is long, without what would steer the terminal."""
    return shortened(message, _LONGEST)


def _plainly(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError), "only for writing"
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(one) or one.encode("ascii", "backslashreplace").decode() for one in text), error.end
