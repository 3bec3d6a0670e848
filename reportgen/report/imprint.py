"""Whose report it is and where it will stand: title, author, logo, style sheet, and the address of the site."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from reportgen.errors import UsageError, did_you_mean, shortened
from reportgen.files import KIB, MIB, read_regular
from reportgen.report.folders import templates_folder

__all__ = ["PLAIN", "TITLE", "Imprint", "read_logo", "read_style", "require_templates"]

TITLE = "Weight initialization, measured"
"""What the report is called where nobody calls it otherwise."""

_AUTHORS = "The reportgen authors"

_LARGEST_LOGO, _LARGEST_STYLE = 256 * KIB, 256 * KIB
"""Sizes of what every page loads."""

_LARGEST_TEMPLATE = MIB

_MOST_PIXELS = 4096
"""Width and height of a logo, which is shown 24 pixels high."""

_LOOKED_AT = 1000
"""Files of a folder that are looked at for one whose name is nearly that of a template."""

_PNG, _SVG = b"\x89PNG\r\n\x1a\n", "{http://www.w3.org/2000/svg}svg"
_LOGOS = (".svg", ".png")

_ACTIVE = ("script", "foreignObject", "iframe", "embed", "object", "handler", "animate", "set", "animateTransform")
"""Elements of an SVG that run something, or could."""

_ELSEWHERE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])\s*((?:[a-z][a-z0-9+.-]*:)?//[^"')\s]*)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What every page says of the report as a whole.

    Attributes
    ----------
    title, author, course
        Of the report; "" where nothing is said.
    base_url
        Where the site will stand, with a slash at its end, or "".
    logo
        Name and content of the picture in the head of every page, or None.
    style
        A style sheet of the user, which every page loads last, or None.
    """

    title: str = TITLE
    author: str = ""
    course: str = ""
    base_url: str = ""
    logo: tuple[str, bytes] | None = None
    style: bytes | None = None

    @property
    def by(self) -> str:
        """Who is cited."""
        return self.author or _AUTHORS

    @property
    def logo_path(self) -> str:
        """Where the logo lies in the site, or ""."""
        return f"static/{self.logo[0]}" if self.logo else ""

    @property
    def style_path(self) -> str:
        """Where the user's style sheet lies in the site, or ""."""
        return "static/own.css" if self.style is not None else ""

    @property
    def top(self) -> str:
        """The way to the root of the site from any address of its host, or "" where that is not known.

        Examples
        --------
        >>> Imprint(base_url="https://example.org/course/").top
        '/course/'
        """
        return urlsplit(self.base_url).path

    def address(self, path: str) -> str:
        """Return where a file of the site will stand, or "" where that is not known; the front page is the root.

        Examples
        --------
        >>> Imprint(base_url="https://example.org/course/").address("he.html")
        'https://example.org/course/he.html'
        """
        return f"{self.base_url}{'' if path == 'index.html' else path}" if self.base_url else ""

    def files(self) -> dict[str, bytes]:
        """Return the files of the user by their path in the site."""
        given = {self.logo_path: self.logo and self.logo[1], self.style_path: self.style}
        return {path: content for path, content in given.items() if path and content is not None}


PLAIN = Imprint()
"""What a site has of which nothing is said."""


def read_logo(path: Path) -> tuple[str, bytes]:
    """Read a logo, and return the name that it gets in the site.

    Raises
    ------
    UsageError
        If it is no SVG or PNG, too large, cannot be read, or is an SVG that would run or load something.
    """
    kind = path.suffix.lower()
    if kind not in _LOGOS:
        raise UsageError(f"{_shown(path)}: a logo is a .svg or a .png")
    content = _read(path, _LARGEST_LOGO)
    if kind == ".png" and not content.startswith(_PNG):
        raise UsageError(f"{_shown(path)}: is no PNG, whatever its name says")
    if fault := _picture_fault(content) if kind == ".png" else next(_faults(content), ""):
        raise UsageError(f"{_shown(path)}: {fault}")
    return f"logo{kind}", content


