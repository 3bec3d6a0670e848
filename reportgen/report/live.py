"""A figure that a reader can ask for its values: its SVG, to stand inside of a page, and the numbers that it shows.

It comes as a classic script that hands over JSON, squeezed by deflate with zlib's header (RFC 1950) and written as
base64: what a page on a disk may load.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["Drawing", "contents_of", "has_values", "live_script", "starts_in"]

_CALL = re.compile(rb'Site\.figure\("([\w-]+)",\{("(?:wide|narrow)":"[A-Za-z0-9+/=]+",?){1,2}\}\);\n')
"""All that such a script may be."""

_PAYLOAD = re.compile(rb'"(?:wide|narrow)":"([A-Za-z0-9+/=]+)"')
_STYLE = re.compile(r"<style>.*?</style>")
_START = re.compile(r' data-start="([^"]*)"| data-start=\'([^\']*)\'')
_LARGEST = 2**26
"""Bytes of what is unpacked to be looked at."""


class Drawing(NamedTuple):
    """One drawing of a figure: its SVG as it is published, and its panels from `reportgen.chapters.values`."""

    svg: str
    panels: Sequence[Mapping[str, Any]]


def live_script(stem: str, wide: Drawing, narrow: Drawing) -> bytes:
    """Return the script that hands over a figure; where both drawings are the same it holds one."""
    drawings = {"wide": wide} if narrow.svg == wide.svg else {"wide": wide, "narrow": narrow}
    packed = {name: _packed(drawing) for name, drawing in drawings.items()}
    return f"Site.figure({json.dumps(stem)},{json.dumps(packed, separators=(',', ':'))});\n".encode()


def contents_of(script: bytes) -> bytes | None:
    """Return all that such a script hands over, unpacked, or None for what is no such script."""
    if not _CALL.fullmatch(script):
        return None
    try:
        return b"".join(map(_unpacked, _PAYLOAD.findall(script)))
    except (ValueError, zlib.error):
        return None


def has_values(script: bytes) -> bool:
    """Tell whether there is anything to read in a figure."""
    return b'"panels":[{' in (contents_of(script) or b"")


def starts_in(svg: bytes) -> list[str]:
    """Return the initializers that an SVG shows, each once, in the order of their names."""
    from html import unescape

    shown = (unescape(one or other).split("|") for one, other in _START.findall(svg.decode()))
    return sorted({start for starts in shown for start in starts})


def _packed(drawing: Drawing) -> str:
    """Squeeze a drawing; the page brings its own colours, so that the SVG goes without."""
    content = {"svg": _STYLE.sub("", drawing.svg, count=1), "panels": drawing.panels}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _unpacked(packed: bytes) -> bytes:
    opened = zlib.decompressobj()
    content = opened.decompress(base64.b64decode(packed, validate=True), _LARGEST)
    if not opened.eof:
        raise ValueError("larger than any figure")
    return content
