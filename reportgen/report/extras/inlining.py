"""Style sheets, fonts and pictures inside of one file, as addresses that hold what they lead to."""

from __future__ import annotations

import base64
import posixpath
import re
from collections.abc import Iterable, Mapping

__all__ = ["address_of", "inlined_style", "picture", "stylesheets"]

_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
}

_LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)"(?: media="([^"]+)")?>')
_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def address_of(path: str, files: Mapping[str, bytes]) -> str:
    """Return a ``data:`` address that holds a file of the site; a file that is not there is empty."""
    kind = _TYPES.get(posixpath.splitext(path)[1].lower(), "application/octet-stream")
    return f"data:{kind};base64,{base64.b64encode(files.get(path, b'')).decode()}"


def picture(address: str, files: Mapping[str, bytes]) -> str:
    """Return the address of a picture of a page in the root of the site, with the picture inside where it is ours."""
    path = posixpath.normpath(address)
    return address_of(path, files) if path in files else address


def stylesheets(page: str) -> dict[str, str]:
    """Return the style sheets that a page in the root of the site links to: path -> medium, or ""."""
    return {posixpath.normpath(path): medium for path, medium in _LINK.findall(page)}


def inlined_style(pages: Iterable[str], files: Mapping[str, bytes]) -> str:
    """Return the style sheets of some pages as one, each where it stands first, with what they load inside."""
    sheets = {path: medium for page in pages for path, medium in stylesheets(page).items() if path in files}
    return "\n".join(_for_medium(_inlined(path, files), medium) for path, medium in sheets.items())


def _for_medium(style: str, medium: str) -> str:
    return f"@media {medium} {{\n{style}\n}}" if medium else style


def _inlined(sheet: str, files: Mapping[str, bytes]) -> str:
    """Return a style sheet without comments, and with what it loads inside."""

    def load(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(sheet), match[1]))
        return f'url("{address_of(path, files)}")' if path in files else match[0]

    text = files[sheet].decode(errors="replace").replace("\r\n", "\n")
    return _URL.sub(load, _COMMENT.sub("", text)).strip().replace("</", r"<\/")
