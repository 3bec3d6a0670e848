"""The scripts of a page: one that all pages share, one for its widgets, and the data that the build packs for them.

Everything is a classic script: modules and requests for neighboring files are refused to a page that was opened from a
disk. So data come as a script too. The sources of ``templates/static/site/`` are joined into one script for all pages,
those of ``templates/static/lab/`` into one per page with widgets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from reportgen.chapters.chapter import Chapter, Widget
from reportgen.errors import ReportgenError

if TYPE_CHECKING:
    from reportgen.report.page import Reading

__all__ = ["data_files", "scripts", "sources", "with_scripts"]

_FOLDER = "static/lab/"

_SITE = "static/site/"
_SITE_SCRIPT = "static/site.js"
_SITE_FRAME = f"{_SITE}frame.js"
"""Runs before all others of its folder."""

_LATER = "static/later/"
"""Scripts that a page loads when a reader first asks for what they do."""

_FRAME = ("lab", "draw")
"""Scripts that every widget needs."""

_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.DOTALL | re.MULTILINE)
_INDENT = re.compile(r"^\s+", re.MULTILINE)


def scripts(chapter: Chapter[Any, Any]) -> list[str]:
    """Return the scripts of a page by their path in the site, in the order in which they are loaded; data come last."""
    data = [_path(widget) for widget in chapter.widgets if widget.pack]
    return [_joined(chapter), *data] if chapter.widgets else []


def sources(chapter: Chapter[Any, Any]) -> list[str]:
    """Return the sources of a page's scripts by their path among the templates, in the order in which they run."""
    stems = [stem for widget in chapter.widgets for stem in widget.scripts]
    return [f"{_FOLDER}{stem}.js" for stem in dict.fromkeys([*_FRAME, *stems])] if chapter.widgets else []


def with_scripts(static: Mapping[str, bytes], chapters: Iterable[Chapter[Any, Any]]) -> dict[str, bytes]:
    """Put the scripts of the pages in the place of their sources; comments and indentation stay behind.

    Parameters
    ----------
    static
        Path in the site -> content, of everything that is copied from the templates.
    chapters
        All of the book.

    Raises
    ------
    ReportgenError
        If a script that a widget needs is not there, or is not UTF-8.
    """
    copied = {path: content for path, content in static.items() if not re.match(rf"({_FOLDER}|{_SITE}).*\.js$", path)}
    joined = {_joined(chapter): sources(chapter) for chapter in chapters if chapter.widgets}
    joined[_SITE_SCRIPT] = [
        _SITE_FRAME,
        *sorted(path for path in static if _is_script(path, _SITE) and path != _SITE_FRAME),
    ]
    joined |= {path: [path] for path in static if _is_script(path, _LATER)}
    if absent := sorted({source for own in joined.values() for source in own} - set(static)):
        raise ReportgenError(f"templates: lack the script {', '.join(absent)}")
    return copied | {path: "".join(_lean(one, static[one]) for one in own).encode() for path, own in joined.items()}


def _is_script(path: str, folder: str) -> bool:
    return path.startswith(folder) and path.endswith(".js")


def _lean(path: str, source: bytes) -> str:
    """Leave out comments that stand on lines of their own, indentation and blank lines."""
    try:
        text = source.decode()
    except UnicodeDecodeError as error:
        raise ReportgenError(f"templates: {path} is not UTF-8 from byte {error.start} on") from error
    return _INDENT.sub("", _COMMENT.sub("", f"{text}\n"))


def _joined(chapter: Chapter[Any, Any]) -> str:
    return f"{_FOLDER}{'-'.join(widget.name for widget in chapter.widgets)}.js"


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
