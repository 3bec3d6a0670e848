"""How this report was made, and how to make it again."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter
from reportgen.chapters.colophon.findings import find, read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="colophon",
    title="How was this made?",
    needs=(),
    read=read,
    find=find,
    check=lambda findings: (),
    part="Reference",
)
