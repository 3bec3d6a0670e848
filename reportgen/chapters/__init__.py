"""The chapters, in the order of the book."""

from __future__ import annotations

from typing import Any

from reportgen.chapters import (
    derivation,
    edge_of_chaos,
    gains,
    glossary,
    gradients,
    he,
    index,
    rescue,
    saturation,
    symmetry,
    theory,
    training,
)
from reportgen.chapters.chapter import Chapter

__all__ = ["CHAPTERS"]

CHAPTERS: tuple[Chapter[Any, Any], ...] = (
    index.CHAPTER,
    symmetry.CHAPTER,
    saturation.CHAPTER,
    derivation.CHAPTER,
    he.CHAPTER,
    gradients.CHAPTER,
    training.CHAPTER,
    rescue.CHAPTER,
    gains.CHAPTER,
    edge_of_chaos.CHAPTER,
    theory.CHAPTER,
    glossary.CHAPTER,
)
