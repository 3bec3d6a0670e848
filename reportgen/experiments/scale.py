"""The one scale: fan_in times the variance of a weight, set beside every start in every table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from reportgen.battery.experiment import Column
from reportgen.battery.results import Results
from reportgen.experiments.columns import INITIALIZER, SIGMA_W2
from reportgen.experiments.sweeps import UNITS
from reportgen.nn.initializers import initializers

__all__ = ["STARTS", "with_scale"]

_FANS = (("fan_in", "fan_out"), ("fan_in", "fan_in"), ("width", "width"), ("units", "units"))
"""Columns that tell the size of a layer, the most telling first; a table that has none is about `UNITS` units."""

STARTS = (
    INITIALIZER,
    SIGMA_W2,
    Column("limit", "", "what theory may put in the place of a wide layer: iid, orthogonal or none"),
    Column("label", "", "short name for people"),
)
"""Columns of the table ``starts``: the initializers of the battery, in layers as wide as its own."""


def with_scale(results: Results) -> Results:
    """Return the results with `sigma_w2` behind every initializer, and with the table ``starts``.

    Parameters
    ----------
    results
        As they were measured. Where a table has a `sigma_w2` already, it stays.

    Notes
    -----
    sigma_w2 is declared and not measured: fan_in Var(w) of a layer of the network, between two hidden layers unless
    the table tells other fans; nan where an initializer declares none (Poole et al. 2016, eq. 1).
    """
    tables, columns = {}, {}
    for name, table in results.tables.items():
        declared = results.columns.get(name, ())
        tables[name], columns[name] = (table, declared) if _is_done(table) else _scaled(table, declared)
    names, width = results.settings.get("initializers", ()), int(results.settings.get("width", UNITS))
    starts = pd.DataFrame([_start(start, width) for start in names], columns=[column.name for column in STARTS])
    return replace(results, tables={**tables, "starts": starts}, columns={**columns, "starts": STARTS})


def _is_done(table: pd.DataFrame) -> bool:
    return "initializer" not in table or "sigma_w2" in table


def _scaled(table: pd.DataFrame, declared: tuple[Column, ...]) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    fans = next((pair for pair in _FANS if set(pair) <= set(table)), ())
    keys = ["initializer", *dict.fromkeys(fans)]
    each = table[keys].drop_duplicates().to_dict("records")
    scale = {tuple(one.values()): _sigma_w2(one, fans) for one in each}
    values = [scale[key] for key in table[keys].itertuples(index=False, name=None)]
    after = list(table).index("initializer") + 1
    made = table.copy(deep=False)
    made.insert(after, "sigma_w2", pd.Series(values, index=table.index, dtype=float))
    place = next((at for at, column in enumerate(declared, 1) if column.name == "initializer"), len(declared))
    return made, (*declared[:place], SIGMA_W2, *declared[place:])


def _sigma_w2(one: Mapping[Any, Any], fans: tuple[str, ...]) -> float:
    fan_in, fan_out = (int(one[column]) for column in fans) if fans else (UNITS, UNITS)
    return initializers.get(one["initializer"]).sigma_w2(fan_in, fan_out)


def _start(name: str, width: int) -> tuple[str, float, str, str]:
    item = initializers.get(name)
    return item.name, item.sigma_w2(width, width), item.limit, item.label
