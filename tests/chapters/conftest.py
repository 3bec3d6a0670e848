"""The quick battery, measured once per seed for all tests of chapters, and every chapter as read from it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reportgen.battery.cache import Cache
from reportgen.battery.results import Results, tabulate
from reportgen.battery.run import Recipe, measure
from reportgen.chapters.chapter import Chapter
from reportgen.experiments import EXPERIMENTS
from reportgen.experiments.scale import with_scale
from reportgen.judgments.comparison import with_comparison
from reportgen.report.page import Reading
from reportgen.settings import Settings
from tests.chapters.adding import with_added, with_names
from tests.conftest import once

Measure = Callable[..., Results]
Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def measured(shared: Path) -> Measure:
    """Return a function (names of experiments, seed) -> results of the quick battery; all processes share them.

    The folder in the variable REPORTGEN_TEST_CACHE, if there is one, keeps the measurements from run to run.
    """
    folder = Path(os.environ.get("REPORTGEN_TEST_CACHE") or shared / "measured")
    by_name = {experiment.name: experiment for experiment in EXPERIMENTS}
    battery = Settings(preset="quick").battery()

    @cache
    def tables_of(name: str, seed: int) -> dict[str, Any]:
        with once(shared, f"{name}-{seed}"):
            cells = by_name[name].cells(battery)
            measured = measure(cells, Recipe.of(seed), Cache(folder), engine="serial")
        return tabulate([by_name[name]], measured)

    def results(names: Iterable[str], seed: int = 0) -> Results:
        tables = {table: frame for name in names for table, frame in tables_of(name, seed).items()}
        columns = {table: declared for name in names for table, declared in by_name[name].tables.items()}
        return with_scale(with_comparison(Results(tables, columns, battery.published())))

    return results


@pytest.fixture(scope="session")
def read(measured: Measure) -> Read:
    """Return a function (chapter, seed) -> the chapter with its tables, findings and checks."""

    @cache
    def reading(chapter: Chapter[Any, Any], seed: int = 0) -> Reading:
        return Reading.of(chapter, measured(chapter.needs, seed))

    return reading


@pytest.fixture(scope="session")
def read_added(measured: Measure) -> Read:
    """Return a function (chapter) -> the same where two data sets, an initializer and an activation were added."""

    @cache
    def reading(chapter: Chapter[Any, Any]) -> Reading:
        return Reading.of(chapter, with_added(with_names(measured(chapter.needs))))

    return reading
