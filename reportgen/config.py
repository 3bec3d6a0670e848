"""A config file: read whole, as TOML, before anything is made of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from reportgen.errors import UsageError, shortened
from reportgen.files import MIB, read_regular

__all__ = ["read_config"]

_LARGEST = 16 * MIB
"""Size of a config file that is still read."""

_DEEPEST = 8
"""Levels of lists and tables that a config may have; what it says takes three."""


def read_config(config: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of a config file, and what stands in it.

    Raises
    ------
    UsageError
        If it is missing or no ordinary file, no TOML, or nested deeper than any setting is.
    """
    text = _read(config)
    return text, _parsed(config, text)


def _read(config: Path) -> str:
    where = shortened(str(config), 120)
    try:
        return read_regular(config, _LARGEST).decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"{where}: there is no such config file") from None
    except OSError as error:
        raise UsageError(f"{where}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{where}: cannot be read: it is not UTF-8 (byte {error.start})") from None


def _parsed(config: Path, text: str) -> dict[str, Any]:
    where = shortened(str(config), 120)
    deep = UsageError(f"{where}: lists or tables are nested too deep; a setting takes a value or a list of values")
    try:
        written = tomllib.loads(text)
    except ValueError as error:  # a number of thousands of digits is no TOMLDecodeError
        fault = "a number is too long" if type(error) is ValueError else shortened(str(error), 140)
        raise UsageError(f"{where}: not valid TOML: {fault}") from None
    except RecursionError:
        raise deep from None
    if not _is_shallow(written, _DEEPEST):
        raise deep
    return written


def _is_shallow(value: object, levels: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_shallow(item, levels - 1) for item in inside)
