"""Questions that interviewers ask, with short answers and the figures that prove them."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter
from reportgen.chapters.interview.findings import Findings

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="interview",
    title="What do interviewers ask?",
    needs=(),
    read=lambda results: (),
    find=lambda tables: Findings(),
    check=lambda findings: (),
    part="Reference",
)
