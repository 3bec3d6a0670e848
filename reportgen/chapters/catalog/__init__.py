"""A card for every start and every activation of the run."""

from __future__ import annotations

from reportgen.chapters.catalog.findings import Findings
from reportgen.chapters.chapter import Chapter

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="catalog",
    title="Which starts and activations are measured?",
    needs=(),
    read=lambda results: (),
    find=lambda tables: Findings(),
    check=lambda findings: (),
    part="Reference",
)
