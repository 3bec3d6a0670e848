"""Known answers for the way from results to findings: where a table changes by a factor, the numbers must follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.report.page import Reading

__all__ = ["Column", "assert_follow", "changed", "grown", "number", "refound"]

Column = Callable[[pd.DataFrame], Any]


def grown(column: str) -> Column:
    """Let a statistic grow by a tenth more in every layer."""
    return lambda table: table[column] * 1.1 ** table["layer"]


def changed(results: Results, place: tuple[str, str], change: Column) -> Results:
    """Return results in which one column (names of table and column) becomes another."""
    table, column = place
    return replace(results, tables={**results.tables, table: results[table].assign(**{column: change(results[table])})})


def refound(reading: Reading, results: Results, place: tuple[str, str], change: Column) -> Any:
    """Return the findings of a chapter in changed results."""
    return reading.chapter.find(reading.chapter.read(changed(results, place, change)))


def assert_follow(
    reading: Reading, results: Results, place: tuple[str, str], change: Column, expected: Mapping[str, float]
) -> None:
    """Assert by which factors findings (with dots for their parts) change with a column of the results."""
    found = refound(reading, results, place, change)
    for name, factor in expected.items():
        before = number(reading.findings, name)
        assert isfinite(before), name
        assert before != 0, f"{name}: any factor leaves zero what it is"
        assert number(found, name) == pytest.approx(factor * before), name


def number(findings: Any, name: str) -> float:
    found = findings
    for key in name.split("."):
        found = found[key] if isinstance(found, dict) else getattr(found, key)
    return float(getattr(found, "value", found))
