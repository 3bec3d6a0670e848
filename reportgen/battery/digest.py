"""A digest of everything beside cell and seed that decides what a measurement yields."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

from reportgen import plugins

__all__ = ["PACKAGE", "code_digest"]

PACKAGE = "reportgen.experiments"
"""The package in which `reportgen.battery.run` finds an experiment by its name."""

_SOURCES = (
    "reportgen.nn",
    "reportgen.theory",
    "reportgen.registry",
    "reportgen.battery.cell",
    "reportgen.battery.cache",
)
_LIBRARIES = ("numpy", "scipy", "scikit-learn")


def code_digest(names: Iterable[str] = (), package: str = PACKAGE) -> str:
    """Return the sha256 of the code that measures.

    It covers networks, theory, experiments, how random streams are derived, how results are stored, the plugins, and
    the versions of the numerical libraries. A change of any of them makes stored measurements stale.

    Parameters
    ----------
    names
        Plugins, as for `reportgen.plugins.load`; they are loaded.
    package
        Where the experiments are.
    """
    return hashlib.sha256(f"{_own_digest(package)}\n{plugins.digest(names)}".encode()).hexdigest()


@functools.cache
def _own_digest(package: str) -> str:
    """Digest what does not change while a process runs."""
    sources = [plugins.source_digest(name) for name in (*_SOURCES, package)]
    return hashlib.sha256("\n".join([*sources, *map(_version, _LIBRARIES)]).encode()).hexdigest()


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return f"{library} -"
