"""Symmetry: why equal weights stay equal, why zeros are a story of their own, and what tells units apart."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.live import PLAYGROUND
from reportgen.chapters.symmetry.checks import check
from reportgen.chapters.symmetry.figures import draw_noise, draw_standstill, draw_starts, draw_units
from reportgen.chapters.symmetry.findings import find
from reportgen.chapters.symmetry.matrices import draw_cosines, draw_strip
from reportgen.chapters.symmetry.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="symmetry",
    title="Why not start all weights equal?",
    needs=("by_hand", "symmetry", "demos"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("starts", draw_starts, ("paths", "maps", "points", "ends")),
        Figure("strip", draw_strip, ("film",)),
        Figure("standstill", draw_standstill, ("standstill",)),
        Figure("units", draw_units, ("units",)),
        Figure("cosines", draw_cosines, ("cosines",)),
        Figure("noise", draw_noise, ("growth", "times")),
    ),
    widgets=(PLAYGROUND,),
    part="Why random",
    level="first steps",
)
