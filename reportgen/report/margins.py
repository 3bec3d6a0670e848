"""How far the sentences of the report are from turning out wrong, over several seeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan, sqrt
from statistics import fmean

from reportgen.chapters.check import Check, Condition
from reportgen.report.page import Reading

__all__ = ["LEAST", "Margin", "margins"]

LEAST = 3.0
"""A margin below this is a sentence at the edge: another seed may refute it."""


@dataclass(frozen=True, slots=True)
class Margin:
    """How safely one condition of a sentence holds.

    Attributes
    ----------
    chapter, check
        Where the sentence stands, and what its check is called.
    example
        Measured and expected, of the seed with the least room.
    held, seeds
        On how many seeds the condition held, out of how many.
    spreads
        Mean room up to the bound, in units of its spread from seed to seed towards the bound. Inf where nothing
        spreads; nan where one seed was measured, or the condition is a yes or no that did not always hold.
    """

    chapter: str
    check: str
    example: str
    held: int
    seeds: int
    spreads: float

    @property
    def is_at_the_edge(self) -> bool:
        """Whether the condition failed on a seed, or may well fail on the next."""
        return self.held < self.seeds or self.spreads < LEAST


def margins(runs: Sequence[Sequence[Reading]]) -> list[Margin]:
    """Return the margin of every condition, the least first.

    Parameters
    ----------
    runs
        For each seed, the chapters as read from its results.
    """
    found = (
        _margin(readings[0].chapter.slug, checks)
        for readings in zip(*runs, strict=True)
        for checks in _together(readings)
    )
    return sorted((one for group in found for one in group), key=_safety)


def _safety(one: Margin) -> tuple[float, float, str, str]:
    return one.held / one.seeds, one.spreads if one.spreads == one.spreads else inf, one.chapter, one.check


def _together(readings: Iterable[Reading]) -> Iterator[list[Check]]:
    """Yield each check of a chapter on all seeds."""
    by_name = [{check.name: check for check in reading.checks} for reading in readings]
    for name in by_name[0]:
        yield [checks[name] for checks in by_name]


def _margin(chapter: str, checks: Sequence[Check]) -> Iterator[Margin]:
    for conditions in zip(*(check.conditions for check in checks), strict=True):
        held = sum(condition.holds for condition in conditions)
        tightest = min(conditions, key=lambda one: (one.holds, one.room if one.room == one.room else inf))
        example = f"{tightest.measured}, expected {tightest.expected}"
        yield Margin(chapter, checks[0].name, example, held, len(checks), _spreads(conditions))


def _spreads(conditions: Sequence[Condition]) -> float:
    """Return the room in units of its spread, on the scale on which there is less of it.

    A difference suits an error, a ratio suits a factor. Which of them suits is not known here, and to take the larger
    would be to flatter. Only finite rooms count, so that one seed without a ratio does not cost the scale.

    What a number of spreads is worth depends on how many seeds told it. By Student's t a new seed goes beyond three of
    them in about 0.4 % of all cases where twenty seeds were measured, and in about 3 % where there were five.
    """
    scales = ([one.room for one in conditions], [one.log_room for one in conditions])
    usable = [finite for rooms in scales if (finite := [room for room in rooms if isfinite(room)])]
    if not usable:
        return inf if all(one.holds for one in conditions) else nan
    return min(map(_in_spreads, usable)) if len(conditions) > 1 else nan


def _in_spreads(rooms: Sequence[float]) -> float:
    """Return mean over spread; only what lies below the mean counts, since the other side refutes nothing."""
    mean = fmean(rooms)
    below = [(room - mean) ** 2 for room in rooms if room < mean]
    spread = sqrt(sum(below) / len(below)) if below else 0.0
    if spread <= 1e-12 * abs(mean):
        return inf if mean > 0 else -inf
    return mean / spread
