"""Does it train? What became of every start in a short training, and whether the start had told so before."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.training.checks import check
from reportgen.chapters.training.curves import draw_budgets, draw_deep, draw_gains, draw_rates
from reportgen.chapters.training.figures import draw_added, draw_map
from reportgen.chapters.training.findings import find
from reportgen.chapters.training.plane_figure import draw_plane
from reportgen.chapters.training.prediction_figures import draw_confusion, draw_first_steps, draw_start_losses
from reportgen.chapters.training.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="training",
    title="Does it train?",
    needs=("training", "plane", "data_sets", "starts"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("map", draw_map, ("cells_map", "sizes")),
        Figure("deep", draw_deep, ("deep", "sizes")),
        Figure("rate", draw_rates, ("rates", "sizes")),
        Figure("budget", draw_budgets, ("budgets",)),
        Figure("gain", draw_gains, ("gains",)),
        Figure("plane", draw_plane, ("answers", "plane_shown", "points")),
        Figure("start_loss", draw_start_losses, ("start_losses",)),
        Figure("first_step", draw_first_steps, ("typical_steps",)),
        Figure("confusion", draw_confusion, ("predictions",)),
        Figure("added", draw_added, ("added_map",), each="data"),
    ),
    part="Does it train",
    level="core",
)
