"""How well mean field theory predicts the battery, and why it is off where it is."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.theory.checks import check
from reportgen.chapters.theory.figures import draw_added, draw_lines, draw_map
from reportgen.chapters.theory.findings import find
from reportgen.chapters.theory.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="theory",
    title="Does the theory hold?",
    needs=("propagation", "mean_field", "starts"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("lines", draw_lines, ("lines",)),
        Figure("map", draw_map, ("map",)),
        Figure("added", draw_added, ("added",), each="data"),
    ),
    part="Theory",
    level="further",
)
