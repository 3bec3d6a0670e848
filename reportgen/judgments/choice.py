"""Which start to use: a ranking of the initializers for one activation, from their verdicts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

__all__ = ["EQUAL", "Choice", "adapts", "carried_depths", "choose", "family_of"]

_FIXED = ("zeros", "ones", "constant", "random_", "truncated_normal", "identity", "sparse")
"""Starts whose scale does not adapt to the width: what they do at one width says nothing of another."""

EQUAL = 10.0
"""Starts whose signal and gradient change by up to so many times more than with the best one are as good."""

_DERIVED_FOR = {
    "linear": "glorot",
    "sigmoid": "glorot",
    "tanh": "glorot",
    "softsign": "glorot",
    "selu": "lecun",
}
"""Family that was derived for an activation (He for all the others): it goes first among equals."""


class Choice(NamedTuple):
    """The start to use for an activation.

    Attributes
    ----------
    activation, initializer
        Registry names.
    carries
        Greatest measured depth up to which it is healthy; 0 if not even the shallowest net is.
    depth
        The depth at which it was compared with the others.
    gradient, magnitude
        Factor per layer of the gradient's rms on its way down, and of the signal's on its way up, at that depth.
    families
        Other families whose worse change is within a factor of ten, as `family_of` names them.
    """

    activation: str
    initializer: str
    carries: int
    depth: int
    gradient: float
    magnitude: float
    families: tuple[str, ...]


def carried_depths(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the greatest depth up to which every measured depth is healthy (0: none), initializer × activation."""
    healthy = verdicts.sort_values("depth").assign(
        alive=lambda table: (
            (table["verdict"] == "healthy").groupby([table["initializer"], table["activation"]]).cummin()
        )
    )
    carried = healthy["depth"].where(healthy["alive"], 0)
    table = carried.groupby([healthy["initializer"], healthy["activation"]]).max().unstack()
    return table.loc[verdicts["initializer"].unique(), verdicts["activation"].unique()]


def adapts(initializers: pd.Series[str]) -> pd.Series[bool]:
    """Tell of each start whether its scale adapts to the width."""
    return ~initializers.str.match("|".join(_FIXED))


def choose(verdicts: pd.DataFrame, activation: str) -> Choice:
    """Choose the start for an activation.

    Only starts that adapt to the width are considered. Among those that carry deepest, the best is the one whose signal
    or gradient, whichever changes more, changes by the smallest factor. Those within a factor of ten of it are equals,
    and among equals the family that was derived for the activation goes first.

    Parameters
    ----------
    verdicts
        As from `verdict_table`, with the activation and every candidate at every depth.
    activation
        Registry name.
    """
    own = verdicts[verdicts["activation"] == activation]
    own = own[adapts(own["initializer"])]
    carried = carried_depths(own)[activation]
    depth = max(int(carried.max()), int(own["depth"].min()))
    here = own[own["depth"] == depth].set_index("initializer")
    candidates = here.loc[carried.index[carried == carried.max()], ["gradient", "signal"]]
    with np.errstate(divide="ignore"):
        change = candidates.apply(np.log).abs().max(axis=1).fillna(np.inf)
    equals = [str(name) for name in change.index[change <= change.min() + np.log(EQUAL)]]
    family = _DERIVED_FOR.get(activation.partition("(")[0], "he")
    best, *others = sorted(equals, key=lambda name: not name.startswith(family))
    return Choice(
        activation=activation,
        initializer=best,
        carries=int(carried.max()),
        depth=depth,
        gradient=_per_layer(here["gradient"][best], depth - 1),
        magnitude=_per_layer(here["magnitude"][best], depth),
        families=tuple(dict.fromkeys(name for name in map(family_of, others) if name != family_of(best))),
    )


def family_of(initializer: str) -> str:
    """Return what a normal start shares with its uniform sibling: ``he`` for both of He's."""
    return initializer.partition("(")[0].removesuffix("_normal").removesuffix("_uniform")


def _per_layer(factor: float, layers: int) -> float:
    return float(factor ** (1 / layers)) if layers else 1.0
