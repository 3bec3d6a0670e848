"""Where the length of the input decides what a deep net leaves of the gradient."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.chapters.names import short_name

__all__ = ["LengthCounts", "length_counts"]

_ONE = 1.01
"""An elasticity is above 1 from here on: those of positively homogeneous activations are 1 within rounding."""


class LengthCounts(NamedTuple):
    """Where the length of the input decides what a deep net leaves of the gradient.

    That is for activations whose E[phi²] grows faster than the variance of z: `names`, with their `elasticities`.
    `others` is the greatest elasticity of the others. `random`, `digits` and `ratio` are what is left on either input
    with the pair that differs most, and their ratio; `rest` is the greatest such ratio of the other activations.
    """

    names: list[str]
    elasticities: list[float]
    others: float
    initializer: str
    activation: str
    random: float
    digits: float
    ratio: float
    rest: float
    table: pd.DataFrame


def length_counts(deep: pd.DataFrame, elasticity: pd.DataFrame) -> LengthCounts:
    """Tell of what deep nets leave on either input, by pair, and of how E[phi²] grows, by activation."""
    ends = deep[["gaussian", "digits"]]
    ratio = ends.max(axis="columns") / ends.min(axis="columns")
    furthest = deep.assign(ratio=ratio).loc[ratio.groupby(deep["activation"]).idxmax()].set_index("activation")
    slopes = elasticity.set_index("activation")["elasticity"].sort_values(ascending=False)
    grows = slopes > _ONE
    counts, rest = (furthest.loc[furthest.index.isin(slopes.index[chosen])] for chosen in (grows, ~grows))
    top = counts.nlargest(1, "ratio").reset_index().reindex([0]).iloc[0]  # nan where no net leaves a number
    return LengthCounts(
        names=[str(name) for name in slopes.index[grows]],
        elasticities=slopes[grows].tolist(),
        others=float(slopes[~grows].max()),
        initializer=short_name(str(top["initializer"])),
        activation=str(top["activation"]),
        random=float(top["gaussian"]),
        digits=float(top["digits"]),
        ratio=float(top["ratio"]),
        rest=float(rest["ratio"].max()),
        table=_furthest(furthest, slopes),
    )


def _furthest(furthest: pd.DataFrame, slopes: pd.Series[float]) -> pd.DataFrame:
    rows = furthest.reindex(slopes.index).dropna()
    columns = {
        "activation": rows.index,
        "growth of E[φ²]": slopes[rows.index],
        "furthest apart with": rows["initializer"].map(short_name),
        "on random inputs": rows["gaussian"],
        "on digits": rows["digits"],
        "ratio": rows["ratio"],
    }
    return pd.DataFrame(columns).reset_index(drop=True)
