"""What an activation does to a signal, and where it is flat."""

from __future__ import annotations

from reportgen.chapters.activations.findings import Findings
from reportgen.chapters.chapter import Chapter

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="activations",
    title="What does an activation do to a signal?",
    needs=(),
    read=lambda results: (),
    find=lambda tables: Findings(),
    check=lambda findings: (),
    part="Why random",
    level="first steps",
)
