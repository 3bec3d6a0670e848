"""The names under which data sets are shown: every set has one of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reportgen.errors import shortened

__all__ = ["apart"]


def apart(described: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return the factors of data sets, each once and shown under a name of its own.

    Files of one name are told apart by as much of their folders as it takes, and readings of one file by their labels.
    """
    once: dict[Any, Mapping[str, Any]] = {}
    for factors in described:
        once.setdefault(_identity(factors), factors)
    sets = [*once.values()]
    names = [_shown(factors, sets) for factors in sets]
    return tuple({**factors, "data": name} for factors, name in zip(sets, _distinct(names), strict=True))


def _identity(factors: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return what makes a data set another one: a file is the same by whatever path it was found."""
    path = {"data_file": str(Path(factors["data_file"]).resolve()), "data": ""} if "data_file" in factors else {}
    return tuple(sorted({**factors, **path}.items()))


def _shown(factors: Mapping[str, Any], sets: Iterable[Mapping[str, Any]]) -> str:
    """Return the name of a file with the folders that tell it from others, and its label where one is read twice."""
    rivals = [other for other in sets if other["data"] == factors["data"] and other is not factors]
    if "data_file" not in factors or not rivals:
        return str(factors["data"])
    parts = Path(factors["data_file"]).parts
    others = [Path(other["data_file"]).parts for other in rivals if other["data_file"] != factors["data_file"]]
    depth = next((at for at in range(1, len(parts)) if all(one[-at:] != parts[-at:] for one in others)), len(parts))
    label = f":{factors['data_label']}" if len(others) < len(rivals) else ""
    return shortened("/".join(parts[-depth:]) + label)


def _distinct(names: Iterable[str]) -> Iterator[str]:
    """Yield the names, numbered where they are the same although all was done to tell them apart."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield f"{name} ({seen[name]})" if seen[name] > 1 else name
