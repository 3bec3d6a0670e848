"""The sources as the page lists them; nothing here is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.chapters.bibliography import SOURCES, Source

__all__ = ["Findings"]


@dataclass(frozen=True, slots=True)
class Findings:
    """All sources: `named` by their keys, `listed` by their names."""

    named: Mapping[str, Source]
    listed: tuple[Source, ...]

    @classmethod
    def of_all(cls) -> Findings:
        """Return every source that a page may cite."""
        return cls(SOURCES, tuple(sorted(SOURCES.values(), key=lambda source: source.short.casefold())))
