"""Findings with some numbers changed, for the tests that plant them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass, replace
from typing import Any

__all__ = ["other"]


def other(**values: Any) -> Callable[[Any], Any]:
    """Let some findings be others; a dictionary changes only the parts that it names."""
    return lambda found: replace(found, **{name: _merged(getattr(found, name), new) for name, new in values.items()})


def _merged(old: Any, new: Any) -> Any:
    if not isinstance(new, dict):
        return new
    if isinstance(old, tuple):
        return old._replace(**{name: _merged(getattr(old, name), value) for name, value in new.items()})  # type: ignore[attr-defined]
    if is_dataclass(old) and not isinstance(old, type):
        return replace(old, **{name: _merged(getattr(old, name), value) for name, value in new.items()})
    return {**old, **{name: _merged(old.get(name), value) for name, value in new.items()}}
