"""The tables of the front page."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.choice import carried_depths
from reportgen.judgments.verdicts import verdict_table

__all__ = ["Tables", "read"]


class Tables(NamedTuple):
    """What the front page reads.

    Attributes
    ----------
    carried
        Greatest depth up to which a start is healthy: a row per initializer, a column per activation.
    depths
        The depths of the battery, going up.
    verdicts
        The verdict on every initializer, activation and depth, with the numbers that decided.
    digits
        The same on images of handwritten digits.
    """

    carried: pd.DataFrame
    depths: pd.DataFrame
    verdicts: pd.DataFrame
    digits: pd.DataFrame


def read(results: Results) -> Tables:
    """Judge the tables of the experiment ``propagation``."""
    verdicts = verdict_table(results)
    depths = verdicts[["depth"]].drop_duplicates().sort_values("depth")
    return Tables(carried_depths(verdicts).reset_index(), depths, verdicts, verdict_table(results, "digits"))
