"""He initialization: where the 2 comes from, what it keeps, and what it does not."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.he.checks import check
from reportgen.chapters.he.figures import draw_angles, draw_dead, draw_layers, draw_lengths
from reportgen.chapters.he.findings import find
from reportgen.chapters.he.funnel import draw_funnel
from reportgen.chapters.he.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="he",
    title="Why is there a 2 in He initialization?",
    needs=("he",),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("layers", draw_layers, ("layers",)),
        Figure("fans", draw_funnel, ("funnel",)),
        Figure("lengths", draw_lengths, ("lengths", "pairs")),
        Figure("angles", draw_angles, ("angles", "layers")),
        Figure("dead", draw_dead, ("dead", "silence")),
    ),
    part="Why this scale",
    level="core",
)
