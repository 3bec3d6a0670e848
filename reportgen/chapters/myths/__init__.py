"""Statements that one hears, where they are right and where not."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter
from reportgen.chapters.myths.findings import Findings

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="myths",
    title="Which common statements are wrong?",
    needs=(),
    read=lambda results: (),
    find=lambda tables: Findings(),
    check=lambda findings: (),
    part="Reference",
)
