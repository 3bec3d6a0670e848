"""Where Var(w·x) = 1 comes from: every step of the derivation measured, then every assumption broken."""

from __future__ import annotations

from reportgen.chapters.derivation.figures import (
    assumptions,
    draw_assumptions,
    draw_growth,
    draw_pulls,
    draw_tanh,
    growth,
    pulls,
    tanh_layers,
)
from reportgen.chapters.derivation.findings import check, find
from reportgen.chapters.old import Chapter, Figure

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="derivation",
    title="Where does Var(w·x) = 1 come from?",
    needs=("derivation", "assumptions", "tanh_depth"),
    figures=(
        Figure(
            slug="growth",
            data=growth,
            draw=draw_growth,
        ),
        Figure(
            slug="pulls",
            data=pulls,
            draw=draw_pulls,
        ),
        Figure(
            slug="assumptions",
            data=assumptions,
            draw=draw_assumptions,
        ),
        Figure(
            slug="tanh",
            data=tanh_layers,
            draw=draw_tanh,
        ),
    ),
    findings=find,
    checks=check,
)
