"""Load a user's initializers and activations from files, modules and installed packages.

A plugin registers itself: running it calls the decorators of `reportgen.nn.initializers` and
`reportgen.nn.activations`. It may be

* a file, ``my_init.py``, which stands alone;
* a module or package that Python can import, ``my_package.inits``;
* an installed package with an entry point in the group ``reportgen.plugins``, which is always loaded.

Loading is idempotent, so that every worker process simply loads what the parent process was told to load.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from reportgen import foreign
from reportgen.errors import ReportgenError, UsageError, shortened
from reportgen.files import MIB, located, read_regular

__all__ = ["GROUP", "absolute", "digest", "load", "source_digest"]

GROUP = "reportgen.plugins"
"""Entry point group in which an installed package names its plugin module."""

_LARGEST = 16 * MIB
"""Size of a source that is still read."""

_LOCK = threading.RLock()
_FILES: dict[Path, str] = {}
"""Plugin file -> sha256 of the source that was run."""


def load(names: Iterable[str] = ()) -> None:
    """Load the installed plugins, then the named ones in their order.

    What was loaded before stays as it is, except for a file that has changed: that one is run again and replaces what
    it registered.

    Parameters
    ----------
    names
        Paths of ``.py`` files or dotted module names.

    Raises
    ------
    UsageError
        For a plugin that is not there.
    PluginFault
        For one that fails or takes too long while it is loaded, with the line that failed; that registers what does
        not keep to its contract; or that removes or replaces what is not its own.
    """
    _load(names)


def digest(names: Iterable[str] = ()) -> str:
    """Load plugins and return the sha256 of the source that they consist of.

    The folder of a plugin file does not count, only its content.

    Parameters
    ----------
    names
        As for `load`.
    """
    return hashlib.sha256("\n".join(_load(names)).encode()).hexdigest()


def absolute(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names with absolute file paths, so that they mean the same in every working folder."""
    return tuple(str(_path(name)) if _is_file(name) else name for name in names)


def source_digest(name: str) -> str:
    """Return the sha256 of a module's source, or of all sources inside a package.

    Parameters
    ----------
    name
        Dotted name of a module that can be imported.
    """
    spec = find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"no module named {name}", name=name)
    total = hashlib.sha256()
    for folder in dict.fromkeys(spec.submodule_search_locations or ()):
        for path in sorted(Path(folder).rglob("*.py")):
            total.update(f"{path.relative_to(folder).as_posix()}\0".encode() + _sha256(_source(path, name)))
    if spec.submodule_search_locations is None and spec.has_location and spec.origin:
        total.update(Path(spec.origin).read_bytes())
    return total.hexdigest()


def _load(names: Iterable[str]) -> list[str]:
    """Load every plugin and return the sha256 of each."""
    with _LOCK:
        installed = [_load_module(name) for name in _installed()]
        return installed + [_load_file(name) if _is_file(name) else _load_module(name) for name in names]


@functools.cache
def _installed() -> tuple[str, ...]:
    return tuple(sorted({entry_point.module for entry_point in entry_points(group=GROUP)}))


def _is_file(name: str) -> bool:
    return name.endswith(".py") or "/" in name or os.sep in name


def _path(name: str) -> Path:
    with _readable(name):
        return located(name)


def _source(path: Path, name: str) -> bytes:
    with _readable(name):
        return read_regular(path, _LARGEST)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise UsageError(f"plugin {shortened(name)}: there is no such file") from None
    except OSError as error:
        raise UsageError(f"plugin {shortened(name)}: cannot be read: {error.strerror}") from None


def _load_file(name: str) -> str:
    path = _path(name)
    source = _source(path, name)
    content = _sha256(source).hex()
    if _FILES.get(path) != content:
        module = ModuleType(f"reportgen_plugin_{_sha256(str(path).encode(errors='surrogateescape')).hex()[:16]}")
        module.__file__ = str(path)
        # Compiled from the very bytes that were hashed: a .pyc is only checked by time and size.
        _run(name, module.__name__, lambda: _execute(source, path, module))
        _FILES[path] = content
    return content


def _execute(source: bytes, path: Path, module: ModuleType) -> None:
    sys.modules[module.__name__] = module  # dataclasses and pickle look a class's module up
    try:
        exec(compile(source, path, "exec"), module.__dict__)
    except BaseException:
        del sys.modules[module.__name__]
        raise


@functools.cache
def _load_module(name: str) -> str:
    missing = UsageError(f"plugin {shortened(name)}: there is no module of this name (a file ends in .py)")
    if not all(part.isidentifier() for part in name.split(".")):
        raise missing
    if name.partition(".")[0] == "__main__":
        raise UsageError(f"plugin {shortened(name)}: this is the program that runs; name a file or another module")

    def load_it() -> None:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if f"{name}.".startswith(f"{error.name}."):
                raise missing from None
            raise

    _run(name, name, load_it, passing=missing)
    try:
        return source_digest(name)
    except (ValueError, ModuleNotFoundError):  # put into sys.modules by hand
        raise UsageError(f"plugin {shortened(name)}: this module has no source that could be followed") from None


def _run(plugin: str, module: str, body: Callable[[], None], passing: UsageError | None = None) -> None:
    """Run a plugin, then hold what it registered to the contract; all of it stays, or nothing."""
    from reportgen.nn.examination import examine
    from reportgen.tampering import intact

    def placed() -> None:
        try:
            body()
        except ReportgenError as error:
            if error is passing:
                raise
            place = foreign.where(error, module, body)
            raise type(error)(f"plugin {shortened(plugin)}: {error} {place}") from None

    with intact(shortened(plugin), module) as added:
        foreign.call(f"plugin {shortened(plugin)}", module, placed)
        for registry, name in added():
            examine(registry.get(name))


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
