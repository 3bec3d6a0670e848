"""What a user added to the battery: whether theory has a prediction for it, and whether it does what it declares."""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import short_name
from reportgen.chapters.theory.tables import SIGNAL, Tables
from reportgen.judgments.comparison import in_range
from reportgen.presets import ACTIVATIONS, INITIALIZERS

__all__ = ["Added", "Suspect"]

_MOST = 0.5
"""Share of unexplained rows from which on an addition is not what it declares to be: of ours hardly any row is."""


_OFF = 0.1
"""Logarithm of measured over predicted from which on a first layer is off, by much more than chance explains."""


class Suspect(NamedTuple):
    """An addition whose predictions mostly fail, by what share, and how far off they are in the first layer.

    `first_layer` is the measured rms of z over the prediction, which rests on the declared variance and
    on independent weights around zero.
    """

    name: str
    kind: str
    share: float
    first_layer: float

    @property
    def is_off_at_once(self) -> bool:
        """Whether the first layer is off: the variance or the mean of the weights is not as declared."""
        return not (self.first_layer > 0 and abs(log(self.first_layer)) <= _OFF)


class Added(NamedTuple):
    """What a user added, in words; of these what theory has no prediction for, and what is not as declared."""

    names: list[str]
    no_limit: list[str]
    no_averages: list[str]
    suspects: list[Suspect]

    @classmethod
    def of(cls, tables: Tables) -> Added:
        """Compare what was measured with what every run measures."""
        known, table = tables.canonical, tables.comparison
        initializers = [name for name in tables.pairs["initializer"].unique() if name not in INITIALIZERS]
        activations = [name for name in tables.pairs["activation"].unique() if name not in ACTIVATIONS]
        depths = sorted(set(table["depth"].dropna().unique()) - set(known["depth"].dropna().unique()))
        names = [*map(short_name, initializers), *activations, *(f"depth {depth}" for depth in depths)]
        predicted = {*table["initializer"].unique(), *table["activation"].unique()}
        compared = in_range(table)
        is_own = {"initializer": compared["initializer"].isin(INITIALIZERS)}
        is_own["activation"] = compared["activation"].isin(ACTIVATIONS)
        return cls(
            names=names,
            no_limit=[short_name(name) for name in initializers if name not in predicted],
            no_averages=[name for name in activations if name not in predicted],
            suspects=[
                *_suspects(compared[is_own["activation"]], "initializer", initializers),
                *_suspects(compared[is_own["initializer"]], "activation", activations),
            ],
        )


def _suspects(compared: pd.DataFrame, kind: str, names: list[str]) -> list[Suspect]:
    rows = ((name, compared[compared[kind] == name]) for name in names)
    found = [Suspect(short_name(name), kind, *_failing(own)) for name, own in rows if len(own)]
    return [one for one in found if one.share > _MOST]


def _failing(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the share of rows that nothing explains, and the typical factor between measured and predicted below."""
    first = rows[(rows["quantity"] == SIGNAL) & (rows["layer"] == 1)]
    factor = np.exp(np.log1p(first["relative_deviation"]).median())
    return float((rows["explanation"] == "unexplained").mean()), float(factor)
