"""Questions that interviewers ask, with short answers and the figures that prove them."""

from __future__ import annotations

from functools import partial

from reportgen.chapters.chapter import Chapter
from reportgen.chapters.interview.checks import SAID, check
from reportgen.chapters.sayings import NEEDS, find, read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="interview",
    title="What do interviewers ask?",
    needs=NEEDS,
    read=partial(read, names=SAID),
    find=find,
    check=check,
    part="Reference",
)
