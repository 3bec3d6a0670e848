"""Does it train? What became of every start in a short training, and whether the start had told so before."""

from __future__ import annotations

from functools import partial

from reportgen.chapters.old import Chapter, Figure
from reportgen.chapters.training.checks import check
from reportgen.chapters.training.figures import draw_deep, draw_map, draw_plane, draw_rates
from reportgen.chapters.training.findings import find
from reportgen.chapters.training.prediction import first_steps, predictions
from reportgen.chapters.training.prediction_figures import draw_confusion, draw_first_steps, draw_gains
from reportgen.chapters.training.tables import cells, curves, gains, rates

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="training",
    title="Does it train?",
    needs=("training",),
    figures=(
        Figure(
            slug="map",
            data=cells,
            draw=draw_map,
        ),
        Figure(
            slug="deep",
            data=partial(curves, study="deep"),
            draw=draw_deep,
        ),
        Figure(
            slug="rate",
            data=rates,
            draw=draw_rates,
        ),
        Figure(
            slug="gain",
            data=gains,
            draw=draw_gains,
        ),
        Figure(
            slug="plane",
            data=partial(curves, study="plane"),
            draw=draw_plane,
        ),
        Figure(
            slug="first_step",
            data=first_steps,
            draw=draw_first_steps,
        ),
        Figure(
            slug="confusion",
            data=predictions,
            draw=draw_confusion,
        ),
    ),
    findings=find,
    checks=check,
)
