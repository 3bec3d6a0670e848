"""The chapters, in the order of the book."""

from __future__ import annotations

from typing import Any

from reportgen.chapters import (
    activations,
    catalog,
    code,
    colophon,
    derivation,
    edge_of_chaos,
    exercises,
    explorer,
    gains,
    glossary,
    gradients,
    he,
    index,
    interview,
    myths,
    playground,
    references,
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
    activations.CHAPTER,
    derivation.CHAPTER,
    saturation.CHAPTER,
    he.CHAPTER,
    gradients.CHAPTER,
    training.CHAPTER,
    rescue.CHAPTER,
    code.CHAPTER,
    gains.CHAPTER,
    edge_of_chaos.CHAPTER,
    theory.CHAPTER,
    playground.CHAPTER,
    explorer.CHAPTER,
    exercises.CHAPTER,
    interview.CHAPTER,
    myths.CHAPTER,
    catalog.CHAPTER,
    glossary.CHAPTER,
    references.CHAPTER,
    colophon.CHAPTER,
)
