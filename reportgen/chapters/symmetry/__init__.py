"""Symmetry: why equal weights stay equal, why zeros are a story of their own, and what tells units apart."""

from __future__ import annotations

from reportgen.chapters.old import Chapter, Figure
from reportgen.chapters.symmetry import curves as symmetry_curves
from reportgen.chapters.symmetry import figures as symmetry_figures
from reportgen.chapters.symmetry import film as symmetry_film
from reportgen.chapters.symmetry import tables as symmetry_tables
from reportgen.chapters.symmetry.checks import checks
from reportgen.chapters.symmetry.findings import findings

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="symmetry",
    title="Why not start all weights equal?",
    needs=("symmetry",),
    figures=(
        Figure(
            slug="starts",
            data=symmetry_tables.paths,
            draw=symmetry_figures.draw_starts,
        ),
        Figure(
            slug="strip",
            data=symmetry_tables.film,
            draw=symmetry_film.draw_strip,
        ),
        Figure(
            slug="standstill",
            data=symmetry_tables.standstill,
            draw=symmetry_curves.draw_standstill,
        ),
        Figure(
            slug="microscope",
            data=symmetry_tables.microscope,
            draw=symmetry_curves.draw_microscope,
        ),
        Figure(
            slug="cosines",
            data=symmetry_tables.cosines,
            draw=symmetry_figures.draw_cosines,
        ),
        Figure(
            slug="noise",
            data=symmetry_tables.growth,
            draw=symmetry_curves.draw_noise,
        ),
        Figure(
            slug="fresh",
            data=symmetry_tables.start,
            draw=symmetry_figures.draw_fresh,
        ),
    ),
    findings=findings,
    checks=checks,
)
