"""The manifest of a published folder: where the site comes from, and which of the files there are ours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.battery.results import Results
from reportgen.report.page import Unmet

__all__ = ["GENERATOR", "MANIFEST", "listed_files", "manifest_text", "origin", "read_manifest"]

MANIFEST = "manifest.json"
"""The name of the manifest in the site."""

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
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(manifest, dict) and str(manifest.get("generator")).startswith(GENERATOR)
    return manifest if ours else None


def listed_files(folder: Path) -> list[str]:
    """Return the files that the manifest of a folder lists, itself last; nothing outside of the folder counts."""
    manifest = read_manifest(folder)
    if manifest is None:
        return []
    return [*(name for name in manifest.get("files", ()) if _is_inside(folder, name)), MANIFEST]


def _is_inside(folder: Path, name: str) -> bool:
    return ".." not in PurePosixPath(name).parts and (folder / name).parent.resolve().is_relative_to(folder)
