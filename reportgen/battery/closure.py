"""Which sources decide what a module does: its own, and those of all it imports, directly or through others.

The imports are read from the sources: nothing is imported, so that a change in one module tells at once whom it
concerns. An import inside a function counts like any other. Libraries do not count, nor does the ``__init__`` of a
package on the way to a module inside it: it runs, but ours declare and list and do nothing to other modules.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

__all__ = ["imported_names", "source_closure"]

_STATEMENT = re.compile(r"(?:^|[:;])[ \t]*((?:import|from)\b[^\n(]*(?:\([^)]*\))?)", re.MULTILINE)
"""What may be an import: it begins a line, or stands behind another statement on it."""


def source_closure(modules: Iterable[str]) -> dict[str, str]:
    """Return the sha256 of the source of each module, and of every one that these import.

    Parameters
    ----------
    modules
        Dotted names. What they import counts where it lies in one of their top-level packages, or in this one.

    Returns
    -------
    dict
        Dotted name -> sha256, sorted by name.

    Raises
    ------
    ModuleNotFoundError
        If one of `modules` is not there.
    """
    waiting = list(modules)
    ours = {name.partition(".")[0] for name in (__name__, *waiting)}
    found: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if path is None:
            raise ModuleNotFoundError(f"no module named {name}", name=name)
        if name not in found:
            found[name], imported = _read(path, name)
            waiting += [module for module in imported if module.partition(".")[0] in ours]
    return dict(sorted(found.items()))


def imported_names(source: str, package: str) -> Iterator[str]:
    """Yield the dotted names that a source imports: ``from a import b`` gives ``a.b``.

    Parameters
    ----------
    source
        Text of a module.
    package
        Where relative imports begin.

    Examples
    --------
    >>> list(imported_names("import ast, os.path; from .cell import Cell, Streams", "battery"))
    ['ast', 'os.path', 'battery.cell.Cell', 'battery.cell.Streams']
    """
    for node in _import_statements(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            start = ".".join(filter(None, (above, node.module)))
            yield from (f"{start}.{alias.name}" for alias in node.names)


def _import_statements(source: str) -> Iterator[ast.AST]:
    """Yield the import statements of a source, and perhaps others.

    To parse these alone takes a tenth of the time. Where that cannot be done, as with a line of a text that begins
    with "import", the whole source is parsed.
    """
    try:
        yield from ast.parse("\n".join(_STATEMENT.findall(source))).body
    except SyntaxError:
        yield from ast.walk(ast.parse(source))


@cache
def _read(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the sha256 of a module's source and the modules that it imports; a process runs what it began with."""
    source = path.read_bytes()
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    modules = {_module(imported) for imported in imported_names(source.decode(), package)}
    return hashlib.sha256(source).hexdigest(), tuple(module for module in sorted(modules) if module)


def _module(name: str) -> str:
    """Return the module that a dotted name is, or is inside of; "" if it is not found among the sources."""
    if _file(name):
        return name
    above = name.rpartition(".")[0]
    return above if above and _file(above) else ""


@cache
def _file(name: str) -> Path | None:
    """Return the file of a module, without importing anything."""
    top, *inner = name.split(".")
    for folder in _folders(top):
        path = folder.joinpath(*inner)
        for candidate in (path / "__init__.py", path.with_name(f"{path.name}.py")):
            if candidate.is_file():
                return candidate
    return None


@cache
def _folders(top: str) -> tuple[Path, ...]:
    """Return the folders of a top-level package."""
    spec = find_spec(top)
    return tuple(map(Path, spec.submodule_search_locations or ())) if spec else ()
