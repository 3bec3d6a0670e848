"""Every number that the prose of the chapter on symmetry quotes."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, lgamma, pi, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.battery.results import Results
from reportgen.chapters.old import Findings
from reportgen.chapters.symmetry.breaking import broken, noise
from reportgen.chapters.symmetry.tables import course_table, film, last, power_of_ten, standstill

__all__ = ["findings"]

TOLERANCE = 1e-10
"""Units count as identical where no weight differs by more: rounding alone makes differences of about 1e-16."""

_COURSES = {
    "circle": "circle",
    "mini": "circle, mini-batches",
    "rate": "circle, another rate",
    "data": "circle, more data",
    "odd": "circle, odd width",
    "relu": "circle, relu",
    "digits": "digits",
    "sigmoid": "digits, sigmoid",
    "logistic": "digits, no hidden layer",
}
"""What the prose calls a course -> what the experiment calls it."""

_STILL = ("circle", "circle, relu", "digits", "digits, relu", "digits, sigmoid")
"""Courses on which networks of zeros run."""

_LAWS = (
    "random_normal(stddev=0.01)",
    "random_normal(stddev=1)",
    "random_uniform(minval=-0.5, maxval=0.5)",
    "truncated_normal",
    "torch_default",
    "lecun_normal",
    "lecun_uniform",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
)
"""Initializers of the canonical battery whose weights are drawn independently."""


def findings(results: Results) -> Findings:
    """Return every number that the prose quotes: what each course came to, and what holds across them."""
    facts = results["symmetry_courses"].set_index("course").to_dict("index")
    found: dict[str, Any] = {key: _course(results, course, facts[course]) for key, course in _COURSES.items()}
    trained = [one for key, one in found.items() if key != "logistic"]
    single = course_table(results, "symmetry_single_unit").groupby("start")["gap"]
    return {
        **found,
        "tolerance": TOLERANCE,
        "line": found["circle"]["best_line_accuracy"],
        "spread": max(one["constant"]["spread"] for one in trained),
        "most_distinct": max(one["constant"]["distinct"] for one in trained),
        "ranks": sorted({rank for one in trained for rank in one["constant"]["ranks"]}),
        "single_unit": {"constant": single.max()["constant"], "random": single.min()["random"]},
        "constant_courses": _constant_courses(trained),
        "movement": _movement(results),
        "moved": {
            "constant": _furthest(results, "digits", "constant"),
            "sigmoid": _furthest(results, "digits, sigmoid", "zeros"),
        },
        **_film(results),
        **_first_layer(results),
        **_starts(results),
        "broken": broken(results),
        "noise": facts["circle, noise"],
        "settled": facts["circle, settled"],
        **noise(results),
    }


def _course(results: Results, course: str, facts: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the facts of a course, and what each start came to."""
    curves, layers = (course_table(results, f"symmetry_{part}", course) for part in ("learning", "layers"))
    hidden = layers[layers["kind"] == "hidden"]
    words = curves["start"].unique()
    outcomes = {word: _outcome(*(rows[rows["start"] == word] for rows in (curves, hidden))) for word in words}
    return {**facts, **outcomes}


def _outcome(curves: pd.DataFrame, hidden: pd.DataFrame) -> dict[str, Any]:
    end = last(curves)
    return {
        "accuracy": float(end["train_accuracy"].mean()),
        "best_accuracy": float(curves["train_accuracy"].max()),
        "test": float(end["test_accuracy"].mean()),
        "spread": float(hidden["spread"].max()),
        "least_spread": float(hidden["spread"].min()),
        "bitwise": max(hidden["bitwise_units"], default=0),
        "distinct": max(hidden["distinct_units"], default=0),
        "ranks": sorted({int(rank) for rank in hidden.loc[hidden["layer"] > 1, "rank"]}),
    }


def _constant_courses(courses: list[dict[str, Any]]) -> pd.DataFrame:
    """Return what equal weights came to on every course, beside random ones."""
    rows = [
        {
            "course": f"{one['problem']}, {one['activation']}",
            "units": one["units"],
            "step size": one["learning_rate"],
            "examples": one["training_examples"],
            "per update": one["batch"],
            "different bit by bit": one["constant"]["bitwise"],
            "beyond rounding": one["constant"]["distinct"],
            "largest difference": one["constant"]["spread"],
            "test accuracy": f"{one['constant']['test']:.0%}",
            "from random": f"{one['random']['test']:.0%}",
        }
        for one in courses
    ]
    return pd.DataFrame(rows)


