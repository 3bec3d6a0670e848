"""The numbers that the chapter on training quotes, study by study."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import NamedTuple

import pandas as pd

from reportgen.chapters.canonical import canonical
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.scale import scale_text
from reportgen.chapters.training.added import Added
from reportgen.chapters.training.before import CELL
from reportgen.chapters.training.budgets import Budgets, Customary, Rate, Small
from reportgen.chapters.training.last_layers import Initial, LastLayer
from reportgen.chapters.training.prediction import FirstStep, Verdicts, compared
from reportgen.chapters.training.studies import Count, End, Gain, Plane
from reportgen.chapters.training.tables import DEPTH, OPTIMIZERS, Tables
from reportgen.judgments.data_sets import described
from reportgen.judgments.frames import nested, where
from reportgen.judgments.outcomes import LEARNED, OUTCOMES

__all__ = ["Findings", "Map", "Sizes", "find"]

_UNBOUNDED = ("linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus")
"""Activations of the canonical battery whose outputs can be as large as they like."""

_USUAL = ("he_normal", "glorot_normal", "torch_default")
_FLAT = ("zeros", "constant")
"""Starts in which no weight is random."""

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


class Map(NamedTuple):
    """The map with one optimizer, of the canonical battery; starts that are one share a tile, of all their networks.

    `tiles` is their number and `shares` the share of them that learned, by depth; `random` is the same of those whose
    weights are random. `large_diverged` names the activations that diverge with large weights, by depth, and
    `large_unbounded` is the share of the nets with large weights, `DEPTH` layers and an activation without bounds that
    do. `deep_sigmoid` is the best that the deepest sigmoid nets get with any usual start. `right` holds the right
    answers at `DEPTH` layers by activation and start, in the median of the networks of its tile.
    """

    tiles: int
    shares: dict[int, float]
    random: dict[int, float]
    zeros: Count
    constant_best: float
    small: Count
    large_diverged: dict[int, list[str]]
    large_unbounded: float
    deep_sigmoid: float
    right: dict[str, dict[str, float]]

    @classmethod
    def of(cls, tiles: pd.DataFrame, trials: pd.DataFrame, rows: pd.DataFrame, optimizer: str) -> Map:
        """Read the map, its networks, and which start is in which row."""
        tiles, trials = where(tiles, optimizer=optimizer), where(trials, optimizer=optimizer)
        started = tiles.merge(rows, on="row")
        constant, sigmoids = where(trials, initializer="constant"), where(started, activation="sigmoid")
        usual = sigmoids[sigmoids["initializer"].isin(_USUAL) & (sigmoids["depth"] == tiles["depth"].max())]
        diverged = where(started, initializer=LARGE, outcome="diverged")
        unbounded = where(trials[trials["activation"].isin(_UNBOUNDED)], initializer=LARGE, depth=DEPTH)
        right = where(started, depth=DEPTH).set_index(["activation", "initializer"])["test_accuracy"]
        still = set(rows.loc[rows["initializer"].isin(_FLAT), "row"])
        return cls(
            tiles=len(tiles),
            shares=_learned(tiles),
            random=_learned(tiles[~tiles["row"].isin(still)]),
            zeros=Count.of(where(trials, initializer="zeros")),
            constant_best=float(constant["test_accuracy"].max()),
            small=Count.of(where(trials, initializer=SMALL, depth=DEPTH)),
            large_diverged={depth: list(where(diverged, depth=depth)["activation"]) for depth in _learned(tiles)},
            large_unbounded=float((unbounded["outcome"] == "diverged").mean()),
            deep_sigmoid=float(usual["test_accuracy"].fillna(0.0).max()),
            right=nested(right.fillna(0.0)),
        )


def _learned(tiles: pd.DataFrame) -> dict[int, float]:
    """Return the share of the tiles whose networks learned, by depth."""
    learned = (tiles["outcome"] == "learned").groupby(tiles["depth"]).mean()
    return {int(str(depth)): float(share) for depth, share in learned.items()}


@dataclass(frozen=True, slots=True)
class Findings:
    """The sizes of all studies, what came out of each, and what could be told before the first update; added data.

    All but the number of `networks` is about the canonical battery; `has_additions` tells whether there is more on the
    map. `map` and `verdict` are about SGD, `adam` and `adam_verdict` about the same with Adam; `glance` is the map's
    column of each optimizer at `depth` layers for three activations.
    """

    sizes: dict[str, Sizes]
    networks: int
    has_additions: bool
    depth: int
    deepest: int
    outcomes: pd.DataFrame
    glance: pd.DataFrame
    map: Map
    adam: Map
    customary: Customary
    he: End
    glorot: End
    gain: Gain
    rate: Rate
    budgets: Budgets
    small: Small
    plane: Plane
    initial: Initial
    last_layer: LastLayer
    first_step: FirstStep
    verdict: Verdicts
    adam_verdict: Verdicts
    foretold: pd.DataFrame
    added: list[Added]


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    deep, sizes = where(tables.trials, study="deep"), _sizes(tables)
    on_map, steps = canonical(where(tables.trials, study="map")), canonical(tables.first_steps)
    rows, predictions = canonical(tables.rows), canonical(tables.predictions)
    tiles = canonical(tables.cells_map[tables.cells_map["row"].isin(rows["row"])])
    deepest = sizes["map"].depths[-1]
    verdicts = {name: Verdicts.of(where(predictions, optimizer=name)) for name in OPTIMIZERS}
    on_digits = where(tables.cells, optimizer="sgd")
    return Findings(
        sizes=sizes,
        networks=len(tables.trials[_NETWORK].drop_duplicates()) + len(tables.plane),
        has_additions=len(tiles) < len(tables.cells_map),
        depth=DEPTH,
        deepest=deepest,
        outcomes=pd.DataFrame(OUTCOMES.items(), columns=["outcome", "it means that"]),
        glance=_glance(where(tiles, depth=DEPTH)),
        map=Map.of(tiles, on_map, rows, "sgd"),
        adam=Map.of(tiles, on_map, rows, "adam"),
        customary=Customary.of(canonical(tables.cells)),
        he=End.of(where(deep, initializer="he_normal")),
        glorot=End.of(where(deep, initializer="glorot_normal")),
        gain=Gain.of(tables.gain_trials, tables.gains),
        rate=Rate.of(tables.rates, tables.best, sizes["rate"].width),
        budgets=Budgets.of(tables.budgets),
        small=Small.of(tables.small, steps, sizes["small"].width),
        plane=Plane.of(tables.plane, tables.plane_shown),
        initial=Initial.of(canonical(tables.start_losses), rows),
        last_layer=LastLayer.of(tables.last_layers),
        first_step=FirstStep.of(steps, canonical(tables.typical_steps)),
        verdict=verdicts["sgd"],
        adam_verdict=verdicts["adam"],
        foretold=compared(verdicts, deepest),
        added=[Added.of(one, where(tables.added, data=one.name), on_digits) for one in described(tables.data_sets)],
    )


def _sizes(tables: Tables) -> dict[str, Sizes]:
    """Return the sizes of every study, and those of the nets in the plane."""
    sizes = {str(study): Sizes.of(rows) for study, rows in tables.sizes.groupby("study")}
    sizes["plane"] = Sizes.of(tables.plane.assign(replicates=tables.plane["replicate"].nunique()))
    return sizes


def _glance(tiles: pd.DataFrame) -> pd.DataFrame:
    """Tell what became of some tiles of the map: the share of right answers where they learned, else the outcome."""
    right = tiles["test_accuracy"].map("{:.0%}".format).where(tiles["outcome"] == "learned", tiles["outcome"])
    words = right.set_axis(pd.MultiIndex.from_frame(tiles[["activation", "optimizer", "row"]])).sort_index()
    columns = {
        f"{activation}, {label}": words.xs((activation, optimizer))
        for activation in ("relu", "tanh", "sigmoid")
        for optimizer, label in OPTIMIZERS.items()
    }
    scales = tiles.drop_duplicates("row").set_index("row")["sigma_w2"].map(scale_text)
    table = pd.DataFrame({"fan_in·Var(w)": scales, **columns}).reindex(tiles["row"].unique())
    return table.rename_axis("start").reset_index()
