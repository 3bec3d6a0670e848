"""Pages that tests make up, under the policy of the published ones."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from reportgen.chapters.chapter import Widget

__all__ = ["FRAME", "LAB", "POLICY", "plant", "plant_widget"]

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
LAB = TEMPLATES / "static" / "lab"

FRAME = ("site/frame.js", "site/copy.js", "lab/lab.js", "lab/draw.js")
"""Scripts that every widget stands on, in their order."""

_PAGE = (TEMPLATES / "formats" / "html" / "page.html.jinja").read_text()
POLICY = "".join(re.findall(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">', _PAGE))
"""The element that forbids a published page to ask anybody for anything."""

_SHELL = """<a class="skip" href="#main-text">Skip to the text</a>
<header><a class="name" href="page.html">Weight initialization, measured</a></header>
<div class="sheet"><div class="side"><nav aria-label="Chapters"><a href="page.html">A chapter</a></nav></div>
<main id="main-text"><article>
<h1>A page</h1>
<p>Text before it.</p>
<div class="lab" id="lab-NAME" data-lab="NAME" role="region" aria-labelledby="lab-NAME-title">
<p class="lab-title" id="lab-NAME-title">Try it</p>
<div class="lab-words"><p>Words for readers without a script.</p></div>
</div>
<p>Text <a href="page.html">after it</a>.</p>
</article><footer><p>Made by a test.</p></footer></main></div>"""
"""A page of the site in short, as its templates make it."""


def plant(
    folder: Path,
    body: str = "",
    *,
    scripts: Iterable[str] = (),
    styles: Iterable[str] = (),
    own: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """Write a page under the policy, with files of templates/static as they are published.

    Parameters
    ----------
    folder
        Where the page is to stand.
    body
        What it says.
    scripts, styles
        Files of templates/static, in their order: ``lab/random.js``, ``style.css``.
    own
        Scripts of the test's own that are loaded after them: path -> source.
    """
    links = [f'<link rel="stylesheet" href="{_copied(name, folder)}">' for name in styles]
    paths = [_copied(name, folder) for name in scripts] + [_written(folder / name, text) for name, text in own.items()]
    links += [f'<script defer src="{path}"></script>' for path in paths]
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    head = "\n".join(['<meta charset="utf-8">', POLICY, viewport, "<title>Planted</title>", *links])
    page = folder / "page.html"
    page.write_text(f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n')
    return page


def plant_widget(folder: Path, widget: Widget, data: object = None, *, source: str = "") -> Path:
    """Write a page that holds nothing but a widget.

    Parameters
    ----------
    folder
        Where the page is to stand.
    widget
        One of `reportgen.chapters.live`, or a test's own.
    data
        What the build would pack for it.
    source
        The script of a test's own widget.
    """
    own = {f"own/{widget.name}.js": source} if source else {}
    if data is not None:
        own[f"lab/{widget.name}.js"] = f"Lab.data({json.dumps(widget.name)}, {json.dumps(data, allow_nan=False)});"
    scripts = dict.fromkeys([*FRAME, *(f"lab/{stem}.js" for stem in widget.scripts)])
    body = _SHELL.replace("NAME", widget.name)
    return plant(folder, body, scripts=scripts, styles=("style.css", "lab/lab.css"), own=own)


def _copied(name: str, folder: Path) -> str:
    copy = folder / "static" / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(TEMPLATES / "static" / name, copy)
    return f"static/{name}"


def _written(file: Path, text: str) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return f"{file.parent.name}/{file.name}"
