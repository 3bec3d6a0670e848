"""Examples: inputs with their labels, and the scale on which networks see them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Examples", "standardized"]


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


def standardized(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring every column to mean 0 and variance 1; a constant one has no scale and becomes exactly 0.

    Parameters
    ----------
    features
        Shape (examples, features).
    """
    # Compared with its own first value, a constant column is told even where rounding gives it a tiny deviation.
    is_constant = (features == features[0]).all(axis=0)
    return np.asarray((features - features.mean(axis=0)) / np.where(is_constant, np.inf, features.std(axis=0)))
