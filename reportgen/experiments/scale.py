"""The one scale, fan_in times the variance of a weight, set beside every start in every table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reportgen.battery.results import Results, with_column
from reportgen.experiments.columns import SIGMA_W2
from reportgen.nn.initializers import initializers

__all__ = ["with_scale"]

_FANS = (("fan_in", "fan_out"), ("fan_in", "fan_in"), ("width", "width"), ("units", "units"))
"""Columns that tell the size of a layer, the most telling first."""


def with_scale(results: Results) -> Results:
    """Return the results with `sigma_w2` behind the initializer in every table that has one and tells its width.

    Parameters
    ----------
    results
        As they were measured. Where a table has a `sigma_w2` already, it stays.

    Notes
    -----
    sigma_w2 is declared and not measured: fan_in Var(w) of a layer of the network, between two hidden layers unless
    the table tells other fans; nan where an initializer declares none (Poole et al. 2016, eq. 1).
    """
    for name, table in results.tables.items():
        fans = next((pair for pair in _FANS if set(pair) <= set(table)), ())
        if "initializer" in table and "sigma_w2" not in table and fans:
            keys = ["initializer", *dict.fromkeys(fans)]
            scales = [_scale(one, fans) for one in table[keys].drop_duplicates().to_dict("records")]
            numbers = table.groupby(keys, sort=False).ngroup()  # of the starts, in the order of their first rows
            values = np.array(scales, dtype=float)[numbers.to_numpy()].tolist()
            results = with_column(results, name, SIGMA_W2, values, after="initializer")
    return results


def _scale(one: Mapping[Any, Any], fans: tuple[str, ...]) -> float:
    return initializers.get(one["initializer"]).sigma_w2(*(int(one[fan]) for fan in fans))
