"""The starts under the names of Keras, PyTorch and JAX, and what each does by default."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter
from reportgen.chapters.code.findings import Findings

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="code",
    title="What does your framework do?",
    needs=(),
    read=lambda results: (),
    find=lambda tables: Findings(),
    check=lambda findings: (),
    part="In practice",
    level="core",
)
