"""Layer and batch normalization: pre-activations brought to mean 0 and variance 1 along one axis.

Their learned gain and shift start at 1 and 0, where they do nothing; they are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["EPSILON", "Normalization", "Normalized", "normalize", "through_normalization"]

Array = NDArray[np.floating[Any]]

Normalization = Literal["layer", "batch"]
"""``layer`` standardizes each example over the units (Ba, Kiros & Hinton 2016, eq. 3), ``batch`` each unit over the
examples (Ioffe & Szegedy 2015, algorithm 1)."""

EPSILON = 1e-5
"""Added to the variance, as is usual, so that a constant row or column divides by more than 0."""

_AXIS: Mapping[Normalization, int] = {"layer": -1, "batch": -2}


class Normalized(NamedTuple):
    """What a normalization leaves for its backward pass.

    Attributes
    ----------
    values
        The standardized pre-activations, shape (members, batch, units).
    inverse_std
        1 / sqrt(variance + epsilon), with length 1 along the axis of the averages.
    axis
        The axis of the averages.
    """

    values: Array
    inverse_std: Array
    axis: int


def normalize(z: Array, normalization: Normalization) -> Normalized:
    """Subtract the mean and divide by the standard deviation, over units or over examples.

    Parameters
    ----------
    z
        Shape (members, batch, units).
    """
    axis = _AXIS[normalization]
    centered = z - z.mean(axis=axis, keepdims=True)
    variance = np.square(centered).mean(axis=axis, keepdims=True) + z.dtype.type(EPSILON)
    # A variance beyond the range would quietly make zeros of values that are lost.
    inverse_std = np.where(np.isfinite(variance), 1 / np.sqrt(variance), z.dtype.type(np.nan))
    return Normalized(centered * inverse_std, inverse_std, axis)


def through_normalization(cotangent: Array, normalized: Normalized) -> Array:
    """Turn dLoss/d(normalized values) into dLoss/dz; the shapes are those of z.

    Notes
    -----
    With y the normalized values and averages along the axis,
    ``dz = (dy - mean(dy) - y * mean(dy * y)) / std`` (Ioffe & Szegedy 2015, section 3, collected).
    """
    y, inverse_std, axis = normalized
    parallel = (cotangent * y).mean(axis=axis, keepdims=True)
    return np.asarray(inverse_std * (cotangent - cotangent.mean(axis=axis, keepdims=True) - y * parallel))
