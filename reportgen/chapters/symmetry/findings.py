"""The numbers that the chapter on symmetry quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import exp, lgamma, pi, sqrt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.symmetry.breaking import Growth, Microscope, find_growth, find_microscope, power_of_ten
from reportgen.chapters.symmetry.tables import Tables
from reportgen.judgments.frames import only

__all__ = ["TOLERANCE", "Findings", "FirstLayer", "Fresh", "Outcome", "Run", "find", "mean_absolute_cosine"]

TOLERANCE = 1e-10
"""Units count as identical where no weight differs by more: rounding alone makes differences of about 1e-16."""

_PLAIN = ["zeros", "ones", "constant", "random"]

_DISTRIBUTIONS = {SMALL, LARGE, "random_uniform(minval=-0.5, maxval=0.5)", "truncated_normal", "torch_default"} | {
    f"{family}_{shape}" for family in ("lecun", "glorot", "he") for shape in ("normal", "uniform")
}
"""Initializers of the canonical battery whose weights are drawn independently."""

_ERRORS = 8
"""Standard errors that the mean cosine of the worst of all distributions may be off."""


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
    """How different the units of fresh layers are; a pair is the least and the greatest of all distributions.

    A user's own initializers are drawn, not counted.
    """

    width: int
    least_distinct: int
    least_rank: int
    stable_rank: tuple[float, float]
    cosine: tuple[float, float]
    expected_cosine: float
    cosine_margin: float
    orthogonal_cosine: float
    equal_distinct: int
    equal_ranks: list[int]


@dataclass(frozen=True, slots=True)
class Findings:
    """Every run under its own name, what holds across them, and what breaks the symmetry."""

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
    compared: pd.DataFrame
    movement: pd.DataFrame
    frames: list[int]
    film_noise: str
    inputs: int
    own_cosine: float
    first_layer: FirstLayer
    microscope: Microscope
    growth: Growth
    fresh: Fresh


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    outcomes, film = tables.outcomes, tables.film
    runs = {re.sub(r"\W+", "_", str(name)): _run(rows) for name, rows in outcomes.groupby("course")}
    hidden = outcomes[outcomes["units"] > 0]
    zeros, equal, random = (hidden[hidden["start"] == start] for start in ("zeros", "constant", "random"))
    itself = tables.cosines["unit"] == tables.cosines["other_unit"]
    return Findings(
        **runs,
        tolerance=TOLERANCE,
        spread=float(equal["spread"].max()),
        most_distinct=int(equal["distinct_units"].max()),
        ranks=(int(equal["least_rank"].min()), int(equal["greatest_rank"].max())),
        gap=float(equal["gap"].max()),
        random_gap=float(random["least_gap"].min()),
        compared=_compared(equal, random),
        movement=_movement(zeros),
        frames=sorted(film["step"].unique().tolist()),
        film_noise=power_of_ten(film["weight_noise"].max()),
        inputs=int(film.loc[film["layer"] == 1, "input"].max()) + 1,
        own_cosine=float(tables.cosines.loc[itself, "cosine"].mean()),
        first_layer=_first_layer(tables.first_layer, runs["circle"].learning_rate),
        microscope=find_microscope(tables.microscope, tables.waking, outcomes),
        growth=find_growth(tables.times, tables.settled),
        fresh=_fresh(tables.draws),
    )


def _run(outcomes: pd.DataFrame) -> Run:
    facts = (only(outcomes[fact]) for fact in Run._fields[: -len(_PLAIN)])
    ends = outcomes.set_index("start")[list(Outcome._fields)].reindex(_PLAIN).itertuples(index=False)
    return Run(*facts, *(Outcome(*end) for end in ends))


def _compared(equal: pd.DataFrame, random: pd.DataFrame) -> pd.DataFrame:
    """Return what equal weights came to in every run with hidden layers, beside random ones."""
    rows = equal.merge(random[["course", "test_accuracy"]], on="course", suffixes=("", "_random"))
    return pd.DataFrame(
        {
            "course": rows["problem"] + ", " + rows["activation"] + rows.apply(_extra, axis="columns"),
            "units": rows["units"],
            "step size": rows["learning_rate"],
            "examples": rows["training_examples"],
            "per update": rows["batch"],
            "different bit by bit": rows["bitwise_units"].astype(int),
            "beyond rounding": rows["distinct_units"].astype(int),
            "largest difference": rows["spread"],
            "test accuracy": rows["test_accuracy"].map("{:.0%}".format),
            "from random": rows["test_accuracy_random"].map("{:.0%}".format),
        }
    )


def _extra(run: pd.Series[Any]) -> str:
    """Name what a run has beyond plain gradient descent."""
    decay, norm = run["weight_decay"] > 0, run["normalization"] != "none"
    extras = {"Adam": run["optimizer"] == "adam", "weight decay": decay, f"{run['normalization']} norm": norm}
    return "".join(f", {name}" for name, is_used in extras.items() if is_used)


def _movement(zeros: pd.DataFrame) -> pd.DataFrame:
    """Return how far networks of zeros ever got, and how much their units differ."""
    columns = ["problem", "activation", "hidden_weights", "readout_weights", "output_biases", "spread"]
    shown = zeros[columns].rename(columns={"spread": "difference between units"})
    return shown.rename(columns=lambda name: name.replace("_", " "))


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
    width, replicates = int(only(draws["width"])), int(draws["replicate"].nunique())
    drawn = draws[draws["initializer"].isin(_DISTRIBUTIONS)]
    equal = draws[draws["initializer"].isin(["zeros", "constant"])]
    cosines = drawn.groupby("initializer")["mean_absolute_cosine"].mean()
    expected = mean_absolute_cosine(width)
    pairs = replicates * max(1, width * (width - 1) // 2)
    return Fresh(
        width=width,
        least_distinct=int(drawn["distinct_units"].min()),
        least_rank=int(drawn["rank"].min()),
        stable_rank=(drawn["stable_rank"].min(), drawn["stable_rank"].max()),
        cosine=(cosines.min(), cosines.max()),
        expected_cosine=expected,
        cosine_margin=_ERRORS * sqrt(max(0.0, 1 / width - expected**2) / pairs),
        orthogonal_cosine=draws.loc[draws["initializer"] == "orthogonal", "mean_absolute_cosine"].max(),
        equal_distinct=int(equal["distinct_units"].max()),
        equal_ranks=sorted(equal["rank"].astype(int).unique().tolist()),
    )


def mean_absolute_cosine(dimensions: int) -> float:
    """Return the mean of abs(cosine) between random directions: that of a coordinate of a random unit vector.

    The square of the cosine has the mean 1/n.
    """
    return exp(lgamma(dimensions / 2) - lgamma((dimensions + 1) / 2)) / sqrt(pi)
