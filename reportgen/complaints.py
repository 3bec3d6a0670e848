"""What is wrong with the settings, in lines: where it stands, what it is, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from reportgen.errors import did_you_mean, shortened

__all__ = ["line_of", "told"]

_MOST = 10
"""Faults that are told at once."""

_WORDS: Mapping[str, str] = {
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number of fewer digits",
    "int_type": "must be a whole number",
    "model_type": "a data set is a path, or a table with the key path",
    "path_type": "must be a path in quotes",
    "string_type": "must be a text in quotes",
    "tuple_type": "must be a list",
}
"""Kind of a complaint of pydantic -> what is said in its place."""

_TYPES = ("DataFile", "str")
"""Types of which a value may have one."""

Known = tuple[Collection[str], Collection[str]]

_AN_ITEM: Mapping[str, str] = {"depths": "depths = [30]", "formats": 'formats = ["html"]'}
"""How a list is written, for those that hold no names of the user's."""


def told(
    faults: Iterable[Mapping[str, Any]], options: Iterable[str], config: Path | None, text: str, known: Known
) -> str:
    """Return a line for each fault.

    Parameters
    ----------
    faults
        As pydantic lists them.
    options
        The settings that came from the command line.
    config, text
        The file of the others, and what stands in it.
    known
        Every setting that there is, and every key of a table inside one.
    """
    given = set(options)
    first = {fault["loc"][:2]: fault for fault in reversed([*faults])}  # of what fits none of several types, one
    chosen = list(reversed(first.values()))
    lines = [_line(fault, given, config, text, known) for fault in chosen[:_MOST]]
    rest = [f"and {len(chosen) - _MOST} more"] if len(chosen) > _MOST else []
    return "\n".join([*dict.fromkeys(lines), *rest])


def line_of(text: str, key: str, value: str = "", otherwise: int = 1) -> int:
    r"""Return the line of a config text on which a key is set, or on which a value of it stands.

    A key is set at the beginning of a line, or in a table within braces.

    Parameters
    ----------
    text
        A config.
    key
        Its line counts where the value is not found.
    value
        Looked for between quotes, from the key's line on.
    otherwise
        What is returned where the key is not found.

    Examples
    --------
    >>> line_of('seed = 1\ndepths = [5]', "depths")
    2
    >>> line_of('initializers = [\n  "zeros",\n  "heh",\n]', "initializers", "heh")
    3
    """
    pattern = re.compile(rf"""(?:^\s*(?:\[+\s*)?|[{{,]\s*)["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = text.splitlines()
    start = _first(lines, lambda line: pattern.search(line) is not None) or otherwise
    if not value:
        return start
    inside = _first(lines[start - 1 :], lambda line: f'"{value}"' in line or f"'{value}'" in line)
    return start + inside - 1 if inside else start


def _first(lines: list[str], holds: Callable[[str], bool]) -> int:
    """Return the number of the first line for which something holds, from 1, or 0."""
    return next((number for number, line in enumerate(lines, 1) if holds(line)), 0)


def _line(fault: Mapping[str, Any], options: set[str], config: Path | None, text: str, known: Known) -> str:
    # Of several types that a value might have had, pydantic names the one it speaks of.
    top, *inside = [part for part in fault["loc"] if isinstance(part, str) and part not in _TYPES]
    key = inside[-1] if inside else top
    where = shortened(key)
    if top not in options and config is not None:
        line = line_of(text, key, otherwise=line_of(text, top))
        where = f"{shortened(str(config), 100)}, line {line}: {where}"
    if fault["type"] == "extra_forbidden":
        return f"{where}: unknown key, {did_you_mean(key, known[bool(inside)])}"
    if fault["type"] == "value_error":  # our own words, which quote what was given
        return f"{where}: {fault['msg'].removeprefix('Value error, ')}"
    words = _WORDS.get(fault["type"]) or f"{fault['msg'][0].lower()}{fault['msg'][1:]}"
    if fault["type"] == "tuple_type":
        words = f"{words}, as {_AN_ITEM.get(key, f'{key} = [...]')}"
    return f"{where}: {words} (given: {_written(fault['input'])})"


def _written(value: object) -> str:
    """Return a value as it may stand in a file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list | tuple):
        return f"a {'table' if isinstance(value, dict) else 'list'} of {len(value)}"
    return shortened(repr(value))
