"""Every number that the prose of the chapter on symmetry quotes."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, lgamma, pi, sqrt
from typing import Any

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Findings
from reportgen.chapters.symmetry_tables import (
    STARTS,
    breaking,
    course_table,
    filmstrip,
    last,
    movement,
    power_of_ten,
)

__all__ = ["findings"]

TOLERANCE = 1e-10
"""Units count as identical where no weight differs by more: rounding alone makes differences of about 1e-16."""

_COURSES = {
    "circle": "circle",
    "mini": "circle, mini-batches",
    "relu": "circle, relu",
    "digits": "digits",
    "sigmoid": "digits, sigmoid",
    "logistic": "digits, no hidden layer",
}
"""What the prose calls a course -> what the experiment calls it."""

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
    trained = [found[key] for key in ("circle", "mini", "relu", "digits", "sigmoid")]
    return {
        **found,
        "tolerance": TOLERANCE,
        "line": found["circle"]["best_line_accuracy"],
        "spread": max(one["constant"]["spread"] for one in trained),
        "ranks": sorted({rank for one in trained for rank in one["constant"]["ranks"]}),
        "constant_courses": _constant_courses(trained),
        "movement": movement(results),
        "frames": sorted(int(step) for step in filmstrip(results)["step"].unique()),
        **_first_layer(results),
        **_starts(results),
        "noise": facts["circle, noise"],
        **_noise(results),
    }


def _course(results: Results, course: str, facts: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the facts of a course, and what each start came to."""
    curves, layers = (course_table(results, f"symmetry_{part}", course) for part in ("learning", "layers"))
    hidden = layers[layers["kind"] == "hidden"]
    outcomes = {label: _outcome(*(rows[rows["start"] == label] for rows in (curves, hidden))) for label in STARTS}
    return {**facts, **outcomes}


def _outcome(curves: pd.DataFrame, hidden: pd.DataFrame) -> dict[str, Any]:
    end = last(curves)
    return {
        "accuracy": float(end["train_accuracy"].mean()),
        "best_accuracy": float(curves["train_accuracy"].max()),
        "test": float(end["test_accuracy"].mean()),
        "spread": float(hidden["spread"].max()),
        "least_spread": float(hidden["spread"].min()),
        "distinct": max(hidden["distinct_units"], default=0),
        "ranks": sorted({int(rank) for rank in hidden.loc[hidden["layer"] > 1, "rank"]}),
    }


def _constant_courses(courses: list[dict[str, Any]]) -> pd.DataFrame:
    """Return what equal weights came to on every course, beside random ones."""
    rows = [
        {
            "problem": one["problem"],
            "activation": one["activation"],
            "examples per update": one["batch"],
            "largest difference": one["constant"]["spread"],
            "distinct units": f"{one['constant']['distinct']} of {one['units']}",
            "rank": one["constant"]["ranks"][-1],
            "test accuracy": one["constant"]["test"],
            "with random weights": one["random"]["test"],
        }
        for one in courses
    ]
    return pd.DataFrame(rows)


def _first_layer(results: Results) -> dict[str, float]:
    """Return by how much the constant's weights differ between the inputs, and between the units, after training."""
    weights = last(course_table(results, "symmetry_weights", "circle"))
    first = weights[(weights["start"] == "constant") & (weights["layer"] == 1)]
    matrix = first.pivot(index="input", columns="unit", values="weight").to_numpy()
    return {"between_inputs": float(np.ptp(matrix, axis=0).min()), "between_units": float(np.ptp(matrix, axis=1).max())}


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


def _noise(results: Results) -> dict[str, Any]:
    """Return how long noise of each size takes to tell the units apart."""
    times = breaking(results)
    weights = times[times["bias_noise"] == 0].sort_values("weight_noise", ascending=False)
    sizes, updates = weights["weight_noise"].to_numpy(), weights["updates"].to_numpy()
    extra = np.diff(updates)
    waits = [round(time) if np.isfinite(time) else time for time in updates]
    return {
        "noise_times": pd.DataFrame({"noise": map(power_of_ten, sizes), "updates": waits}),
        "noise_range": [power_of_ten(sizes[0]), power_of_ten(sizes[-1])],
        "noise_ratio": round(sizes[0] / sizes[-1]),
        "time_ratio": float(updates[-1] / updates[0]),
        "extra": [float(extra.min()), float(extra.max())],
        "bias_updates": float(times.loc[times["bias_noise"] > 0, "updates"].iloc[0]),
        "bias_noise": power_of_ten(times["bias_noise"].max()),
    }
