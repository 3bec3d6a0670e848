"""Whether a site is up to date, told without loading anything that would make it: then a build has nothing to do.

Beside the measurements lies what each site was published from: a digest of settings, data, code, templates, libraries
and machine, and of the site itself. Where one of them is not as it was, or cannot be known, the site is built.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from reportgen.battery.entries import Entries
from reportgen.battery.folder import SITE
from reportgen.built import Built
from reportgen.data_settings import DataFile
from reportgen.errors import UsageError
from reportgen.files import MIB, read_regular
from reportgen.plugins import GROUP
from reportgen.provenance import provenance
from reportgen.report import publish as site
from reportgen.report.folders import templates_folder
from reportgen.report.imprint import require_templates
from reportgen.report.manifest import MANIFEST, read_manifest
from reportgen.report.products import place_of
from reportgen.reporter import Reporter, SilentReporter
from reportgen.settings import Settings

if TYPE_CHECKING:
    from reportgen.battery.results import Results

__all__ = ["build", "keep", "source_of", "unchanged"]

_LIBRARIES = ("jinja2", "markdown-it-py", "math-core", "mdit-py-plugins", "pillow", "pypdf")
"""Libraries that a site depends on, beside those of its provenance."""

_NOT_PUBLISHED = {"cache", "engine", "jobs", "scheduler", "plugin_seconds"}
"""Settings that a site does not depend on."""

_LARGEST = 1024 * MIB
"""Size of a file that is still read."""

_FILE = "site.json"
_KEY = re.compile(r"[0-9a-f]{64}")


def build(settings: Settings, reporter: Reporter | None = None, *, force: bool = False) -> Built:
    """Measure the battery, draw the figures and publish the site, as far as anything has changed.

    Parameters
    ----------
    settings
        What to measure and where to publish.
    reporter
        Hears how far the build is; by default nothing is printed.
    force
        Whether to begin what is estimated not to fit on this machine.

    Raises
    ------
    ReportgenError
        For anything in the settings, the data or the environment that cannot be used, and, where the settings are
        strict, for a sentence that the numbers do not bear out. An earlier site is then still there.
    """
    start = perf_counter()
    if built := unchanged(settings, reporter or SilentReporter()):
        built.seconds["look up"] = round(perf_counter() - start, 3)
        return built
    from reportgen.pipeline import build as build_anew

    return build_anew(settings, reporter, force=force)


def unchanged(settings: Settings, reporter: Reporter) -> Built | None:
    """Return the record of a build that has nothing to do, or None where there may be something to do.

    Every file of the site is read, and has to be as it was published; every measurement has to be stored.
    """
    entries, known = Entries(settings.cache), None
    if entries.folder is not None and settings.out.is_dir():
        known = _read(entries, settings.out)
    if known is None or known["source"] != source_of(settings):
        return None
    target = site.ensure_publishable(settings.out)
    manifest = read_manifest(target)
    if manifest is None or not _is_whole(target, manifest, known["manifest"]):
        return None
    if not all(entries.holds(key) for key in known["cells"]):
        return None
    return _record(settings, manifest, known, reporter)


def keep(settings: Settings, source: str | None, cells: Sequence[str], built: Built) -> None:
    """Write down what the site was published from, unless something has changed meanwhile.

    Parameters
    ----------
    settings
        Of the build.
    source
        From `source_of`, before it began.
    cells
        The keys of the measurements.
    built
        Its record.
    """
    if source is None or source != source_of(settings):
        return
    manifest = (settings.out / MANIFEST).read_bytes()
    told = {"source": source, "manifest": _sha256(manifest), "cells": list(cells), "figures": built.figures}
    Entries(settings.cache).put_files(_place(settings.out), SITE, {_FILE: json.dumps(told).encode()})


def source_of(settings: Settings) -> str | None:
    """Return the sha256 of everything that decides what a site holds, or None where that is not known for sure.

    Plugins may import what they like, so that a site with one is always built.
    """
    if settings.cache is None or settings.plugins or entry_points(group=GROUP):
        return None
    try:
        content = [
            settings.model_dump_json(exclude=_NOT_PUBLISHED),
            str(settings.out.resolve()),
            [_sha256(read_regular(path, _LARGEST)) for path in _data_files(settings)],
            [(name, _sha256(read_regular(path, _LARGEST))) for name, path in _own_files(settings)],
            [(name, _sha256(path.read_bytes())) for name, path in _sources()],
            [(library, _version(library)) for library in _LIBRARIES],
            provenance(),
        ]
    except (OSError, ValueError, UsageError):
        return None
    return _sha256(json.dumps(content).encode())


def _sources() -> Iterator[tuple[str, Path]]:
    """Yield name and path of all code of ours, and of all templates."""
    package = Path(__file__).parent
    for folder, pattern in ((package, "*.py"), (templates_folder(), "*")):
        for path in sorted(folder.rglob(pattern)):
            if path.is_file() and path.parent.name != "__pycache__":
                yield path.relative_to(folder).as_posix(), path


def _own_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield name and path of what of a site is the user's: logo, style sheet and templates."""
    yield from ((path.name, path) for path in (settings.logo, settings.css) if path)
    if settings.templates:
        folder = require_templates(settings.templates)
        yield from ((path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*")) if path.is_file())


def _data_files(settings: Settings) -> Iterator[Path]:
    """Yield the files of data that were added; a name with colons may be a file and its label, wherever it is cut.

    Raises
    ------
    ValueError
        Where there is none, and the name is not one of ours.
    """
    for one in settings.data:
        words = (one.path if isinstance(one, DataFile) else one).split(":")
        names = (":".join(words[:end]) for end in range(1, len(words) + 1))
        files = [path for path in (Path(name).expanduser() for name in names if name) if path.is_file()]
        if not files and not _is_built_in(one):
            raise ValueError(f"no file {one}")
        yield from files


def _is_built_in(data: str | DataFile) -> bool:
    from reportgen.nn.datasets import BUILT_IN

    return data in BUILT_IN


def _is_whole(target: Path, manifest: dict[str, Any], digest: str) -> bool:
    try:
        if _sha256(read_regular(target / MANIFEST, _LARGEST)) != digest:
            return False
        return all(
            _sha256(read_regular(target / name, _LARGEST)) == sha256 for name, sha256 in manifest["files"].items()
        )
    except OSError:
        return False


def _record(settings: Settings, manifest: dict[str, Any], known: dict[str, Any], reporter: Reporter) -> Built:
    cells, figures = len(known["cells"]), known["figures"]
    page = settings.out.resolve() / place_of(settings.formats[0])
    built = Built(
        page, {}, cells, cells, figures, figures, made_from=cache(partial(_tables, settings)), is_unchanged=True
    )
    if manifest["unmet"]:
        from reportgen.report.page import Unmet

        built.unmet = [Unmet(**one) for one in manifest["unmet"]]
        for one in built.unmet:
            reporter.warn(str(one))
    return built


def _tables(settings: Settings) -> Results:
    from reportgen.pipeline import results

    return results(settings)


def _read(entries: Entries, out: Path) -> dict[str, Any] | None:
    """Return what is known of the site in a folder, if it is what `keep` writes: the checksum is no secret."""
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        told = json.loads((entries.get_files(_place(out), SITE) or {})[_FILE])
        keys = [told["source"], told["manifest"], *told["cells"]]
        if all(_KEY.fullmatch(key) for key in keys) and isinstance(told["figures"], int):
            return dict(told)
    return None


def _place(out: Path) -> str:
    """Return the key under which it is kept what a site was published from: one entry per site."""
    return _sha256(str(out.resolve()).encode(errors="surrogateescape"))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
