"""What an activation does to a signal: value and slope for sums that are too small, right and too large."""

from __future__ import annotations

from reportgen.chapters.activations.checks import check
from reportgen.chapters.activations.figures import draw_shapes
from reportgen.chapters.activations.findings import find
from reportgen.chapters.activations.tables import read
from reportgen.chapters.chapter import Chapter, Figure

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="activations",
    title="What does an activation do to a signal?",
    needs=("activations",),
    read=read,
    find=find,
    check=check,
    figures=(Figure("shapes", draw_shapes, ("curves", "flat")),),
    part="Why random",
    level="first steps",
)
