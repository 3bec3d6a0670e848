"""Inputs of the networks: Gaussian noise, real digits, a user's own file, and points in the plane.

A set is loaded whole, standardized per feature over all of its rows, and a batch is drawn from it without replacement.
Points in the plane are drawn anew, and standardized over all that are drawn together. No label enters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.errors import DataError, UsageError, did_you_mean
from reportgen.nn import datafile
from reportgen.nn.examples import Examples, Split, standardized
from reportgen.nn.plane import PLANE

__all__ = ["BUILT_IN", "DIGITS", "describe", "describe_file", "load", "split"]

BUILT_IN = ("gaussian", "digits", *PLANE)
"""Names of the data sets that need no file."""

DIGITS = 1797
"""Number of images in scikit-learn's digits."""


def load(factors: Mapping[str, Any], rng: np.random.Generator, batch: int, width: int) -> Examples:
    """Draw a batch from the data set that a cell names.

    Parameters
    ----------
    factors
        ``data`` is the name of the set; a file has ``data_file``, ``data_label``, ``data_sha256`` and ``standardize``
        beside it, as `describe_file` returns them. `digits` is standardized unless ``standardize`` says otherwise,
        the problems in the plane always are.
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
    if factors["data"] in PLANE:
        return PLANE[factors["data"]](batch, rng)
    raise UsageError(f"unknown data set {factors['data']!r}: {did_you_mean(str(factors['data']), BUILT_IN)}")


def split(factors: Mapping[str, Any], rng: np.random.Generator, training: int = 1297, test: int = 500) -> Split:
    """Draw examples to learn from and others to test with from the data set that a cell names.

    Parameters
    ----------
    factors
        As for `load`.
    rng
        Draws the points, or the order of the rows that is cut in two.
    training, test
        Number of examples of each kind. A set that has fewer than both together is cut in the same proportion; by
        default these are all digits, and other sets that are too small are cut at 72 to 28 percent.

    Raises
    ------
    UsageError
        If there is no such data set, or it has no labels.
    DataError
        As in `load`.

    Notes
    -----
    No row is in both parts. The inputs of both are standardized alike, as `load` does it: over all rows of the set, or
    all points drawn, without seeing the labels.
    """
    drawn = load(factors, rng, training + test, 1)
    if not drawn.classes:
        raise UsageError(f"the data set {factors['data']} has no labels to learn; allowed: digits, {', '.join(PLANE)}")
    cut = len(drawn) * training // (training + test)
    return Split(drawn[:cut], drawn[cut:])


def describe(data: str, label: str = "label", *, standardize: bool = True) -> dict[str, str | bool]:
    """Return the factors under which cells refer to a data set: to a built-in one by name, else to a file.

    Parameters
    ----------
    data
        One of `BUILT_IN`, or the path of a file.
    label, standardize
        As for `describe_file`.

    Raises
    ------
    DataError
        As in `describe_file`.
    """
    return {"data": data} if data in BUILT_IN else describe_file(data, label, standardize=standardize)


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


def _sample(examples: Examples, rng: np.random.Generator, batch: int) -> Examples:
    return examples[rng.permutation(len(examples))[:batch]]


@cache
def _digits(*, standardize: bool) -> Examples:
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    return Examples(standardized(images) if standardize else images, labels.astype(np.int64), 10)


@lru_cache(maxsize=4)
def _file(path: str, label: str, sha256: str, *, standardize: bool) -> Examples:
    """Read a file once per process; its hash is part of the key, and what is parsed is what was hashed."""
    raw = datafile.read_bytes(Path(path))
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise DataError(f"{path}: the file has changed since this run began; start the run again")
    features, labels, classes = datafile.parse(raw, Path(path), label)
    return Examples(standardized(features) if standardize else features, labels, classes)
