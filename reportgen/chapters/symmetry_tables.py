"""The slices of the tables behind the figures and numbers of the chapter on symmetry."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results

__all__ = [
    "STARTS",
    "breaking",
    "cosines",
    "course_table",
    "filmstrip",
    "growth",
    "last",
    "learning",
    "movement",
    "paths",
    "power_of_ten",
    "start",
]

STARTS = ("zeros", "constant", "random")
"""The starts in the order of the figures; every slice names its start in these words."""

_FRAMES = (0, 4, 10, 20, 40)
"""Looks at the weights that the filmstrip shows."""


def course_table(results: Results, table: str, course: str | None = None) -> pd.DataFrame:
    """Return a table, or the rows of one course, with the start as zeros, constant or random."""
    rows = results[table]
    chosen = rows if course is None else rows[rows["course"] == course].drop(columns="course")
    family = chosen["start"].str.partition("(")[0]
    return chosen.assign(start=family.where(family.isin(STARTS), "random"))


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
    return weights[weights["layer"] == 2].drop(columns="layer")


def filmstrip(results: Results) -> pd.DataFrame:
    """Return all hidden weights of the course on the circle at a few moments."""
    weights = course_table(results, "symmetry_weights", "circle")
    steps = sorted(weights["step"].unique())
    return weights[weights["step"].isin([steps[look] for look in _FRAMES])]


def cosines(results: Results) -> pd.DataFrame:
    """Return the cosines between units of the second layer, before and after training on digits."""
    table = course_table(results, "symmetry_cosines", "digits")
    return table[(table["layer"] == 2) & (table["start"] != "zeros")].drop(columns="layer")


def learning(results: Results) -> pd.DataFrame:
    """Return loss and accuracy over the courses on circle and digits, averaged over replicates."""
    table = course_table(results, "symmetry_learning")
    chosen = table[table["course"].isin(["circle", "digits"])]
    curves = ["train_loss", "train_accuracy", "test_accuracy"]
    return chosen.groupby(["course", "start", "step"], sort=False)[curves].mean().reset_index()


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


def movement(results: Results) -> pd.DataFrame:
    """Return how far networks of zeros ever get: their largest weights and biases, and how much their units differ."""
    rows = []
    for course in ("circle", "circle, relu", "digits", "digits, sigmoid"):
        layers = course_table(results, "symmetry_layers", course)
        zeros = layers[layers["start"] == "zeros"]
        hidden, readout = (zeros[zeros["kind"] == kind] for kind in ("hidden", "readout"))
        rows.append(
            {
                "course": course,
                "hidden weights": hidden["largest_weight"].max(),
                "readout weights": readout["largest_weight"].max(),
                "output biases": readout["largest_bias"].max(),
                "difference between units": hidden["spread"].max(),
            }
        )
    return pd.DataFrame(rows)


def power_of_ten(size: float) -> str:
    """Write a power of ten as such.

    Examples
    --------
    >>> power_of_ten(0.01)
    '10⁻²'
    """
    exponent = str(round(np.log10(size)))
    return "10" + exponent.translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
