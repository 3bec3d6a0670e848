"""Front page: which initializer for which activation, and how deep it carries."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.index.checks import check
from reportgen.chapters.index.figures import draw_added, draw_carried, draw_verdicts
from reportgen.chapters.index.findings import find
from reportgen.chapters.index.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="index",
    title="Which initializer for which activation?",
    needs=("propagation", "data_sets"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("carried", draw_carried, ("carried", "depths")),
        Figure("verdicts", draw_verdicts, ("verdicts",)),
        Figure("added", draw_added, ("added",), each="data"),
    ),
)
