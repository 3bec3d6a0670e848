"""The numbers that the chapter on symmetry quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.symmetry.breaking import Growth, Starts, find_growth, find_starts, power_of_ten
from reportgen.chapters.symmetry.by_hand import Hand, find_hand
from reportgen.chapters.symmetry.tables import Tables
from reportgen.judgments.frames import only

__all__ = ["TOLERANCE", "Findings", "FirstLayer", "Fresh", "Outcome", "Run", "find"]

TOLERANCE = 1e-10
"""Units count as identical where no weight differs by more: rounding alone makes differences of about 1e-16."""

_PLAIN = ["zeros", "ones", "constant", "random"]

_DISTRIBUTIONS = {SMALL, LARGE, "random_uniform(minval=-0.5, maxval=0.5)", "truncated_normal", "torch_default"} | {
    f"{family}_{shape}" for family in ("lecun", "glorot", "he") for shape in ("normal", "uniform")
}
"""Initializers of the canonical battery whose weights are drawn independently."""


class Outcome(NamedTuple):
    """What a start came to in a run, over all replicates; nan where the run does not have it.

    The test accuracy is the mean after the last update, everything else the extreme over checkpoints and layers.
    """

    test_accuracy: float
    best_accuracy: float
    spread: float
    least_spread: float
    bitwise_units: float
    moved: float
    hidden_weights: float
    readout_weights: float
    output_biases: float


class Run(NamedTuple):
    """A run of training, and what each start came to in it."""

    hidden_layers: int
    units: int
    steps: int
    learning_rate: float
    batch: int
    training_examples: int
    constant_value: float
    weight_decay: float
    best_line_accuracy: float
    zeros: Outcome
    ones: Outcome
    constant: Outcome
    random: Outcome


class FirstLayer(NamedTuple):
    """How equal units learn in the first layer: one of their gradients, by input, and where their weights end."""

    gradient: list[float]
    gradient_between_units: float
    between_inputs: float
    between_units: float


class Fresh(NamedTuple):
    """The least number of different units that any distribution of the battery gives a fresh layer of some width.

    A user's own initializers are drawn, not counted.
    """

    width: int
    least_distinct: int


@dataclass(frozen=True, slots=True)
class Findings:
    """The net by hand, every run under its own name, what holds across them, and what breaks the symmetry."""

    hand: Hand
    circle: Run
    circle_mini_batches: Run
    circle_another_rate: Run
    circle_more_data: Run
    circle_Adam: Run
    circle_weight_decay: Run
    circle_layer_norm: Run
    circle_odd_width: Run
    circle_relu: Run
    digits: Run
    digits_sigmoid: Run
    digits_relu: Run
    digits_no_hidden_layer: Run
    circle_noise: Run
    circle_settled: Run
    tolerance: float
    spread: float
    most_distinct: int
    ranks: tuple[int, int]
    gap: float
    random_gap: float
    accuracy: pd.DataFrame
    compared: pd.DataFrame
    movement: pd.DataFrame
    frames: list[int]
    film_noise: str
    inputs: int
    first_layer: FirstLayer
    starts: Starts
    growth: Growth
    fresh: Fresh


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    outcomes, film = tables.outcomes, tables.film
    runs = {re.sub(r"\W+", "_", str(name)): _run(rows) for name, rows in outcomes.groupby("run")}
    hidden = outcomes[outcomes["units"] > 0]
    zeros, equal, random = (hidden[hidden["start"] == start] for start in ("zeros", "constant", "random"))
    return Findings(
        hand=find_hand(tables.hand_nets, tables.hand_units),
        **runs,
        tolerance=TOLERANCE,
        spread=float(equal["spread"].max()),
        most_distinct=int(equal["distinct_units"].max()),
        ranks=(int(equal["least_rank"].min()), int(equal["greatest_rank"].max())),
        gap=float(equal["gap"].max()),
        random_gap=float(random["least_gap"].min()),
        accuracy=_accuracy(runs),
        compared=_compared(equal, random),
        movement=_movement(zeros),
        frames=sorted(film["step"].unique().tolist()),
        film_noise=power_of_ten(film["weight_noise"].max()),
        inputs=int(film.loc[film["layer"] == 1, "input"].max()) + 1,
        first_layer=_first_layer(tables.first_layer, runs["circle"].learning_rate),
        starts=find_starts(tables.units, outcomes),
        growth=find_growth(tables.times, tables.settled),
        fresh=_fresh(tables.draws),
    )


def _run(outcomes: pd.DataFrame) -> Run:
    facts = (only(outcomes[fact]) for fact in Run._fields[: -len(_PLAIN)])
    ends = outcomes.set_index("start")[list(Outcome._fields)].reindex(_PLAIN).itertuples(index=False)
    return Run(*facts, *(Outcome(*end) for end in ends))


def _accuracy(runs: dict[str, Run]) -> pd.DataFrame:
    """Return the test accuracy of each kind of start on the circle and on digits."""
    starts = {"all zero": "zeros", "all equal": "constant", "random": "random"}
    shown = {"circle, tanh": runs["circle"], "digits, tanh": runs["digits"], "digits, sigmoid": runs["digits_sigmoid"]}
    shares = {name: [getattr(run, start).test_accuracy for start in starts.values()] for name, run in shown.items()}
    columns = {name: [f"{share:.0%}" for share in of_run] for name, of_run in shares.items()}
    return pd.DataFrame({"start": list(starts), **columns})


def _compared(equal: pd.DataFrame, random: pd.DataFrame) -> pd.DataFrame:
    """Return what equal weights came to in every run with hidden layers, beside random ones."""
    rows = equal.merge(random[["run", "test_accuracy"]], on="run", suffixes=("", "_random"))
    return pd.DataFrame(
        {
            "run": rows["run"],
            "largest difference": rows["spread"],
            "equal weights": rows["test_accuracy"].map("{:.0%}".format),
            "random weights": rows["test_accuracy_random"].map("{:.0%}".format),
        }
    )


def _movement(zeros: pd.DataFrame) -> pd.DataFrame:
    """Return the largest values that networks of zeros ever had."""
    return pd.DataFrame(
        {
            "run": zeros["problem"] + ", " + zeros["activation"],
            "hidden weights": zeros["hidden_weights"],
            "output weights": zeros["readout_weights"],
            "output biases": zeros["output_biases"],
        }
    )


def _first_layer(weights: pd.DataFrame, learning_rate: float) -> FirstLayer:
    # The first update moves the readout alone: until its rows differ, the deltas of the classes cancel out.
    _, before, after, *_, end = sorted(weights["step"].unique().tolist())
    matrices = weights.pivot(index=["step", "input"], columns="unit", values="weight")
    gradient = (matrices.loc[before] - matrices.loc[after]).to_numpy() / (learning_rate * (after - before))
    return FirstLayer(
        gradient=gradient.mean(axis=1).tolist(),
        gradient_between_units=float(np.ptp(gradient, axis=1).max()),
        between_inputs=float(np.ptp(matrices.loc[end].to_numpy(), axis=0).min()),
        between_units=float(np.ptp(matrices.loc[end].to_numpy(), axis=1).max()),
    )


def _fresh(draws: pd.DataFrame) -> Fresh:
    drawn = draws[draws["initializer"].isin(_DISTRIBUTIONS)]
    return Fresh(width=int(only(draws["width"])), least_distinct=int(drawn["distinct_units"].min()))
