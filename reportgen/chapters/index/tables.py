"""The tables of the front page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.choice import carried_depths
from reportgen.judgments.data_sets import added
from reportgen.judgments.verdicts import verdict_table

__all__ = ["Tables", "read"]

_CELL = ["initializer", "activation", "depth"]


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
    added
        The same on every data set that was added, with the verdict `on_random_inputs`.
    data_sets
        What the added data sets are.
    """

    carried: pd.DataFrame
    depths: pd.DataFrame
    verdicts: pd.DataFrame
    digits: pd.DataFrame
    added: pd.DataFrame
    data_sets: pd.DataFrame


def read(results: Results) -> Tables:
    """Judge the tables of the experiment ``propagation``."""
    verdicts, data_sets = verdict_table(results), added(results["data_sets"])
    return Tables(
        carried=carried_depths(verdicts).reset_index(),
        depths=verdicts[["depth"]].drop_duplicates().sort_values("depth"),
        verdicts=verdicts,
        digits=verdict_table(results, "digits"),
        added=_added(results, verdicts, data_sets["data"]),
        data_sets=data_sets,
    )


def _added(results: Results, verdicts: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    random = verdicts[_CELL].assign(on_random_inputs=verdicts["verdict"])
    judged = [verdict_table(results, name).assign(data=name).merge(random, on=_CELL, how="left") for name in names]
    return pd.concat(judged) if judged else random.assign(data="", verdict="").iloc[:0]
