"""The tables of the teachers' sheet."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import where

__all__ = ["Tables", "read"]

_NET = ["demo", "preset", "replicate"]


class Tables(NamedTuple):
    """What the sheet reads.

    Attributes
    ----------
    moments
        Every net of both demos before the first update and after the last: loss and accuracy on the points; the least
        number of different units of a hidden layer; saturated share, gradient and movement of the first layer, and the
        gradient of the last.
    waits
        Equal weights with noise of several sizes: how many updates until the units have parted, and until it has
        learned.
    rates
        What nets of the wrong size came to at several learning rates.
    problem
        What can be had without a net.
    """

    moments: pd.DataFrame
    waits: pd.DataFrame
    rates: pd.DataFrame
    problem: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``demos``."""
    return Tables(_moments(results), results["demos_waits"], results["demos_rates"], results["demos_problem"])


def _moments(results: Results) -> pd.DataFrame:
    nets, learning, layers = (results[f"demos_{name}"] for name in ("nets", "learning", "layers"))
    key, last = [*_NET, "step"], learning["step"].max()
    shown = learning[learning["step"].isin([0, last])]
    hidden, top, first = (
        where(layers, kind="hidden"),
        where(layers, kind="output").rename(columns={"gradient_norm": "last_gradient"}),
        where(layers, layer=1).rename(columns={"gradient_norm": "first_gradient", "saturated_fraction": "saturated"}),
    )
    least = hidden.groupby(key)["distinct_units"].min().rename("distinct").reset_index()
    moments = shown.merge(nets[[*_NET, "units", "steps", "initializer", "weight_noise", "learning_rate"]], on=_NET)
    for table in (least, top[[*key, "last_gradient"]], first[[*key, "first_gradient", "saturated", "moved"]]):
        moments = moments.merge(table, on=key)
    return moments
