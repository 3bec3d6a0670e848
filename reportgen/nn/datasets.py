"""Inputs of the networks: Gaussian noise, real digits, a user's own file, and points in the plane.

A set is loaded whole, standardized per feature over all of its rows, and a batch is drawn from it without replacement.
Points in the plane are drawn anew, and standardized over all that are drawn together. No label enters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import UsageError, did_you_mean, shortened
from reportgen.nn import datafile
from reportgen.nn.examples import Examples, Split, standardized
from reportgen.nn.files import source
from reportgen.nn.files.reading import Reading
from reportgen.nn.files.source import located
from reportgen.nn.files.table import Table
from reportgen.nn.plane import PLANE

__all__ = ["BUILT_IN", "DIGITS", "describe", "describe_file", "load", "oddities", "split"]

BUILT_IN = ("gaussian", "digits", *PLANE)
"""Names of the data sets that need no file."""

DIGITS = 1797
"""Number of images in scikit-learn's digits."""


def load(factors: Mapping[str, Any], rng: np.random.Generator, batch: int, width: int) -> Examples:
    """Draw a batch from the data set that a cell names.

    Parameters
    ----------
    factors
        ``data`` is the name of the set; a file has ``data_file``, ``data_label``, ``data_sha256``, ``standardize`` and
        how it is read beside it, as `describe_file` returns them. `digits` is standardized unless ``standardize`` says
        otherwise, the problems in the plane always are.
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
        return _sample(_file(_Key.of(factors)).examples, rng, batch)
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


def describe(data: str, reading: Reading | None = None, *, standardize: bool = True) -> dict[str, Any]:
    """Return the factors under which cells refer to a data set: to a built-in one by name, else to a file.

    Parameters
    ----------
    data
        One of `BUILT_IN`, or a file as ``FILE`` or ``FILE:LABEL``.
    reading, standardize
        As for `describe_file`; a label behind the name of the file wins.

    Raises
    ------
    UsageError
        If there is neither a data set nor a file of this name.
    DataError
        As in `describe_file`.
    """
    if data in BUILT_IN:
        return {"data": data}
    path, label = located(data)
    if not path.suffix and not path.exists():
        hint = did_you_mean(data, BUILT_IN)
        raise UsageError(f"there is no data set '{shortened(data)}', and no file of this name: {hint}")
    reading = reading or Reading()
    return describe_file(path, replace(reading, label=label or reading.label), standardize=standardize)


def describe_file(path: str | Path, reading: Reading | None = None, *, standardize: bool = True) -> dict[str, Any]:
    """Read and check a user's file, and return the factors under which cells refer to it.

    Parameters
    ----------
    path
        A table as text, a ``.parquet`` table, or an ``.npz`` archive of arrays with one row per example.
    reading
        How it is to be read; by default the file tells. Every column but the label's is a feature.
    standardize
        Whether each feature is brought to mean 0 and variance 1. A constant feature then is 0.

    Raises
    ------
    DataError
        In one line: what is wrong with the file, where, and what to do.
    """
    where = Path(path).absolute()
    raw = datafile.read_bytes(where)
    key = _Key(str(where), hashlib.sha256(raw).hexdigest(), standardize, reading or Reading())
    loaded = _FILES.get(key) or _loaded(raw, key)
    resolved = key._replace(reading=replace(key.reading, label=loaded.label or None))
    _keep(key, loaded)
    _keep(resolved, loaded)
    # The shown name keeps its suffix: digits.csv is not digits.
    factors = {"data": shortened(where.name), "data_file": key.path, "data_sha256": key.sha256}
    return {**factors, "standardize": standardize, **resolved.reading.factors()}


def oddities(factors: Mapping[str, Any]) -> list[str]:
    """Return what one should know about a data set, in lines that name it; nothing about a built-in one."""
    if "data_file" not in factors:
        return []
    return [f"{factors['data']}: {oddity}" for oddity in _file(_Key.of(factors)).oddities]


def _sample(examples: Examples, rng: np.random.Generator, batch: int) -> Examples:
    return examples[rng.permutation(len(examples))[:batch]]


@cache
def _digits(*, standardize: bool) -> Examples:
    images, labels = _digits_as_they_are()
    return Examples(standardized(images) if standardize else images, labels, 10)


def _digits_as_they_are() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Read scikit-learn's file of digits; to import scikit-learn for it takes a worker as long as twenty cells."""
    spec = find_spec("sklearn")
    file = Path(spec.origin).parent / "datasets" / "data" / "digits.csv.gz" if spec and spec.origin else None
    if file and file.is_file():
        table = np.loadtxt(file, delimiter=",")
        return table[:, :-1], table[:, -1].astype(np.int64)
    from sklearn.datasets import load_digits  # another version may keep them elsewhere

    images, labels = load_digits(return_X_y=True)
    return images, labels.astype(np.int64)


class _Key(NamedTuple):
    """What decides what comes out of a file."""

    path: str
    sha256: str
    standardize: bool
    reading: Reading

    @classmethod
    def of(cls, factors: Mapping[str, Any]) -> _Key:
        path, sha256, standardize = (factors[name] for name in ("data_file", "data_sha256", "standardize"))
        return cls(path, sha256, standardize, Reading.of(factors))


class _Loaded(NamedTuple):
    examples: Examples
    label: str
    oddities: tuple[str, ...]


_FILES: dict[_Key, _Loaded] = {}
"""What this process has read last; its hash is part of the key, and what is parsed is what was hashed."""

_KEPT = 8


def _file(key: _Key) -> _Loaded:
    """Read a file once per process."""
    if key not in _FILES:
        raw = datafile.read_bytes(Path(key.path))
        if hashlib.sha256(raw).hexdigest() != key.sha256:
            raise source.told(key.path, "the file has changed since this run began; start the run again")
        _keep(key, _loaded(raw, key))
    return _FILES[key]


def _keep(key: _Key, loaded: _Loaded) -> None:
    _FILES[key] = loaded
    for oldest in [*_FILES][:-_KEPT]:
        del _FILES[oldest]


def _loaded(raw: bytes, key: _Key) -> _Loaded:
    content = datafile.parse(raw, Path(key.path), key.reading)
    if not key.standardize:
        _check_range(content, key.path)
    features = standardized(content.features) if key.standardize else content.features
    return _Loaded(Examples(features, content.labels, content.classes), content.label, content.oddities)


def _check_range(content: Table, path: str) -> None:
    """Refuse numbers that networks cannot take as they are, for they compute in float32."""
    largest = np.abs(content.features).max(axis=0)
    if (beyond := np.flatnonzero(largest > np.finfo(np.float32).max)).size:
        first = f"column {shortened(content.columns[beyond[0]], 30)!r} reaches {largest[beyond[0]]:.3g}"
        raise source.told(path, f"{first}, beyond float32 (3.4e38): leave out --no-standardize, or --drop the column")