def _picture_fault(png: bytes) -> str:
    """Return what is wrong with a PNG, or ""."""
    if b"IEND" not in png[-16:]:
        return "is a PNG that was cut off"
    try:
        chunks = list(_chunks(png))
        size = struct.unpack_from(">II", dict(chunks)[b"IHDR"])
        shown = b"".join(data for kind, data in chunks if kind == b"IDAT")
        is_empty = not zlib.decompressobj().decompress(shown, 1)
    except (KeyError, struct.error, zlib.error):
        return "is a PNG that is damaged"
    if max(size) > _MOST_PIXELS:
        return f"is larger than {_MOST_PIXELS} by {_MOST_PIXELS} pixels"
    return "is a PNG that shows nothing" if is_empty or not min(size) else ""


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and the content of each part of a PNG."""
    at = len(_PNG)
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        part, at = png[at + 4 : at + 8 + length], at + 12 + length
        if (zlib.crc32(part),) != struct.unpack_from(">I", png, at - 4):
            raise struct.error("a sum that is wrong")
        yield kind, part[4:]


def _faults(svg: bytes) -> Iterator[str]:
    """Yield what is wrong with an SVG: it may neither run anything nor load anything."""
    if svg.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in svg:
        yield "is no SVG in UTF-8"
        return
    if b"<!ENTITY" in svg or b"<!DOCTYPE" in svg:
        yield "an SVG with a DOCTYPE is refused; save it as plain SVG"
        return
    try:
        root = ElementTree.fromstring(svg)
    except (ElementTree.ParseError, ValueError) as error:
        yield f"is no SVG: {error}"
        return
    if root.tag != _SVG:
        yield "is no SVG: its first element is not svg"
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in _ACTIVE:
            yield f"holds <{name}>; a logo is a picture, without scripts"
        if name == "style" and _loads(element.text or ""):
            yield "its style loads something from elsewhere"
        for key, value in element.attrib.items():
            yield from _attribute_faults(key.rpartition("}")[2].lower(), value)


def _attribute_faults(key: str, value: str) -> Iterator[str]:
    if key.startswith("on"):
        yield f"holds {key}=…; a logo is a picture, without scripts"
    if key in ("href", "src") and not value.strip().startswith(("#", "data:image/png", "data:image/jpeg")):
        yield f"points to {shortened(value)}; a logo is one file"
    if _loads(value):
        yield f"loads {shortened(value)}; a logo is one file"


def _loads(style: str) -> bool:
    return re.search(r"url\(\s*[\"']?(?!\s*#)|@import", style) is not None


def read_style(path: Path) -> bytes:
    """Read a style sheet of the user.

    Raises
    ------
    UsageError
        If it is no UTF-8, too large, cannot be read, or asks for something from elsewhere, which no page may.
    """
    if path.suffix.lower() != ".css":
        raise UsageError(f"{_shown(path)}: a style sheet is a .css")
    text = _text(path, _read(path, _LARGEST_STYLE))
    if found := _ELSEWHERE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise UsageError(f"{_shown(path)}, line {line}: pages ask nobody for anything, so {found[1]} would not load")
    return text.encode()


def require_templates(folder: Path) -> Path:
    """Return a folder of templates, if something in it takes the place of something of ours or is copied.

    Raises
    ------
    UsageError
        If it is no folder, or nothing in it would be used.
    """
    if not folder.is_dir():
        raise UsageError(f"{_shown(folder)}: there is no such folder of templates")
    ours = [path.relative_to(templates_folder()).as_posix() for path in templates_folder().rglob("*.jinja")]
    named = [folder / name for name in ours if (folder / name).is_file()]
    if not named and not any(path.is_file() for path in (folder / "static").rglob("*")):
        some = sorted(islice(folder.rglob("*"), _LOOKED_AT))  # of a whole disk, say, that somebody named by mistake
        first = next((path for path in some if path.suffix == ".jinja"), folder / "formats/html/page.html")
        hint = did_you_mean(first.relative_to(folder).as_posix(), ours)
        raise UsageError(f"{_shown(folder)}: nothing in it has the name of a template: {hint}")
    for path in named:
        _text(path, _read(path, _LARGEST_TEMPLATE))
    return folder


def _read(path: Path, limit: int) -> bytes:
    try:
        return read_regular(path, limit)
    except FileNotFoundError:
        raise UsageError(f"{_shown(path)}: there is no such file") from None
    except OSError as error:
        raise UsageError(f"{_shown(path)}: cannot be read: {error.strerror}") from None


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{_shown(path)}: is not UTF-8 (byte {error.start})") from None


def _shown(path: Path) -> str:
    return shortened(str(path), 100)
