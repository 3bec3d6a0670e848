"""Pages that tests make up, under the policy of the published ones."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

__all__ = ["LAB", "POLICY", "plant"]

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
LAB = TEMPLATES / "static" / "lab"

_PAGE = (TEMPLATES / "formats" / "html" / "page.html.jinja").read_text()
POLICY = "".join(re.findall(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">', _PAGE))
"""The element that forbids a published page to ask anybody for anything."""


def plant(folder: Path, body: str = "", *, scripts: Iterable[str] = (), styles: Iterable[str] = ()) -> Path:
    """Write a page under the policy, with files of templates/static as they are published.

    Parameters
    ----------
    folder
        Where the page is to stand.
    body
        What it says.
    scripts, styles
        Files of templates/static, in their order: ``lab/random.js``, ``style.css``.
    """
    links = [f'<link rel="stylesheet" href="{_copied(name, folder)}">' for name in styles]
    links += [f'<script defer src="{_copied(name, folder)}"></script>' for name in scripts]
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    head = "\n".join(['<meta charset="utf-8">', POLICY, viewport, "<title>Planted</title>", *links])
    page = folder / "page.html"
    page.write_text(f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n')
    return page


def _copied(name: str, folder: Path) -> str:
    copy = folder / "static" / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(TEMPLATES / "static" / name, copy)
    return f"static/{name}"
