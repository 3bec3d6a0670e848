"""Front page: which initializer for which activation, and how deep it carries."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.index.checks import check
from reportgen.chapters.index.figures import draw_added, draw_signal, draw_verdicts
from reportgen.chapters.index.findings import find
from reportgen.chapters.index.tables import read
from reportgen.chapters.live import SIGNAL

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="index",
    title="Which initializer for which activation?",
    needs=("propagation", "starts", "advice", "data_sets"),
    read=read,
    find=find,
    check=check,
    figures=(
        Figure("signal", draw_signal, ("signal",)),
        Figure("verdicts", draw_verdicts, ("cells", "used")),
        Figure("added", draw_added, ("added_map",), each="data"),
    ),
    widgets=(SIGNAL,),
)
