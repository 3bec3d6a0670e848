"""Symmetry: why equal weights stay equal, why zeros are a story of their own, and what tells units apart."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.symmetry.checks import check
from reportgen.chapters.symmetry.figures import draw_fresh, draw_microscope, draw_noise, draw_standstill, draw_starts
from reportgen.chapters.symmetry.findings import find
from reportgen.chapters.symmetry.matrices import draw_cosines, draw_strip
from reportgen.chapters.symmetry.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="symmetry",
    title="Why not start all weights equal?",
    needs=("symmetry",),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("starts", draw_starts, ("paths", "maps", "points")),
        Figure("strip", draw_strip, ("film",)),
        Figure("standstill", draw_standstill, ("standstill",)),
        Figure("microscope", draw_microscope, ("microscope",)),
        Figure("cosines", draw_cosines, ("cosines",)),
        Figure("noise", draw_noise, ("growth", "times")),
        Figure("fresh", draw_fresh, ("fresh",)),
    ),
    part="Why random",
    level="first steps",
)
