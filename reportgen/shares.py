"""What every experiment has to do for some settings: its cells, which of them are stored, and what the others cost.

Long lists of names are not gone through: what a list costs is extrapolated from two lengths of it, since every name
costs about the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import product
from math import prod
from operator import add
from typing import Any

from reportgen.battery.cache import Cache
from reportgen.battery.cost import Cost
from reportgen.battery.experiment import Experiment, Part
from reportgen.battery.run import Recipe
from reportgen.experiments.costs import cost_of
from reportgen.settings import Settings

__all__ = ["Share", "count_shares"]

_LISTS = {"initializers": 40, "activations": 40, "data": 40, "depths": 60}
"""Setting -> the length from which on a list is extrapolated."""

NOTHING = Cost()
"""What it costs to do nothing."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one experiment has to do.

    Attributes
    ----------
    cells, stored
        Number of cells, and how many of them are in the cache.
    cost
        Of those that are not; `Cost.memory` is that of the largest cell.
    kept
        Bytes of all results, those in the cache too.
    """

    cells: float = 0.0
    stored: float = 0.0
    cost: Cost = NOTHING
    kept: float = 0.0

    def __add__(self, other: Share) -> Share:
        """Return what both have to do together."""
        cells, stored, kept = self.cells + other.cells, self.stored + other.stored, self.kept + other.kept
        return Share(cells, stored, self.cost + other.cost, kept)

    def times(self, count: float) -> Share:
        """Return what this many of it have to do, if the memory of the largest cell grows like all else."""
        cost = replace(self.cost.times(count), memory=self.cost.memory * count)
        return Share(self.cells * count, self.stored * count, cost, self.kept * count)


def count_shares(settings: Settings, experiments: Iterable[Experiment]) -> dict[str, Share]:
    """Return what each experiment has to do, by its name.

    Parameters
    ----------
    settings
        What is asked for.
    experiments
        Those that are to be measured.

    Raises
    ------
    ReportgenError
        For settings that cannot be used.
    """
    listed = tuple(experiments)
    lengths = {name: len(set(getattr(settings, name))) for name in _LISTS}
    long = {name: length for name, length in lengths.items() if length > _LISTS[name]}
    return _extrapolated(settings, listed, long) if long else _counted(settings, listed, look_up=True)


def _counted(settings: Settings, experiments: Iterable[Experiment], *, look_up: bool = False) -> dict[str, Share]:
    """Count cell by cell, and look up which of them are stored."""
    battery = settings.battery()
    cache = Cache(settings.cache if look_up else None)
    recipe = Recipe.of(settings.seed, settings.plugins)

    def share(experiment: Experiment, part: Part) -> Share:
        cost = cost_of(part)
        there = cache.folder is not None and cache.holds(recipe.key(experiment.cell(part)))
        return Share(1.0, float(there), NOTHING if there else cost, cost.stored)

    return {
        experiment.name: reduce(add, (share(experiment, part) for part in experiment.work(battery)), Share())
        for experiment in experiments
    }


def _extrapolated(settings: Settings, experiments: Iterable[Experiment], long: Mapping[str, int]) -> dict[str, Share]:
    """Count with two short lengths of every list that is long, and take the line through both on to its own length."""
    total: dict[str, Share] = {}
    for halved in product((False, True), repeat=len(long)):
        cuts = {name: _LISTS[name] // (2 if half else 1) for name, half in zip(long, halved, strict=True)}
        beyond = [2 * (length - _LISTS[name]) / _LISTS[name] for name, length in long.items()]
        weight = prod(-t if half else 1 + t for t, half in zip(beyond, halved, strict=True))
        for name, share in _counted(_shortened(settings, cuts), experiments).items():
            total[name] = _sum(total.get(name, Share()), share.times(weight))
    return total


def _sum(one: Share, other: Share) -> Share:
    """Add shares, and the memory too: the one of a pair that counts less stands for its growth."""
    both = one + other
    return replace(both, cost=replace(both.cost, memory=one.cost.memory + other.cost.memory))


def _shortened(settings: Settings, cuts: Mapping[str, int]) -> Settings:
    lists = {name: list(dict.fromkeys(getattr(settings, name))) for name in cuts}
    return settings.model_copy(update={name: tuple(_evenly(lists[name], count)) for name, count in cuts.items()})


def _evenly(values: list[Any], count: int) -> Iterator[Any]:
    """Yield values at equal distances; of numbers the greatest is one of them."""
    ordered = sorted(values) if isinstance(values[0], int) else values
    return (ordered[(index + 1) * len(ordered) // count - 1] for index in range(count))
