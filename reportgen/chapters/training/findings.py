"""The numbers that the chapter on training quotes, study by study."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import NamedTuple

import pandas as pd

from reportgen.chapters.names import LARGE, SMALL, distribution, short_name
from reportgen.chapters.training.prediction import FirstStep, Verdicts
from reportgen.chapters.training.studies import Count, End, Gain, Plane, Rate
from reportgen.chapters.training.tables import DEPTH, DIGITS, Tables
from reportgen.judgments.frames import by_name, where
from reportgen.judgments.outcomes import OUTCOMES

__all__ = ["UNBOUNDED", "Findings", "Map", "Sizes", "find"]

UNBOUNDED = ("linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus")
"""Activations of the canonical battery whose outputs can be as large as they like."""

_CANONICAL = (*UNBOUNDED, "sigmoid", "tanh", "softsign")
_HE, _GLOROT = ["he_normal", "he_uniform"], ["glorot_normal", "glorot_uniform"]
_USUAL = [*_HE, *_GLOROT, "lecun_normal", "lecun_uniform", "orthogonal", "torch_default", SMALL, LARGE]
_GLANCE = ["zeros", SMALL, LARGE, "torch_default", "glorot_normal", "he_normal", "orthogonal"]


class Sizes(NamedTuple):
    """How large and how long the trainings of one study are; depths and learning rates in rising order."""

    width: int
    steps: int
    batch: int
    replicates: int
    training_examples: int
    test_examples: int
    classes: int
    momentum: float
    guess: float
    depths: list[int]
    rates: list[float]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Sizes:
        """Read the rows of one study in the table `sizes`."""
        depths, rates = (sorted(rows[name].unique().tolist()) for name in ("depth", "learning_rate"))
        return cls(**rows.iloc[0][list(cls._fields[:-2])], depths=depths, rates=rates)

    @property
    def passes(self) -> float:
        """How often a training sees every example."""
        return self.steps * self.batch / self.training_examples

    @property
    def guess_loss(self) -> float:
        """The loss of a net that gives all classes the same chance."""
        return log(self.classes)

    @property
    def momentum_factor(self) -> float:
        """How much larger than the first one a step can become if all gradients are alike."""
        return 1 / (1 - self.momentum)


class Map(NamedTuple):
    """The map: `shares` of the starts that learned by depth; right answers with ReLU and tanh at `DEPTH` layers."""

    cells: int
    shares: dict[int, float]
    zeros: Count
    constant: Count
    constant_best: float
    small: Count
    large_diverged: dict[int, list[str]]
    deep_sigmoids: list[str]
    relu: dict[str, float]
    relu_he: float
    relu_glorot: float
    tanh: dict[str, float]

    @classmethod
    def of(cls, cells: pd.DataFrame, trials: pd.DataFrame) -> Map:
        """Read the map and its networks; networks count with the activations of the canonical battery only."""
        depths = cells["depth"].unique()
        nets = trials[trials["activation"].isin(_CANONICAL)]
        constant, diverged = where(nets, initializer="constant"), where(cells, initializer=LARGE, outcome="diverged")
        right = where(cells, depth=DEPTH).set_index(["activation", "initializer"])["test_accuracy"].fillna(0.0)
        sigmoids = where(cells, depth=cells["depth"].max(), activation="sigmoid", outcome="learned")["initializer"]
        return cls(
            cells=len(cells),
            shares={int(at): float(where(cells, depth=at)["learned"].mean()) for at in depths},
            zeros=Count.of(where(nets, initializer="zeros")),
            constant=Count.of(constant),
            constant_best=float(constant["test_accuracy"].max()),
            small=Count.of(where(nets, initializer=SMALL, depth=DEPTH)),
            large_diverged={int(at): list(where(diverged, depth=at)["activation"]) for at in depths},
            deep_sigmoids=[str(name) for name in sigmoids if name in _USUAL],
            relu=by_name(right["relu"]),
            relu_he=float(right["relu"][_HE].mean()),
            relu_glorot=float(right["relu"][_GLOROT].mean()),
            tanh=by_name(right["tanh"]),
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """The sizes of all studies, what came out of each, and what could be told before the first update."""

    sizes: dict[str, Sizes]
    networks: int
    depth: int
    small: str
    outcomes: pd.DataFrame
    glance: pd.DataFrame
    map: Map
    he: End
    glorot: End
    gain: Gain
    rate: Rate
    plane: Plane
    first_step: FirstStep
    verdict: Verdicts


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    cells, deep = where(tables.cells, data=DIGITS), where(tables.trials, study="deep")
    return Findings(
        sizes={str(study): Sizes.of(rows) for study, rows in tables.sizes.groupby("study")},
        networks=len(tables.trials),
        depth=DEPTH,
        small=distribution(SMALL),
        outcomes=pd.DataFrame(OUTCOMES.items(), columns=["outcome", "it means that"]),
        glance=_glance(where(cells, depth=DEPTH)),
        map=Map.of(cells, where(tables.trials, study="map", data=DIGITS)),
        he=End.of(where(deep, initializer="he_normal")),
        glorot=End.of(where(deep, initializer="glorot_normal")),
        gain=Gain.of(tables.gain_trials, tables.gains),
        rate=Rate.of(tables.rates),
        plane=Plane.of(where(tables.trials, study="plane")),
        first_step=FirstStep.of(tables.first_steps, tables.typical_steps),
        verdict=Verdicts.of(tables.predictions),
    )


def _glance(cells: pd.DataFrame) -> pd.DataFrame:
    """Tell in words what became of a few starts: outcome and median share of right answers."""
    rows = cells.set_index(["initializer", "activation"])
    right = rows["test_accuracy"].map(", {:.0%}".format).where(rows["test_accuracy"].notna(), "")
    words = (rows["outcome"] + right).unstack().loc[_GLANCE, ["relu", "tanh", "sigmoid"]]
    return words.rename(index=short_name).rename_axis("start").reset_index()
