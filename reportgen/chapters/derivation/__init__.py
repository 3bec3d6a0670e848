"""Where Var(w·x) = 1 comes from: every step of the derivation measured, then every assumption broken."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.derivation.checks import check
from reportgen.chapters.derivation.figures import draw_assumptions, draw_growth, draw_tanh, draw_walk
from reportgen.chapters.derivation.findings import find
from reportgen.chapters.derivation.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="derivation",
    title="Where does Var(w·x) = 1 come from?",
    needs=("derivation",),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("walk", draw_walk, ("walks", "widths")),
        Figure("growth", draw_growth, ("growth",)),
        Figure("assumptions", draw_assumptions, ("assumptions",)),
        Figure("tanh", draw_tanh, ("tanh",)),
    ),
    part="Why this scale",
    level="first steps",
)
