"""The chapters, in the order of the book."""

from __future__ import annotations

from reportgen.chapters import derivation, glossary, gradients, he, index, saturation, symmetry
from reportgen.chapters.chapter import Chapter

__all__ = ["CHAPTERS"]

CHAPTERS: tuple[Chapter, ...] = (
    index.CHAPTER,
    symmetry.CHAPTER,
    saturation.CHAPTER,
    gradients.CHAPTER,
    derivation.CHAPTER,
    he.CHAPTER,
    glossary.CHAPTER,
)
