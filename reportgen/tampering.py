"""What a plugin must leave as it was: everything that was registered before, and the functions that we compute with.

It adds and does nothing else. What it replaced is put back, so that a caller that goes on after the refusal is safe.
The streams and the modules of the process are looked at in `reportgen.foreign`, after each call.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from reportgen.errors import PluginFault, shortened
from reportgen.registry import Registry, Snapshot

__all__ = ["Added", "intact"]

Added = Callable[[], list[tuple[Registry[Any], str]]]
"""Looks whether all is intact, and returns what a plugin has added: registry and name."""

Namespaces = Mapping[str, tuple[ModuleType, dict[str, Any]]]

_GUARDED = frozenset({"builtins", "math", "numpy", "numpy.fft", "numpy.linalg", "numpy.random"})
"""Libraries of which no function may be replaced; our own modules are guarded too."""


@contextmanager
def intact(plugin: str, module: str) -> Iterator[Added]:
    """Run a plugin, which may add to the registries; if it fails, or replaces what is not its own, all is put back.

    Parameters
    ----------
    plugin
        As the user names it, for error lines.
    module
        The plugin's module; what this package registered earlier may be replaced.

    Raises
    ------
    PluginFault
        If something was removed or replaced.
    """
    kept = [(registry, registry.snapshot()) for registry in _registries()]
    namespaces = {name: (library, dict(vars(library))) for name, library in _libraries()}
    folder, filters = Path.cwd(), warnings.filters[:]

    def added() -> list[tuple[Registry[Any], str]]:
        if replaced := _put_back(namespaces):
            raise PluginFault(f"plugin {plugin}: replaces {shortened(replaced)}; a plugin only adds")
        return [(registry, name) for registry, before in kept for name in _added(plugin, module, registry, before)]

    try:
        yield added
        added()
    except BaseException:
        _put_back(namespaces)
        for registry, before in kept:
            registry.restore(before)
        raise
    finally:
        warnings.filters[:] = filters  # type: ignore[index]
        os.chdir(folder)


def _registries() -> tuple[Registry[Any], ...]:
    """Return the registries with all of ours in them: what a plugin adds comes later."""
    from reportgen.nn.activations import activations
    from reportgen.nn.initializers import initializers

    return initializers, activations


def _libraries() -> list[tuple[str, ModuleType]]:
    own = __name__.partition(".")[0]
    return [(name, module) for name, module in sys.modules.items() if name in _GUARDED or name.partition(".")[0] == own]


def _put_back(namespaces: Namespaces) -> str:
    """Put back what was replaced in some modules, and return the name of one such thing.

    Nothing built in is called: it may be what was replaced.
    """
    found = ""
    for name, (library, attributes) in namespaces.items():
        now = library.__dict__
        for attribute, value in attributes.items():
            if now.get(attribute, namespaces) is not value:
                now[attribute] = value
                found = f"{name}.{attribute}"
    return found


def _added(plugin: str, module: str, registry: Registry[Any], before: Snapshot[Any]) -> list[str]:
    """Return what is new in a registry, or say what was taken out of it."""
    after, package = registry.snapshot(), module.partition(".")[0]
    others = {
        name: definition
        for name, definition in before.definitions.items()
        if definition.owner.partition(".")[0] != package
    }
    for name, definition in others.items():
        if after.definitions.get(name) is not definition:
            raise PluginFault(f"plugin {plugin}: removes or replaces the {registry.kind} {name}; a plugin only adds")
    for spelling, meant in before.spellings.items():
        if meant[0] in others and after.spellings.get(spelling) != meant:
            raise PluginFault(f"plugin {plugin}: takes the name {spelling} from the {registry.kind} {meant[0]}")
    new = (name for name, definition in after.definitions.items() if before.definitions.get(name) is not definition)
    return list(new)
