"""The glossary: every word of the pages, with the constants that follow from our definitions."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter
from reportgen.chapters.glossary.findings import Findings

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="glossary",
    title="What do the words mean?",
    needs=(),
    read=lambda results: (),
    find=lambda tables: Findings(),
    check=lambda findings: (),
    part="Reference",
)
