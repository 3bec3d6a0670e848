"""The numbers that the chapter on activations quotes."""

from __future__ import annotations

from dataclasses import dataclass
from math import acosh, isinf
from typing import NamedTuple

import pandas as pd

from reportgen.chapters.activations.tables import SHOWN, Tables
from reportgen.judgments.frames import only, where

__all__ = ["Findings", "Shape", "Size", "find"]

_FLAT = 0.05
"""A slope below this share of the greatest counts as flat."""


_DECIMALS = 4
"""To which averages are right; what is smaller is 0."""


class Size(NamedTuple):
    """What an activation makes of sums of one size: spread of the output, rms slope, and share of flat slopes."""

    output: float
    slope: float
    flat: float


class Shape(NamedTuple):
    """One activation, and what it makes of sums that are too small, right and too large."""

    at_zero: float
    steepest: float
    mean: float
    small: Size
    right: Size
    large: Size


@dataclass(frozen=True, slots=True)
class Findings:
    """The activations that are drawn, and a table of all.

    `sizes` are the standard deviations of the sums, `tanh_end` is the |z| from which tanh is flat.
    """

    sizes: list[float]
    tanh_end: float
    sigmoid: Shape
    tanh: Shape
    relu: Shape
    table: pd.DataFrame


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    sigmoid, hyperbolic, rectified = (_shape(tables, name) for name in SHOWN)
    return Findings(
        sizes=sorted(tables.sizes["z_std"].unique().tolist()),
        tanh_end=acosh(_FLAT**-0.5),  # its slope is 1 / cosh²
        sigmoid=sigmoid,
        tanh=hyperbolic,
        relu=rectified,
        table=_table(tables),
    )


def _shape(tables: Tables, activation: str) -> Shape:
    moments = where(tables.moments, activation=activation)
    at_zero, steepest, mean = (float(only(moments[name])) for name in ("value_at_zero", "greatest_slope", "mean"))
    columns = ["output_std", "slope_rms", "saturated_fraction"]
    sizes = where(tables.sizes, activation=activation).sort_values("z_std")[columns]
    small, right, large = (Size(*row) for row in sizes.itertuples(index=False, name=None))
    return Shape(at_zero, steepest, mean, small, right, large)


def _table(tables: Tables) -> pd.DataFrame:
    """Return a row per activation, those of a user too."""
    moments = tables.moments
    bounds = moments[["lowest", "highest"]].itertuples(index=False, name=None)
    return pd.DataFrame(
        {
            "activation": moments["activation"],
            "value at zero": moments["value_at_zero"].round(_DECIMALS) + 0.0,
            "greatest slope": moments["greatest_slope"],
            "bounded": [_bounds(*pair) for pair in bounds],
            "mean output": moments["mean"].round(_DECIMALS) + 0.0,
            "rms output": moments["rms"],
        }
    )


def _bounds(lowest: float, highest: float) -> str:
    """Return on which sides values are bounded, in words.

    Examples
    --------
    >>> _bounds(-1.0, 1.0), _bounds(0.0, float("inf")), _bounds(-float("inf"), float("inf"))
    ('on both sides', 'below', 'no')
    """
    if isinf(lowest) and isinf(highest):
        return "no"
    if isinf(highest):
        return "below"
    return "above" if isinf(lowest) else "on both sides"
