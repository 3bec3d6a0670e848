"""In your code: what frameworks do if you say nothing, every name that they have, and the traps."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.code.checks import check
from reportgen.chapters.code.figures import draw_defaults
from reportgen.chapters.code.findings import find
from reportgen.chapters.code.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="code",
    title="What does your framework do?",
    needs=("frameworks",),
    read=read,
    find=find,
    check=check,
    figures=(Figure("defaults", draw_defaults, ("defaults",)),),
    part="In practice",
    level="core",
)
