"""The site in one file, as learning platforms take it: what its pages need, and nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

__all__ = ["needed", "packed"]

_FOR_SERVERS = frozenset({"404.html", "robots.txt", "sitemap.xml", "static/card.png"})
"""What only a server asks for, or who links to the site."""

_DATA = re.compile(r'href="(?:\.\./)*(data/[^"]+)"')
_MANIFEST = re.compile(r'<a href="(?:\.\./)*manifest\.json">(.*?)</a>')

_UNIX, _READABLE = 3, 0o100644 << 16
"""The system that the entries are written for, and who may read them there: on each machine the same."""


def packed(files: Mapping[str, bytes]) -> bytes:
    """Pack a site; the same bytes for the same site, its front page at the top, and no dot files.

    Parameters
    ----------
    files
        Path within the site -> content, of a site as HTML.
    """
    archive = io.BytesIO()
    with ZipFile(archive, "w") as written:
        for path, content in needed(files).items():
            entry = ZipInfo(path)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            written.writestr(entry, content, ZIP_DEFLATED)
    return archive.getvalue()


def needed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what the pages of a site need, sorted by path, without links to a manifest, which is not there."""
    pages = {path: content.decode() for path, content in files.items() if path.endswith(".html") and "/" not in path}
    whole = {path for path in ("report.html", "report.pdf") if path in files}
    data = {linked for path, page in pages.items() if path not in whole for linked in _DATA.findall(page)}
    kept = {
        path: files[path]
        for path in sorted(files)
        if not path.startswith(".")
        and "/." not in path
        and path not in _FOR_SERVERS | whole
        and (path in data or not path.startswith("data/"))
    }
    return kept | {path: _MANIFEST.sub(r"\1", page).encode() for path, page in pages.items() if path in kept}
