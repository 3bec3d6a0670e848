"""What a page weighs with all that it shows, and what the scripts of all pages do."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from reportgen.chapters import CHAPTERS

PAGE, SCRIPT = 400_000, 15_000
"""Bytes that a page may take with its styles, scripts and figures, and the script that all pages share, compressed."""


def packed(file: Path) -> int:
    """Return how many bytes of a file a server sends."""
    content = file.read_bytes()
    return len(content) if file.suffix in {".woff2", ".png", ".gz"} else len(gzip.compress(content))


@pytest.mark.parametrize("is_telephone", [False, True], ids=["desktop", "telephone"])
@pytest.mark.parametrize("slug", [chapter.slug for chapter in CHAPTERS])
def test_a_page_is_light_with_its_figures(slug: str, is_telephone: bool, quick_site: Path) -> None:
    html = (quick_site / f"{slug}.html").read_text()
    if is_telephone:
        html = re.sub(r'<source\b[^>]* srcset="([^"]+)"[^>]*>\s*<img src="[^"]+"', r'<img src="\1"', html)
    shown = re.findall(r'<img\b[^>]*? src="([^"]+)"', html)
    shown += re.findall(r'<(?:script|link)\b[^>]* (?:src|href)="(static/[^"]+|lab/[^"]+)"', html)
    files = {quick_site / one for one in shown} | {quick_site / "static/fonts/reportgen-math.woff2"}
    assert packed(quick_site / f"{slug}.html") + sum(map(packed, files)) <= PAGE


def test_the_script_that_all_pages_share_is_small(quick_site: Path) -> None:
    assert 1000 < packed(quick_site / "static/site.js") <= SCRIPT
