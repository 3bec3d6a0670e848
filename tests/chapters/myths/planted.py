"""Findings of the page that refute its sentences."""

from __future__ import annotations

from reportgen.chapters.myths.checks import SAID
from tests.chapters.contradicting import planted

PLANTED = planted(SAID)
