"""The battery that every run measures, without what a user adds to it: what most sentences are about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from reportgen.presets import ACTIVATIONS, DATA, DEPTHS, INITIALIZERS, PRESETS

__all__ = ["canonical", "canonical_depths"]

_NAMES = {"initializer": INITIALIZERS, "activation": ACTIVATIONS, "data": DATA}


def canonical_depths(settings: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the depths that every run with the preset of these settings measures, in rising order."""
    return PRESETS[settings["preset"]].depths if "preset" in settings else DEPTHS


def canonical(table: pd.DataFrame, settings: Mapping[str, Any] = MappingProxyType({})) -> pd.DataFrame:
    """Return the rows of a table that every run with the same preset has.

    Parameters
    ----------
    table
        Any of the columns `initializer`, `activation`, `data`, `depth` and `layer` tell what a user has added; where
        `depth` is empty, as it is of a forward pass that serves all depths, only `layer` does.
    settings
        Of the run; they decide on depths and layers only.
    """
    depths = canonical_depths(settings)
    kept = pd.Series(data=True, index=table.index)
    for column, names in _NAMES.items():
        if column in table:
            kept &= table[column].isin(names)
    if "depth" in table:
        kept &= table["depth"].isin(depths) | table["depth"].isna()
    if "layer" in table:
        kept &= table["layer"] <= depths[-1]
    return table[kept]
