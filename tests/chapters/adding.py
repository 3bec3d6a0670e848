"""Results with data sets and names that a user could have added, made from those of the quick battery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.comparison import with_comparison

__all__ = ["ACTIVATION", "DATA", "INITIALIZER", "with_added", "with_names"]

DATA = ("Ba$$in {{ x }} \\frac.csv", "my_<b>$x_1$|data&co*`~[a](b)* 数据 " + "long" * 50 + ".csv")
INITIALIZER, ACTIVATION = "_a_*b*(word=$x_1$|<b>&数据`{{ y }}`)", "__w_$^$_<i>[w](x)"
"""Names in which Markdown, HTML, formulas and templates could see more than letters."""

_DESCRIBED = {"rows": 150, "features": 4, "classes": 3, "constant_features": 1, "standardized": False}
_SPARED = ("training_curves",)
"""Tables that the map of an added data set does not enter."""


def with_added(results: Results, names: Iterable[str] = DATA) -> Results:
    """Return results in which data sets of these names do what the digits do."""
    tables = {name: _with_copies(name, table, tuple(names)) for name, table in results.tables.items()}
    return with_comparison(replace(results, tables=tables))


def _with_copies(name: str, table: pd.DataFrame, data: tuple[str, ...]) -> pd.DataFrame:
    if "data" not in table or name in _SPARED:
        return table
    digits = table[table["data"] == "digits"]
    if "study" in table:
        digits = digits[digits["study"] == "map"]
    described = _DESCRIBED if name == "data_sets" else {}
    return pd.concat([table, *(digits.assign(data=one, **described) for one in data)], ignore_index=True)


def with_names(results: Results) -> Results:
    """Return results in which an initializer and an activation have names that are hard to write."""
    others = {"initializer": ("he_uniform", INITIALIZER), "activation": ("elu", ACTIVATION)}
    battery = {kind: results.settings[f"{kind}s"] for kind in others}
    tables = {name: _with_others(table, others, battery) for name, table in results.tables.items()}
    settings = {
        **results.settings,
        **{f"{kind}s": [*results.settings[f"{kind}s"], other] for kind, (_, other) in others.items()},
    }
    return replace(results, tables=tables, settings=settings)


def _with_others(
    table: pd.DataFrame, others: Mapping[str, tuple[str, str]], battery: Mapping[str, list[str]]
) -> pd.DataFrame:
    """Add what does as another one does to a table of the whole battery; others are about a few names of their own."""
    for kind, (like, other) in others.items():
        if kind in table and 2 * len(set(table[kind]) & set(battery[kind])) > len(battery[kind]):
            plugged = {"ours": 0.0} if "ours" in table else {}
            table = pd.concat([table, table[table[kind] == like].assign(**{kind: other}, **plugged)], ignore_index=True)
    return table
