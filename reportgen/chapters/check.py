"""A sentence that could turn out wrong: what it asks of the measured numbers, and the settings that it is meant for.

What a sentence asks is a list of conditions, each an inequality between two numbers or a yes or no, so that every one
can say how much room was left::

    yield Check.of("small_dies", "small weights lose the signal", below(f.signal, 1e-5), above(f.slope, 0.95))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf, log, nan
from typing import Any

from reportgen.judgments.estimates import Estimate
from reportgen.theory.student import warranted

__all__ = [
    "ANYWHERE",
    "MEANT_FOR",
    "Check",
    "Condition",
    "Scope",
    "above",
    "below",
    "near",
    "same",
    "within",
]

ERRORS = 6
"""Standard errors that the mean of very many values may be off; that of a few may be off further (Student 1908)."""

AMPLE = 20
"""What is this many times below or above a bound is as far from it as anything can be."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a sentence asks of the numbers.

    Attributes
    ----------
    measured, expected
        What was measured, and what it should be, in words: ``0.29`` and ``above 0.5``.
    holds
        Whether it is.
    room
        How far inside the bound it is: a difference, negative outside; nan where only yes or no can be said. What is
        `AMPLE` times inside is as far inside as anything can be, whether a loss of 5e7 against a bound of 100 or a
        gradient of nothing: by how much more differs by powers of ten and means nothing.
    log_room
        The same as a natural logarithm of the ratio; nan where one of the numbers is not positive.
    """

    measured: str
    expected: str
    holds: bool
    room: float = nan
    log_room: float = nan


def below(value: float, bound: float) -> Condition:
    """Ask that a number is smaller than a bound, which may be measured, too."""
    nearest = max(value, bound / AMPLE) if bound > 0 else value
    return Condition(_told(value), f"below {_told(bound)}", bool(value < bound), *_room(nearest, bound))


def above(value: float, bound: float) -> Condition:
    """Ask that a number is larger than a bound, which may be measured, too."""
    nearest = min(value, bound * AMPLE) if bound > 0 else value
    return Condition(_told(value), f"above {_told(bound)}", bool(value > bound), *_room(bound, nearest))


def within(least: float, value: float, greatest: float) -> tuple[Condition, Condition]:
    """Ask that a number lies between two bounds."""
    return above(value, least), below(value, greatest)


def near(estimate: Estimate, value: float) -> Condition:
    """Ask that a mean agrees with a value within the standard errors that chance explains."""
    off, errors = abs(estimate.value - value), warranted(ERRORS, estimate.number)
    measured, expected = (
        f"{estimate.value:.5g} ± {estimate.error:.2g}",
        f"within {errors:.3g} standard errors of {value:.5g}",
    )
    if estimate.error == 0:
        return Condition(measured, expected, bool(off == 0))
    return Condition(measured, expected, bool(off < errors * estimate.error), errors - off / estimate.error)


def same(value: object, expected: object) -> Condition:
    """Ask that something that is no number, or a count, is exactly what is expected."""
    return Condition(_told(value), _told(expected), bool(value == expected))


@dataclass(frozen=True, slots=True)
class Scope:
    """The settings for which a sentence was tried on many seeds; elsewhere it may fail without a fault of ours.

    Attributes
    ----------
    width, replicates, batch, depth
        Least and greatest. Depth is the greatest of the battery's own and added depths.
    """

    width: tuple[float, float] = (0, inf)
    replicates: tuple[float, float] = (0, inf)
    batch: tuple[float, float] = (0, inf)
    depth: tuple[float, float] = (0, inf)

    def outside(self, settings: Mapping[str, Any]) -> str:
        """Return what of the settings is outside, in words; nothing if all is inside."""
        given = {**settings, "depth": max(settings["depths"])}
        return ", ".join(
            f"{name} {given[name]}"
            for name in ("width", "replicates", "batch", "depth")
            if not getattr(self, name)[0] <= given[name] <= getattr(self, name)[1]
        )


MEANT_FOR = Scope(width=(64, 256), replicates=(3, inf), batch=(128, inf), depth=(50, 100))
"""Where the presets are, and so where the sentences were tried."""

ANYWHERE = Scope()
"""For sentences about networks whose sizes do not depend on the settings."""


@dataclass(frozen=True, slots=True)
class Check:
    """A sentence of the chapter, and whether the measured numbers bear it out.

    Attributes
    ----------
    name
        How the prose refers to it.
    statement
        The sentence in plain words.
    conditions
        What it asks of the numbers.
    meant_for
        The settings for which it was tried.
    """

    name: str
    statement: str
    conditions: tuple[Condition, ...]
    meant_for: Scope = MEANT_FOR

    @classmethod
    def of(cls, name: str, statement: str, *conditions: Condition | Iterable[Condition]) -> Check:
        """Make a check of a sentence without its full stop, and of conditions that have to hold together."""
        flat = [one for given in conditions for one in ([given] if isinstance(given, Condition) else given)]
        return cls(name, f"{statement}.", tuple(flat))

    def only_for(self, scope: Scope) -> Check:
        """Return the same check, meant for other settings than most."""
        return replace(self, meant_for=scope)

    @property
    def holds(self) -> bool:
        """Whether all conditions hold."""
        return all(condition.holds for condition in self.conditions)

    @property
    def evidence(self) -> str:
        """The numbers that decide: those that fail, or all of them where none does."""
        failing = [condition for condition in self.conditions if not condition.holds]
        told = "; ".join(f"measured {one.measured}, expected {one.expected}" for one in failing or self.conditions)
        return told[:1].upper() + told[1:]


def _room(smaller: float, larger: float) -> tuple[float, float]:
    return larger - smaller, log(larger / smaller) if 0 < smaller < inf and 0 < larger < inf else nan


def _told(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_told, value)) or "none"
    if isinstance(value, set | frozenset):
        return _told(sorted(value))  # the order of a set differs from run to run
    return f"{value:.4g}" if isinstance(value, float) else str(value)
