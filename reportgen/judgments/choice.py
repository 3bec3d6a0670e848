"""Which start to use: the candidates of one activation by what they do at initialization, with ties told as ties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

__all__ = ["EQUAL", "Choice", "adapts", "carried_depths", "choose", "family_of", "learned_depths"]

_FIXED = re.compile("zeros|ones|constant|random_|truncated_normal|identity|sparse")
"""Starts whose scale does not adapt to the width: what they do at one width says nothing of another."""

EQUAL = 10.0
"""Starts whose signal and gradient change by up to so many times more than with the best one are as good."""


class Choice(NamedTuple):
    """The start to use for an activation.

    Attributes
    ----------
    activation, initializer
        Registry names.
    carries
        Greatest measured depth up to which it is healthy; 0 if not even the shallowest net is.
    networks, agree
        Number of networks, and how many of them are healthy by themselves at that depth.
    depth
        The depth at which it was compared with the others.
    gradient, magnitude
        Factors by which the rms of the gradient changes on its way down, and that of the signal on its way up, over
        the net of that depth.
    ties
        The other candidates that carry as deep and whose worse change is within a factor of ten of the least; none
        where nothing carries even the shallowest net.
    """

    activation: str
    initializer: str
    carries: int
    networks: int
    agree: int
    depth: int
    gradient: float
    magnitude: float
    ties: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """The depth that it carries, with how many networks agree where not all do."""
        unanimous = self.agree == self.networks or not self.carries
        return f"{self.carries}" if unanimous else f"{self.carries} ({self.agree} of {self.networks} networks)"


def carried_depths(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the greatest depth up to which every measured depth is healthy (0: none), initializer × activation."""
    carried = _carried(verdicts.assign(good=verdicts["verdict"] == "healthy"), ["initializer", "activation"])
    table = carried.unstack()
    return table.loc[verdicts["initializer"].unique(), verdicts["activation"].unique()]


def learned_depths(trained: pd.DataFrame, keys: list[str]) -> pd.Series[int]:
    """Return the greatest depth up to which most networks learned at every depth (0: none).

    Parameters
    ----------
    trained
        Networks with their `depth`, `replicate`, `outcome` and the columns of `keys`; a row for each budget that a
        network was given. One that learned within any of these budgets counts.
    keys
        What tells starts apart.
    """
    nets = (trained["outcome"] == "learned").groupby([trained[key] for key in (*keys, "depth", "replicate")]).any()
    share = nets.groupby([*keys, "depth"]).mean().rename("share").reset_index()
    return _carried(share.assign(good=share["share"] > 1 / 2), keys)


def _carried(table: pd.DataFrame, keys: list[str]) -> pd.Series[int]:
    ordered = table.sort_values("depth", kind="stable")
    good = ordered["good"].groupby([ordered[key] for key in keys]).cummin()
    return ordered["depth"].where(good, 0).groupby([ordered[key] for key in keys]).max()


def adapts(initializers: pd.Series[str]) -> pd.Series[bool]:
    """Tell of each start whether its scale adapts to the width."""
    return ~initializers.str.match(_FIXED)


def choose(verdicts: pd.DataFrame, activation: str, first: str = "") -> Choice:
    """Choose the start for an activation.

    Only starts that adapt to the width are considered. Among those that carry deepest, the best is the one whose signal
    or gradient, whichever changes more, changes by the smallest factor. Those within a factor of ten of it are ties.

    Parameters
    ----------
    verdicts
        As from `verdict_table`, with the activation and every candidate at every depth.
    activation
        Registry name.
    first
        The start that goes first among ties.
    """
    own = verdicts.loc[verdicts["activation"] == activation, list(_Judged._fields)]
    judged = [_Judged(*row) for row in own.itertuples(index=False, name=None) if not _FIXED.match(row[0])]
    carried = _carried_by_start(judged)
    carries = max(carried.values())
    depth = max(carries, min(one.depth for one in judged))
    here = {one.initializer: one for one in judged if one.depth == depth}
    change = {name: here[name].change for name, deep in carried.items() if deep == carries}
    ordered = sorted(change, key=lambda name: change[name])
    equals = [name for name in ordered if carries and change[name] <= change[ordered[0]] + _LOG_EQUAL] or ordered
    best, *others = sorted(equals, key=lambda name: name != first)
    chosen = here[best]
    return Choice(
        activation=activation,
        initializer=best,
        carries=carries,
        networks=chosen.networks,
        agree=chosen.agree if chosen.verdict == "healthy" else 0,
        depth=depth,
        gradient=chosen.gradient,
        magnitude=chosen.magnitude,
        ties=tuple(others) if carries else (),
    )


class _Judged(NamedTuple):
    """What a choice needs of a row of the verdicts."""

    initializer: str
    depth: int
    verdict: str
    networks: int
    agree: int
    gradient: float
    signal: float
    magnitude: float

    @property
    def change(self) -> float:
        """By what factor the signal or the gradient changes, whichever changes more, in its logarithm."""
        with np.errstate(divide="ignore"):
            more = np.fmax(*np.abs(np.log([self.gradient, self.signal])))
        return float("inf") if np.isnan(more) else float(more)


def _carried_by_start(judged: Sequence[_Judged]) -> dict[str, int]:
    """Return the greatest depth up to which each start is healthy at every depth, 0 for none."""
    carried: dict[str, int] = {one.initializer: 0 for one in judged}
    failed = set()
    for one in sorted(judged, key=lambda one: one.depth):
        if one.verdict != "healthy":
            failed.add(one.initializer)
        elif one.initializer not in failed:
            carried[one.initializer] = one.depth
    return carried


_LOG_EQUAL = float(np.log(EQUAL))


def family_of(initializer: str) -> str:
    """Return what a normal start shares with its uniform sibling: ``he`` for both of He's."""
    return initializer.partition("(")[0].removesuffix("_normal").removesuffix("_uniform")
