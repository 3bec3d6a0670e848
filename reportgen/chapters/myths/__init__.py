"""What is often said about weight initialization: where it is right, and where it is not."""

from __future__ import annotations

from functools import partial

from reportgen.chapters.chapter import Chapter
from reportgen.chapters.myths.checks import SAID, check
from reportgen.chapters.sayings import NEEDS, find, read

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="myths",
    title="Which common statements are wrong?",
    needs=NEEDS,
    read=partial(read, names=SAID),
    find=find,
    check=check,
    part="Reference",
)
