"""Where the gradients go: one factor per layer, on the way from the last layer down to the first."""

from __future__ import annotations

from functools import partial

from reportgen.chapters.gradients.figures import draw_agreement, draw_depths, draw_factors, draw_profiles
from reportgen.chapters.gradients.findings import check, find
from reportgen.chapters.gradients.tables import agreement, factors_by_pair, profiles, ratios
from reportgen.chapters.old import Chapter, Figure

__all__ = ["CHAPTER"]

_LINES = (
    "Thick, and named above the panel: the initializer whose delta changes least. Bands span all networks. A line that "
    "leaves the frame goes on; marks in the gray bands are exact zeros and overflows."
)

CHAPTER = Chapter(
    slug="gradients",
    title="Where do the gradients go?",
    needs=("propagation", "mean_field"),
    figures=(
        Figure(
            slug="factors",
            data=factors_by_pair,
            draw=draw_factors,
        ),
        Figure(
            slug="deltas",
            data=partial(profiles, column="delta_rms"),
            draw=partial(draw_profiles, column="delta_rms", label="rms of delta", decades=8),
        ),
        Figure(
            slug="depths",
            data=ratios,
            draw=draw_depths,
        ),
        Figure(
            slug="weights",
            data=partial(profiles, column="weight_gradient_norm"),
            draw=partial(draw_profiles, column="weight_gradient_norm", label="norm of the weight gradient", decades=32),
        ),
        Figure(
            slug="digits",
            data=agreement,
            draw=draw_agreement,
        ),
    ),
    findings=find,
    checks=check,
)
