"""The manifest of a published folder: where the site comes from, and which of the files there are ours."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from reportgen.files import MIB, read_regular

if TYPE_CHECKING:
    from reportgen.battery.results import Results
    from reportgen.report.page import Unmet

__all__ = ["GENERATOR", "MANIFEST", "listed_files", "manifest_text", "origin", "read_manifest"]

MANIFEST = "manifest.json"
"""The name of the manifest in the site."""

_LARGEST = 64 * MIB
"""Size of a manifest that is still read."""

GENERATOR = "reportgen "
"""A manifest is ours if its generator starts with this; the version follows."""


def origin(results: Results, seconds: Mapping[str, float], unmet: Sequence[Unmet] = ()) -> dict[str, Any]:
    """Return where a site comes from: versions, commit and processor, seed and settings, wall time of every stage.

    Parameters
    ----------
    results
        The tables that the site is made from, with settings and provenance.
    seconds
        Stage -> wall time.
    unmet
        The sentences that the numbers do not bear out.
    """
    settings = dict(results.settings)
    return {
        **results.provenance,
        "seed": settings["seed"],
        "settings": settings,
        "unmet": [one._asdict() for one in unmet],
        "wall_time_seconds": dict(seconds),
    }


def manifest_text(files: Mapping[str, bytes], origin: Mapping[str, Any]) -> str:
    """Return the manifest of a site as JSON: its origin, and the sha256 of every file.

    Parameters
    ----------
    files
        Path within the site -> content.
    origin
        Where the site comes from, as plain data; its ``generator`` says ``reportgen <version>``.
    """
    if not str(origin["generator"]).startswith(GENERATOR):
        raise ValueError(f"the generator of a manifest starts with {GENERATOR!r}")
    digests = {name: sha256(files[name]).hexdigest() for name in sorted(files)}
    return json.dumps({**origin, "files": digests}, indent=2, ensure_ascii=False) + "\n"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder, or None if it has none that is ours."""
    try:
        manifest = json.loads(read_regular(folder / MANIFEST, _LARGEST).decode())
    except (OSError, ValueError, RecursionError):
        return None
    return manifest if _is_ours(manifest) else None


def listed_files(folder: Path) -> list[str]:
    """Return the files that the manifest of a folder lists, itself last; nothing outside of the folder counts."""
    manifest = read_manifest(folder)
    if manifest is None:
        return []
    return [*(name for name in manifest["files"] if _is_inside(folder, name)), MANIFEST]


def _is_ours(manifest: object) -> bool:
    """Tell whether this is what `manifest_text` writes: nothing is deleted on the word of anything else."""
    if not isinstance(manifest, dict) or not str(manifest.get("generator")).startswith(GENERATOR):
        return False
    files = manifest.get("files")
    return isinstance(files, dict) and all(_is_path(name) for name in files)


def _is_path(name: str) -> bool:
    """Tell whether a file can have this name; half of a surrogate pair and a null byte are in none."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return "\0" not in name


def _is_inside(folder: Path, name: str) -> bool:
    return ".." not in PurePosixPath(name).parts and (folder / name).parent.resolve().is_relative_to(folder)
