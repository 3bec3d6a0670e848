"""The explorer: what became of every start with every activation at every depth, layer by layer."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Widget
from reportgen.chapters.explorer.checks import check
from reportgen.chapters.explorer.content import pack
from reportgen.chapters.explorer.findings import find
from reportgen.chapters.explorer.tables import Tables, read

__all__ = ["CHAPTER"]

_SCRIPTS = ("data", "words", "map", "panels")

CHAPTER = Chapter(
    slug="explorer",
    title="What did each start do?",
    needs=("propagation", "starts", "mean_field", "training", "data_sets"),
    read=read,
    find=find,
    check=check,
    widgets=(Widget("explorer", (*(f"explorer_{part}" for part in _SCRIPTS), "explorer"), Tables._fields, pack),),
    part="The lab",
    level="first steps",
)
