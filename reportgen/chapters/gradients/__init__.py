"""Where the gradients go: one factor per layer, on the way from the last layer down to the first."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.gradients.checks import check
from reportgen.chapters.gradients.figures import (
    draw_added,
    draw_agreement,
    draw_deltas,
    draw_depths,
    draw_factors,
    draw_weights,
)
from reportgen.chapters.gradients.findings import find
from reportgen.chapters.gradients.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="gradients",
    title="Where do the gradients go?",
    needs=("propagation", "mean_field", "gains", "starts"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("factors", draw_factors, ("factors_map",)),
        Figure("deltas", draw_deltas, ("deltas", "flattest", "theory")),
        Figure("depths", draw_depths, ("depths", "flattest")),
        Figure("weights", draw_weights, ("weights", "flattest")),
        Figure("digits", draw_agreement, ("agreement",)),
        Figure("added", draw_added, ("added",), each="data"),
    ),
    part="Why this scale",
    level="core",
)
