"""The numbers that the chapter on training quotes, study by study."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import NamedTuple

import pandas as pd

from reportgen.chapters.canonical import canonical
from reportgen.chapters.names import LARGE, SMALL, distribution, short_name
from reportgen.chapters.training.added import Added
from reportgen.chapters.training.prediction import FirstStep, Verdicts
from reportgen.chapters.training.studies import Count, End, Gain, Plane, Rate
from reportgen.chapters.training.tables import DEPTH, Tables
from reportgen.judgments.data_sets import described
from reportgen.judgments.frames import by_name, where
from reportgen.judgments.outcomes import LEARNED, OUTCOMES

__all__ = ["Findings", "Map", "Sizes", "find"]

_UNBOUNDED = ("linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus")
"""Activations of the canonical battery whose outputs can be as large as they like."""

_HE, _GLOROT = ["he_normal", "he_uniform"], ["glorot_normal", "glorot_uniform"]
_USUAL = [*_HE, *_GLOROT, "lecun_normal", "lecun_uniform", "orthogonal", "torch_default"]
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
    def learned(self) -> float:
        """The share of right answers from which on a net has learned."""
        return float(self.guess + LEARNED * (1 - self.guess))

    @property
    def guess_loss(self) -> float:
        """The loss of a net that gives all classes the same chance."""
        return log(self.classes)

    @property
    def momentum_factor(self) -> float:
        """How much larger than the first one a step can become if all gradients are alike."""
        return 1 / (1 - self.momentum)


class Map(NamedTuple):
    """The map, of the canonical battery.

    `shares` are those of the starts that learned by depth, and `large_unbounded` is the share of the nets with large
    weights, `DEPTH` layers and an activation without bounds that diverged. `deep_sigmoid` is the best that the deepest
    sigmoid nets get with any usual start. The others are right answers at `DEPTH` layers.
    """

    cells: int
    shares: dict[int, float]
    zeros: Count
    constant: Count
    constant_best: float
    small: Count
    large_diverged: dict[int, list[str]]
    large_unbounded: float
    deep_sigmoid: float
    relu: dict[str, float]
    relu_he: float
    relu_glorot: float
    tanh: dict[str, float]

    @classmethod
    def of(cls, cells: pd.DataFrame, trials: pd.DataFrame) -> Map:
        """Read the map and its networks."""
        depths = cells["depth"].unique()
        constant, diverged = where(trials, initializer="constant"), where(cells, initializer=LARGE, outcome="diverged")
        unbounded = where(trials[trials["activation"].isin(_UNBOUNDED)], initializer=LARGE, depth=DEPTH)
        right = where(cells, depth=DEPTH).set_index(["activation", "initializer"])["test_accuracy"].fillna(0.0)
        sigmoids = where(cells, depth=cells["depth"].max(), activation="sigmoid")
        usual = sigmoids.loc[sigmoids["initializer"].isin(_USUAL), "test_accuracy"].fillna(0.0)
        return cls(
            cells=len(cells),
            shares={int(at): float(where(cells, depth=at)["learned"].mean()) for at in depths},
            zeros=Count.of(where(trials, initializer="zeros")),
            constant=Count.of(constant),
            constant_best=float(constant["test_accuracy"].max()),
            small=Count.of(where(trials, initializer=SMALL, depth=DEPTH)),
            large_diverged={int(at): list(where(diverged, depth=at)["activation"]) for at in depths},
            large_unbounded=float((unbounded["outcome"] == "diverged").mean()),
            deep_sigmoid=float(usual.max()),
            relu=by_name(right["relu"]),
            relu_he=float(right["relu"][_HE].mean()),
            relu_glorot=float(right["relu"][_GLOROT].mean()),
            tanh=by_name(right["tanh"]),
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """The sizes of all studies, what came out of each, and what could be told before the first update; added data.

    All but the number of `networks` is about the canonical battery; `has_additions` tells whether there is more on the
    map.
    """

    sizes: dict[str, Sizes]
    networks: int
    has_additions: bool
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
    added: list[Added]


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    cells, deep = canonical(tables.cells), where(tables.trials, study="deep")
    sizes = {str(study): Sizes.of(rows) for study, rows in tables.sizes.groupby("study")}
    return Findings(
        sizes=sizes,
        networks=len(tables.trials),
        has_additions=len(cells) < len(tables.cells),
        depth=DEPTH,
        small=distribution(SMALL),
        outcomes=pd.DataFrame(OUTCOMES.items(), columns=["outcome", "it means that"]),
        glance=_glance(where(cells, depth=DEPTH)),
        map=Map.of(cells, canonical(where(tables.trials, study="map"))),
        he=End.of(where(deep, initializer="he_normal")),
        glorot=End.of(where(deep, initializer="glorot_normal")),
        gain=Gain.of(tables.gain_trials, tables.gains),
        rate=Rate.of(tables.rates, sizes["rate"].width),
        plane=Plane.of(where(tables.trials, study="plane")),
        first_step=FirstStep.of(canonical(tables.first_steps), canonical(tables.typical_steps)),
        verdict=Verdicts.of(canonical(tables.predictions)),
        added=[Added.of(one, where(tables.added, data=one.name), tables.cells) for one in described(tables.data_sets)],
    )


def _glance(cells: pd.DataFrame) -> pd.DataFrame:
    """Tell in words what became of a few starts: outcome and median share of right answers."""
    rows = cells.set_index(["initializer", "activation"])
    right = rows["test_accuracy"].map(", {:.0%}".format).where(rows["test_accuracy"].notna(), "")
    words = (rows["outcome"] + right).unstack().loc[_GLANCE, ["relu", "tanh", "sigmoid"]]
    return words.rename(index=short_name).rename_axis("start").reset_index()
