"""Rescues: what normalization, shortcuts and LSUV do for a bad start, and what nothing does."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.rescue.checks import check
from reportgen.chapters.rescue.figures import draw_growth, draw_layers, draw_trained
from reportgen.chapters.rescue.findings import find
from reportgen.chapters.rescue.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="rescue",
    title="What rescues a bad start?",
    needs=("rescue",),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("training", draw_trained, ("trained",)),
        Figure("layers", draw_layers, ("profiles",)),
        Figure("growth", draw_growth, ("growth",)),
    ),
    part="Does it train",
    level="core",
)
