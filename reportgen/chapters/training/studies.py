"""What came out of the studies of the deep net, the gain and the plane; counts of nets."""

from __future__ import annotations

from math import nan
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import SMALL, short_name
from reportgen.chapters.training.tables import REACH
from reportgen.judgments.frames import nested, where

__all__ = ["Count", "End", "Gain", "Plane", "Within"]


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


class Within(NamedTuple):
    """A gain, the theory's reach there in layers, and what the deep nets get right."""

    gain: float
    reach: float
    right: float

    @classmethod
    def of(cls, row: pd.DataFrame) -> Within:
        """Read the only row of a table."""
        gain, reach, right = row[["gain", "reach", "test_accuracy"]].fillna(0.0).to_numpy(float)[0]
        return cls(float(gain), float(reach), float(right))


class Gain(NamedTuple):
    """The gains that were tried, nets deeper than the reach by depth, and what is best and works in the deep nets.

    `beyond_best` is the most that any deep net gets right beyond the reach. `ordered` is the gain next to one below it,
    and `early` the largest at which the theory's reach is longer than the deep nets. `working` are the least and the
    greatest gain at which most deep nets learn: one number if they are the same, none if there is no such gain.
    """

    reach: int
    gains: list[float]
    beyond: dict[int, Count]
    beyond_best: float
    best: float
    right: float
    working: list[float]
    ordered: Within
    early: Within

    @classmethod
    def of(cls, trials: pd.DataFrame, better: pd.DataFrame) -> Gain:
        """Read the tables `gain_trials` and `gains`."""
        deepest, beyond = trials["depth"].max(), trials[trials["reach"] < trials["depth"]]
        deep = where(better, depth=deepest)
        groups = deep.assign(learned=deep["outcome"] == "learned").groupby("gain", as_index=False)
        typical = groups.agg({"test_accuracy": "median", "learned": "mean", "reach": "first"})
        best = typical.nlargest(1, "test_accuracy").iloc[0]
        works = typical.loc[typical["learned"] > 0.5, "gain"]
        early = typical[typical["reach"] > deepest].nlargest(1, "gain")
        return cls(
            reach=REACH,
            gains=[float(trials["gain"].min()), float(trials["gain"].max())],
            beyond={int(depth): Count.of(where(beyond, depth=depth)) for depth in trials["depth"].unique()},
            beyond_best=float(where(beyond, depth=deepest)["test_accuracy"].fillna(0.0).max()),
            best=float(best["gain"]),
            right=float(best["test_accuracy"]),
            working=sorted({float(works.min()), float(works.max())}) if len(works) else [],
            ordered=Within.of(typical[typical["gain"] < 1].nlargest(1, "gain")),
            early=Within.of(early),
        )


class Plane(NamedTuple):
    """Right answers by problem, activation and start; and the nets without a signal.

    `flat` is their least and their greatest loss over that of a guess, `flat_off` the greatest difference.
    """

    right: dict[str, dict[str, dict[str, float]]]
    table: pd.DataFrame
    flat: tuple[float, float]
    flat_off: float

    @classmethod
    def of(cls, nets: pd.DataFrame) -> Plane:
        """Read the networks of the study."""
        right = nets.groupby(["data", "activation", "initializer"], sort=False)["test_accuracy"].median()
        shown = right.unstack("initializer")[list(nets["initializer"].unique())].map(_share)
        flat = nets[nets["initializer"].isin(["zeros", SMALL])]
        loss, guess = flat["test_loss"].fillna(np.inf), np.log(flat["classes"])
        return cls(
            right=nested(right),
            table=shown.rename(columns=short_name).reset_index(),
            flat=(float((loss / guess).min()), float((loss / guess).max())),
            flat_off=float((loss - guess).abs().max()),
        )


def _share(value: float) -> str:
    return "diverged" if np.isnan(value) else f"{value:.0%}"
