"""Inputs of the networks: Gaussian noise, real digits, a user's own file, and points in the plane.

A set is loaded whole, standardized per feature over all of its rows, and a batch is drawn from it without replacement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DataError, UsageError, did_you_mean
from reportgen.nn import datafile

__all__ = ["BUILT_IN", "DIGITS", "Examples", "best_line", "circle", "describe_file", "load"]

BUILT_IN = ("gaussian", "digits")
"""Names of the data sets that need no file."""

DIGITS = 1797
"""Number of images in scikit-learn's digits."""


@dataclass(frozen=True, slots=True)
class Examples:
    """A batch of inputs, with labels where the data set has them.

    Attributes
    ----------
    inputs
        Shape (batch, features).
    labels
        Class numbers 0 .. classes - 1, shape (batch,); None for `gaussian`.
    classes
        Number of classes of the whole data set; 0 without labels.
    """

    inputs: NDArray[np.float64]
    labels: NDArray[np.int64] | None = None
    classes: int = 0


def load(factors: Mapping[str, Any], rng: np.random.Generator, batch: int, width: int) -> Examples:
    """Draw a batch from the data set that a cell names.

    Parameters
    ----------
    factors
        ``data`` is the name of the set; a file has ``data_file``, ``data_label``, ``data_sha256`` and ``standardize``
        beside it, as `describe_file` returns them. `digits` is standardized unless ``standardize`` says otherwise.
    rng
        Draws the inputs or chooses the rows.
    batch
        Number of rows. A set that has fewer gives all it has, in random order.
    width
        Number of features of `gaussian`; the other sets have their own.

    Raises
    ------
    DataError
        If a file cannot be used, or is no longer the one that was described.
    UsageError
        If there is no such data set.
    """
    if "data_file" in factors:
        path, label, sha256 = (factors[key] for key in ("data_file", "data_label", "data_sha256"))
        return _sample(_file(path, label, sha256, standardize=factors["standardize"]), rng, batch)
    if factors["data"] == "gaussian":
        return Examples(rng.standard_normal((batch, width)))
    if factors["data"] == "digits":
        return _sample(_digits(standardize=factors.get("standardize", True)), rng, batch)
    raise UsageError(f"unknown data set {factors['data']!r}: {did_you_mean(str(factors['data']), BUILT_IN)}")


def describe_file(path: str | Path, label: str = "label", *, standardize: bool = True) -> dict[str, str | bool]:
    """Read and check a user's file, and return the factors under which cells refer to it.

    Parameters
    ----------
    path
        A ``.csv`` or ``.parquet`` table, or an ``.npz`` archive of arrays with one row per example.
    label
        Name of the column (or array) with the classes, as words or whole numbers. Every other one is a feature. An
        archive of just ``X`` and ``y`` is understood without naming `label`.
    standardize
        Whether each feature is brought to mean 0 and variance 1. A constant feature then is 0.

    Raises
    ------
    DataError
        In one line: what is wrong with the file, and where.
    """
    where = Path(path).absolute()
    digest = hashlib.sha256(datafile.read_bytes(where)).hexdigest()
    _file(str(where), label, digest, standardize=standardize)
    # The shown name keeps its suffix: digits.csv is not digits.
    return {
        "data": where.name,
        "data_file": str(where),
        "data_label": label,
        "data_sha256": digest,
        "standardize": standardize,
    }


def circle(n: int, rng: np.random.Generator) -> Examples:
    """Draw a disc (label 1) inside a ring (label 0), the circle problem of the well-known browser playground.

    Parameters
    ----------
    n
        Number of points, half of them (rounded down) in the disc.
    rng
        Draws the order, and radius and angle uniformly: with 1 at the ring's rim, the disc ends at .5 and the ring
        begins at .7.

    Notes
    -----
    The two inputs are standardized; no straight line separates the classes.
    """
    labels = rng.permutation(np.arange(n) < n // 2).astype(np.int64)
    radius = np.where(labels == 1, rng.uniform(0.0, 0.5, n), rng.uniform(0.7, 1.0, n))
    angle = rng.uniform(0.0, 2 * np.pi, n)
    return Examples(_standardized(radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)), labels, 2)


def best_line(points: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the greatest share of points in the plane that any straight line gets right.

    Parameters
    ----------
    points
        Shape (examples, 2).
    labels
        0 or 1, shape (examples,).

    Notes
    -----
    Exact: along a direction, the order of the points changes only where the direction is square to the line through
    two of them. One direction between every two neighbouring ones of these stands for all.
    """
    first, second = np.triu_indices(len(points), k=1)
    dx, dy = (points[first] - points[second]).T
    square = np.unique(np.arctan2(-dx, dy) % np.pi)
    angles = (square + np.append(square[1:], square[0] + np.pi)) / 2
    order = np.argsort(points @ np.stack([np.cos(angles), np.sin(angles)]), axis=0)
    # What the line has passed is called 1, or 0: each point adds to one answer and takes from the other.
    passed = np.cumsum(2 * labels[order] - 1, axis=0)
    ones = int(labels.sum())
    zeros = len(labels) - ones
    right = max(ones, zeros, zeros + int(passed.max()), ones - int(passed.min()))
    return right / len(labels)


def _sample(examples: Examples, rng: np.random.Generator, batch: int) -> Examples:
    rows = rng.permutation(len(examples.inputs))[:batch]
    labels = None if examples.labels is None else examples.labels[rows]
    return Examples(examples.inputs[rows], labels, examples.classes)


def _standardized(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring every column to mean 0 and variance 1; a constant one has no scale and becomes exactly 0."""
    # Compared with its own first value, a constant column is told even where rounding gives it a tiny deviation.
    is_constant = (features == features[0]).all(axis=0)
    return np.asarray((features - features.mean(axis=0)) / np.where(is_constant, np.inf, features.std(axis=0)))


@cache
def _digits(*, standardize: bool) -> Examples:
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    return Examples(_standardized(images) if standardize else images, labels.astype(np.int64), 10)


@lru_cache(maxsize=4)
def _file(path: str, label: str, sha256: str, *, standardize: bool) -> Examples:
    """Read a file once per process; its hash is part of the key, and what is parsed is what was hashed."""
    raw = datafile.read_bytes(Path(path))
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise DataError(f"{path}: the file has changed since this run began; start the run again")
    features, labels, classes = datafile.parse(raw, Path(path), label)
    return Examples(_standardized(features) if standardize else features, labels, classes)
