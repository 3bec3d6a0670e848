"""The edge of chaos: where gradients neither shrink nor grow, and who stands there."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.edge_of_chaos.checks import check
from reportgen.chapters.edge_of_chaos.figures import draw_angles, draw_edges, draw_lengths, draw_places, draw_scales
from reportgen.chapters.edge_of_chaos.findings import find
from reportgen.chapters.edge_of_chaos.tables import read
from reportgen.chapters.live import EDGE

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="edge_of_chaos",
    title="Where is the edge of chaos?",
    needs=("edge_of_chaos", "training"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("angles", draw_angles, ("angles",)),
        Figure("places", draw_places, ("places", "borders")),
        Figure("edges", draw_edges, ("edges", "marks")),
        Figure("scales", draw_scales, ("scales",)),
        Figure("lengths", draw_lengths, ("lengths",)),
    ),
    widgets=(EDGE,),
    part="Theory",
    level="further",
)
