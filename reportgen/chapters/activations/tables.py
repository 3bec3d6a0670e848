"""The tables of the chapter on activations."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.scale import by_group

__all__ = ["SHOWN", "Tables", "read"]

SHOWN = ("sigmoid", "tanh", "relu")
"""Activations that the figure draws: every other one is like one of them on each side."""


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    curves
        Value and slope over z of the activations that are drawn.
    flat
        What they make of normal sums of three sizes: the spread of the output, the rms slope, and the share of flat
        slopes; and their greatest slope.
    sizes
        The same of every activation.
    moments
        Of every activation: its value at 0, its greatest slope, its bounds, and mean and rms of its output for a
        standard normal sum.
    """

    curves: pd.DataFrame
    flat: pd.DataFrame
    sizes: pd.DataFrame
    moments: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``activations``, alike ones side by side."""
    moments, sizes = (_in_groups(results[name]) for name in ("activation_moments", "activation_sizes"))
    curves = results["activation_curves"]
    return Tables(
        curves=curves[curves["activation"].isin(SHOWN)],
        flat=sizes[sizes["activation"].isin(SHOWN)].merge(moments[["activation", "greatest_slope"]]),
        sizes=sizes,
        moments=moments,
    )


def _in_groups(table: pd.DataFrame) -> pd.DataFrame:
    order = by_group(table["activation"].unique())
    return table.sort_values("activation", key=lambda names: names.map(order.index), kind="stable", ignore_index=True)
