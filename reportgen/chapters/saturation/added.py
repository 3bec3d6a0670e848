"""Saturation on the data sets that a user adds, beside that on random inputs."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.chapters.names import short_name
from reportgen.chapters.saturation.tables import LOST_VARIANCE
from reportgen.judgments.frames import where

__all__ = ["Added"]

_FLAT = 0.5
_FURTHEST = 5
"""Pairs that are shown for a data set."""


class Added(NamedTuple):
    """How the last layer of the deepest nets looks on a data set that was added.

    `flat` counts the pairs in which most slopes are flat, `lost` those that have lost the signal, each beside the
    number on random inputs; `difference` is the median of that of the saturated share, and `furthest` are the pairs
    where it is greatest.
    """

    name: str
    depth: int
    pairs: int
    flat: int
    flat_random: int
    lost: int
    lost_random: int
    difference: float
    furthest: pd.DataFrame

    @classmethod
    def of(cls, name: str, table: pd.DataFrame, random: pd.DataFrame) -> Added:
        """Read the rows of one data set in the table `added`, and the table `battery`."""
        depth = int(table["depth"].max())
        own, battery = where(table, depth=depth), where(random, depth=depth)
        difference = (own["saturated_fraction"] - own["on_random_inputs"]).abs()
        shown = own.loc[difference.nlargest(_FURTHEST).index]
        columns = {"on random inputs": shown["on_random_inputs"], "on this data": shown["saturated_fraction"]}
        return cls(
            name=name,
            depth=depth,
            pairs=len(own),
            flat=int((own["saturated_fraction"] > _FLAT).sum()),
            flat_random=int((battery["saturated_fraction"] > _FLAT).sum()),
            lost=int((own["activation_variance"] < LOST_VARIANCE).sum()),
            lost_random=int((battery["activation_variance"] < LOST_VARIANCE).sum()),
            difference=float(difference.median()),
            furthest=pd.DataFrame(
                {"initializer": shown["initializer"].map(short_name), "activation": shown["activation"]}
            ).assign(**{name: share.map("{:.1%}".format) for name, share in columns.items()}),
        )
