"""Examples: inputs with their labels, and the scale on which networks see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["Examples", "Rows", "Split", "standardized"]

Rows = NDArray[np.integer] | slice
"""Which examples: their numbers, or a slice of them."""


@dataclass(frozen=True, slots=True)
class Examples:
    """A batch of inputs, with labels where the data set has them.

    Attributes
    ----------
    inputs
        Shape (batch, features).
    labels
        Class numbers 0 .. classes - 1, shape (batch,); empty for `gaussian`, which has none.
    classes
        Number of classes of the whole data set; 0 without labels.
    """

    inputs: NDArray[np.floating]
    labels: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    classes: int = 0

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, rows: Rows) -> Examples:
        """Return some of the examples."""
        return Examples(self.inputs[rows], self.labels[rows] if self.classes else self.labels, self.classes)

    def astype(self, dtype: DTypeLike) -> Examples:
        """Return the examples with inputs of this type; nothing is copied that has it already."""
        return replace(self, inputs=self.inputs.astype(dtype, copy=False))


class Split(NamedTuple):
    """Examples to learn from, and others of the same data set to test with."""

    training: Examples
    test: Examples

    def widths(self, hidden: Sequence[int]) -> list[int]:
        """Return the widths of networks with these hidden layers: inputs, units of each, and one unit per class."""
        return [self.training.inputs.shape[1], *hidden, self.training.classes]

    def held_out(self, share: float) -> tuple[Split, Examples]:
        """Hold the last share of the training examples out, at least one of them, to choose settings on.

        Returns
        -------
        split, validation
            The same test examples with fewer to learn from; and those that were held out.
        """
        cut = len(self.training) - max(1, round(share * len(self.training)))
        return self._replace(training=self.training[:cut]), self.training[cut:]


def standardized(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring every column to mean 0 and variance 1; a constant one has no scale and becomes exactly 0.

    Parameters
    ----------
    features
        Shape (examples, features).
    """
    # Compared with its own first value, a constant column is recognized even where rounding gives it a tiny deviation.
    is_constant = (features == features[0]).all(axis=0)
    scaled = _within_range(features)
    return np.asarray((scaled - scaled.mean(axis=0)) / np.where(is_constant, np.inf, scaled.std(axis=0)))


def _within_range(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale columns whose squares would overflow or vanish by a power of 2, which changes nothing else."""
    _, exponents = np.frexp(np.abs(features).max(axis=0))
    return np.ldexp(features, -np.where(np.abs(exponents) > _SQUARED, exponents, 0))


_SQUARED = 400
"""Greatest power of 2 of numbers whose squares can still be added up."""
