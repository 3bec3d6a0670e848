"""A digest of everything beside cell and seed that decides what a measurement yields."""

from __future__ import annotations

import functools
import hashlib
from importlib.metadata import PackageNotFoundError, version

from reportgen.battery.closure import source_closure

__all__ = ["PACKAGE", "code_digest"]

PACKAGE = "reportgen.experiments"
"""The package in which `reportgen.battery.run` finds an experiment by its name."""

_SOURCES = ("reportgen.battery.cell", "reportgen.battery.cache")
"""How random streams are derived and results stored: every measurement depends on it."""

_LIBRARIES = ("numpy", "scipy", "scikit-learn")


def code_digest(experiment: str, plugins: str = "", package: str = PACKAGE) -> str:
    """Return the sha256 of the code that measures the cells of one experiment.

    It covers the experiment and all that it imports, how random streams are derived, how results are stored, the
    plugins, and the versions of the numerical libraries. A change of any of them makes stored measurements stale; a
    change in another experiment does not.

    Parameters
    ----------
    experiment
        Name of its module inside the package.
    plugins
        Digest of the plugins, as `reportgen.plugins.digest` returns it.
    package
        Where the experiments are.
    """
    return hashlib.sha256(f"{_own_digest(experiment, package)}\n{plugins}".encode()).hexdigest()


@functools.cache
def _own_digest(experiment: str, package: str) -> str:
    """Digest what does not change while a process runs."""
    sources = source_closure([f"{package}.{experiment}", *_SOURCES])
    lines = [f"{name} {sha256}" for name, sha256 in sources.items()]
    return hashlib.sha256("\n".join([*lines, *map(_version, _LIBRARIES)]).encode()).hexdigest()


@functools.cache
def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return f"{library} -"
