"""Playground: small nets that a reader starts wrong, live, and the figures that they repeat."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.live import PLAYGROUND
from reportgen.chapters.playground.checks import check
from reportgen.chapters.playground.figures import draw_alike, draw_halt
from reportgen.chapters.playground.findings import find
from reportgen.chapters.playground.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="playground",
    title="What happens if I start a net wrong?",
    needs=("demos",),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("alike", draw_alike, ("alike_learning", "alike_maps", "points", "alike_ends", "problem")),
        Figure("halt", draw_halt, ("halt_learning", "halt_maps", "points", "halt_ends", "problem")),
    ),
    widgets=(PLAYGROUND,),
    part="The lab",
    level="first steps",
)
