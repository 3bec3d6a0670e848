"""Exercises: a teachers' sheet for three lessons with the playground, with the observations that the build measured."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter
from reportgen.chapters.exercises.checks import check
from reportgen.chapters.exercises.findings import find
from reportgen.chapters.exercises.tables import read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="exercises",
    title="How do I teach it?",
    needs=("demos",),
    read=read,
    find=find,
    check=check,
    part="The lab",
    level="first steps",
)
