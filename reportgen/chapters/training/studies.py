"""What came out of the studies of the deep net, the gain and the plane; counts of nets."""

from __future__ import annotations

from math import nan
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import SMALL
from reportgen.judgments.frames import nested, where

__all__ = ["Count", "End", "Gain", "Plane"]


class Count(NamedTuple):
    """How many nets there are, or starts, and how many of them learned."""

    nets: int
    learned: int

    @classmethod
    def of(cls, nets: pd.DataFrame) -> Count:
        """Count the rows of a table with their `outcome`."""
        return cls(len(nets), int((nets["outcome"] == "learned").sum()))

    @property
    def share(self) -> float:
        """The share of the nets that learned, nan where there are none."""
        return self.learned / self.nets if self.nets else nan


class End(NamedTuple):
    """How some networks ended: median loss and accuracy, the least and the greatest loss, and how many learned."""

    loss: float
    accuracy: float
    least_loss: float
    greatest_loss: float
    learned: int

    @classmethod
    def of(cls, nets: pd.DataFrame) -> End:
        """Read the networks of one start."""
        loss = nets["test_loss"].where(np.isfinite(nets["test_loss"]), np.inf)
        median, accuracy = float(loss.median()), float(nets["test_accuracy"].median())
        return cls(median, accuracy, float(loss.min()), float(loss.max()), Count.of(nets).learned)


class Gain(NamedTuple):
    """The gains that were tried, and what is best and works in the deep nets.

    `best` is the gain at which the nets of the greatest depth get most right, `right` how much that is, and `below`
    what they get at the gain next to one below it. `shallow` is what the shallowest nets get there, as a share of their
    own best. `outer` is the most that any of the deep nets gets at the least and at the greatest gain, and `working`
    are the least and the greatest gain at which most of them learn: one number if they are the same, none if none is.
    """

    gains: list[float]
    best: float
    right: float
    below: float
    shallow: float
    outer: float
    working: list[float]

    @classmethod
    def of(cls, trials: pd.DataFrame, better: pd.DataFrame) -> Gain:
        """Read the tables `gain_trials` and `gains`."""
        deepest, gains = trials["depth"].max(), [float(trials["gain"].min()), float(trials["gain"].max())]
        deep = where(better, depth=deepest)
        groups = deep.assign(learned=deep["outcome"] == "learned").groupby("gain", as_index=False)
        typical = groups.agg({"test_accuracy": "median", "learned": "mean"})
        best = typical.nlargest(1, "test_accuracy").iloc[0]
        works = typical.loc[typical["learned"] > 0.5, "gain"]
        ends = deep.loc[deep["gain"].isin(gains), "test_accuracy"]
        first = where(better, depth=trials["depth"].min())
        shallow = first.groupby("gain", as_index=False).agg({"test_accuracy": "median"})
        return cls(
            gains=gains,
            best=float(best["gain"]),
            right=float(best["test_accuracy"]),
            below=_below_one(typical),
            shallow=_below_one(shallow) / float(shallow["test_accuracy"].max()),
            outer=float(ends.fillna(0.0).max()),
            working=sorted({float(works.min()), float(works.max())}) if len(works) else [],
        )


def _below_one(typical: pd.DataFrame) -> float:
    """Return what nets get right at the gain next to one below it."""
    return float(typical[typical["gain"] < 1].nlargest(1, "gain")["test_accuracy"].fillna(0.0).iloc[0])


class Plane(NamedTuple):
    """Right answers by problem, activation and start, in the median of the networks; and the nets without a signal.

    A start whose median network has diverged gets none right. `flat` is the least and the greatest loss of the nets
    without a signal, over that of a guess.
    """

    right: dict[str, dict[str, dict[str, float]]]
    flat: tuple[float, float]

    @classmethod
    def of(cls, nets: pd.DataFrame, shown: pd.DataFrame) -> Plane:
        """Read the tables `plane` and `plane_shown`."""
        right = shown.set_index(["data", "activation", "initializer"])["test_accuracy"].fillna(0.0)
        flat = nets[nets["initializer"].isin(["zeros", SMALL])]
        loss = flat["test_loss"].fillna(np.inf) / np.log(flat["classes"])
        return cls(nested(right), (float(loss.min()), float(loss.max())))
