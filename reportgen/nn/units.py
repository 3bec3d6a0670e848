"""How different the units of a layer are: spread, distinct units, rank, cosines.

A unit is a column of the weights: its incoming weights, and its bias where there is one. Statistics have one value
per member of the ensemble.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportgen.nn.ensemble import Array

__all__ = [
    "TOLERANCE",
    "cosines",
    "distinct",
    "mean_absolute_cosine",
    "rank",
    "singular_values",
    "spread",
    "stable_rank",
]

TOLERANCE = 1e-10
"""Two units are the same if no weight of theirs differs by more; a singular value below this share of the first is 0.

Units that are equal in exact arithmetic may differ by rounding, about 1e-16, because sums are taken in another order.
"""

PerMember = NDArray[np.float64]


def spread(units: Array) -> PerMember:
    """Return the greatest difference between two units in any of their weights; 0 means that all are identical.

    Parameters
    ----------
    units
        Shape (members, fan_in, units).
    """
    return np.asarray(np.ptp(units, axis=2).max(axis=1))


def distinct(units: Array) -> NDArray[np.int64]:
    """Count the units that differ from every one before them, by more than the tolerance; shapes as in `spread`."""
    return np.array([_distinct(member) for member in units])


def _distinct(units: Array) -> int:
    """Count the units of one network; where all differ in their first weight there is no need to look further."""
    if (np.diff(np.sort(units[0])) > TOLERANCE).all():
        return int(units.shape[1])
    differences = np.abs(units[:, :, None] - units[:, None, :]).max(axis=0)
    repeats = np.triu(differences <= TOLERANCE, k=1).any(axis=0)
    return int((~repeats).sum())


def rank(singular: PerMember) -> PerMember:
    """Return the number of `singular_values` that are not 0 within the tolerance; nan where a weight is not finite."""
    return np.where(np.isnan(singular[:, 0]), np.nan, (singular > TOLERANCE * singular[:, :1]).sum(axis=1))


def stable_rank(singular: PerMember) -> PerMember:
    """Return the squared Frobenius norm over the squared spectral norm, from `singular_values`; nan for all zeros.

    Notes
    -----
    At most the rank, and unlike it not moved by tiny singular values (Rudelson & Vershynin 2007).
    """
    with np.errstate(invalid="ignore"):
        relative = singular / singular[:, :1]
    return np.asarray((relative**2).sum(axis=1))


def singular_values(weights: Array) -> NDArray[np.float64]:
    """Return the singular values of each matrix from the largest; nan where a weight is not finite.

    Parameters
    ----------
    weights
        Shape (members, fan_in, units).

    Returns
    -------
    ndarray
        Shape (members, values).
    """
    finite = np.asarray(np.isfinite(weights).all(axis=(1, 2)))
    clean: NDArray[np.float64] = np.where(finite[:, None, None], weights, 0).astype(np.float64)
    return np.where(finite[:, None], np.linalg.svd(clean, compute_uv=False), np.nan)


def cosines(units: Array) -> NDArray[np.float64]:
    """Return the cosine of the angle between every two units, shape (members, units, units).

    A unit whose weights are all 0 points nowhere: its cosines are nan.
    """
    with np.errstate(invalid="ignore"):
        directions = units / np.linalg.norm(units, axis=1, keepdims=True)
    return np.asarray(directions.swapaxes(1, 2) @ directions)


def mean_absolute_cosine(units: Array) -> PerMember:
    """Return the mean of abs(cosine) over all pairs of different units.

    Notes
    -----
    Independent directions in n dimensions have sqrt(2 / (pi n)) on average when n is large.
    """
    first, second = np.triu_indices(units.shape[2], k=1)
    with np.errstate(invalid="ignore"):  # a single unit makes no pair: nan
        return np.asarray(np.abs(cosines(units)[:, first, second]).sum(axis=1) / np.float64(len(first)))
