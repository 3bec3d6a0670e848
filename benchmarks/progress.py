"""What is told while a benchmark runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

__all__ = ["told"]

T = TypeVar("T")


def told(parts: Mapping[str, T], what: str = "") -> Iterator[tuple[str, T]]:
    """Yield the parts of a benchmark, each told on a line of its own when its turn comes.

    Parameters
    ----------
    parts
        Name -> part.
    what
        Is said before each name.
    """
    for number, (name, part) in enumerate(parts.items(), 1):
        print(f"  {what}{name} ({number} of {len(parts)})", flush=True)
        yield name, part
