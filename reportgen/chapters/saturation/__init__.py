"""Random, but at the wrong scale: large weights flatten the slopes, small weights let the signal die."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.live import SIGNAL
from reportgen.chapters.saturation.checks import check
from reportgen.chapters.saturation.figures import draw_layers, draw_mechanisms
from reportgen.chapters.saturation.findings import find
from reportgen.chapters.saturation.halt_figures import draw_factors, draw_halt
from reportgen.chapters.saturation.map_figures import draw_added, draw_map
from reportgen.chapters.saturation.tables import read
from reportgen.chapters.saturation.unit_figures import draw_units

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="saturation",
    title="What goes wrong when the scale is wrong?",
    needs=("saturation", "halt", "propagation", "starts", "activations"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("layers", draw_layers, ("activations", "rms")),
        Figure("mechanisms", draw_mechanisms, ("lecture",)),
        Figure("halt", draw_halt, ("learning", "problems")),
        Figure("factors", draw_factors, ("factors",)),
        Figure("units", draw_units, ("units",)),
        Figure("map", draw_map, ("deepest",)),
        Figure("added", draw_added, ("added_deepest",), each="data"),
    ),
    widgets=(SIGNAL,),
    part="Why this scale",
    level="first steps",
)
