"""The folder of an export: empty, or one of ours in which nobody has changed anything since."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from reportgen.errors import EnvironmentFault, shortened
from reportgen.report.manifest import MANIFEST, read_manifest
from reportgen.report.publish import ensure_publishable

__all__ = ["EXPORT", "ensure_exportable", "ensure_no_export"]

EXPORT = "export"
"""In the manifest of an export, which system it is for; the manifest of a site has no such entry."""


def ensure_no_export(folder: Path) -> None:
    """Check that a folder holds no export, whose pages somebody may have changed, before a site takes its place.

    Raises
    ------
    EnvironmentFault
        If it does.
    """
    manifest = read_manifest(folder.resolve()) or {}
    if EXPORT in manifest:
        named, system = shortened(str(folder), 120), shortened(str(manifest[EXPORT]))
        raise EnvironmentFault(
            f"{named}: holds an export for {system}, which a site would replace; choose another folder"
        )


def ensure_exportable(folder: Path) -> None:
    """Check that an export may be written into a folder, before anything is drawn.

    Raises
    ------
    EnvironmentFault
        If the folder holds a site, something that is not of reportgen, or pages that somebody has changed since they
        were exported; or cannot be written.
    """
    target, named = ensure_publishable(folder), shortened(str(folder), 120)
    manifest = read_manifest(target)
    if manifest is None:
        return
    if EXPORT not in manifest:
        raise EnvironmentFault(f"{named}: holds a site, which an export would replace; choose an empty folder")
    for name, digest in manifest["files"].items():
        path = target / name
        if path.is_file() and sha256(path.read_bytes()).hexdigest() != digest:
            raise EnvironmentFault(
                f"{named}: {name} was changed since it was exported, and a new export would replace it; "
                f"choose an empty folder, or delete {MANIFEST} and what is not to be kept"
            )
