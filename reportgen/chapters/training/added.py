"""Training on the data sets that a user adds, beside that on digits."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, sqrt
from typing import Any, NamedTuple

import pandas as pd

from reportgen.chapters.names import short_name
from reportgen.chapters.training.tables import DEPTH
from reportgen.judgments.data_sets import DataSet
from reportgen.judgments.frames import only, where

__all__ = ["Added"]


class Added(NamedTuple):
    """What became of every start on a data set that was added.

    `best` names the start that gets most right, by activation, in nets of `DEPTH` layers; `agreement` is the share of
    starts with the same outcome as on digits, `accuracy` that of starts whose verdict was right, `base_rate` that of
    the more frequent outcome. `chance` is twice the greatest standard deviation that the difference of two starts'
    shares of right answers can have, for so many test examples.
    """

    data: DataSet
    training_examples: int
    test_examples: int
    chance: float
    guess: float
    starts: int
    shares: dict[int, float]
    by_depth: pd.DataFrame
    agreement: float
    accuracy: float
    base_rate: float
    best: pd.DataFrame

    @classmethod
    def of(cls, data: DataSet, table: pd.DataFrame, digits: pd.DataFrame) -> Added:
        """Read the rows of one data set in the table `added`, and the map on digits."""
        shares, there, tested = _shares(table), _shares(digits), int(only(table["test_examples"]))
        learned = table["outcome"] == "learned"
        return cls(
            data=data,
            training_examples=int(only(table["training_examples"])),
            test_examples=tested,
            chance=2 * sqrt(2 * 0.25 / tested),
            guess=float(only(table["guess"])),
            starts=len(table),
            shares=shares,
            by_depth=_in_words(shares, there),
            agreement=float((table["outcome"] == table["on_digits"]).mean()),
            accuracy=float(((table["verdict"] == "healthy") == learned).mean()),
            base_rate=float(max(learned.mean(), 1 - learned.mean())),
            best=_best(where(table, depth=DEPTH), where(digits, depth=DEPTH)),
        )


def _shares(cells: pd.DataFrame) -> dict[int, float]:
    """Return the share of the starts that learned, by depth."""
    shares = (cells["outcome"] == "learned").groupby(cells["depth"]).mean()
    return {int(str(depth)): float(share) for depth, share in shares.items()}


def _in_words(own: Mapping[int, float], digits: Mapping[int, float]) -> pd.DataFrame:
    rows = [(depth, f"{share:.1%}", f"{digits[depth]:.1%}") for depth, share in own.items()]
    return pd.DataFrame(rows, columns=["hidden layers", "learned on this data", "learned on digits"])


def _best(own: pd.DataFrame, digits: pd.DataFrame) -> pd.DataFrame:
    """Return the start with most right answers of every activation, and what it gets on digits; or none."""
    there = digits.set_index(["activation", "initializer"]).to_dict("index")
    rows = []
    for activation, cells in own.groupby("activation", sort=False):
        ranked = cells.assign(
            has_learned=cells["outcome"] == "learned"
        )  # a survivor's answers tell nothing of the rest
        first = ranked.sort_values(["has_learned", "test_accuracy"], ascending=False, kind="stable").to_dict("records")[
            0
        ]
        name = str(first["initializer"])
        if isnan(float(first["test_accuracy"])):
            rows.append((activation, "none", _told(first), "-"))
        else:
            rows.append((activation, short_name(name), _told(first), _told(there[activation, name])))
    return pd.DataFrame(rows, columns=["activation", "best start", "on this data", "the same start on digits"])


def _told(cell: Mapping[Any, Any]) -> str:
    """Tell outcome and share of right answers."""
    right = float(cell["test_accuracy"])
    return str(cell["outcome"]) + ("" if isnan(right) else f", {right:.0%}")
