"""The plan of a run, before it begins: cells, operations, memory, room on disk and time, and whether it can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path

from reportgen.battery import machine
from reportgen.battery.cost import NOMINAL, Cost, Rates, measure_rates
from reportgen.battery.engine import available_cpus
from reportgen.battery.experiment import Experiment
from reportgen.battery.machine import size, span
from reportgen.errors import UsageError
from reportgen.experiments import EXPERIMENTS
from reportgen.reporter import Reporter
from reportgen.settings import Settings
from reportgen.shares import Share, count_shares

__all__ = ["Plan", "make_plan", "require_possible"]

_LARGE = 300.0
"""Seconds from which on a run is told before it begins."""

_ABSURD = 30 * 86_400.0
"""Seconds that nobody means to wait."""

_WORKER, _MAIN = 150e6, 400e6
"""Bytes of a process that only measures, and of the one that also draws."""

_TABLES = 5
"""So many times the bytes of the measurements are in use when they have become tables."""

_SITE = Cost(calls=2.5e7, stored=25e6)
"""The whole site, of which the tables are a small part; the figures are stored beside the measurements too."""

_PUBLISHED = 0.1
"""Share of the measurements' bytes that the site's tables take, the largest of them packed."""

_OVERHEAD = 1.1
"""Workers do not all end at the same time, and the first has to start."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run takes.

    Attributes
    ----------
    shares
        Experiment -> what it has to do.
    settings
        Where it is kept, and with how many workers it is measured.
    rates
        How fast a processor is.
    publishes
        Whether a site is made of it.
    """

    shares: Mapping[str, Share]
    settings: Settings
    rates: Rates
    publishes: bool = True

    @property
    def total(self) -> Share:
        """All that is to be measured."""
        return reduce(add, self.shares.values(), Share())

    @property
    def workers(self) -> int:
        """Number of processes that measure at one time."""
        return max(1, min(self._jobs, round(self.total.cells - self.total.stored)))

    @property
    def worker_memory(self) -> float:
        """Bytes that one worker needs."""
        return _WORKER + self.total.cost.memory

    @property
    def memory(self) -> float:
        """Bytes that all processes need on this machine."""
        measuring = 0.0 if self.settings.scheduler or self.total.cells <= self.total.stored else self.worker_memory
        return _MAIN + _TABLES * self.total.kept + self.workers * measuring

    @property
    def cache_bytes(self) -> float:
        """Bytes that the cache grows by: with new measurements come new figures."""
        if not self.settings.cache or self.total.cells <= self.total.stored:
            return 0.0
        return self.total.cost.stored + self.site_bytes

    @property
    def site_bytes(self) -> float:
        """Bytes of the site."""
        return _SITE.stored + _PUBLISHED * self.total.kept if self.publishes else 0.0

    @property
    def seconds(self) -> float:
        """Wall time of everything."""
        return self._at_once(self.total.cost) + (self._drawing() if self.publishes else 0.0)

    def lines(self) -> list[str]:
        """Return the plan as a table, experiment by experiment, and its summary."""
        rows = [_HEAD, *(self._row(name, share) for name, share in self.shares.items())]
        if self.publishes:
            rows.append(("site", "", "", "", "", size(self.site_bytes), span(self._drawing())))
        *front, _, _ = self._row("all", self.total)
        rows.append((*front, size(self.cache_bytes + self.site_bytes), span(self.seconds)))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        table = ([f"{row[0]:<{widths[0]}}", *map(str.rjust, row[1:], widths[1:])] for row in rows)
        return [*("  ".join(row).rstrip() for row in table), "", *self.summary()]

    def summary(self) -> list[str]:
        """Return the plan in three lines."""
        total, has = self.total, machine.memory()
        count, workers = f"{total.cells - total.stored:.0f} of {total.cells:.0f}", self.workers
        disk = [
            f"{size(bytes_)} for the {what} in {folder} ({size(machine.disk_free(folder))} free)"
            for what, folder, bytes_ in self._folders()
        ]
        return [
            f"plan: {count} cells to measure, {total.cost.operations:.1e} operations, about {span(self.seconds)} "
            f"with {workers} worker{'s' if workers > 1 else ''}",
            f"memory: {size(self.worker_memory)} per worker, {size(self.memory)} in all "
            f"({size(has.free)} of {size(has.total)} free)",
            f"disk: {' and '.join(disk) or 'none'}",
        ]

    def in_short(self) -> str:
        """Return the plan in half a line."""
        return f"{self.total.cells:.0f} cells take about {size(self.memory)} of memory and {span(self.seconds)}"

    def obstacle(self) -> str:
        """Return why this machine cannot do it, or nothing."""
        has, needed = machine.memory(), 0.0
        if self.memory > has.total:
            return f"this machine has {size(has.total)} of memory"
        for _, folder, bytes_ in self._folders():
            needed += bytes_  # both on one disk, as they mostly are
            if needed > (free := machine.disk_free(folder)):
                return f"of {size(needed)} of disk {size(free)} are free"
        return "nobody waits that long" if self.seconds > _ABSURD else ""

    def is_large(self) -> bool:
        """Tell whether somebody would want to know before it begins."""
        return self.seconds > _LARGE or self.memory > machine.memory().free / 2

    def _folders(self) -> Iterator[tuple[str, Path, float]]:
        if self.settings.cache:
            yield "cache", self.settings.cache, self.cache_bytes
        if self.publishes:
            yield "site", self.settings.out, self.site_bytes

    @property
    def _jobs(self) -> int:
        return 1 if self.settings.engine == "serial" else self.settings.jobs or available_cpus()

    def _drawing(self) -> float:
        return self.rates.seconds(_SITE) / min(self._jobs, available_cpus())

    def _at_once(self, cost: Cost) -> float:
        return self.rates.seconds(cost) / min(self.workers, available_cpus()) * _OVERHEAD

    def _row(self, name: str, share: Share) -> tuple[str, ...]:
        numbers = f"{share.cells:.0f}", f"{share.stored:.0f}"
        if share.cells <= share.stored:
            return (name, *numbers, *[""] * 4)
        cost = share.cost
        takes = f"{cost.operations:.1e}", size(cost.memory), size(cost.stored), span(self._at_once(cost))
        return (name, *numbers, *takes)


_HEAD = ("", "cells", "stored", "operations", "memory", "disk", "time")


def make_plan(
    settings: Settings,
    experiments: Iterable[Experiment] = EXPERIMENTS,
    *,
    measures: bool = True,
    publishes: bool = True,
    rates: Rates = NOMINAL,
) -> Plan:
    """Make the plan of a run.

    Parameters
    ----------
    settings
        What is asked for.
    experiments
        What is measured of it.
    measures, publishes
        Whether cells that are not stored are measured, and whether a site is made.
    rates
        How fast a processor is.

    Raises
    ------
    ReportgenError
        For settings that cannot be used.
    """
    shares = count_shares(settings, experiments)
    if not measures:
        shares = {name: replace(share, stored=share.cells, cost=Cost()) for name, share in shares.items()}
    return Plan(shares, settings, rates, publishes)


def require_possible(
    settings: Settings,
    reporter: Reporter,
    experiments: Iterable[Experiment] = EXPERIMENTS,
    *,
    measures: bool = True,
    publishes: bool = True,
    force: bool = False,
) -> None:
    """Tell the plan of a large run before it begins, and refuse what this machine cannot do.

    Parameters
    ----------
    settings, experiments, measures, publishes
        As for `make_plan`.
    reporter
        Hears the plan.
    force
        Whether to begin nevertheless.

    Raises
    ------
    UsageError
        With what is missing.
    """
    plan = make_plan(settings, experiments, measures=measures, publishes=publishes)
    if not (plan.obstacle() or plan.memory > machine.memory().free / 2 or plan.seconds > _LARGE / 4):
        return
    plan = replace(plan, rates=measure_rates())
    if (obstacle := plan.obstacle()) and not force:
        raise UsageError(f"{plan.in_short()}: {obstacle} (--force begins nevertheless)")
    if plan.is_large():
        for line in plan.summary():
            reporter.note(line)
