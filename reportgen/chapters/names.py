"""Initializers as chapters name them; no matplotlib here, so that tables and findings may use it."""

from __future__ import annotations

import re

__all__ = ["LARGE", "SMALL", "distribution", "short_name"]

SMALL, LARGE = "random_normal(stddev=0.01)", "random_normal(stddev=1)"
"""The two starts at the wrong scale that every chapter shows."""


def short_name(initializer: str) -> str:
    """Return a label that fits an axis.

    Examples
    --------
    >>> short_name("random_normal(stddev=0.01)")
    'normal(0.01)'
    """
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