def _first_layer(results: Results) -> dict[str, Any]:
    """Return how the constant's first layer learns: one of its gradients, and where its weights end."""
    weights = course_table(results, "symmetry_weights", "circle").query("start == 'constant' and layer == 1")
    # The first update moves the readout alone: until its rows differ, the deltas of the classes cancel out.
    _, before, after, *_, end = sorted(int(step) for step in weights["step"].unique())
    rate = results["symmetry_courses"].query("course == 'circle'")["learning_rate"].item()
    gradient = (_matrix(weights, before) - _matrix(weights, after)) / (rate * (after - before))
    matrix = _matrix(weights, end)
    return {
        "gradient": gradient.mean(axis=1).tolist(),
        "gradient_between_units": float(np.ptp(gradient, axis=1).max()),
        "between_inputs": float(np.ptp(matrix, axis=0).min()),
        "between_units": float(np.ptp(matrix, axis=1).max()),
    }


def _matrix(weights: pd.DataFrame, step: int) -> NDArray[np.float64]:
    moment = weights[weights["step"] == step]
    return np.asarray(moment.pivot(index="input", columns="unit", values="weight"))


def _film(results: Results) -> dict[str, Any]:
    """Return what the filmstrip shows."""
    table = film(results)
    return {
        "frames": sorted(int(step) for step in table["step"].unique()),
        "film_noise": power_of_ten(table["weight_noise"].max()),
        "inputs": int(table.loc[table["layer"] == 1, "input"].max()) + 1,
    }


def _movement(results: Results) -> pd.DataFrame:
    """Return how far networks of zeros ever get: their largest weights and biases, and how much their units differ."""
    facts: dict[Any, Any] = results["symmetry_courses"].set_index("course").to_dict("index")
    rows = []
    for course in _STILL:
        layers = course_table(results, "symmetry_layers", course)
        zeros = layers[layers["start"] == "zeros"]
        hidden, readout = (zeros[zeros["kind"] == kind] for kind in ("hidden", "readout"))
        rows.append(
            {
                "problem": facts[course]["problem"],
                "activation": facts[course]["activation"],
                "hidden weights": hidden["largest_weight"].max(),
                "readout weights": readout["largest_weight"].max(),
                "output biases": readout["largest_bias"].max(),
                "difference between units": hidden["spread"].max(),
            }
        )
    return pd.DataFrame(rows)


def _furthest(results: Results, course: str, word: str) -> float:
    table = standstill(results)
    return float(table.loc[(table["course"] == course) & (table["start"] == word), "moved"].max())


def _starts(results: Results) -> dict[str, Any]:
    """Return what the fresh layers of random laws have in common; a user's own additions are drawn, not counted."""
    table = results["symmetry_start"]
    width, replicates = int(table["width"].iloc[0]), int(table["replicate"].nunique())
    drawn = table[table["initializer"].isin(_LAWS)]
    equal = table[table["initializer"].isin(["zeros", "constant"])]
    cosines = drawn.groupby("initializer")["mean_absolute_cosine"].mean()
    orthogonal = table.loc[table["initializer"] == "orthogonal", "mean_absolute_cosine"]
    return {
        "width": width,
        "least_distinct": int(drawn["distinct_units"].min()),
        "least_rank": int(drawn["rank"].min()),
        "stable_rank": [drawn["stable_rank"].min(), drawn["stable_rank"].max()],
        "cosine": [cosines.min(), cosines.max()],
        **_random_directions(width, replicates),
        "orthogonal_cosine": orthogonal.max(),
        "equal_distinct": int(equal["distinct_units"].max()),
        "equal_ranks": sorted({int(rank) for rank in equal["rank"]}),
    }


def _random_directions(dimensions: int, replicates: int) -> dict[str, float]:
    """Return the mean of abs(cosine) between random directions, and five standard errors of a mean over all pairs.

    The square of the cosine has the mean 1/n; its absolute value that of a coordinate of a random unit vector.
    """
    expected = exp(lgamma(dimensions / 2) - lgamma((dimensions + 1) / 2)) / sqrt(pi)
    pairs = replicates * max(1, dimensions * (dimensions - 1) // 2)
    return {"expected_cosine": expected, "cosine_margin": 5 * sqrt((1 / dimensions - expected**2) / pairs)}
