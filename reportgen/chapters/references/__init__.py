"""A short history, and every paper, book and manual that the pages cite."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter
from reportgen.chapters.references.findings import Findings

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="references",
    title="Where does this come from?",
    needs=(),
    read=lambda results: (),
    find=lambda tables: Findings.of_all(),
    check=lambda findings: (),
    part="Reference",
)
