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
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from reportgen.errors import ReportgenError, UsageError

__all__ = ["GROUP", "absolute", "digest", "load", "source_digest"]

GROUP = "reportgen.plugins"
"""Entry point group in which an installed package names its plugin module."""

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
        For a plugin that is not there or that fails while it is loaded, with the line that failed.
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
            total.update(f"{path.relative_to(folder).as_posix()}\0".encode() + _sha256(path.read_bytes()))
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
    return Path(name).expanduser().resolve()


def _load_file(name: str) -> str:
    path = _path(name)
    try:
        source = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"plugin {name}: there is no such file") from None
    except OSError as error:
        raise UsageError(f"plugin {name}: cannot be read: {error.strerror}") from None
    content = _sha256(source).hex()
    if _FILES.get(path) != content:
        module = ModuleType(f"reportgen_plugin_{_sha256(str(path).encode()).hex()[:16]}")
        module.__file__ = str(path)
        sys.modules[module.__name__] = module  # dataclasses and pickle look a class's module up
        with _one_line(name, module.__name__):
            # Compiled from the very bytes that were hashed: a .pyc is only checked by time and size.
            exec(compile(source, path, "exec"), module.__dict__)
        _FILES[path] = content
    return content


@functools.cache
def _load_module(name: str) -> str:
    missing = UsageError(f"plugin {name}: there is no module of this name (a file ends in .py)")
    if not all(part.isidentifier() for part in name.split(".")):
        raise missing
    try:
        with _one_line(name, name):
            importlib.import_module(name)
    except ModuleNotFoundError:
        raise missing from None
    return source_digest(name)


@contextmanager
def _one_line(plugin: str, module: str) -> Iterator[None]:
    """Turn whatever goes wrong inside a plugin into one line, but let pass that it is not there at all."""
    try:
        yield
    except (Exception, SystemExit) as error:
        if isinstance(error, ModuleNotFoundError) and f"{module}.".startswith(f"{error.name}."):
            raise
        text = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
        kind = "" if isinstance(error, ReportgenError) else f"{type(error).__name__}: "
        raise UsageError(f"plugin {plugin}: {kind}{text} ({_where(error, module)})") from None


def _where(error: BaseException, module: str) -> str:
    """Return file:line of the last step that was taken inside the plugin itself."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    package = module.partition(".")[0]
    steps = [
        f"{frame.f_code.co_filename}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__")).partition(".")[0] == package
    ]
    return steps[-1] if steps else "before its first line"


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
