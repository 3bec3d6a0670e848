"""Which gain an activation needs: one for the signal, another for the gradient."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.gains.checks import check
from reportgen.chapters.gains.figures import draw_bands, draw_curves, draw_gains, draw_layers
from reportgen.chapters.gains.findings import find
from reportgen.chapters.gains.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="gains",
    title="Which gain does my activation need?",
    needs=("gains", "advice"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("table", draw_gains, ("gains",)),
        Figure("curves", draw_curves, ("curves", "gains")),
        Figure("layers", draw_layers, ("layers",)),
        Figure("bands", draw_bands, ("bands",)),
    ),
    part="Theory",
    level="further",
)
