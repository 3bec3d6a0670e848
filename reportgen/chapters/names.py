"""Names as chapters write them; no matplotlib here, so that tables and findings may use it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["LARGE", "SMALL", "distribution", "file_names", "short_name"]

SMALL, LARGE = "random_normal(stddev=0.01)", "random_normal(stddev=1)"
"""The two starts at the wrong scale that every chapter shows."""


def short_name(initializer: str) -> str:
    """Return a label that fits an axis.

    Examples
    --------
    >>> short_name("random_normal(stddev=0.01)")
    'normal(0.01)'
    >>> short_name("he_uniform(negative_slope=2.23606797749979)")
    'he_uniform(negative_slope=2.236)'
    """
    initializer = re.sub(r"\d+\.\d{5,}(?:e[+-]?\d+)?", lambda number: f"{float(number[0]):.4g}", initializer)
    uniform = re.fullmatch(r"random_uniform\(minval=-([\d.]+), maxval=\1\)", initializer)
    if uniform:
        return f"uniform(±{uniform[1]})"
    return re.sub(r"random_normal\((?:stddev|mean=0, stddev)=", "normal(", initializer)


def distribution(normal: str) -> str:
    """Return the distribution of a normal start as a formula writes it.

    Examples
    --------
    >>> distribution(SMALL), distribution(LARGE)
    ('N(0, 0.01²)', 'N(0, 1)')
    """
    stddev = normal.removeprefix("random_normal(stddev=").removesuffix(")")
    return "N(0, 1)" if stddev == "1" else f"N(0, {stddev}²)"


_LONGEST = 40
"""Letters of a name that a file takes over."""


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Return a name of its own for the files of each of these: small letters, digits and hyphens.

    Examples
    --------
    >>> file_names(["My data.csv", "my_data.csv", "Größe$.csv", "数据"])
    {'My data.csv': 'my-data-csv', 'my_data.csv': 'my-data-csv-2', 'Größe$.csv': 'groe-csv', '数据': 'data'}
    """
    made: dict[str, str] = {}
    for name in dict.fromkeys(names):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or "data"
        taken, number = set(made.values()), 1
        while (one := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        made[name] = one
    return made
