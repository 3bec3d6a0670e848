"""How the factors of the gradient on data that a user adds compare to those on random inputs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import short_name

__all__ = ["CLOSE", "Added"]

CLOSE = 0.05
"""Factors that differ by less than this share are close."""

_FURTHEST = 5
"""Pairs that are shown for an added data set."""


class Added(NamedTuple):
    """How the factors on a data set that was added compare to those on random inputs.

    `deviation` is the median over `pairs`, those that have a number on both; `others` have an exact zero or an overflow
    somewhere. `furthest` are the pairs that deviate most.
    """

    name: str
    pairs: int
    others: int
    deviation: float
    close_share: float
    furthest: pd.DataFrame

    @classmethod
    def of(cls, name: str, table: pd.DataFrame) -> Added:
        """Read the rows of one data set in the table `added`."""
        random, own = table["on_random_inputs"], table["on_this_data"]
        is_number = (np.minimum(random, own) > 0) & (np.maximum(random, own) < np.inf)
        deviation = (own / random - 1)[is_number].abs()
        furthest = table.loc[deviation.nlargest(_FURTHEST).index, ["initializer", "activation"]]
        return cls(
            name=name,
            pairs=len(deviation),
            others=int((~is_number).sum()),
            deviation=float(deviation.median()),
            close_share=float((deviation < CLOSE).mean()),
            furthest=furthest.assign(
                **{"on random inputs": random, "on this data": own}, initializer=furthest["initializer"].map(short_name)
            ),
        )
