"""The numbers that the page quotes."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Findings"]


@dataclass(frozen=True, slots=True)
class Findings:
    """Nothing yet."""
