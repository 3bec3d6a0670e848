"""How deep tanh nets learned from several gains, beside how far theory says that their start lets a signal survive."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import only, where
from reportgen.judgments.outcomes import LEARNED, outcomes

__all__ = ["Count", "Reach", "trained_gains"]

_SCALES = 6
"""Depth scales that a net may be deep, as a rule of thumb (Schoenholz et al. 2017)."""


def trained_gains(results: Results) -> pd.DataFrame:
    """Return the networks that were trained from several gains, with their outcome and the depth scale of the start."""
    trials = where(results["training_races"], study="gain")
    theory = results["training_theory"][["activation", "initializer", "gain", "xi_c"]]
    return trials.assign(outcome=outcomes(trials)).merge(theory, on=["activation", "initializer"])


@dataclass(frozen=True, slots=True)
class Count:
    """Some networks, and how many of them learned at one of their learning rates."""

    nets: int
    learned: int

    @classmethod
    def of(cls, nets: pd.DataFrame) -> Count:
        """Count the rows of a table of networks."""
        return cls(len(nets), int(nets["learned"].sum()))


@dataclass(frozen=True, slots=True)
class Reach:
    """How many nets learned within and beyond `scales` depth scales, by depth, and what was trained.

    `best_beyond` is the largest share of right answers of a deep net beyond them, `learned_from` the least share that
    counts as learned.
    """

    scales: int
    steps: int
    rates: int
    networks: int
    shallow: int
    deep: int
    within: dict[int, Count]
    beyond: dict[int, Count]
    best_beyond: float
    learned_from: float
    table: pd.DataFrame

    @classmethod
    def of(cls, trained: pd.DataFrame) -> Reach:
        """Read the table `trained`."""
        nets = _networks(trained)
        is_within, guess = nets["depth"] <= _SCALES * nets["xi_c"], float(only(trained["guess"]))
        depths = sorted(int(depth) for depth in nets["depth"].unique())
        beyond = where(nets[~is_within], depth=depths[-1])
        return cls(
            scales=_SCALES,
            steps=int(only(trained["steps"])),
            rates=int(trained["learning_rate"].nunique()),
            networks=int(trained["replicate"].nunique()),
            shallow=depths[0],
            deep=depths[-1],
            within={depth: Count.of(where(nets[is_within], depth=depth)) for depth in depths},
            beyond={depth: Count.of(where(nets[~is_within], depth=depth)) for depth in depths},
            best_beyond=float(beyond["right"].max()),
            learned_from=guess + LEARNED * (1 - guess),
            table=_in_words(nets, depths),
        )


def _networks(trained: pd.DataFrame) -> pd.DataFrame:
    """Return a row per network: whether it learned at one of its learning rates, and the most that it got right."""
    is_learned = trained["outcome"] == "learned"
    rows = trained.assign(learned=is_learned, right=trained["test_accuracy"].fillna(0.0))
    groups = rows.groupby(["gain", "xi_c", "depth", "replicate"])
    return groups.agg(learned=("learned", "max"), right=("right", "max")).reset_index()


def _in_words(nets: pd.DataFrame, depths: list[int]) -> pd.DataFrame:
    """Return a row per gain, with the number of nets that learned at every depth."""
    counts = nets.groupby(["gain", "xi_c", "depth"])["learned"].agg(["sum", "size"])
    said = (counts["sum"].astype(int).astype(str) + " of " + counts["size"].astype(str)).unstack("depth")[depths]
    table = said.rename(columns="learned with {} layers".format).reset_index()
    table.insert(2, "times", _SCALES * table["xi_c"])
    table["gain"] = table["gain"].map("{:g}".format)
    heads = {"gain": "gain", "xi_c": "how far a signal survives, ξ (layers)", "times": f"{_SCALES} ξ"}
    return table.rename(columns=heads)
