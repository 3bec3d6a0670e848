"""The widgets of a page: the scripts that it loads, and the data that the build packs for them.

Everything is a classic script: modules and requests for neighboring files are refused to a page that was opened from a
disk. So data come as a script too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reportgen.chapters.chapter import Chapter, Widget

if TYPE_CHECKING:
    from reportgen.report.page import Reading

__all__ = ["data_files", "scripts"]

_FRAME = ("lab", "draw")
"""Scripts that every widget needs."""


def scripts(chapter: Chapter[Any, Any]) -> list[str]:
    """Return the scripts of a page by their path in the site, in the order in which they are loaded; data come last."""
    if not chapter.widgets:
        return []
    stems = dict.fromkeys([*_FRAME, *(stem for widget in chapter.widgets for stem in widget.scripts)])
    return [f"static/lab/{stem}.js" for stem in stems] + [_path(widget) for widget in chapter.widgets if widget.pack]


def data_files(readings: Iterable[Reading]) -> dict[str, bytes]:
    """Return what the widgets of some chapters get from the build: path in the site -> script."""
    return {
        _path(widget): _script(widget, reading.tables)
        for reading in readings
        for widget in reading.chapter.widgets
        if widget.pack
    }


def _path(widget: Widget) -> str:
    return f"lab/{widget.name}.js"


def _script(widget: Widget, tables: object) -> bytes:
    """Return the call that hands over the data; a number keeps all of its digits."""
    assert widget.pack
    content = widget.pack(*(getattr(tables, name) for name in widget.shows))
    packed = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"Lab.data({json.dumps(widget.name)},{packed});\n".encode(errors="backslashreplace")
