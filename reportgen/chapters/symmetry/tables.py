"""The slices of the tables behind the figures and numbers of the chapter on symmetry."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results

__all__ = [
    "EVERY",
    "MICROSCOPE",
    "STANDSTILL",
    "STARTS",
    "breaking",
    "cosines",
    "course_table",
    "film",
    "growth",
    "last",
    "microscope",
    "paths",
    "power_of_ten",
    "standstill",
    "start",
]

EVERY = ("zeros", "ones", "constant", "noise", "biases", "dropout", "random")
"""All starts, in the order of the microscope; every slice names its start in these words."""

STARTS = ("zeros", "constant", "random")
"""The starts of the first figure."""

MICROSCOPE = "digits"
"""The course on which all starts run."""

STANDSTILL = (
    ("digits", "zeros"),
    ("digits, relu", "zeros"),
    ("digits, sigmoid", "zeros"),
    ("digits", "constant"),
    ("digits", "random"),
)
"""Course and start of each network whose movement is drawn."""

_FRAMES = (0, 0.1, 0.2, 0.4, 1)
"""Moments of the filmstrip, as shares of the course."""


def course_table(results: Results, table: str, course: str | None = None) -> pd.DataFrame:
    """Return a table, or the rows of one course, with the start in one word.

    The words are zeros, ones, constant and random, and for a constant with something on top of it noise (in the
    weights), biases (noise in them) and dropout.
    """
    rows = results[table]
    chosen = rows if course is None else rows[rows["course"] == course].drop(columns="course")
    family = chosen["start"].str.partition("(")[0]
    word = family.where(family.isin(["zeros", "ones", "constant"]), "random")
    for name, column in (("noise", "weight_noise"), ("biases", "bias_noise"), ("dropout", "dropout")):
        word = word.mask(chosen[column] > 0, name)
    return chosen.assign(start=word)


def last(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what was measured after the last update."""
    end = int(rows["step"].max())
    return rows[rows["step"] == end]


def start(results: Results) -> pd.DataFrame:
    """Return how different the units of a fresh layer are, for every initializer, in shares of the width."""
    table = results["symmetry_start"]
    order = {initializer: place for place, initializer in enumerate(results.settings["initializers"])}
    table = table.assign(
        distinct_units=table["distinct_units"] / table["width"],
        rank=table["rank"] / table["width"],
        stable_rank=table["stable_rank"] / table["width"],
    )
    averages = table.drop(columns=["width", "replicate"]).groupby("initializer", sort=False).mean().reset_index()
    return averages.sort_values("initializer", key=lambda column: column.map(order), ignore_index=True)


def paths(results: Results) -> pd.DataFrame:
    """Return every weight between the two hidden layers over the course on the circle."""
    weights = course_table(results, "symmetry_weights", "circle")
    return weights.loc[weights["layer"] == 2, ["start", "step", "input", "unit", "weight"]]


def film(results: Results) -> pd.DataFrame:
    """Return all hidden weights of the course on the circle at a few moments."""
    weights = course_table(results, "symmetry_weights", "circle")
    moments = [round(share * weights["step"].max()) for share in _FRAMES]
    shown = weights["step"].isin(moments) & weights["start"].isin(["constant", "noise", "random"])
    return weights.loc[shown, ["start", "weight_noise", "step", "layer", "input", "unit", "weight"]]


def microscope(results: Results) -> pd.DataFrame:
    """Return what each start comes to on digits, look by look: the median over replicates.

    Units and their cosines are those of the second hidden layer; ranks are given for every layer.
    """
    layers, learning = (course_table(results, f"symmetry_{part}", MICROSCOPE) for part in ("layers", "learning"))
    network = ["start", "weight_noise", "replicate", "step"]
    second = layers[layers["layer"] == 2].set_index(network)[["distinct_units", "mean_absolute_cosine", "stable_rank"]]
    ranks = layers.pivot(index=network, columns="layer", values="rank").add_prefix("rank_")
    outcomes = learning.set_index(network)[["train_loss", "train_accuracy", "test_loss", "test_accuracy"]]
    joined = pd.concat([second, ranks, outcomes], axis=1)
    medians = joined.groupby(["start", "weight_noise", "step"]).median().reset_index()
    # From zeros to random, and from the most noise to the least.
    places = np.lexsort((medians["step"], -medians["weight_noise"], medians["start"].map(EVERY.index)))
    return medians.iloc[places]


def cosines(results: Results) -> pd.DataFrame:
    """Return the cosines between units of the second layer, before and after training on digits."""
    table = course_table(results, "symmetry_cosines", MICROSCOPE)
    most = table["weight_noise"].max()
    shown = table["start"].isin(["constant", "dropout", "random"]) | (table["weight_noise"] == most)
    second: pd.DataFrame = table[shown & (table["layer"] == 2)]
    return second[["start", "weight_noise", "step", "unit", "other_unit", "cosine"]]


def standstill(results: Results) -> pd.DataFrame:
    """Return how far the hidden weights of zeros, equal and random ones got, and how far apart their units were."""
    table = course_table(results, "symmetry_layers")
    hidden = table[(table["kind"] == "hidden") & (table["replicate"] == 0)]
    furthest = hidden.groupby(["course", "start", "step"])[["moved", "spread"]].max().reset_index()
    return pd.concat(
        [furthest[(furthest["course"] == course) & (furthest["start"] == word)] for course, word in STANDSTILL]
    )


def growth(results: Results) -> pd.DataFrame:
    """Return how far apart the units are at each step, for every size of noise: the median over replicates."""
    layers = course_table(results, "symmetry_layers", "circle, noise")
    hidden = layers[layers["kind"] == "hidden"]
    return hidden.groupby(["weight_noise", "bias_noise", "step"])["spread"].median().reset_index()


def breaking(results: Results) -> pd.DataFrame:
    """Return after how many updates the units differ by as much as the constant: the median over replicates.

    Between two looks the difference is taken to grow by a constant factor per update. It is inf where it never does.
    """
    layers = course_table(results, "symmetry_layers", "circle, noise")
    hidden = layers[layers["kind"] == "hidden"]
    limit = results["symmetry_courses"].query("course == 'circle, noise'")["constant_value"].item()
    networks = hidden.groupby(["weight_noise", "bias_noise", "replicate"])
    rows = [(*key[:2], _crossing(one["step"], one["spread"], limit)) for key, one in networks]
    times = pd.DataFrame(rows, columns=["weight_noise", "bias_noise", "updates"])
    return times.groupby(["weight_noise", "bias_noise"])["updates"].median().reset_index()


def _crossing(steps: pd.Series[int], spread: pd.Series[float], limit: float) -> float:
    above = np.flatnonzero(spread >= limit)
    if not above.size:
        return np.inf
    around = slice(max(above[0] - 1, 0), above[0] + 1)
    logs = np.log(np.maximum(spread.to_numpy()[around], np.finfo(float).tiny))
    return float(np.interp(np.log(limit), logs, steps.to_numpy()[around]))


def power_of_ten(size: float) -> str:
    """Write a power of ten as such.

    Examples
    --------
    >>> power_of_ten(0.01)
    '10⁻²'
    """
    exponent = str(round(np.log10(size)))
    return "10" + exponent.translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
