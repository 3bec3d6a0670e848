"""Where the gradients go: one factor per layer, on the way from the last layer down to the first."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.gradients.checks import check
from reportgen.chapters.gradients.figures import draw_added, draw_deltas, draw_depths, draw_factors, draw_weights
from reportgen.chapters.gradients.findings import find
from reportgen.chapters.gradients.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="gradients",
    title="Where do the gradients go?",
    needs=("propagation", "gains", "starts", "advice"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("factors", draw_factors, ("factors_map",)),
        Figure("depths", draw_depths, ("depths", "advised")),
        Figure("deltas", draw_deltas, ("deltas", "advised")),
        Figure("weights", draw_weights, ("weights",)),
        Figure("added", draw_added, ("added",), each="data"),
    ),
    part="Why this scale",
    level="core",
)
