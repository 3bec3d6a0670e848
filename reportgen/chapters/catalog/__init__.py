"""Catalog: a card for every start and every activation of the run, also for those that a user adds."""

from __future__ import annotations

from reportgen.chapters.catalog.checks import check
from reportgen.chapters.catalog.figures import draw_activations, draw_starts
from reportgen.chapters.catalog.findings import find
from reportgen.chapters.catalog.tables import read
from reportgen.chapters.chapter import Chapter, Figure

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="catalog",
    title="Which starts and activations are measured?",
    needs=("catalog", "starts", "propagation", "advice", "gains", "activations"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("starts", draw_starts, ("densities",)),
        Figure("activations", draw_activations, ("curves",)),
    ),
    part="Reference",
)
