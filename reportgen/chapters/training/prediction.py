"""What could be told before the first update: what the chapter on training says of the first step and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import short_name
from reportgen.chapters.training.before import GUIDE, counts
from reportgen.chapters.training.studies import Count
from reportgen.chapters.training.tables import DEPTH, OPTIMIZERS
from reportgen.judgments.choice import adapts
from reportgen.judgments.frames import by_name, nested, only, where
from reportgen.judgments.outcomes import OUTCOMES
from reportgen.judgments.verdicts import LIMIT, VERDICTS

__all__ = ["FirstStep", "Foretold", "Verdicts", "compared"]

_NEAR, _FAR = 1, 2
"""Powers of ten from the guide line: a typical first step within the first is near, beyond the second is far."""


class FirstStep(NamedTuple):
    """The `nets`, those near and far from the `guide` line, and the `typical` first step by activation and start.

    `stalled_below` and `diverged_above` are the shares of those far below and far above it that do.
    """

    nets: int
    guide: float
    near_factor: float
    far_factor: float
    near: Count
    far: Count
    stalled_below: float
    diverged_above: float
    typical: dict[str, dict[str, float]]

    @classmethod
    def of(cls, steps: pd.DataFrame, typical_steps: pd.DataFrame) -> FirstStep:
        """Read the tables `first_steps` and `typical_steps`."""
        with np.errstate(divide="ignore"):
            side = np.log10(typical_steps["ratio"] / GUIDE)
        off = np.abs(side)
        return cls(
            nets=len(typical_steps),
            guide=GUIDE,
            near_factor=10**_NEAR,
            far_factor=10**_FAR,
            near=Count.of(typical_steps[off < _NEAR]),
            far=Count.of(typical_steps[off > _FAR]),
            stalled_below=float((typical_steps.loc[side < -_FAR, "outcome"] == "stalled").mean()),
            diverged_above=float((typical_steps.loc[side > _FAR, "outcome"] == "diverged").mean()),
            typical=nested(where(steps, depth=DEPTH).groupby(["activation", "initializer"])["ratio"].median()),
        )


class Foretold(NamedTuple):
    """How often "healthy starts learn and the others do not" is right, and always naming the more frequent outcome."""

    starts: int
    accuracy: float
    base_rate: float
    healthy: Count
    ill: Count

    @classmethod
    def of(cls, predictions: pd.DataFrame) -> Foretold:
        """Read rows of the table `predictions` with one optimizer."""
        healthy, learned = predictions["verdict"] == "healthy", predictions["outcome"] == "learned"
        return cls(
            starts=len(predictions),
            accuracy=float((healthy == learned).mean()),
            base_rate=float(max(learned.mean(), 1 - learned.mean())),
            healthy=Count.of(predictions[healthy]),
            ill=Count.of(predictions[~healthy]),
        )

    @property
    def edge(self) -> float:
        """By how much the verdict is right more often than the base rate."""
        return self.accuracy - self.base_rate


class Verdicts(NamedTuple):
    """How often the verdict was right with one optimizer, and what became `then` of the starts.

    `all` are all starts, `adapting` those whose scale follows the width, `deepest` these in the deepest nets. `then`
    holds shares by verdict and outcome. `change` is by what factor healthy starts change the signal or the gradient,
    typically, by their outcome; `limit` is what the verdict allows.
    """

    all: Foretold
    adapting: Foretold
    deepest: Foretold
    missed: int
    misses: pd.DataFrame
    then: dict[str, dict[str, float]]
    limit: float
    change: dict[str, float]
    linear_growth: float
    linear_outcome: str

    @classmethod
    def of(cls, predictions: pd.DataFrame) -> Verdicts:
        """Read the rows of one optimizer in the table `predictions`."""
        healthy, learned = predictions["verdict"] == "healthy", predictions["outcome"] == "learned"
        missed, adapting = predictions[healthy != learned], predictions[adapts(predictions["initializer"])]
        change = _change(predictions[healthy]).groupby(predictions["outcome"]).median().reindex(list(OUTCOMES))
        he = where(predictions, initializer="he_normal", activation="linear", depth=DEPTH)
        number = counts(predictions)
        then = number.div(number.sum(axis=1), axis=0).reindex(list(VERDICTS))
        return cls(
            all=Foretold.of(predictions),
            adapting=Foretold.of(adapting),
            deepest=Foretold.of(where(adapting, depth=predictions["depth"].max())),
            missed=len(missed),
            misses=_gathered(missed),
            then={str(verdict): by_name(shares) for verdict, shares in then.iterrows()},
            limit=LIMIT,
            change=by_name(change),
            linear_growth=float(only(he["magnitude"])),
            linear_outcome=str(only(he["outcome"])),
        )


def compared(verdicts: Mapping[str, Verdicts], deepest: int) -> pd.DataFrame:
    """Return how much the verdict foretells with each optimizer beyond what the base rate does, in words.

    Parameters
    ----------
    verdicts
        By optimizer.
    deepest
        Layers of the deepest nets.
    """
    names = {"all": "all", "adapting": "fitted to the width", "deepest": f"fitted to the width, {deepest} layers"}
    rows = [
        (
            OPTIMIZERS[optimizer],
            name,
            found.starts,
            f"{found.accuracy:.0%}",
            f"{found.base_rate:.0%}",
            f"{found.healthy.learned} of {found.healthy.nets}",
            f"{found.ill.learned} of {found.ill.nets}",
        )
        for optimizer, verdict in verdicts.items()
        for name, found in ((name, getattr(verdict, field)) for field, name in names.items())
    ]
    columns = ["optimizer", "starts", "number", "verdict right", "base rate", "healthy that learned"]
    return pd.DataFrame(rows, columns=[*columns, "others that learned"])


def _change(table: pd.DataFrame) -> pd.Series[float]:
    """Return by what factor the signal or the gradient changes over the net, whichever changes more."""
    logs = np.log(table[["signal", "magnitude", "gradient"]].clip(lower=1e-38))
    gained = logs[["magnitude", "gradient"]].max(axis=1)
    lost = -logs[["signal", "gradient"]].min(axis=1)
    return pd.Series(np.exp(np.maximum(gained, lost)), index=table.index)


def _gathered(starts: pd.DataFrame) -> pd.DataFrame:
    """Gather starts by verdict, outcome and activation, each initializer with its depths: ``he_normal (5, 10)``."""
    groups = starts.groupby(["verdict", "outcome", "activation"], sort=False)
    rows = [(*key, "; ".join(_with_depths(group))) for key, group in groups]
    return pd.DataFrame(rows, columns=["verdict", "outcome", "activation", "starts (layers)"])


def _with_depths(starts: pd.DataFrame) -> list[str]:
    depths = starts.groupby("initializer", sort=False)["depth"]
    return [f"{short_name(str(name))} ({', '.join(map(str, sorted(own)))})" for name, own in depths]
