"""The numbers that the chapter on training quotes, study by study."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import NamedTuple

import pandas as pd

from reportgen.chapters.canonical import canonical
from reportgen.chapters.names import LARGE, SMALL, distribution, short_name
from reportgen.chapters.training.added import Added
from reportgen.chapters.training.budgets import Budgets, Customary, Rate, Small
from reportgen.chapters.training.prediction import FirstStep, Verdicts, compared
from reportgen.chapters.training.readouts import Initial, Readout
from reportgen.chapters.training.studies import Count, End, Gain, Plane
from reportgen.chapters.training.tables import CELL, DEPTH, OPTIMIZERS, Tables
from reportgen.judgments.data_sets import described
from reportgen.judgments.frames import by_name, nested, where
from reportgen.judgments.outcomes import LEARNED, OUTCOMES

__all__ = ["Findings", "Map", "Sizes", "find"]

_UNBOUNDED = ("linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus")
"""Activations of the canonical battery whose outputs can be as large as they like."""

_USUAL = ["he_normal", "glorot_normal", "orthogonal", "torch_default"]
_GLANCE = ["zeros", SMALL, LARGE, "torch_default", "glorot_normal", "he_normal", "orthogonal"]


_NETWORK = ["study", "optimizer", *CELL, "learning_rate", "readout", "replicate"]
"""What tells the networks apart; some are tested at several budgets."""


class Sizes(NamedTuple):
    """How large and how long the trainings of one study are.

    `depths` and the learning rates of each optimizer, `rates`, stand in rising order. `steps` is the shortest budget
    and `longest` the longest; `replicates` is the number of networks that are drawn from each start at most depths,
    and `most` that at the one where there are more.
    """

    width: int
    batch: int
    training_examples: int
    validation_examples: int
    test_examples: int
    classes: int
    guess: float
    momentum: float
    steps: int
    longest: int
    replicates: int
    most: int
    depths: list[int]
    rates: dict[str, list[float]]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Sizes:
        """Read the rows of one study in the table `sizes`."""
        return cls(
            **rows.iloc[0][list(cls._fields[:7])],
            momentum=float(rows["momentum"].max()),
            steps=int(rows["steps"].min()),
            longest=int(rows["steps"].max()),
            replicates=int(rows["replicates"].min()),
            most=int(rows["replicates"].max()),
            depths=sorted(rows["depth"].unique().tolist()),
            rates={
                str(name): sorted(own["learning_rate"].unique().tolist()) for name, own in rows.groupby("optimizer")
            },
        )

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
    """The map with one optimizer, of the canonical battery.

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
    tanh: dict[str, float]

    @classmethod
    def of(cls, cells: pd.DataFrame, trials: pd.DataFrame, optimizer: str) -> Map:
        """Read the map and its networks."""
        cells, trials = where(cells, optimizer=optimizer), where(trials, optimizer=optimizer)
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
            tanh=by_name(right["tanh"]),
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """The sizes of all studies, what came out of each, and what could be told before the first update; added data.

    All but the number of `networks` is about the canonical battery; `has_additions` tells whether there is more on the
    map. `map` and `verdict` are about SGD, `adam` and `adam_verdict` about the same with Adam. `deep_relu` holds the
    right answers of ReLU in the deepest nets of the map, by optimizer and start, and `long_rates` the learning rates of
    the nets that train longer.
    """

    sizes: dict[str, Sizes]
    networks: int
    has_additions: bool
    depth: int
    deepest: int
    small_normal: str
    outcomes: pd.DataFrame
    glance: pd.DataFrame
    map: Map
    adam: Map
    customary: Customary
    he: End
    glorot: End
    deep_relu: dict[str, dict[str, float]]
    gain: Gain
    rate: Rate
    long_rates: dict[str, list[float]]
    budgets: Budgets
    small: Small
    plane: Plane
    initial: Initial
    readout: Readout
    first_step: FirstStep
    verdict: Verdicts
    adam_verdict: Verdicts
    foretold: pd.DataFrame
    added: list[Added]


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    cells, deep = canonical(tables.cells), where(tables.trials, study="deep")
    sizes = {str(study): Sizes.of(rows) for study, rows in tables.sizes.groupby("study")}
    on_map, steps = canonical(where(tables.trials, study="map")), canonical(tables.first_steps)
    deepest, predictions = sizes["map"].depths[-1], canonical(tables.predictions)
    verdicts = {name: Verdicts.of(where(predictions, optimizer=name)) for name in OPTIMIZERS}
    on_digits = where(tables.cells, optimizer="sgd")
    return Findings(
        sizes=sizes,
        networks=len(tables.trials[_NETWORK].drop_duplicates()),
        has_additions=len(cells) < len(tables.cells),
        depth=DEPTH,
        deepest=deepest,
        small_normal=distribution(SMALL),
        outcomes=pd.DataFrame(OUTCOMES.items(), columns=["outcome", "it means that"]),
        glance=_glance(where(cells, depth=DEPTH)),
        map=Map.of(cells, on_map, "sgd"),
        adam=Map.of(cells, on_map, "adam"),
        customary=Customary.of(cells),
        he=End.of(where(deep, initializer="he_normal")),
        glorot=End.of(where(deep, initializer="glorot_normal")),
        deep_relu=nested(
            where(cells, depth=deepest, activation="relu").set_index(["optimizer", "initializer"])["test_accuracy"]
        ),
        gain=Gain.of(tables.gain_trials, tables.gains),
        rate=Rate.of(tables.rates, tables.best, sizes["rate"].width),
        long_rates=Sizes.of(where(tables.sizes, study="rate", steps=sizes["rate"].longest)).rates,
        budgets=Budgets.of(tables.budgets),
        small=Small.of(tables.small, steps, sizes["small"].width),
        plane=Plane.of(where(tables.trials, study="plane")),
        initial=Initial.of(canonical(tables.start_losses)),
        readout=Readout.of(tables.readouts),
        first_step=FirstStep.of(steps, canonical(tables.typical_steps)),
        verdict=verdicts["sgd"],
        adam_verdict=verdicts["adam"],
        foretold=compared(verdicts, deepest),
        added=[Added.of(one, where(tables.added, data=one.name), on_digits) for one in described(tables.data_sets)],
    )


def _glance(cells: pd.DataFrame) -> pd.DataFrame:
    """Tell what became of a few starts: the median share of right answers, and in words where they did not learn."""
    shown = cells.set_index(["initializer", "activation", "optimizer"])
    right = shown["test_accuracy"].map(" {:.0%}".format).where(shown["test_accuracy"].notna(), "")
    words = (shown["outcome"].replace("learned", "") + right).str.strip()
    columns = {
        f"{activation}, {label}": words.xs((activation, optimizer), level=("activation", "optimizer"))[_GLANCE]
        for activation in ("relu", "tanh", "sigmoid")
        for optimizer, label in OPTIMIZERS.items()
    }
    return pd.DataFrame(columns).rename(index=short_name).rename_axis("start").reset_index()
